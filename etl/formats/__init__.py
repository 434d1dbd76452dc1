"""Formats as data: what the exports of a platform look like, and the one reader behind all of them."""

from etl.formats.library import FormatError, formats_of, readable_formats, shipped_formats
from etl.formats.recognition import Names, Recognised, search
from etl.formats.signs import account_in
from etl.formats.source import FormatSource, sources_of

__all__ = [
    "FormatError",
    "FormatSource",
    "Names",
    "Recognised",
    "account_in",
    "formats_of",
    "readable_formats",
    "search",
    "shipped_formats",
    "sources_of",
]

"""The sources: platforms made of formats, and the few that a format cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from etl.formats.library import FormatError, readable_formats, shipped_formats
from etl.formats.source import FormatSource, sources_of
from etl.sources.fx_rates import FxRates

Source = FormatSource | FxRates
"""A platform, made of formats or, where a format cannot say it, a class of this folder with the same."""


@cache
def registry() -> Mapping[str, Source]:
    """Every source that the product ships, by its name, in the order of names."""
    return _by_name(sources_of(shipped_formats()))


def sources_with(own_formats: Path) -> tuple[Mapping[str, Source], list[FormatError]]:
    """The shipped sources with those of a book's own formats, and what is wrong with some of these."""
    if not own_formats.is_dir():
        return registry(), []
    formats, errors = readable_formats(own_formats)
    return _by_name(sources_of(formats)), errors


def _by_name(made_of_formats: Mapping[str, Source]) -> Mapping[str, Source]:
    rates = FxRates()
    return MappingProxyType(dict(sorted({**made_of_formats, rates.name: rates}.items())))

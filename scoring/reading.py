"""The one way in which a text becomes a number, whoever wrote it: the book, a form or a command."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,16})?")
_ANY = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def number_of(text: str) -> Decimal:
    """The number that `text` is, such as `-0.25`; raises `ValueError`.

    Other scripts' digits, `9_5`, `1e3` and `1,000` are none: who reads them might read another number.
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(wanted_number(text, "a number"))
    return Decimal(text)


def wanted_number(text: str, otherwise: str) -> str:
    """What is expected where a text is not the number wanted: fewer digits, if these are too many."""
    is_long = _ANY.fullmatch(text) and not _NUMBER.fullmatch(text)
    return "a number of at most 18 digits before the point and 16 after it" if is_long else otherwise


def whole_of(text: str) -> int:
    """The whole number that `text` is, such as `12`; raises `ValueError`."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("a whole number")
    return int(text)

"""A cell of the form as the text that the ledger keeps; `ValueError` says what was expected."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from book.files.fields import TURNING, one_line, printed
from reports.forms.layout import COMMENT_LENGTH, MOST_EVENTS, NAME_LENGTH, SCORE_DIGITS
from scoring.canonical import plain_number
from scoring.reading import number_of


def score(value: Any, cap: Decimal) -> str:
    """A mark from 0 to the cap with at most two digits after the point."""
    expected = f"a number from 0 to {plain_number(cap)} with at most {SCORE_DIGITS} decimal places"
    return plain_number(_within(value, cap, SCORE_DIGITS, expected))


def events(value: Any) -> str:
    """How often something happened."""
    return str(int(_within(value, MOST_EVENTS, 0, f"a whole number from 0 to {MOST_EVENTS}")))


def _within(value: Any, most: Decimal | int, digits: int, expected: str) -> Decimal:
    """A number from 0 to `most`, with no more digits after the point."""
    number = _number(value)
    if number is None or not 0 <= number <= most or number != round(number, digits):
        raise ValueError(expected)
    return number


def level(value: Any, levels: tuple[str, ...]) -> str:
    """One of the KPI's levels; a level such as `1` may have become a number."""
    text = str(value).strip()
    if isinstance(value, bool) or text not in levels:
        raise ValueError(f"one of {', '.join(levels)}")
    return text


def day(value: Any, first: date, last: date) -> str:
    """A day between two, given as a date or as `2026-11-02`."""
    found = _day(value)
    if found is None or not first <= found <= last:
        raise ValueError(f"a day from {first} to {last}")
    return found.isoformat()


def comment(value: Any) -> str:
    """A comment on one line; line breaks become spaces."""
    text = _words(value, f"text of at most {COMMENT_LENGTH} characters without control characters")
    if len(text) > COMMENT_LENGTH:
        raise ValueError(f"text of at most {COMMENT_LENGTH} characters")
    return text


def name(value: Any) -> str:
    """A person's name."""
    expected = f"a name of at most {NAME_LENGTH} characters"
    text = one_line(_words(value, expected))
    if len(text) > NAME_LENGTH or not any(character.isalpha() for character in text):
        raise ValueError(expected)
    return text


def _words(value: Any, expected: str) -> str:
    if type(value) not in (str, int, float):
        raise ValueError(expected)
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    if TURNING & set(text):
        raise ValueError(f"{expected} and without marks that change the writing direction")
    try:
        printed(text)
    except ValueError:
        raise ValueError(expected) from None
    return text


def _number(value: Any) -> Decimal | None:
    """The shortest decimal of the double that a workbook keeps; also a number that was typed as text."""
    if isinstance(value, str):
        return _typed(value.strip())
    if type(value) not in (int, float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def _typed(text: str) -> Decimal | None:
    try:
        return number_of(text)
    except ValueError:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        return None

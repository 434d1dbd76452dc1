"""Which numbers fit their column: those that do not are set small, on more lines, not over another."""

from __future__ import annotations

from reports.charts.svg import text_width
from reports.figures import Figure

MM_PER_POINT = 25.4 / 72
SIZE = 7.9
"""The type of the tables in points; where they are set more tightly, it is smaller."""

AIR = 2.0
"""What a column has between its numbers and those before it, in mm."""

AGREED, WIDE = 25.0, 38.0
"""How wide columns of targets and actuals are behind page 1, in mm: usually, and for large amounts."""

DIGIT, COMMA = 0.65, 0.3
_EMS = dict.fromkeys("0123456789", DIGIT) | dict.fromkeys(",.", COMMA) | {"%": 1.02}


def width_of(text: str, size: float = SIZE) -> float:
    """How wide a number is set with figures of equal width, in mm; a little more rather than less."""
    words = "".join(char for char in text if char not in _EMS)
    figures = sum(_EMS.get(char, 0.0) for char in text)
    return MM_PER_POINT * (size * figures + text_width(words, size))


def is_wider(text: str, room: float) -> bool:
    """Whether `text` in one line would leave a column of `room` mm."""
    return width_of(text) > room


def is_long(number: Figure, room: float) -> bool:
    """Whether a number is to be set small and over several lines in a column of `room` mm."""
    return number.is_long or is_wider(number.text, room - AIR)

"""Which numbers fit their column: those that do not are set small, on more lines, not over another."""

from __future__ import annotations

from reports.charts.svg import text_width
from reports.figures import Figure

MM_PER_POINT = 25.4 / 72
SIZE = 7.9
"""The type of the tables in points; where they are set more tightly, it is smaller."""

TAIL, OVERHANG = 7.2, 2.0
"""How wide what is behind the point is set, and how far it may reach into the next column, in mm."""

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


def laid(number: Figure, room: float) -> Figure:
    """`number` as it fits into `room` mm: split at its point, else whole and `is_long`."""
    overhang = max(0.0, width_of(number.tail) - TAIL)
    # the number of the next column has the same unit and digits, so its head leaves that air
    if number.is_long or overhang > OVERHANG or is_wider(number.head, room - TAIL - overhang):
        return Figure(number.text, is_long=True)
    return number

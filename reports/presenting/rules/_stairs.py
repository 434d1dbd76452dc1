"""The sum of points per step off the target, shared by several rules."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.operands import Operands, percent, plain, unsigned
from reports.presenting.reader import Reader


def stairs(operands: Operands, reader: Reader) -> str:
    """`100 − 3 × 2 (3 steps of 5%)`."""
    points = operands["step_points"]
    is_down = isinstance(points, Decimal) and points.is_signed()
    worth = plain(unsigned(points), reader)
    steps = operands["steps"]
    shown = reader.figures.shown(steps, 4) if isinstance(steps, Decimal) else steps
    return reader.words.say(
        "%(base)s %(sign)s %(steps)s × %(points)s (steps of %(size)s off target)",
        base=plain(operands["base"], reader),
        sign="−" if is_down else "+",
        steps=shown,
        points=worth,
        size=percent(operands["step_size"], reader),
    )

"""Units of formulas: money and counts are only added to their own kind, and the result must have the KPI's
unit.

`ad_spend / leads` is money for each of something; `ad_spend + leads` is nothing at all.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from scoring.errors import BookError
from scoring.formula import Formula
from scoring.kpi import Unit


@dataclass(frozen=True, slots=True)
class Dimension:
    """The powers of money and counts in a number; a plain number has neither."""

    money: int = 0
    count: int = 0

    def times(self, other: Dimension, sign: int = 1) -> Dimension:
        """The dimension of a product; of a quotient with the sign -1."""
        return Dimension(self.money + sign * other.money, self.count + sign * other.count)

    def __str__(self) -> str:
        if self == PLAIN:
            return "a plain number"
        above, below = self._factors(1), self._factors(-1)
        return " / ".join([" x ".join(above) or "1", *below])

    def _factors(self, sign: int) -> list[str]:
        """What stands above the line; below it with the sign -1."""
        powers = (("money", sign * self.money), ("count", sign * self.count))
        return [_power(name, power) for name, power in powers if power > 0]


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


PLAIN = Dimension()
_OF_UNIT: Mapping[str, Dimension] = {"money": Dimension(money=1), "count": Dimension(count=1)}


def dimension_of(formula: Formula, units: Mapping[str, str]) -> Dimension:
    """The dimension of a formula over measures in `units` (`money` or `count`), by name.

    Raises `BookError` if it adds or subtracts different dimensions.
    """
    return _dimension(formula.tree, units)


def _dimension(node: ast.expr, units: Mapping[str, str]) -> Dimension:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _dimension(left, units).times(_dimension(right, units))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _dimension(left, units).times(_dimension(right, units), -1)
        case ast.BinOp(left=left, right=right):
            return _of_both(node, _dimension(left, units), _dimension(right, units))
        case ast.UnaryOp(operand=inner) | ast.Call(args=[inner]):
            return _dimension(inner, units)
        case ast.Name(id=name):
            return _OF_UNIT[units[name]]
    return PLAIN


def _of_both(node: ast.expr, first: Dimension, second: Dimension) -> Dimension:
    if first != second:
        raise BookError(
            f"expected one unit on both sides of {ast.unparse(node)!r}, found {first} and {second}"
        )
    return first


def misfit(dimension: Dimension, unit: Unit) -> str | None:
    """The dimension that a KPI in `unit` needs, in words, if `dimension` differs from it."""
    match unit:
        case Unit.MONEY:
            fits, expected = dimension.money == 1 and dimension.count <= 0, "money, or money / count"
        case Unit.COUNT | Unit.INDEX | Unit.DAYS:
            fits, expected = not dimension.money, "no money"
        case _:  # percent and ratio
            fits, expected = dimension == PLAIN, "a plain number, such as count / count"
    return None if fits else expected

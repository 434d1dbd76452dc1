"""A formula as what each row of a source brings into it: a sum of measures, or one sum over another.

Only such figures fall into parts by member. `ad_spend / leads` does, and so does
`(ad_revenue - ad_spend) / ad_spend * 100`; a product of two measures does not.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.formula import Formula

NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of measures, each with its factor, and a constant; a factor is never 0."""

    factors: Mapping[str, Fraction] = field(default_factory=dict)
    constant: Fraction = NONE

    def of(self, values: Mapping[str, Fraction]) -> Fraction:
        """The sum over values, without the constant; a measure without a value adds nothing."""
        return sum((factor * values.get(name, NONE) for name, factor in self.factors.items()), NONE)

    def times(self, by: Fraction) -> Linear:
        """Each part of it so many times."""
        factors = {name: factor * by for name, factor in self.factors.items() if by}
        return Linear(factors, self.constant * by)

    def plus(self, other: Linear) -> Linear:
        """Both together."""
        names = dict.fromkeys((*self.factors, *other.factors))
        sums = {name: self.factors.get(name, NONE) + other.factors.get(name, NONE) for name in names}
        return Linear(
            {name: factor for name, factor in sums.items() if factor}, self.constant + other.constant
        )


@dataclass(frozen=True, slots=True)
class Quotient:
    """One sum of measures over another; `below` is None where the figure is the sum itself."""

    above: Linear
    below: Linear | None = None


class _OtherError(Exception):
    """The formula is neither; not to leave this module."""


def quotient_of(formula: Formula) -> Quotient | None:
    """The formula as a quotient of sums of measures; None where it is none.

    A constant beside measures makes a quotient none: nobody brings it in. That of a sum does not change.
    """
    try:
        found = _read(formula.tree)
    except _OtherError:
        return None
    return found if _is_of_measures(found) else None


def _is_of_measures(found: Quotient) -> bool:
    if found.below is None:
        return bool(found.above.factors)
    return bool(found.above.factors) and not (found.above.constant or found.below.constant)


def _read(node: ast.expr) -> Quotient:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_read(left), _read(right))
        case ast.UnaryOp(operand=inner):
            return _times(_read(inner), Fraction(-1))
        case ast.Name(id=name):
            return Quotient(Linear({name: Fraction(1)}))
        case ast.Constant(value=value):
            return Quotient(Linear(constant=Fraction(Decimal(str(value)))))
    raise _OtherError


def _times(one: Quotient, by: Fraction) -> Quotient:
    return Quotient(one.above.times(by), one.below)


def _plus(one: Quotient, other: Quotient) -> Quotient:
    """A number beside a quotient is so many times what is below it: `a / b - 1` is `(a - b) / b`."""
    first, second = _over(one, other.below), _over(other, one.below)
    if first.below != second.below:
        raise _OtherError
    return Quotient(first.above.plus(second.above), first.below)


def _over(one: Quotient, below: Linear | None) -> Quotient:
    if one.below is not None or below is None or one.above.factors:
        return one
    return Quotient(below.times(one.above.constant), below)


def _minus(one: Quotient, other: Quotient) -> Quotient:
    return _plus(one, _times(other, Fraction(-1)))


def _multiplied(one: Quotient, other: Quotient) -> Quotient:
    for first, second in ((one, other), (other, one)):
        if second.below is None and not second.above.factors:
            return _times(first, second.above.constant)
    raise _OtherError


def _divided(one: Quotient, other: Quotient) -> Quotient:
    if other.below is not None:
        raise _OtherError
    if not other.above.factors:
        return _divided_by(one, other.above.constant)
    if one.below is not None:
        raise _OtherError
    return Quotient(one.above, other.above)


def _divided_by(one: Quotient, number: Fraction) -> Quotient:
    if not number:
        raise _OtherError
    return _times(one, 1 / number)


_OPERATIONS = {ast.Add: _plus, ast.Sub: _minus, ast.Mult: _multiplied, ast.Div: _divided}

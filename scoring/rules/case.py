"""What every rule is given and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from scoring.errors import BookError
from scoring.kpi import Direction
from scoring.scorecard import Operand, Working


@dataclass(frozen=True, slots=True)
class Case:
    """One KPI in one period: `attainment` is a fraction, 1 = on target, more = better."""

    actual: Decimal
    target: Decimal
    attainment: Decimal
    direction: Direction

    def operands(self) -> tuple[Operand, ...]:
        """The numbers every working starts with."""
        return (
            Operand("actual", self.actual),
            Operand("target", self.target),
            Operand("attainment", self.attainment),
        )


class Rule(Protocol):
    """A scoring rule with its parameters read."""

    def score(self, case: Case) -> Working:
        """The unrounded score and how it came about."""
        ...


def refuse_unknown(rule: str, params: Mapping[str, object], known: frozenset[str]) -> None:
    """Raise `BookError` where a parameter is misspelt or missing."""
    if set(params) != known:
        raise BookError(
            f"rule {rule}: expected the parameters {', '.join(sorted(known))}, "
            f"found {', '.join(sorted(params)) or 'none'}."
        )


def number(rule: str, name: str, value: object) -> Decimal:
    """A parameter as a finite number; raises `BookError`. Floats are taken as they were written."""
    try:
        result = Decimal(str(value))
    except InvalidOperation:
        result = Decimal("NaN")
    if isinstance(value, bool) or not result.is_finite():
        raise BookError(f"rule {rule}: expected a number for {name}, found {value!r}.")
    return result

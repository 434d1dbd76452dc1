"""The input and output of every rule, and how parameters are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeGuard

from scoring.errors import BookError
from scoring.kpi import Direction
from scoring.reading import number_of
from scoring.working import Operand


class Needs(StrEnum):
    """What a rule scores: an attained target, conditions over measures, or what an appraiser enters."""

    TARGET = "target"
    CONDITIONS = "conditions"
    EVENTS = "events"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Case:
    """One KPI in one period.

    `actual`, `target` and `attainment` (a fraction, 1 = on target, more = better) are set if the rule needs a
    target; `measures` are the team's; `events` is how often something happened, `level` what an appraiser
    chose. Of a part of the period `days` are how many of how many, and `adding_up` the formulas in conditions
    whose number is of all of them.
    """

    direction: Direction
    actual: Decimal | None = None
    target: Decimal | None = None
    attainment: Decimal | None = None
    measures: Mapping[str, Decimal] = field(default_factory=dict)
    events: int | None = None
    level: str | None = None
    days: tuple[int, int] | None = None
    adding_up: frozenset[str] = frozenset()

    def part_of(self, formula: str) -> tuple[int, int] | None:
        """Of how many days a number in a condition counts, and of how many it is; None where of the same."""
        return self.days if formula in self.adding_up else None

    def reached(self) -> Decimal:
        """The attainment, which a rule over targets always has."""
        if self.attainment is None:
            raise BookError("rule: expected an attainment to score, found none.")
        return self.attainment

    def operands(self) -> tuple[Operand, ...]:
        """The numbers that the working of a rule over targets starts with."""
        named = (("actual", self.actual), ("target", self.target), ("attainment", self.attainment))
        return tuple(Operand(name, value) for name, value in named if value is not None)


def refuse_unknown(
    rule: str, params: Mapping[str, object], known: frozenset[str], optional: frozenset[str] = frozenset()
) -> None:
    """Raise `BookError` if a parameter is misspelt or missing."""
    if not known <= set(params) <= known | optional:
        wanted = (_listed(known), _listed(optional, "perhaps "))
        raise BookError(
            f"rule {rule}: expected the parameters {' and '.join(filter(None, wanted)) or 'none'}, "
            f"found {_listed(params) or 'none'}."
        )


def _listed(names: Iterable[str], before: str = "") -> str:
    """The names in order, after a word; nothing where there is none."""
    listed = ", ".join(sorted(names))
    return listed and before + listed


def number(rule: str, name: str, value: object) -> Decimal:
    """A parameter as a finite number; raises `BookError`. Floats are taken as they were written."""
    result = _decimal(value)
    if isinstance(value, bool) or not result.is_finite():
        raise BookError(f"rule {rule}: expected a number for {name}, found {value!r}.")
    return result


def _decimal(value: object) -> Decimal:
    """The number; NaN for what is none."""
    try:
        return number_of(value) if isinstance(value, str) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        return Decimal("NaN")


def numbers(rule: str, params: Mapping[str, object], *names: str) -> tuple[Decimal, ...]:
    """Several parameters as numbers."""
    return tuple(number(rule, name, params[name]) for name in names)


def flag(rule: str, name: str, value: object) -> bool:
    """A parameter that is true or false."""
    if not isinstance(value, bool):
        raise BookError(f"rule {rule}: expected true or false for {name}, found {value!r}.")
    return value


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a parameter is a list; a text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def rows(rule: str, name: str, value: object, sample: str) -> Sequence[Mapping[str, object]]:
    """A parameter that is a list of mappings."""
    if not is_list(value) or not value or not all(isinstance(row, Mapping) for row in value):
        raise BookError(f"rule {rule}: expected a list for {name}, each such as {sample}, found {value!r}.")
    return value  # type: ignore[return-value]


def mapping(rule: str, name: str, value: object) -> Mapping[str, object]:
    """A parameter that is a mapping."""
    if not isinstance(value, Mapping) or not value:
        raise BookError(f"rule {rule}: expected a mapping for {name}, found {value!r}.")
    return value

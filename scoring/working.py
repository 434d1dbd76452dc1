"""How a number was worked out: named operands, what bounded the result, and why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Band(StrEnum):
    """Status of a score; shown as colour, shape and word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_AVAILABLE = "not_available"


class Reason(StrEnum):
    """Why a number is not available."""

    NO_DATA = "no_data"
    ZERO_DENOMINATOR = "zero_denominator"
    NEGATIVE_DENOMINATOR = "negative_denominator"
    UNRANKED = "unranked"
    NO_TARGET = "no_target"
    PART_PERIOD = "part_period"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Operand:
    """A named number (or word) that went into a score, such as `actual` or `cap`."""

    name: str
    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Working:
    """How a score was worked out: enough to print it in any language and to redo it by hand.

    `applied` names what bounded the result (`cap`, `floor`), in order of application.
    """

    rule: str
    operands: tuple[Operand, ...]
    applied: tuple[str, ...]
    result: Decimal

    def operand(self, name: str) -> Decimal | str | None:
        """The value of the first operand of that name; None where there is none."""
        return next((item.value for item in self.operands if item.name == name), None)

    @property
    def values(self) -> Mapping[str, Decimal | str]:
        """The values of the operands by their names; where a name stands twice, its last one."""
        return {item.name: item.value for item in self.operands}

    @property
    def numbers(self) -> Mapping[str, Decimal]:
        """Those of the values that are numbers."""
        return {name: value for name, value in self.values.items() if isinstance(value, Decimal)}


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """A measure rolled up over the period for the team; None where there is no data.

    `unit` is `count` or `money`, the latter in the reporting currency.
    """

    name: str
    value: Decimal | None
    unit: str = "count"


class Unlike(StrEnum):
    """Why a period of a trend cannot be read like the others."""

    LACKING_DATA = "lacking_data"
    PART_PERIOD = "part_period"
    OTHER_TEAMS = "other_teams"


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One period of a KPI's (or the total's) past, as known when the card was made.

    Where a range is the target, `target` is its low end and `target_high` the other. `unlike` says why a
    point that there is cannot be read like the others.
    """

    period: str
    actual: Decimal | None
    target: Decimal | None
    target_high: Decimal | None = None
    unlike: tuple[Unlike, ...] = ()


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """From which score on a status is green, and from which amber."""

    green: Decimal
    amber: Decimal

    def band(self, score: Decimal | None) -> Band:
        """The status of a score; a score on a cut-off has reached it."""
        if score is None:
            return Band.NOT_AVAILABLE
        if score >= self.green:
            return Band.GREEN
        return Band.AMBER if score >= self.amber else Band.RED

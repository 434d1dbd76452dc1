"""The kinds of targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scoring.fiscal import CALENDAR_YEAR, FiscalCalendar


class Kind(StrEnum):
    """The kinds by name."""

    ABSOLUTE = "absolute"
    GROWTH = "growth"
    RANGE = "range"
    MILESTONE = "milestone"
    CUMULATIVE = "cumulative"


class Basis(StrEnum):
    """What growth is measured against."""

    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"


@dataclass(frozen=True, slots=True)
class Absolute:
    """The number itself, within the period."""

    kind: Kind = Kind.ABSOLUTE


@dataclass(frozen=True, slots=True)
class Growth:
    """The KPI's own value of another period x (1 + the number); -0.1 asks for a tenth less."""

    basis: Basis
    kind: Kind = Kind.GROWTH


@dataclass(frozen=True, slots=True)
class Range:
    """Anything from `low` to `high`, both included; without a number."""

    low: Decimal
    high: Decimal
    kind: Kind = Kind.RANGE


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something done by a day, that day included; without a number."""

    due: date
    kind: Kind = Kind.MILESTONE


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The number is what must be reached from 1 January, or `since` a later day, to the row's last day.

    `phases` are what each half, quarter or month of a whole year has of it, in percent; without them each day
    has as much. Where the organisation's years are of another calendar, `fiscal`, they count instead.
    """

    since: date | None = None
    phases: tuple[Decimal, ...] = ()
    fiscal: FiscalCalendar | None = None
    kind: Kind = Kind.CUMULATIVE

    @property
    def years(self) -> FiscalCalendar:
        """The calendar whose years count."""
        return self.fiscal or CALENDAR_YEAR


Aim = Absolute | Growth | Range | Milestone | Cumulative
ABSOLUTE = Absolute()

"""What is left of a target while its days are not over, and what the pace so far will come to.

The pace is that of the working days so far. How far off it can be is tried on earlier periods: what would
have been said of each when as many working days were left, and what it came to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from scoring.aims import Cumulative, Milestone, Range
from scoring.kpi import Direction, Kpi
from scoring.period import Period
from scoring.spans import Days, Since, days_of
from scoring.targets.effective import to_date
from scoring.targets.terms import Counts, Terms

FEWEST_TRIED = 4
"""Of fewer earlier periods the errors say little: a forecast then has no range."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A number that adds up day by day, on the last day that has figures, `through` (an ISO date).

    `goal` is to be reached on `until`. Of the working days there were `days` so far, on which `pace` was
    reached on average; on the `days_left` each needs `needed`, None where none is left or the goal is passed.
    `forecast` is what the pace comes to, None before the first working day. It was `tried` on so many earlier
    periods and was off by `mean_error` (a fraction of what was said) on average; `low` and `high` are it with
    the largest errors to either side, None of too few periods.
    """

    through: str
    until: str
    goal: Decimal
    so_far: Decimal
    days: int
    days_left: int
    pace: Decimal | None
    needed: Decimal | None
    forecast: Decimal | None
    tried: int = 0
    mean_error: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """From which day on each KPI has no figures yet, which days are working days, and in which earlier months
    something is `lacking`, by KPI.
    """

    until: Mapping[str, date]
    counts: Counts
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that a number is for, from `first` to before `end`; those before `until` have figures."""

    first: date
    until: date
    end: date

    @property
    def so_far(self) -> Since:
        """The days that have figures, as measures are named by them."""
        return Since(self.first, self.until)

    def days(self, counts: Counts) -> tuple[int, int]:
        """How many working days have figures, and how many are left."""
        return counted(self.first, self.until, counts), counted(self.until, self.end, counts)


def counted(first: date, end: date, counts: Counts) -> int:
    """How many of the days from `first` to before `end` count."""
    return sum(counts(first + timedelta(days=past)) for past in range((end - first).days))


def stretch_of(kpi: Kpi, terms: Terms, until: date) -> Stretch | None:
    """The days of a target of which some have figures and some not yet.

    None where there are no such days, or nothing to reach day by day.
    """
    first, end = _bounds(terms)
    is_cut = first < until < end and _is_reached_by_days(kpi, terms)
    return Stretch(first, until, end) if is_cut else None


def _is_reached_by_days(kpi: Kpi, terms: Terms) -> bool:
    return kpi.adds_up and kpi.direction is not Direction.RANGE and _is_one_number_of_all_days(terms)


def _is_one_number_of_all_days(terms: Terms) -> bool:
    return terms.covered is None and not isinstance(terms.row.aim, Range | Milestone)


def _bounds(terms: Terms) -> Days:
    """The days that the target is for: the period's, or those of the year that it counts."""
    row, period = terms.row, terms.period
    if not isinstance(row.aim, Cumulative):
        return days_of(period)
    return days_of(period, to_date(row, row.aim, period))[0], row.valid_until


def tried_on(
    stretch: Stretch, own: Period, earlier: Iterable[Period], counts: Counts
) -> dict[Period, Stretch]:
    """Each of the periods before cut when as many working days of it were left.

    None of them where the number is for other days than those of its `own` period, such as a year's.
    """
    left, is_own = stretch.days(counts)[1], days_of(own) == (stretch.first, stretch.end)
    cut = ((period, _cut(period, left, counts)) for period in earlier if is_own)
    return {period: found for period, found in cut if found is not None}


def _cut(period: Period, left: int, counts: Counts) -> Stretch | None:
    """After its first working day on which as many are left; None where there are no more than that."""
    working = [*filter(counts, period.days())]
    last = working[: max(0, len(working) - left)][-1:]
    return Stretch(period.start, last[0] + timedelta(days=1), period.end) if last else None


def run_rate(so_far: Decimal, days: int, left: int) -> Decimal | None:
    """What it comes to if each working day left brings as much as those so far did; None without any."""
    return so_far * (days + left) / days if days else None


def outlook(
    stretch: Stretch, goal: Decimal, so_far: Decimal, counts: Counts, tried: Sequence[tuple[Decimal, Decimal]]
) -> Outlook:
    """The outlook; `tried` is what was said of earlier periods, and what each came to."""
    days, left = stretch.days(counts)
    forecast = run_rate(so_far, days, left)
    told = [(said, came_to) for said, came_to in tried if said > 0]
    low, high = _range(forecast, told)
    return Outlook(
        through=(stretch.until - timedelta(days=1)).isoformat(),
        until=(stretch.end - timedelta(days=1)).isoformat(),
        goal=goal,
        so_far=so_far,
        days=days,
        days_left=left,
        pace=run_rate(so_far, days, 1 - days),
        needed=_needed(goal - so_far, left),
        forecast=forecast,
        tried=len(told),
        mean_error=_mean_error(told),
        low=low,
        high=high,
    )


def _needed(missing: Decimal, left: int) -> Decimal | None:
    return missing / left if left and missing > 0 else None


def _mean_error(told: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    errors = [abs(came_to - said) / said for said, came_to in told]
    return sum(errors, Decimal(0)) / len(errors) if errors else None


def _range(
    forecast: Decimal | None, told: Sequence[tuple[Decimal, Decimal]]
) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """The forecast with the largest errors to either side."""
    if forecast is None or forecast <= 0 or len(told) < FEWEST_TRIED:
        return None, None
    each = [forecast, *(forecast * came_to / said for said, came_to in told)]
    return min(each), max(each)

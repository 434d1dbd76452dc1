"""Which of the agreed rows score a period: those in force, and what a change within the period does.

A row is never edited. One agreed on later supersedes, for its own days, the others of the same team, KPI and
length of period; after it ends, they are in force again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import chain, dropwhile, pairwise, starmap
from operator import attrgetter

from scoring.aims import Absolute, Cumulative, Growth, Milestone, Range
from scoring.arithmetic import EXACT, digits_of, round_half_up, weighted_sum
from scoring.fiscal import FiscalCalendar
from scoring.kpi import Target
from scoring.period import Cadence, Period
from scoring.spans import EARLIER, Days, Since, Span, days_of
from scoring.targets.prorating import prorate_working
from scoring.working import Working


class PartPeriod(StrEnum):
    """How a team is scored that has targets for only some days of a period.

    `whole`: by the targets of the period's last day, as they are; without any there is no card. Otherwise by
    those of its own last day: figures are of its own days, and a number that adds up by days is the part of
    it that these days are, of all days or of all working days.
    """

    WHOLE = "whole"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Covered:
    """The days of a period on which a team has targets, `first` up to, not including, `until`.

    They count as `days` of `of_days`.
    """

    first: date
    until: date
    days: int
    of_days: int

    @property
    def span(self) -> Since:
        """The days, as measures are named by them."""
        return Since(self.first, self.until)

    def part_of(self, number: Decimal) -> Decimal:
        """The part of a number of the whole period that the days are; all where no day counts at all."""
        return number * self.days / self.of_days if self.of_days else number


class TargetChange(StrEnum):
    """Which row scores a KPI whose target changes within the period.

    `latest`: the one of the last day; `original`: the one of the first day; `prorate`: all of them,
    target and weight averaged by days. A milestone and a year to date always take the latest target.
    """

    LATEST = "latest"
    ORIGINAL = "original"
    PRORATE = "prorate"


@dataclass(frozen=True, slots=True)
class Part:
    """A row, and for how many days it counts."""

    target: Target
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What scores a KPI in a period: the rows, the newest last, and the weight in percent points.

    There is more than one part only where targets are averaged by days; `weight_working` says how the
    weight came about where it was. `covered` are the days that count where these are not all of the period,
    `parted` the earlier periods of which the team had only a part itself.
    """

    period: Period
    parts: tuple[Part, ...]
    weight: Decimal
    weight_working: Working | None = None
    covered: Covered | None = None
    parted: frozenset[Span] = frozenset()

    @property
    def part(self) -> tuple[int, int] | None:
        """How many days count, of how many; None where all do, or none could."""
        covered = self.covered
        return (covered.days, covered.of_days) if covered and covered.of_days else None

    @property
    def has_no_days(self) -> bool:
        """Whether none of its days counts, though others of the period do."""
        return self.part is not None and not self.part[0]

    @property
    def incomparable(self) -> frozenset[Span]:
        """The earlier periods that a formula cannot be compared with: a part would stand against a whole."""
        return self.parted if self.covered is None else EARLIER

    @property
    def row(self) -> Target:
        """The newest row."""
        return self.parts[-1].target

    @property
    def kpi_id(self) -> str:
        """The KPI it is about."""
        return self.row.kpi_id

    @property
    def own_days(self) -> Since | None:
        """The days that count where these are not all of the period."""
        return None if self.covered is None else self.covered.span


Held = Mapping[tuple[str, str], Target]
Counts = Callable[[date], bool]
"""Whether a day is one that counts."""


def in_force(targets: Iterable[Target], day: date) -> Held:
    """The row that is in force on `day`, by team and KPI, of rows for one length of period.

    One without a weight takes the KPI off the card, unless it is to inform.
    """
    held: dict[tuple[str, str], Target] = {}
    for target in targets:
        if target.is_valid_on(day):
            key = (target.team_id, target.kpi_id)
            # of two agreed on together the first one stays
            held[key] = max(held.get(key, target), target, key=attrgetter("known_since"))
    return {key: target for key, target in held.items() if not target.takes_off}


def edges_of(targets: Iterable[Target]) -> set[date]:
    """The days on which a row begins, or no longer counts."""
    return {day for target in targets for day in (target.valid_from, target.valid_until)}


def targets_of(
    targets: Sequence[Target],
    period: Period,
    change: TargetChange = TargetChange.LATEST,
    in_part: PartPeriods | None = None,
) -> tuple[Terms, ...]:
    """What scores `period`: the rows for its length, chosen as `change` says.

    Without `in_part` the days on which a team has no targets make no difference.
    """
    rows = [target for target in targets if is_for(target, period)]
    if in_part is None:
        return _chosen(rows, period, change, period.end)
    covered = in_part.covered(rows, period)
    terms = _chosen(rows, period, change, period.end if covered is None else covered.until, in_part.counts)
    parted = in_part.parted(rows, period)
    return tuple(replace(each, covered=covered, parted=parted) for each in terms)


def is_for(target: Target, period: Period) -> bool:
    """Whether the row is for periods of that length; one for a span is for exactly its own days."""
    if target.per is not period.cadence:
        return False
    return period.until is None or (target.valid_from, target.valid_until) == (period.start, period.until)


def wanted(period: Period) -> str:
    """Which rows a card of the period needs, for the middle of a sentence."""
    per = f"targets per {period.cadence}"
    return f"{per} of exactly these days" if period.until else f"{per} that are valid on its last day"


CardOf = tuple[Cadence, date | None, date | None]


def card_of(target: Target) -> CardOf:
    """What the rows that make one card at a time have in common: the length, and of a span its days."""
    is_span = target.per is Cadence.SPAN
    return target.per, target.valid_from if is_span else None, target.valid_until if is_span else None


def _every_day(day: date) -> bool:
    return True


def _chosen(
    rows: Sequence[Target], period: Period, change: TargetChange, until: date, counts: Counts = _every_day
) -> tuple[Terms, ...]:
    if change is TargetChange.LATEST:
        return _latest(period, rows, until - timedelta(days=1))
    stretches = tuple(_stretches(rows, period, counts))
    if not stretches:
        return ()
    if change is TargetChange.ORIGINAL:
        return _original(period, stretches)
    # where no day counts, as on a weekend, all do
    return _prorated(period, _counted_ones(stretches) or tuple(_stretches(rows, period, _every_day)))


def _counted_ones(stretches: tuple[tuple[Held, int], ...]) -> tuple[tuple[Held, int], ...]:
    """All of them where any has days that count, and none otherwise."""
    return stretches if any(days for _, days in stretches) else ()


@dataclass(frozen=True, slots=True)
class PartPeriods:
    """How days without targets count: whether a day is one that counts."""

    counts: Counts

    def covered(self, rows: Sequence[Target], period: Period) -> Covered | None:
        """The days of the period on which the rows' team has targets; None if it has on all, or on none."""
        held = _held_days(rows, (period.start, period.end))
        if len(held) in (0, (period.end - period.start).days):
            return None
        of_days = sum(map(self.counts, period.days()))
        first, until = held[0], held[-1] + timedelta(days=1)
        return Covered(first, until, sum(map(self.counts, held)), of_days)

    def parted(self, rows: Sequence[Target], period: Period) -> frozenset[Span]:
        """The earlier periods that one is compared with of which the rows' team has only a part."""
        return frozenset(span for span in EARLIER if _is_parted(rows, days_of(period, span)))


def _is_parted(rows: Sequence[Target], days: Days) -> bool:
    return 0 < len(_held_days(rows, days)) < (days[1] - days[0]).days


def _held_days(rows: Sequence[Target], days: Days) -> list[date]:
    """The days on which any row is in force."""
    return [day for day in _days_from(*days) if in_force(rows, day)]


def _days_from(start: date, end: date) -> list[date]:
    return [start + timedelta(days=past) for past in range((end - start).days)]


def from_their_first_day(
    targets: Iterable[Target], fiscal: FiscalCalendar | None = None
) -> tuple[Target, ...]:
    """The rows, those of a year to date with the day from which it counts.

    That is the first day of the year on which the team had a target for the KPI; of the `fiscal` year where
    the organisation has one.
    """
    by_plan: defaultdict[tuple[str, str, Cadence], list[Target]] = defaultdict(list)
    targets = [_in_years(target, fiscal) for target in targets]
    for target in targets:
        by_plan[_plan_of(target)].append(target)
    return tuple(_counted(target, by_plan[_plan_of(target)]) for target in targets)


def _in_years(target: Target, fiscal: FiscalCalendar | None) -> Target:
    aim = target.aim
    return replace(target, aim=replace(aim, fiscal=fiscal)) if isinstance(aim, Cumulative) else target


def _plan_of(target: Target) -> tuple[str, str, Cadence]:
    return target.team_id, target.kpi_id, target.per


def _counted(target: Target, plan: Sequence[Target]) -> Target:
    if not isinstance(target.aim, Cumulative):
        return target
    new_year = target.aim.years.year_start(target.valid_from)
    first = _first_held(new_year, plan)
    return target if first == new_year else replace(target, aim=replace(target.aim, since=first))


def _first_held(new_year: date, plan: Sequence[Target]) -> date:
    """The first day of the year on which a row of the plan is in force."""
    days = dropwhile(new_year.__gt__, sorted({new_year, *edges_of(plan)}))
    return next((day for day in days if in_force(plan, day)), new_year)


def _whole(period: Period, weighed: Iterable[tuple[Target, Decimal]]) -> tuple[Terms, ...]:
    days = (period.end - period.start).days
    return tuple(Terms(period, (Part(row, days),), weight) for row, weight in weighed)


def _stretches(rows: Sequence[Target], period: Period, counts: Counts) -> Iterator[tuple[Held, int]]:
    """The rows in force from each change to the next, and for how many of the days that count.

    Days without any row are left out.
    """
    changes = {day for day in edges_of(rows) if day in period}
    for start, end in pairwise(sorted({period.start, *changes, period.end})):
        held = in_force(rows, start)
        if held:
            yield held, sum(map(counts, _days_from(start, end)))


def _latest(period: Period, rows: Sequence[Target], day: date) -> tuple[Terms, ...]:
    return _whole(period, ((row, row.weight) for row in in_force(rows, day).values()))


def _original(period: Period, stretches: Sequence[tuple[Held, int]]) -> tuple[Terms, ...]:
    newest = {key: row for held, _ in stretches for key, row in held.items()}
    first, _ = stretches[0]
    return _whole(period, ((_first_or_newest(row, newest[key]), row.weight) for key, row in first.items()))


def _first_or_newest(first: Target, newest: Target) -> Target:
    """The row of the first day, except that a milestone and a year to date take the latest."""
    takes_latest = any(isinstance(row.aim, Milestone | Cumulative) for row in (first, newest))
    return newest if takes_latest else first


def _prorated(period: Period, stretches: Sequence[tuple[Held, int]]) -> tuple[Terms, ...]:
    """Every KPI that had a row on a day that counts, with the days of each of its rows."""
    by_kpi = (tuple(starmap(Part, rows.items())) for rows in _days_of_rows(stretches))
    parts = [of_kpi for of_kpi in by_kpi if any(part.days for part in of_kpi)]
    days = sum(days for _, days in stretches)
    return tuple(
        Terms(period, _counting(of_kpi), weight, _weight_working(of_kpi, days, weight))
        for of_kpi, weight in zip(parts, _weights(parts, days), strict=True)
    )


def _counting(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """All of them where they can be averaged, and the newest otherwise."""
    return parts if _can_be_averaged(parts) else parts[-1:]


def _days_of_rows(stretches: Sequence[tuple[Held, int]]) -> Collection[Mapping[Target, int]]:
    """Of each KPI its rows, the one that is in force last standing last, and for how many days."""
    days_of: dict[tuple[str, str], dict[Target, int]] = {}
    for held, days in stretches:
        for key, row in held.items():
            of_kpi = days_of.setdefault(key, {})
            # taken out and entered anew, so that it goes to the end
            of_kpi[row] = of_kpi.pop(row, 0) + days
    return days_of.values()


def _weight_working(parts: Sequence[Part], days: int, weight: Decimal) -> Working | None:
    """How the weight was averaged; None where it is the same on every day."""
    if _is_even(parts, days):
        return None
    return prorate_working("weight", [(part.target.weight, part.days) for part in parts], days, weight)


def _is_even(parts: Sequence[Part], days: int) -> bool:
    """Whether there is one weight for all of the days."""
    return len({part.target.weight for part in parts}) == 1 and sum(part.days for part in parts) == days


def _can_be_averaged(parts: Sequence[Part]) -> bool:
    """Numbers with numbers, ranges with ranges."""
    kinds = {type(part.target.aim) for part in parts}
    return kinds in ({Range}, {Absolute}, {Growth}, {Absolute, Growth})


def _weights(parts: Sequence[Sequence[Part]], days: int) -> list[Decimal]:
    """Each KPI's weight averaged over `days`, to two digits; the largest takes the rounding remainder.

    So they still sum to 100, and none is printed with digits that nobody agreed to.
    """
    with localcontext(EXACT):
        by_days = [[(part.target.weight, part.days) for part in of_kpi] for of_kpi in parts]
        summed = list(map(weighted_sum, by_days))
        digits = max(2, *(digits_of(weight) for weight, _ in chain.from_iterable(by_days)))
        weights = [round_half_up(weight / days, digits) for weight in summed]
        left_over = round_half_up(sum(summed, Decimal(0)) / days, digits) - sum(weights, Decimal(0))
        weights[weights.index(max(weights))] += left_over
        return weights

"""What a figure of an issued card moved by since an earlier period: rows by member, of that card's data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import chain

from pipeline.site import Site, newest_issue
from scoring.canonical import from_json, plain_number
from scoring.drivers.effects import Moved, together
from scoring.drivers.quotient import Quotient, quotient_of
from scoring.errors import DataError, UsageError
from scoring.formula import Formula
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.spans import Days, days_of, split_name
from scoring.working import Reason
from tracing.members import By, Driver, MeasureRows, drivers_by, ways
from tracing.subject import Subject, TracedMeasure, find_subject
from tracing.vintage import Vintage, vintage_of
from warehouse import summed


class Against(StrEnum):
    """Which earlier period a figure is held against."""

    PREVIOUS = "previous"
    LAST_YEAR = "last-year"

    def base(self, period: Period) -> Period:
        """That period."""
        return period.shift(-1) if self is Against.PREVIOUS else period.a_year_before()


@dataclass(frozen=True, slots=True)
class Drivers:
    """What a KPI of a card moved by since `base`, and its members in the order of their keys.

    `is_joint` is whether each member can have all of the measures, and so a rate. `is_of_then` is whether the
    rows were loaded anew, because today's are others. `shown_by` is the card that shows the figure of `base`.
    """

    subject: Subject
    base: Period
    before: Decimal
    quotient: Quotient
    members: tuple[Driver, ...]
    is_joint: bool
    is_of_then: bool
    shown_by: str

    @property
    def now(self) -> Decimal:
        """The figure on the card."""
        return self.subject.result.actual or Decimal(0)

    @property
    def whole(self) -> Moved:
        """All members together."""
        return together([driver.moved for driver in self.members])


def subject_of(site: Site, period: Period, team_id: str, kpi_id: str, revision: int | None = None) -> Subject:
    """The KPI of a revision of the team's card, or of the newest; raises `UsageError` where there is none."""
    newest = newest_issue(site, period, team_id)
    name = str(newest.id) if revision is None else f"{period}/{team_id}/r{revision}"
    return find_subject(site.ledger, name, kpi_id, site.book.sources)


def drivers_of(site: Site, subject: Subject, against: Against, by: By | None = None) -> Drivers:
    """The drivers of a KPI's figure; its members are the finest that its rows name, unless `by` says it.

    Raises `UsageError` where there is nothing to compare or to tell apart, and `DataError` where rows do not
    make the card's figures.
    """
    quotient = _quotient(subject)
    base = against.base(subject.period)
    shown = _shown(site, subject, base)
    of_members = _dimensions(subject, by)
    found = _found(site, subject, base, shown)
    members = drivers_by(found.measures, of_members, quotient)
    is_joint = len(of_members) == 1
    return Drivers(subject, base, found.before, quotient, members, is_joint, found.is_of_then, shown.card)


def _called(subject: Subject) -> str:
    return f"{subject.issue.name}: {subject.result.kpi_id}"


def _quotient(subject: Subject) -> Quotient:
    """The KPI's formula by members; raises `UsageError` where it has none, or no figure."""
    result, called = subject.result, _called(subject)
    if not result.formula:
        raise UsageError(
            f"{called}: expected a KPI with a formula, found one that is judged; nothing adds up."
        )
    found = quotient_of(Formula.parse(result.formula))
    if found is None:
        raise UsageError(
            f"{called}: expected a sum of measures, or one sum divided by another, found {result.formula}, "
            "which nobody has a part of; `scorewright trace` shows its rows."
        )
    if result.actual is None:
        raise UsageError(f"{called}: expected a figure on the card, found none ({result.reason}).")
    return found


def _dimensions(subject: Subject, by: By | None) -> Mapping[str, By]:
    """By what each fact of the figure is told apart; raises `UsageError` where no fact has what is asked."""
    facts = list(dict.fromkeys(map(_fact, subject.measures)))
    found = {fact: by if by in ways(fact) else ways(fact)[0] for fact in facts}
    if by is not None and by not in found.values():
        known = ", ".join(dict.fromkeys(chain.from_iterable(map(ways, facts))))
        raise UsageError(
            f"--by: expected one of {known} for {subject.result.kpi_id}, found {by}, which the rows of "
            f"{', '.join(facts)} do not have."
        )
    return {fact: way for fact, way in found.items() if way is not None}


def _fact(measure: TracedMeasure) -> str:
    """The fact of a measure; raises `UsageError` for one that is not computed any more."""
    if measure.spec is None:
        raise UsageError(f"{measure.name}: expected a measure, found one that no SQL file computes any more.")
    return measure.spec.fact


@dataclass(frozen=True, slots=True)
class _Shown:
    """The figure of a period on a card's trend."""

    card: str
    figure: Decimal


def _shown(site: Site, subject: Subject, base: Period) -> _Shown:
    """The figure of `base` on this card, or on the newest one of `base`.

    Raises `UsageError` where neither shows one: then nobody knows whether its rows are all there.
    """
    newest = site.ledger.latest_revision(str(base), subject.card.team_id)
    cards = [(subject.issue.name, subject.card)]
    if newest is not None:
        cards.append((newest.name, from_json(newest.card_json)))
    for name, card in cards:
        for figure in _in_trend(card, subject.result.kpi_id, base):
            return _Shown(name, figure)
    raise UsageError(
        f"{_called(subject)}: expected a figure of {base} to compare with, found none on "
        f"{' or '.join(name for name, _ in cards)}; a card of {base} would show it."
    )


def _in_trend(card: Scorecard, kpi_id: str, period: Period) -> Iterator[Decimal]:
    """What the trend of a KPI shows of a period, if it does."""
    points = card.by_kpi[kpi_id].history if kpi_id in card.by_kpi else ()
    return (point.actual for point in points if point.period == str(period) and point.actual is not None)


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of each measure, and the figure that they made before."""

    measures: tuple[MeasureRows, ...]
    before: Decimal
    is_of_then: bool


def _found(site: Site, subject: Subject, base: Period, shown: _Shown) -> _Found:
    """The rows by which both figures are those of the card, in today's warehouse or in that of then."""
    misfit = ""
    for opened in _vintages(site, subject, base):
        with opened as vintage:
            measures = tuple(_measures(vintage, subject, base))
        before = _figure_before(subject, measures)
        misfit = _misfit(subject, measures) or _misfit_before(before, shown, _days(subject, base))
        if not misfit and isinstance(before, Decimal):
            return _Found(measures, before, vintage.is_of_then)
    raise DataError(
        f"{_called(subject)}: expected rows that make the figures on the card, found {misfit}, also with the "
        f"files and the book that it was made of; `scorewright trace {subject.issue.name} "
        f"{subject.result.kpi_id} --rows` shows today's rows."
    )


def _vintages(site: Site, subject: Subject, base: Period) -> Iterator[AbstractContextManager[Vintage]]:
    """Today's warehouse, where there is one, and then that of the card."""
    if site.settings.home.exists() and site.warehouse.exists():
        yield nullcontext(Vintage(site.warehouse, site.book))
    days = ((measure.days, _days_before(subject, measure, base)) for measure in subject.measures)
    yield vintage_of(site, subject, [*chain.from_iterable(days)])


def _measures(vintage: Vintage, subject: Subject, base: Period) -> Iterator[MeasureRows]:
    for measure in subject.measures:
        before, now = (
            vintage.rows(subject.card, measure.base, days)
            for days in (_days_before(subject, measure, base), measure.days)
        )
        yield MeasureRows(measure.name, _fact(measure), before, now)


def _days_before(subject: Subject, measure: TracedMeasure, base: Period) -> Days:
    """The days of the measure in `base`: all of it, where the card's own span has none there."""
    days = days_of(base, split_name(measure.name)[1] or subject.result.span)
    return days if days[0] < days[1] else days_of(base)


def _figure_before(subject: Subject, measures: Iterable[MeasureRows]) -> Decimal | Reason:
    sums = {measure.name: summed(measure.before) for measure in measures}
    return Formula.parse(subject.result.formula).evaluate(sums)


def _misfit(subject: Subject, measures: Iterable[MeasureRows]) -> str:
    """Which measure the rows do not make as the card has it; empty where they make all."""
    values = {measure.name: measure.value or Decimal(0) for measure in subject.measures}
    sums = ((measure.name, summed(measure.now), values[measure.name]) for measure in measures)
    return next((_instead(*each, str(subject.period)) for each in sums if each[1] != each[2]), "")


def _misfit_before(before: Decimal | Reason, shown: _Shown, days: str) -> str:
    if isinstance(before, Reason):
        return f"no figure of {days} ({before})"
    return "" if before == shown.figure else _instead("the figure", before, shown.figure, days)


def _days(subject: Subject, base: Period) -> str:
    """The days of the figure of `base`, which a year to date has more of."""
    days = {_days_before(subject, measure, base) for measure in subject.measures}
    first, until = min(first for first, _ in days), max(until for _, until in days)
    return str(base) if (first, until) == days_of(base) else f"{first} to {until - timedelta(days=1)}"


def _instead(name: str, found: Decimal, expected: Decimal, days: str) -> str:
    return f"{name} {plain_number(found)} of {days} instead of {plain_number(expected)}"

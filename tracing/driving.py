"""What a figure of an issued card moved by since an earlier period: rows by member, of that card's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from itertools import chain

from pipeline.site import Site, newest_issue
from scoring.canonical import from_json
from scoring.drivers.effects import Moved, together
from scoring.drivers.members import By, Driver
from scoring.drivers.quotient import Quotient, quotient_of
from scoring.errors import DataError, UsageError
from scoring.formula import Formula
from scoring.period import Period
from scoring.scorecard import Scorecard
from tracing.subject import Subject, TracedMeasure, find_subject
from tracing.vintage import Vintage, vintage_of
from warehouse.driving import Compared, Read
from warehouse.members import MeasureRows, drivers_by, ways


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
    rows, is_of_then = _found(site, subject, Compared(subject.result, subject.period, base, shown.figure))
    members, is_joint = drivers_by(rows, of_members, quotient), len(of_members) == 1
    return Drivers(subject, base, shown.figure, quotient, members, is_joint, is_of_then, shown.card)


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
    known = [*dict.fromkeys(chain.from_iterable(map(ways, facts)))]
    if by is not None and by not in known:
        raise UsageError(
            f"--by: expected one of {', '.join(known)} for {subject.result.kpi_id}, found {by}, which "
            f"the rows of {', '.join(facts)} do not have."
        )
    return {fact: by if by in ways(fact) else ways(fact)[0] for fact in facts}


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


def _found(site: Site, subject: Subject, compared: Compared) -> tuple[tuple[MeasureRows, ...], bool]:
    """The rows that make both figures of the card, and whether they are of then and not of today."""
    misfit = ""
    for opened in _vintages(site, subject, compared):
        with opened as vintage:
            read = partial(vintage.rows, subject.card)
            rows = compared.rows(read)
            misfit = compared.misfit(rows)
            if not misfit:
                return rows, vintage.is_of_then
            _refuse_other_days(subject, compared, read)
    raise DataError(
        f"{_called(subject)}: expected rows that make the figures on the card, found {misfit}, also with the "
        f"files and the book that it was made of; `scorewright trace {subject.issue.name} "
        f"{subject.result.kpi_id} --rows` shows today's rows."
    )


def _refuse_other_days(subject: Subject, compared: Compared, read: Read) -> None:
    if compared.is_of_other_days(read):
        raise UsageError(
            f"{_called(subject)}: expected a figure of {compared.base} that counts the same days, found one "
            f"of {compared.base} alone, while that of {compared.period} counts the days before it, too; "
            "name a period whose card says both in the same way."
        )


def _vintages(site: Site, subject: Subject, compared: Compared) -> Iterator[AbstractContextManager[Vintage]]:
    """Today's warehouse, where there is one, and then that of the card."""
    if site.settings.home.exists() and site.warehouse.exists():
        yield nullcontext(Vintage(site.warehouse, site.book))
    yield vintage_of(site, subject, compared.days)

"""The certificate of a month: each check, what it found, and whether that stops or warns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, partial
from itertools import chain, compress
from typing import Any

from archive.papers import audit_papers
from auditing.calibrating import calibration_table, told_unmet
from auditing.verifying import CardState, card_state
from book.history import evidence_months, months_of
from ledger import Issue, audit_ledger
from pipeline.approvals import may_go, why_it_stays
from pipeline.inputs.load_states import states_now
from pipeline.inputs.refused import standing_refusals
from pipeline.recipients import may_be_mailed
from pipeline.site import Site
from pipeline.steps.refused import lacking_rates
from pipeline.steps.report import AT_ITS_END
from reports.presenting.findings import gap_sentences
from scoring.canonical import from_json
from scoring.errors import DataError, ScorewrightError
from scoring.evidence import INCOMPLETE, KINDS_LEFT_OUT, LANDED_BEFORE_END, NOT_OVER, NOT_SAID, PARTLY_SAID
from scoring.period import Period
from scoring.scorecard import Scorecard
from warehouse import audit_counts


class Verdict(StrEnum):
    """Whether a check found nothing, something to know, or something that must be put right first."""

    OK = "ok"
    WARNS = "warns"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Checked:
    """A check by name, and what it found; a month is not certified while one stops."""

    name: str
    verdict: Verdict
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certified:
    """All checks of a month."""

    period: Period
    checks: tuple[Checked, ...]

    def or_raise(self) -> None:
        """Raise `DataError`, which names the checks that stop, if there are any."""
        stopping = [check.name for check in self.checks if check.verdict is Verdict.STOPS]
        if stopping:
            raise DataError(
                f"{self.period}: expected a period that can be certified, found that {len(stopping)} of "
                f"{len(self.checks)} checks stop ({', '.join(stopping)}); see their lines above."
            )

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "period": str(self.period),
            "is_certified": all(check.verdict is not Verdict.STOPS for check in self.checks),
            "checks": [
                {"check": check.name, "verdict": str(check.verdict), "findings": [*check.findings]}
                for check in self.checks
            ],
        }


@dataclass
class _Month:
    """The month that is certified, and its newest cards."""

    site: Site
    period: Period
    now: datetime

    @cached_property
    def issues(self) -> Sequence[Issue]:
        """The newest issue of each team."""
        return self.site.ledger.latest_revisions(str(self.period))

    @cached_property
    def cards(self) -> Sequence[Scorecard]:
        """Their cards; one that cannot be read is told by the check of documents."""
        sound = [card_state(issue) is not CardState.UNREADABLE for issue in self.issues]
        return [from_json(issue.card_json) for issue in compress(self.issues, sound)]

    def with_codes(self, *codes: str) -> Iterator[str]:
        """What the cards say of these findings, each gap once and whatever it affects."""
        told = (gap_sentences(card, codes) for card in self.cards)
        yield from dict.fromkeys(chain.from_iterable(told))


def certify(site: Site, period: Period, now: datetime) -> Certified:
    """Make every check of the month; what cannot be looked at stops. Nothing is changed."""
    month = _Month(site, period, now)
    return Certified(period, tuple(_checked(month, *check) for check in _CHECKS))


def _checked(month: _Month, name: str, verdict: Verdict, check: Callable[[_Month], Iterator[str]]) -> Checked:
    try:
        found = tuple(check(month))
    except ScorewrightError as error:
        return Checked(name, Verdict.STOPS, (str(error),))
    return Checked(name, verdict if found else Verdict.OK, found)


def _contract(month: _Month) -> Iterator[str]:
    book = month.site.book
    months = {source: months_of(book, source, [month.period]) for source in book.source_names}
    yield from (refusal.sentence for refusal in standing_refusals(month.site, months))


def _completeness(month: _Month) -> Iterator[str]:
    return month.with_codes(
        *(*INCOMPLETE, "unowned_rows", "quarantined_rows", PARTLY_SAID, LANDED_BEFORE_END, NOT_OVER),
    )


def _conservation(month: _Month) -> Iterator[str]:
    yield from audit_counts(month.site.warehouse, evidence_months(month.site.book, month.period))


def _totals(month: _Month) -> Iterator[str]:
    return month.with_codes("totals_differ")


def _plausibility(month: _Month) -> Iterator[str]:
    return month.with_codes(
        *("fewer_rows", "no_days", "names_damaged", "nothing_looked_up", "nothing_counted"),
        *("rows_withheld", NOT_SAID, KINDS_LEFT_OUT),
    )


def _rates(month: _Month) -> Iterator[str]:
    yield from map(str, lacking_rates(month.site, [month.period]))


def _targets(month: _Month) -> Iterator[str]:
    """Teams without any, and what was agreed on only when the period was under way."""
    book = month.site.book
    for team in book.teams:
        agreed = book.agreed(team.id, month.period)
        if not agreed:
            yield f"{team.id}: no target for {month.period}"
        for terms in agreed:
            if terms.row.known_since > month.period.start:
                yield f"{team.id}: {terms.kpi_id} was agreed on only on {terms.row.known_since}"


def _cards(month: _Month) -> Iterator[str]:
    yield from _missing(month)
    yield from _unmailable(month)


def _missing(month: _Month) -> Iterator[str]:
    issued = {issue.team_id for issue in month.issues}
    for team_id in month.site.scored_teams(month.period):
        if team_id not in issued:
            yield f"{team_id}: no card was issued"


def _unmailable(month: _Month) -> Iterator[str]:
    for card in month.cards:
        if not may_be_mailed(card):
            yield f"{card.team_id}: the card is held, has no score or is of the days so far"


def _load_state(month: _Month) -> Iterator[str]:
    states = states_now(month.site, month.period)
    for issue in month.site.ledger.not_right_for(month.issues, states):
        yield f"{issue.name}: the data have changed since; run {issue.period} again"


def _ledger(month: _Month) -> Iterator[str]:
    yield from map(str, audit_ledger(month.site.ledger).findings)


def _documents(month: _Month) -> Iterator[str]:
    for issue in month.issues:
        if card_state(issue) is not CardState.OK:
            yield f"{issue.name}: its card is {card_state(issue)}; restore the ledger from a backup"
        else:
            yield from map(str, audit_papers(month.site.cards, issue))


def _approvals(month: _Month) -> Iterator[str]:
    for issue in month.issues:
        if not may_go(month.site, issue):
            yield why_it_stays(month.site, issue)


def _deliveries(month: _Month) -> Iterator[str]:
    for issue in month.issues:
        for recipient, state in month.site.ledger.delivery_states(issue.id).items():
            if state not in AT_ITS_END:
                yield f"{issue.name} (issue {issue.id}): to {recipient} {state}"


def _never_mailed(month: _Month) -> Iterator[str]:
    for issue in month.issues:
        if not month.site.ledger.delivery_states(issue.id):
            yield f"{issue.name}: mailed to nobody"


def _unmet(way: str, month: _Month) -> Iterator[str]:
    """The grades that too many or too few teams have, if the book asks for shares of them that way."""
    if month.site.book.policy.distribution.way == way and month.issues:
        for group in calibration_table(month.site, month.period).unmet:
            yield f"{told_unmet(group)}; see `scorewright calibrate {month.period}`"


_CHECKS: tuple[tuple[str, Verdict, Callable[[_Month], Iterator[str]]], ...] = (
    ("contract", Verdict.STOPS, _contract),
    ("completeness", Verdict.WARNS, _completeness),
    ("conservation of rows", Verdict.STOPS, _conservation),
    ("declared totals", Verdict.WARNS, _totals),
    ("plausibility", Verdict.WARNS, _plausibility),
    ("exchange rates", Verdict.STOPS, _rates),
    ("targets agreed", Verdict.WARNS, _targets),
    ("cards issued", Verdict.STOPS, _cards),
    ("data unchanged since", Verdict.STOPS, _load_state),
    ("ledger", Verdict.STOPS, _ledger),
    ("documents", Verdict.STOPS, _documents),
    ("guided distribution of grades", Verdict.WARNS, partial(_unmet, "guided")),
    ("forced distribution of grades", Verdict.STOPS, partial(_unmet, "forced")),
    ("approvals", Verdict.STOPS, _approvals),
    ("deliveries", Verdict.STOPS, _deliveries),
    ("mails asked for", Verdict.WARNS, _never_mailed),
)
"""Every check in the order of the flow; a file whose own totals do not hold is refused by the contract."""

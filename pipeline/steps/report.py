"""Say what came of a period: what was issued, held and sent, what is missing, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from ledger import DeliveryState, Issue, Recipient
from pipeline.approvals import KEPT, Approved, state_of
from pipeline.site import Site
from pipeline.steps import Steps
from pipeline.steps.refused import raise_all, tell
from reports.presenting.findings import gaps_in_short
from scoring.canonical import from_json
from scoring.errors import DataError, ScorewrightError
from scoring.evidence import CertificateStatus
from scoring.period import Period
from scoring.scorecard import Scorecard

AT_ITS_END = (DeliveryState.SENT, DeliveryState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Reported:
    """A team's newest issue of a period, and how its mails stand; no issue where there should be one."""

    team_id: str
    issue: Issue | None = None
    card: Scorecard | None = None
    mails: Mapping[Recipient, DeliveryState] = field(default_factory=dict)
    approved: Approved = Approved.NOT_REVIEWED

    @property
    def state(self) -> str:
        """What the card is: `final`, `provisional`, `held` or `missing`."""
        return "missing" if self.card is None else str(self.card.certificate.status)

    def shortfalls(self) -> Iterator[str]:
        """What there should be and is not, a sentence each."""
        if self.issue is None or self.card is None:
            yield f"{self.team_id}: no card was issued"
            return
        if self.card.certificate.status is CertificateStatus.HELD:
            yield f"{self.issue.name} ({self.card.team_name.en}): held. {gaps_in_short(self.card)}"
        for recipient, state in self.mails.items():
            if state not in AT_ITS_END:
                yield f"{self.issue.name} (issue {self.issue.id}): to {recipient} {self._word(state)}"

    def _word(self, state: DeliveryState) -> str:
        """The state of a mail; of one that nobody may send yet, what keeps it."""
        is_kept = state is DeliveryState.PENDING and self.approved in KEPT
        return str(self.approved) if is_kept else str(state)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a period, team by team, and what besides was refused or is left open."""

    period: Period
    teams: tuple[Reported, ...]
    errors: tuple[ScorewrightError, ...] = ()

    @property
    def issues(self) -> list[Issue]:
        """The newest issue of each team that has one."""
        return [team.issue for team in self.teams if team.issue is not None]

    def or_raise(self, *more: ScorewrightError) -> None:
        """Raise whatever keeps the period from being done, and `more`; nothing where nothing does."""
        shortfalls = [sentence for team in self.teams for sentence in team.shortfalls()]
        raise_all([*self.errors, *map(DataError, shortfalls), *more])

    def __str__(self) -> str:
        states = Counter(team.state for team in self.teams)
        mails = Counter(str(state) for team in self.teams for state in team.mails.values())
        issued = len(self.teams) - states["missing"]
        cards = ", ".join(_counted(states, ("final", "provisional", "held")))
        return (
            f"{self.period}: {issued} of {len(self.teams)} cards issued ({cards or 'none'}); "
            f"mails: {', '.join(_counted(mails, [*DeliveryState])) or 'none asked for'}{self._approvals()}"
        )

    def _approvals(self) -> str:
        """What nobody may send yet; nothing where nothing is kept."""
        kept = Counter(team.approved for team in self.teams if team.issue is not None)
        told = [f"{kept[state]} {state}" for state in KEPT if kept[state]]
        return f"; cards: {', '.join(told)}" if told else ""


def _counted(counts: Counter[str], names: Collection[str]) -> list[str]:
    return [f"{counts[name]} {name}" for name in names if counts[name]]


def report(site: Site, period: Period, teams: Sequence[str] = ()) -> Report:
    """How the cards of the period stand, of the teams named or of all that have a target in it."""
    expected = site.scored_teams(period, tuple(teams))
    found = [(team, site.ledger.latest_revision(str(period), team)) for team in expected]
    return Report(period, tuple(_reported(site, team, issue) for team, issue in found))


def report_whole(
    site: Site, period: Period, teams: Sequence[str], *, now: Callable[[], datetime], finish: bool
) -> Report:
    """The same with what was refused of the exports; with `finish` what mails are left open, too.

    Mails that a process which died was sending are brought to their end first.
    """
    errors = [*_error_of(partial(tell, site, period))]
    if finish:
        # by its name: whoever asks for the state of a month is not to pay for what mails are made with
        errors += _error_of(partial(Steps().finish, site, now=now))
    return replace(report(site, period, teams), errors=tuple(errors))


def _error_of(check: Callable[[], None]) -> Iterator[ScorewrightError]:
    try:
        check()
    except ScorewrightError as error:
        yield error


def _reported(site: Site, team_id: str, issue: Issue | None) -> Reported:
    if issue is None:
        return Reported(team_id)
    card, mails = from_json(issue.card_json), site.ledger.delivery_states(issue.id)
    return Reported(team_id, issue, card, mails, state_of(site, issue))

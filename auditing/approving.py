"""Enters what a second person decided on issued cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial

from auditing.calibrating import missed_in
from book.model import Approver
from ledger import Approval, Decision, Issue
from pipeline.approvals import waiting
from pipeline.recipients import may_be_mailed
from pipeline.site import Site, newest_issue
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.period import Period


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of an issue: the new decision, or why this person could not decide."""

    issue: Issue
    told: str


def approve(
    site: Site, period: Period, teams: tuple[str, ...], *, by: str, rejected: str | None, now: datetime
) -> tuple[Decided, ...]:
    """Enter the decision of the person `by` on the newest cards of the period; `rejected` is a reason.

    Without teams all that wait are meant, but for cards of the person's own. Raises `UsageError` for
    somebody who may not approve, also a team's own manager where the team is named, and for a card that
    could not be sent anyhow.
    """
    _refuse_needless(site)
    approver = site.book.approving.approver(by)
    issues = _named(site, period, teams) if teams else _all_waiting(site, period)
    # asked for at the first card that it matters for, and then known for all
    missed = cache(partial(missed_in, site, period))
    return tuple(
        _decide(site, issue, approver, rejected, now, is_named=bool(teams), missed=missed) for issue in issues
    )


def answer(
    site: Site, issue_id: int, content_hash: str, *, user: str, rejected: str | None, now: datetime
) -> Decided:
    """Enter what a user of Airflow decided on an issue, of the content that they were asked about.

    Raises `UsageError` for a user who may not decide on it, and `LedgerConflictError` where the ledger has
    another card under that number by now.
    """
    issue = replace(site.ledger.get_issue(issue_id), content_hash=content_hash)
    missed, approver = partial(missed_in, site, Period.parse(issue.period)), site.book.approving.of_user(user)
    return _decide(site, issue, approver, rejected, now, is_named=True, missed=missed)


def _refuse_needless(site: Site) -> None:
    if not site.book.approving.is_required:
        raise UsageError(
            "approve: expected a book whose cards need an approval, found one that asks for none; "
            "set `approval` in organisation.yaml."
        )


def _named(site: Site, period: Period, teams: tuple[str, ...]) -> Iterator[Issue]:
    for team_id in site.team_ids(teams):
        issue = newest_issue(site, period, team_id)
        if not may_be_mailed(from_json(issue.card_json)):
            raise UsageError(
                f"{issue.name}: expected a card that can be sent, found one that is held, has no score or "
                f"is of the days so far; complete its data and run {period} again."
            )
        yield issue


def _all_waiting(site: Site, period: Period) -> Sequence[Issue]:
    found = [*waiting(site, site.ledger.latest_revisions(str(period)))]
    if not found:
        raise UsageError(f"{period}: expected cards that wait for approval, found none; see its status.")
    return found


Missed = Callable[[], Mapping[str, str]]
"""Gives by team what keeps its card from being approved."""


def _decide(
    site: Site,
    issue: Issue,
    approver: Approver,
    rejected: str | None,
    now: datetime,
    *,
    is_named: bool,
    missed: Missed,
) -> Decided:
    # what is approved is to be the last word, and a grade may still have to change
    wanted: Missed = missed if rejected is None else dict
    for hindrance in _hindrances(site, issue, approver, wanted):
        return hindrance.result(issue, is_named=is_named)
    decision = Decision.APPROVED if rejected is None else Decision.REJECTED
    entered = site.ledger.enter_approval(
        Approval(issue.id, issue.content_hash, decision, approver.name, now, rejected or "")
    )
    return Decided(issue, f"{decision} by {approver.name}{'' if entered else ' before'}")


@dataclass(frozen=True, slots=True)
class _Hindrance:
    """Why a person cannot decide on a card: what to say of one that is named, and of one of all."""

    refusal: str
    told: str

    def result(self, issue: Issue, *, is_named: bool) -> Decided:
        """What came of the issue; raises `UsageError` where the card is named."""
        if is_named:
            raise UsageError(f"{issue.name}: {self.refusal}")
        return Decided(issue, self.told)


def _hindrances(site: Site, issue: Issue, approver: Approver, missed: Missed) -> Iterator[_Hindrance]:
    if approver not in approvers_of(site, issue):
        yield _Hindrance(
            f"expected an approver who is not the team's own manager, found {approver.name}; let somebody "
            "else decide.",
            f"left to somebody else, because it is {approver.name}'s own",
        )
    lacking = missed().get(issue.team_id)
    if lacking:
        yield _Hindrance(
            f"expected grades that meet the forced distribution, found {lacking}; see `scorewright calibrate "
            f"{issue.period}`, and approve the cards after that.",
            f"left until the grades meet the forced distribution: {lacking}",
        )


def approvers_of(site: Site, issue: Issue) -> tuple[Approver, ...]:
    """Who may decide on an issue: those the book names, but for the manager whose card it is."""
    (team,) = site.teams(Period.parse(issue.period), (issue.team_id,))
    return site.book.approving.of_team(team)

"""Whether an issued card was approved by a second person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ledger import Issue
from pipeline.recipients import may_be_mailed
from pipeline.site import Site
from scoring.canonical import from_json


class Approved(StrEnum):
    """How an issue stands with those who approve cards."""

    NOT_REVIEWED = "not reviewed"
    WAITING = "waits for approval"
    APPROVED = "approved"
    REJECTED = "rejected"


KEPT = (Approved.WAITING, Approved.REJECTED)
"""What keeps an issue from being sent."""


def state_of(site: Site, issue: Issue) -> Approved:
    """How the issue stands; where the book asks for no approval, what nobody decided on is not reviewed."""
    approval = site.ledger.approval(issue.id)
    # what was decided on other bytes says nothing about these
    if approval is not None and approval.content_hash == issue.content_hash:
        return Approved(approval.decision)
    return Approved.WAITING if site.book.approving.is_required else Approved.NOT_REVIEWED


def may_go(site: Site, issue: Issue) -> bool:
    """Whether no second person keeps the issue from being sent."""
    return state_of(site, issue) not in KEPT


def why_it_stays(site: Site, issue: Issue) -> str:
    """What keeps an issue that may not go, and what to do about it."""
    named = f"{issue.name} (issue {issue.id})"
    approval = site.ledger.approval(issue.id)
    if approval is not None and state_of(site, issue) is Approved.REJECTED:
        return (
            f"{named}: rejected by {approval.decided_by} ({approval.reason}); correct what is wrong and run "
            f"{issue.period} again."
        )
    return (
        f"{named}: waits for approval; after `scorewright approve {issue.period} --team {issue.team_id} "
        f"--by NAME` run {issue.period} again to send it."
    )


def waiting(site: Site, issues: Sequence[Issue]) -> Iterator[Issue]:
    """Those of the issues that could be sent and wait for somebody's approval."""
    for issue in issues:
        if state_of(site, issue) is Approved.WAITING and may_be_mailed(from_json(issue.card_json)):
            yield issue

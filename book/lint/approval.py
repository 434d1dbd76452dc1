"""Whether every card that needs an approval has somebody who may give it."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import ApprovalShape, ManagerShape
from scoring.addresses import one_spelling


def lint_approval(draft: Draft) -> Iterator[Fault]:
    """Approvers who cannot be told apart, and managers whose cards nobody else may approve."""
    approval = None if draft.organisation is None else draft.organisation.approval
    if approval is None:
        return
    yield from _doubled(draft, approval)
    if approval.required:
        yield from _alone(draft, approval)


def _doubled(draft: Draft, approval: ApprovalShape) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, one in enumerate(approval.approvers):
        # somebody who is told apart by the user of Airflow, or by the name that the ledger keeps
        known = {one.name.casefold(), one_spelling(one.email), one_spelling(one.user or one.email)}
        if known & seen:
            yield draft.files["organisation.yaml"].fault(
                ("approval", "approvers", number),
                f"approval.approvers: expected each person once, found {one.name} again; remove one",
            )
        seen |= known


def _alone(draft: Draft, approval: ApprovalShape) -> Iterator[Fault]:
    for team_id, team in draft.teams.items():
        for manager in (team.manager, *(change.manager for change in team.changes if change.manager)):
            if all(_is(manager, one.name, one.email) for one in approval.approvers):
                yield draft.files["organisation.yaml"].fault(
                    ("approval", "approvers"),
                    f"approval.approvers: expected somebody besides {manager.name}, who manages {team_id}, "
                    "found nobody; add one",
                )


def _is(manager: ManagerShape, name: str, email: str) -> bool:
    names = {known.casefold() for known in (manager.name, *manager.formerly)}
    return name.casefold() in names or one_spelling(email) == one_spelling(manager.email)

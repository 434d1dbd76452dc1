"""Whose card it is: a card that was issued to one person is never revised under another."""

from __future__ import annotations

from book import Book, Team
from ledger import MAIL, Issue, Recipient
from pipeline.inputs.history import history_of
from pipeline.inputs.restatements import manager_of, revisions_of
from pipeline.site import Site
from scoring.errors import BookError
from scoring.period import Period


def refuse_another_manager(site: Site, period: Period, team: Team) -> None:
    """Raise `BookError` where the book has another manager for the period than the card was issued under.

    The other one would read what is the predecessor's. The same person under a new name has the same
    address, or says the old name as `formerly`.
    """
    latest = site.ledger.latest_revision(str(period), team.id)
    if latest is None or manager_of(latest) in team.manager.names or _had(site, latest, team.manager.email):
        return
    card = f"{latest.period}/{latest.team_id}/r{latest.revision}"
    raise BookError(
        f"teams.yaml: {team.id}: expected {manager_of(latest)} as the manager of {period}, as {card} was "
        f"issued, found {team.manager.name}; leave the earlier manager and enter the new one under "
        f"`changes` with `from`, or add `formerly: [{manager_of(latest)}]` if it is the same person."
    )


def periods_of_others(book: Book, team_id: str, period: Period) -> frozenset[Period]:
    """The periods before, of those that a card of `period` shows, in which somebody else had the team."""
    (team,) = (team for team in book.teams if team.id == team_id)
    reader = team.in_period(period).manager
    shown = period.window(history_of(book, period))
    return frozenset(past for past in shown if not reader.is_same(team.in_period(past).manager))


def _had(site: Site, latest: Issue, address: str) -> bool:
    """Whether a revision of the card went to the address."""
    mail = Recipient(MAIL, address)
    earlier = revisions_of(site.ledger, latest)
    return any(mail in site.ledger.delivery_states(issue.id) for issue in earlier)

"""Whose card it is: a card that was issued to one person is never revised under another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.kept_books import restore_book
from book import Book, Team, load_book
from book.history import history_of
from ledger import Issue
from pipeline.inputs.restatements import manager_of
from pipeline.site import Site
from scoring.comments import Comment
from scoring.errors import BookError, ScorewrightError
from scoring.period import Period


def refuse_another_manager(site: Site, period: Period, team: Team, latest: Issue | None) -> None:
    """Raise `BookError` where the book has another manager for the period than its `latest` card was issued
    under.

    The other one would read what is the predecessor's. The same person under a new name has the same
    address, or says the old name as `formerly`.
    """
    if latest is None or manager_of(latest) in team.manager.names:
        return
    if team.manager.email == _address_of_the_manager(site, period, latest):
        return
    card = f"{latest.period}/{latest.team_id}/r{latest.revision}"
    raise BookError(
        f"teams.yaml: {team.id}: expected {manager_of(latest)} as the manager of {period}, as {card} was "
        f"issued, found {team.manager.name}; leave the earlier manager and enter the new one under "
        f"`changes` with `from`, or add `formerly: [{manager_of(latest)}]` if it is the same person."
    )


def periods_of_others(book: Book, team_id: str, period: Period) -> frozenset[Period]:
    """The periods before, of those that a card of `period` shows, in which somebody else had the team."""
    return _led_by_others(book, team_id, period, period.window(history_of(book, period)))


def _led_by_others(book: Book, team_id: str, period: Period, among: Iterable[Period]) -> frozenset[Period]:
    """The periods in which the team was not led by who leads it in `period`."""
    reader = book.manager_in(team_id, period)
    return frozenset(other for other in among if not reader.is_same(book.manager_in(team_id, other)))


def comments_of(book: Book, team_id: str, period: Period) -> tuple[Comment, ...]:
    """What was said about the team's results, but for those of an earlier manager."""
    about = book.comments_by_team.get(team_id, ())
    others = _led_by_others(book, team_id, period, {said.period for said in about})
    return tuple(said for said in about if said.period not in others)


def _address_of_the_manager(site: Site, period: Period, issue: Issue) -> str | None:
    """The address of the card's manager, in the book of that time; None where it was not kept.

    That a card went to an address does not say so: copies and delegates get it, too.
    """
    sha256 = issue.made.book_sha256
    with TemporaryDirectory() as folder:
        try:
            restore_book(site.landing, sha256 or "", Path(folder))
            teams = load_book(Path(folder), sha256).teams_in(period)
        except ScorewrightError:
            return None
    return next((team.manager.email for team in teams if team.id == issue.team_id), None)

"""For whom an archive is: for everybody who may see all cards, or for one manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from book import Team
from book.model import Manager
from disk.nearest import did_you_mean
from ledger import Issue
from pipeline.approvals import may_go
from pipeline.inputs.restatements import is_theirs, manager_of
from pipeline.recipients import may_be_mailed, was_mailed
from pipeline.site import Site
from scoring.addresses import one_spelling
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.text import Language


@dataclass(frozen=True, slots=True)
class Reader:
    """A manager by the address in small letters, with the newest name and language that the book has."""

    address: str
    name: str
    language: Language

    def is_called(self, manager: Manager) -> bool:
        """Whether it is this manager: the book has one person behind an address, however it is spelled."""
        return one_spelling(manager.email) == one_spelling(self.address)


def reader_called(site: Site, address: str) -> Reader:
    """The manager with that address, of now or of any time; raises `UsageError` where the book has none.

    Names are not taken: two people may share one.
    """
    managers = [manager for team in site.book.teams for manager in _managers(team)]
    reader = Reader(address.lower(), "", site.book.languages[0])
    found = [manager for manager in managers if reader.is_called(manager)]
    if not found:
        meant = did_you_mean(address, (manager.email for manager in managers))
        raise UsageError(
            f"--for: expected the mail address of a manager in teams.yaml, found {address!r}{meant}."
        )
    return Reader(reader.address, found[-1].name, found[-1].language)


def may_see(site: Site, reader: Reader, issue: Issue) -> bool:
    """Whether the reader may see that revision: it is theirs, and nothing keeps it from being mailed to them.

    Neither may they see one of their own that tells what, by the book of now, is somebody else's. A successor
    of the same name has another address. Of a team that left the book, or has another id there, they may see
    what they were mailed as theirs.
    """
    team = site.book.by_id.get(issue.team_id)
    if team is None:
        return manager_of(issue) == reader.name and was_mailed(site, issue, reader.address)
    if not reader.is_called(team.in_period(Period.parse(issue.period)).manager):
        return False
    own = filter(reader.is_called, _managers(team))
    return any(is_theirs(site, issue, manager) and _is_open_to(site, manager, team, issue) for manager in own)


def _is_open_to(site: Site, manager: Manager, team: Team, issue: Issue) -> bool:
    card = from_json(issue.card_json)
    told = (team.in_period(Period.parse(period)).manager for period in _told(card))
    is_whole = _was_over(site, issue) or was_mailed(site, issue, manager.email)
    sendable = is_whole and may_be_mailed(card) and may_go(site, issue)
    return sendable and all(map(manager.is_same, told))


def _was_over(site: Site, issue: Issue) -> bool:
    """Whether its period was over when it was issued: an older card of the days so far does not say that it
    is one, and could be mailed once the period was over.
    """
    return site.book.today(issue.issued_at) > Period.parse(issue.period).last_day


def _told(card: Scorecard) -> Iterator[str]:
    """The earlier periods of whose total, grade, pay or next steps the card tells."""
    yield from (point.period for point in card.total_history if point.actual is not None)
    yield from (note.period for note in card.restatements if not note.is_withheld)
    yield from (action.period for action in card.actions)


def _managers(team: Team) -> Iterator[Manager]:
    """Every manager that a team has had or will have, in order of the book."""
    changed = (change.fields.get("manager") for change in team.changes)
    return filter(None, chain([team.manager], changed))

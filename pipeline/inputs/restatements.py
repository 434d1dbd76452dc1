"""Compares revisions, knowing what the sources feed, and picks those that a later card reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from book.history import history_of
from book.model import Manager, Team
from etl.sources import Source
from ledger import Issue, Ledger, RestatementRecord
from pipeline.site import Site
from scoring.canonical import head_of, restatement_from_json
from scoring.comparing import comparing
from scoring.comparing.causes import Feeds
from scoring.period import Period
from scoring.restatement import Restatement, RestatementNote
from scoring.scorecard import Scorecard
from warehouse import measure_catalog


def compare(sources: Mapping[str, Source], old: Scorecard, new: Scorecard) -> Restatement:
    """The differences in `new`; late data is attributed to the sources that can feed the measure."""
    return comparing.compare(old, new, _feeds(sources))


def notes_for(site: Site, period: Period, team: Team) -> tuple[RestatementNote, ...]:
    """What a team's card of `period` reports about earlier cards restated after their month closed.

    These are the restatements entered after the first issue of the period before or, if there is none, of the
    periods that the card shows; and once `period` itself was issued, none entered later. So the card stays
    the same however often it is made. The order is that of entry in the ledger, independent of any clock.
    """
    noted = sorted(_noted(site, period, team.id), key=lambda record: (record.period, record.revision))
    return tuple(_note(site, record, team.manager) for record in noted)


def told_on(site: Site, period: Period) -> Period:
    """The period, from this one on, whose cards report what is restated now: the first without a card."""
    while site.ledger.newest(str(period)):
        period = period.shift(1)
    return period


def _note(site: Site, record: RestatementRecord, reader: Manager) -> RestatementNote:
    """What the reader may know of it: all of it if the card is theirs, else that there was one."""
    restatement = restatement_from_json(record.restatement_json)
    is_own = is_theirs(site, site.ledger.get_issue(record.issue_id), reader)
    return RestatementNote.of(restatement) if is_own else RestatementNote.withheld(restatement)


def is_theirs(site: Site, issue: Issue, reader: Manager) -> bool:
    """Whether it was issued to the reader and the book does not say by now that it was somebody else's."""
    (team,) = site.teams(Period.parse(issue.period), (issue.team_id,))
    return manager_of(issue) in reader.names and reader.is_same(team.manager)


def manager_of(issue: Issue) -> str:
    """Whose card it is."""
    return head_of(issue.card_json).manager_name


def revisions_of(ledger: Ledger, card: Issue) -> list[Issue]:
    """Every revision of an issued card, in order."""
    return [*ledger.issues_of([card.period], [card.team_id], all_revisions=True)]


def _noted(site: Site, period: Period, team_id: str) -> Iterator[RestatementRecord]:
    before = site.ledger.revision(str(period.shift(-1)), team_id, 1)
    own = site.ledger.revision(str(period), team_id, 1)
    shown = set(map(str, period.window(history_of(site.book, period))))
    for record in site.ledger.restatements(team_id):
        is_of_earlier = record.is_closed and is_before(record.period, period)
        if is_of_earlier and _is_since(record, before, shown) and not _is_after(record, own):
            yield record


def _is_since(record: RestatementRecord, before: Issue | None, shown: Collection[str]) -> bool:
    """Whether the period before had its card by then; where it has none, whether this card shows it."""
    return record.period in shown if before is None else record.issue_id > before.id


def _is_after(record: RestatementRecord, own: Issue | None) -> bool:
    """Whether the period itself had its card by then."""
    return own is not None and record.issue_id > own.id


def is_before(name: str, period: Period) -> bool:
    """Whether the period called `name`, of whatever length, had ended when `period` began."""
    return Period.parse(name).end <= period.start


def _feeds(sources: Mapping[str, Source]) -> Feeds:
    """The sources that write the fact behind each measure."""
    return {
        name: tuple(source for source, made in sources.items() if spec.fact in made.facts)
        for name, spec in measure_catalog().items()
    }

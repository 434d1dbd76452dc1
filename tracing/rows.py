"""The source rows behind a measure of a card, and whether they still sum to what the card says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from book import Book
from pipeline.site import Site
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.spans import Days
from tracing.subject import Subject, TracedMeasure
from warehouse import SourceRow, Warehouse, source_rows, summed


@dataclass(frozen=True, slots=True)
class TracedRows:
    """The current rows in the warehouse for a measure of the card."""

    measure: TracedMeasure
    rows: tuple[SourceRow, ...]

    @property
    def sum(self) -> Decimal:
        """The sum of what the rows contribute."""
        return summed(self.rows)

    @property
    def is_as_on_card(self) -> bool:
        """Whether they sum to the card's value; nothing at all is 0, or no data."""
        return self.sum == (self.measure.value or Decimal(0))


def traced_rows(site: Site, subject: Subject) -> tuple[TracedRows, ...]:
    """The team's rows of each measure of the KPI that still exists."""
    team_ids = added_up(site.book, subject.card)
    return tuple(
        TracedRows(measure, rows_of_teams(site.warehouse, (measure.base, measure.days), team_ids))
        for measure in subject.measures
        if measure.spec is not None
    )


def added_up(book: Book, card: Scorecard) -> tuple[str, ...]:
    """The teams whose rows a card counts, by today's book: its own, unless that is made of others."""
    members = book.members(card.team_id, Period.parse(card.period))
    return tuple(map(attrgetter("id"), members)) or (card.team_id,)


def rows_of_teams(
    warehouse: Warehouse, measure: tuple[str, Days], team_ids: Iterable[str]
) -> tuple[SourceRow, ...]:
    """The rows of a measure that any of the teams has, each once and with their shares of it together."""
    found: dict[tuple[object, ...], SourceRow] = {}
    for team_id in team_ids:
        # two rows of one team may be alike in everything
        alike = Counter[tuple[object, ...]]()
        for row in source_rows(warehouse, *measure, team_id):
            key = (*_told_apart(row), alike[_told_apart(row)])
            alike[_told_apart(row)] += 1
            known = found.get(key)
            found[key] = row if known is None else replace(known, share=known.share + row.share)
    return tuple(sorted(found.values(), key=attrgetter("source", "entity", "day", "owner_key")))


def _told_apart(row: SourceRow) -> tuple[object, ...]:
    """What makes it another row, whoever has a share of it."""
    return row.source, row.entity, row.owner_key, row.day, *row.names.items(), row.value

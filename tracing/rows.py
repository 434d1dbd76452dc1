"""The source rows behind a measure of a card, and whether they still sum to what the card says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from book import Book
from pipeline.site import Site
from scoring.period import Period
from scoring.scorecard import Scorecard
from tracing.subject import Subject, TracedMeasure
from warehouse import SourceRow, rows_of_teams, summed


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

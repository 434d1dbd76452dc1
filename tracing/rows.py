"""The source rows behind a measure of a card, and whether they still sum to what the card says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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


def traced_rows(warehouse: Warehouse, subject: Subject) -> tuple[TracedRows, ...]:
    """The team's rows of each measure of the KPI that still exists."""
    return tuple(
        TracedRows(measure, source_rows(warehouse, measure.base, measure.days, subject.card.team_id))
        for measure in subject.measures
        if measure.spec is not None
    )

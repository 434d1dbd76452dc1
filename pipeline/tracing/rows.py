"""The source rows behind a measure of a card, and whether they still sum to what the card says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from etl.warehouse import SourceRow, Warehouse, source_rows, summed
from pipeline.numbers import exact
from pipeline.tracing.subject import Subject, TracedMeasure
from scoring.canonical import plain_number

# a spreadsheet takes a cell that begins so for a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_COLUMNS = (
    "issue",
    "kpi",
    "measure",
    "day",
    "source",
    "account",
    "owner_key",
    "row",
    "amount",
    "currency_code",
    "rate",
    "value",
    "share",
    "part",
)


@dataclass(frozen=True, slots=True)
class TracedRows:
    """The rows that the warehouse has now for a measure of the card."""

    measure: TracedMeasure
    rows: tuple[SourceRow, ...]

    @property
    def sum(self) -> Decimal:
        """What the rows bring in together."""
        return summed(self.rows)

    @property
    def is_as_on_card(self) -> bool:
        """Whether they sum to the card's value; nothing at all is 0, or no data."""
        return self.sum == (self.measure.value or Decimal(0))

    @property
    def verdict(self) -> str:
        """The comparison in a line."""
        on_card = "no data" if self.measure.value is None else exact(self.measure.value)
        if self.is_as_on_card:
            return f"sum {exact(self.sum)} = card" if self.rows else f"no rows, card: {on_card}"
        moved = self.sum - (self.measure.value or Decimal(0))
        sign = "+" if moved > 0 else ""
        return (
            f"sum differs: the rows of now sum to {exact(self.sum)}, card: {on_card} ({sign}{exact(moved)})"
        )


def traced_rows(warehouse: Warehouse, subject: Subject) -> tuple[TracedRows, ...]:
    """The rows of each measure of the KPI, as far as they are the team's; of those that still exist."""
    return tuple(
        TracedRows(measure, source_rows(warehouse, measure.base, measure.days, subject.card.team_id))
        for measure in subject.measures
        if measure.spec is not None
    )


def as_csv(subject: Subject, traced: Iterable[TracedRows]) -> bytes:
    """All rows as a table; text that a spreadsheet would run as a formula begins with an apostrophe."""
    text = io.StringIO()
    # lines end in CR LF, and so a cell with either of them is quoted
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for of_measure in traced:
        for row in of_measure.rows:
            writer.writerow(_cells(subject, of_measure.measure, row))
    # with the mark by which spreadsheets know the encoding
    return text.getvalue().encode("utf-8-sig")


def named(row: SourceRow) -> str:
    """What tells the row from others."""
    return " · ".join(row.names.values()) or row.owner_key


def _cells(subject: Subject, measure: TracedMeasure, row: SourceRow) -> Sequence[str]:
    return (
        str(subject.issue.id),
        subject.result.kpi_id,
        measure.name,
        row.day.isoformat(),
        _text(row.source),
        _text(row.entity),
        _text(row.owner_key),
        _text(named(row)),
        _number(row.amount),
        _text(row.currency_code or ""),
        _number(row.rate),
        _number(row.value),
        _number(row.share),
        _number(row.part),
    )


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)

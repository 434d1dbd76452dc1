"""The source rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from etl.warehouse import SourceRow
from pipeline.tracing.rows import TracedRows
from pipeline.tracing.subject import Subject, TracedMeasure
from scoring.canonical import plain_number
from terminal.spreadsheet import inert

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
    """What identifies the row."""
    return " · ".join(row.names.values()) or row.owner_key


def _cells(subject: Subject, measure: TracedMeasure, row: SourceRow) -> Sequence[str]:
    return (
        str(subject.issue.id),
        subject.result.kpi_id,
        measure.name,
        row.day.isoformat(),
        inert(row.source),
        inert(row.entity),
        inert(row.owner_key),
        inert(named(row)),
        _number(row.amount),
        inert(row.currency_code or ""),
        _number(row.rate),
        _number(row.value),
        _number(row.share),
        _number(row.part),
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)

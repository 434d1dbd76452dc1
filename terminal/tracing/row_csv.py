"""The source rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from reports.spreadsheet import inert
from scoring.canonical import plain_number
from tracing.landed import Place
from tracing.locating import Located
from tracing.rows import TracedRows
from tracing.subject import Subject, TracedMeasure
from warehouse import SourceRow

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
    "file",
    "sheet",
    "lines",
    "also",
)


def as_csv(subject: Subject, traced: Iterable[TracedRows], places: Located) -> bytes:
    """All rows as a table with where they stand; `also` are the lines of a second file, such as of deals.

    Text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    text = io.StringIO()
    # lines end in CR LF, and so a cell with either of them is quoted
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for of_measure in traced:
        for row in of_measure.rows:
            where = placed(places.of(of_measure.measure, row))
            writer.writerow([*_cells(subject, of_measure.measure, row), *map(inert, where)])
    # with the mark by which spreadsheets know the encoding
    return text.getvalue().encode("utf-8-sig")


def named(row: SourceRow) -> str:
    """What identifies the row."""
    return " · ".join(row.names.values()) or row.owner_key


def placed(places: Sequence[Place]) -> tuple[str, str, str, str]:
    """Where a row stands: file, sheet, lines, and what else of it stands in another file."""
    if not places:
        return "", "", "", ""
    first, *others = places
    also = "; ".join(f"{place.file} {lines_told(place)}" for place in others)
    return first.file, first.sheet or "", lines_told(first), also


def lines_told(place: Place) -> str:
    """`12`, or `3, 9`."""
    return ", ".join(map(str, place.rows))


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

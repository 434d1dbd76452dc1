"""A table as a file: CSV, JSON, Parquet or a workbook, by the ending of its name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from reports.spreadsheet import inert
from reports.tables.kinds import Columns, Kind, Row
from reports.tables.numbers import DIGITS, fitted
from scoring.canonical import plain_number
from scoring.errors import UsageError

_ARROW: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("us", "UTC"),
    # the widest decimal that every reader of Parquet knows
    Kind.NUMBER: pa.decimal128(38, DIGITS),
}
_WORKBOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIRST_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook has no zones
"""When a workbook says that it was made: the same rows give the same bytes."""


def as_file(columns: Columns, rows: Sequence[Row], ending: str) -> bytes:
    """The rows as the bytes of a file of this `ending`, one of `ENDINGS`.

    Text that a spreadsheet would run as a formula begins with an apostrophe in CSV, and is marked as text in
    a workbook. Raises `UsageError` for a number that does not fit the format.
    """
    return ENDINGS[ending](columns, rows)


def _csv(columns: Columns, rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    # lines end in CR LF, and so a cell with either of them is quoted
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(kind, row[name]) for name, kind in columns.items()] for row in rows)
    # with the mark by which spreadsheets know the encoding
    return text.getvalue().encode("utf-8-sig")


def _cell(kind: Kind, value: Any) -> str:
    return "" if value is None else _CELLS[kind](value)


_PLAIN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: str,
    Kind.COUNT: int,
    Kind.FLAG: bool,
    Kind.DAY: date.isoformat,
    Kind.MOMENT: datetime.isoformat,
    # the text of an exact number, for a reader of JSON would round it
    Kind.NUMBER: plain_number,
}
_CELLS: Mapping[Kind, Callable[[Any], str]] = {
    **_PLAIN,
    Kind.TEXT: inert,
    Kind.COUNT: str,
    Kind.FLAG: lambda value: "true" if value else "false",
}


def _json(columns: Columns, rows: Sequence[Row]) -> bytes:
    """A list of objects."""
    plain = [{name: _value(kind, row[name]) for name, kind in columns.items()} for row in rows]
    return f"{json.dumps(plain, ensure_ascii=False, indent=1)}\n".encode()


def _value(kind: Kind, value: Any) -> Any:
    return None if value is None else _PLAIN[kind](value)


def _parquet(columns: Columns, rows: Sequence[Row]) -> bytes:
    try:
        arrays = [
            pa.array([_fitting(row[name]) for row in rows], _ARROW[kind]) for name, kind in columns.items()
        ]
    except pa.ArrowInvalid:
        raise UsageError(
            "export: expected numbers below 100,000,000,000,000,000,000 for Parquet, found a larger one; "
            "write a .csv or .json instead."
        ) from None
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=list(columns)), out)
    return out.getvalue()


def _fitting(value: object) -> object:
    """A number with the digits after the point that the column has."""
    return fitted(value) if isinstance(value, Decimal) else value


def _workbook(columns: Columns, rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _WORKBOOK)
    book.set_properties({"created": _FIRST_DAY, "title": "Scorewright"})
    page = book.add_worksheet("scores")
    styles = {
        Kind.TEXT: book.add_format({"quote_prefix": True}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    page.write_row(0, 0, list(columns), book.add_format({"bold": True}))
    page.freeze_panes(1, 0)
    for at, (name, kind) in enumerate(columns.items()):
        page.set_column(at, at, max(10, len(name) + 2))
        _write_column(page, at, [row[name] for row in rows], kind, styles.get(kind))
    book.close()
    return out.getvalue()


def _write_column(page: Any, at: int, values: Sequence[object], kind: Kind, style: Any) -> None:
    write = getattr(page, _WRITERS.get(kind, "write_number"))
    for row, value in enumerate(values, start=1):
        if value is not None:
            write(row, at, _in_workbook(value), style)


def _in_workbook(value: object) -> object:
    """A moment without its zone, which a workbook cannot hold."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


_WRITERS: Mapping[Kind, str] = {
    Kind.TEXT: "write_string",
    Kind.FLAG: "write_boolean",
    Kind.DAY: "write_datetime",
    Kind.MOMENT: "write_datetime",
}
ENDINGS: Mapping[str, Callable[[Columns, Sequence[Row]], bytes]] = {
    ".csv": _csv,
    ".json": _json,
    ".parquet": _parquet,
    ".xlsx": _workbook,
}
"""How each kind of file is made."""

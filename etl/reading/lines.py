"""The rows of a file that the rows of a table came from: columns of the table until its reader is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from etl.conformed import Conformed, Lines

_FILE, _SHEET = b"scorewright.file", b"scorewright.sheet"


def with_lines(
    table: pa.Table, file: str, rows: pa.Array | Sequence[int | None], sheet: str | None = None
) -> pa.Table:
    """The table with one more column: in which of the `rows` of `file` each of its rows stands."""
    numbers = rows if isinstance(rows, pa.Array) else pa.array(rows, pa.int64())
    said = {_FILE: file.encode()} | ({} if sheet is None else {_SHEET: sheet.encode()})
    return table.append_column(pa.field(f"rows of {file}", numbers.type, metadata=said), numbers)


def lines_apart(conformed: Conformed) -> Conformed:
    """The same slice with its lines beside its tables, which then have the columns of their facts only."""
    split = {fact: _split(table) for fact, table in conformed.tables.items()}
    return replace(
        conformed,
        tables={fact: table for fact, (table, _) in split.items()},
        lines={fact: lines for fact, (_, lines) in split.items()},
    )


def _split(table: pa.Table) -> tuple[pa.Table, tuple[Lines, ...]]:
    of_files = [field for field in table.schema if field.metadata and _FILE in field.metadata]
    lines = tuple(_lines(field, table) for field in of_files)
    return table.drop_columns([field.name for field in of_files]), lines


def _lines(field: pa.Field, table: pa.Table) -> Lines:
    sheet = field.metadata.get(_SHEET)
    rows = table.column(field.name).combine_chunks()
    return Lines(field.metadata[_FILE].decode(), None if sheet is None else sheet.decode(), rows)

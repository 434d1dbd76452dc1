"""The rows of a file that the rows of a table came from: columns of the table until its reader is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from warehouse.conformed import Conformed, Lines

_FILE, _SHEET = b"scorewright.file", b"scorewright.sheet"


def with_lines(
    table: pa.Table, file: str, rows: pa.Array | Sequence[int | None], sheet: str = ""
) -> pa.Table:
    """The table with one more column: in which of the `rows` of `file` each of its rows stands."""
    numbers = rows if isinstance(rows, pa.Array) else pa.array(rows, pa.int64())
    said = {_FILE: file.encode()} | ({_SHEET: sheet.encode()} if sheet else {})
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
    of_files = [*filter(_names_a_file, table.schema)]
    lines = tuple(_lines(field, table) for field in of_files)
    return table.drop_columns([field.name for field in of_files]), lines


def _names_a_file(field: pa.Field) -> bool:
    return _FILE in (field.metadata or ())


def _lines(field: pa.Field, table: pa.Table) -> Lines:
    said = {name: text.decode() for name, text in field.metadata.items()}
    return Lines(said[_FILE], said.get(_SHEET), table.column(field.name).combine_chunks())

"""A table that has types of its own, such as a Parquet file or what a database answered, as text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.reading.records import Body, Record, spelled
from scoring.errors import BadFileError


@dataclass(frozen=True, slots=True)
class ArrowTable:
    """Columns with names and types; its header is row 1."""

    file: str
    table: pa.Table

    @property
    def said(self) -> str:
        """That its columns have types."""
        return "columns with types"

    def head(self) -> tuple[Record, ...]:
        """The names of the columns."""
        return (Record(tuple(name.strip() for name in self.table.column_names), 1, 1),)

    def body(self, header: Record, positions: Sequence[int]) -> Body:
        """All rows, only the columns at `positions`."""
        rows = pa.array(range(2, self.table.num_rows + 2), pa.int64())
        columns = {place: as_text(self.table.column(place).combine_chunks()) for place in positions}
        plain = {
            place: pa.repeat(pa.scalar(not _is_text(self.table.schema.field(place).type)), len(rows))
            for place in positions
        }
        return Body(columns, rows, plain=plain)


def parquet_table(file: str, content: bytes) -> ArrowTable:
    """The table of a Parquet file; raises `BadFileError`."""
    try:
        table = ArrowTable(file, pq.read_table(io.BytesIO(content)))
        table.head()  # the name of a column may be no text
        return table
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        found = f"a damaged one ({type(error).__name__})"
        raise BadFileError(file, expected="a Parquet file", found=found) from None


def as_text(values: pa.Array) -> pa.Array:
    """Each value as it would stand in a CSV file; a null is the empty text."""
    if _is_text(values.type):
        return pc.fill_null(values.cast(pa.string()), "")
    if pa.types.is_timestamp(values.type):
        moments = values.cast(pa.timestamp("s", values.type.tz), safe=False)
        zone = "+0000" if values.type.tz else ""
        return pc.fill_null(pc.strftime(moments, format=f"%Y-%m-%d %H:%M:%S{zone}"), "")
    if pa.types.is_float32(values.type):  # as a double, 99.31 were 99.3099975585938
        return pc.fill_null(pc.utf8_upper(values.cast(pa.string())), "")
    return pa.array([*map(spelled, values.to_pylist())], pa.string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))

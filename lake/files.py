"""The files: immutable, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from disk import Place, contents_of, write_atomically
from scoring.errors import DataError
from scoring.period import Period
from warehouse import Slice
from warehouse.facts import fact_catalog

_STEP = "run `scorewright rebuild`, which writes the lake anew from the landing."


@dataclass(frozen=True, slots=True)
class FactFile:
    """A file with the rows of a fact for a slice; its dates are those of the fact's date column."""

    fact: str
    slice: Slice
    sha256: str
    row_count: int
    byte_count: int
    first_date: date
    last_date: date

    def at(self, lake: Place) -> Place:
        """Where it is in a lake."""
        return lake / self.fact / str(self.slice.month) / f"{self.sha256}.parquet"


def write(lake: Place, fact: str, which: Slice, rows: pa.Table) -> FactFile:
    """Write the rows of a slice, of which there are some, as a file; the same rows give the same file.

    Raises `StorageError` where the disk or the store does not take it.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    days = pc.min_max(rows[fact_catalog()[fact].dated]).as_py()
    sha256 = hashlib.sha256(content).hexdigest()
    file = FactFile(fact, which, sha256, rows.num_rows, len(content), days["min"], days["max"])
    # also over one that is there: it may be damaged
    write_atomically(file.at(lake), content)
    return file


def refuse_lost(lake: Place, files: Iterable[FactFile]) -> None:
    """Raise `DataError` for the first file that is missing or of another size; a store is not asked."""
    for file in files:
        place = file.at(lake)
        if isinstance(place, Path):
            found = place.stat().st_size if place.exists() else None
            if found != file.byte_count:
                raise DataError(_lost(file, place, "none" if found is None else f"{found} bytes"))


def _lost(file: FactFile, place: Any, found: str) -> str:
    return (
        f"lake {place}: expected the {file.byte_count} bytes with the rows of {file.slice}, found {found}; "
        f"{_STEP}"
    )


def faults(lake: Place, files: Iterable[FactFile]) -> Iterator[str]:
    """What of the files is not as it was written, to the last byte."""
    for file in files:
        place = file.at(lake)
        if not place.exists():
            yield _lost(file, place, "none")
        elif hashlib.sha256(next(iter(contents_of([place])))).hexdigest() != file.sha256:
            yield _lost(file, place, "other bytes")


def file_of(row: Any) -> FactFile:
    """A row of `fact_file` as a value."""
    which = Slice(row.source, row.entity, Period.containing(row.slice_month))
    sizes = row.row_count, row.byte_count
    return FactFile(row.fact, which, row.sha256, *sizes, row.first_date, row.last_date)

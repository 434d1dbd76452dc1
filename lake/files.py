"""The files: immutable, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from disk import Place, contents_of, write_atomically
from scoring.errors import DataError
from warehouse import Slice
from warehouse.recording import slice_of, slice_values

REBUILD = "run `scorewright rebuild`, which writes the lake anew from the landing."


@dataclass(frozen=True, slots=True)
class FactFile:
    """A file with the rows of a fact for a slice."""

    fact: str
    slice: Slice
    sha256: str
    byte_count: int

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
    file = FactFile(fact, which, hashlib.sha256(content).hexdigest(), len(content))
    # also over one that is there: it may be damaged
    write_atomically(file.at(lake), content)
    return file


def refuse_lost(files: Mapping[FactFile, Place]) -> None:
    """Raise `DataError` for the first file that is missing or of another size; a store is not asked."""
    for file, place in files.items():
        if isinstance(place, Path):
            found = place.stat().st_size if place.exists() else None
            if found != file.byte_count:
                told = _lost(file, place, "none" if found is None else f"{found} bytes")
                raise DataError(f"{told}; {REBUILD}")


def _lost(file: FactFile, place: Any, found: str) -> str:
    return f"lake {place}: expected the {file.byte_count} bytes with the rows of {file.slice}, found {found}"


def faults(files: Mapping[FactFile, Place]) -> Iterator[str]:
    """What of the files is not as it was written, to the last byte."""
    for file, place in files.items():
        if not place.exists():
            yield _lost(file, place, "none")
        elif hashlib.sha256(next(iter(contents_of([place])))).hexdigest() != file.sha256:
            yield _lost(file, place, "other bytes")


def file_of(row: Any) -> FactFile:
    """A row of `fact_file` as a value."""
    return FactFile(row.fact, slice_of(row), row.sha256, row.byte_count)


def row_of(file: FactFile) -> dict[str, object]:
    """A file as a row of `fact_file`."""
    counted = {"sha256": file.sha256, "byte_count": file.byte_count}
    return {"fact": file.fact, **slice_values(file.slice), **counted}

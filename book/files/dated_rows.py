"""A CSV file of dated rows, which a book need not have: what people decided or said, one row each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from book.fault import Fault
from book.files.csv_file import CsvFile, Numbered, cells_problem, read_csv, wrong_columns
from book.files.fitting import found

R = TypeVar("R")
Make = Callable[..., R]
"""Makes a row of its line and its values by column."""


@dataclass(frozen=True, slots=True)
class DatedRows:
    """The file's name, and by its columns in order how a cell is read; a reader raises `ValueError`."""

    name: str
    columns: Mapping[str, Callable[[str], Any]]

    def read(self, root: Path, make: Make[R]) -> tuple[list[R], list[Fault]]:
        """Every row without a fault, and all faults."""
        if not (root / self.name).exists():
            return [], []
        file = read_csv(root, self.name)
        if isinstance(file, Fault):
            return [], [file]
        if tuple(file.header) != tuple(self.columns):
            return [], [wrong_columns(self.name, ",".join(self.columns), file.header)]
        return self._rows(file, make)

    def _rows(self, file: CsvFile, make: Make[R]) -> tuple[list[R], list[Fault]]:
        rows: list[R] = []
        faults = [fault for numbered in file.rows for fault in self._row(numbered, make, rows)]
        return rows, list(filter(None, (file.mistake, *faults)))

    def _row(self, numbered: Numbered, make: Make[R], rows: list[R]) -> Iterator[Fault]:
        """Adds the row to the others, unless it has faults."""
        line, cells = numbered
        if len(cells) != len(self.columns):
            yield Fault(self.name, line, cells_problem(len(self.columns), len(cells)))
            return
        values: dict[str, Any] = {}
        yield from self._cells(line, dict(zip(self.columns, map(str.strip, cells), strict=True)), values)
        if len(values) == len(self.columns):
            rows.append(make(line, **values))

    def _cells(self, line: int, cells: Mapping[str, str], values: dict[str, Any]) -> Iterator[Fault]:
        """Fills in the values by column; a fault for each cell that has none."""
        for column, cell in cells.items():
            try:
                values[column] = self.columns[column](cell)
            except ValueError as error:
                what = f"{column}: expected {error}, found {found(cell)}; {_TODO[bool(cell)]}"
                yield Fault(self.name, line, what)


_TODO = {True: "correct it", False: "fill it in"}

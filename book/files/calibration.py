"""calibration.csv: grades that named people decided on, one dated row each; rows are added, never edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from book.fault import Fault
from book.files.csv_file import CsvFile, cells_problem, read_csv, wrong_columns
from book.files.fields import NAME_LENGTH, day_of, short_line
from book.files.fitting import found
from scoring.calibration import Decided
from scoring.fiscal_years import FiscalYears

FILE = "calibration.csv"
COLUMNS = ("period", "team", "by_score", "grade", "decided_by", "decided_on", "reason")
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A row as it is written, and its line."""

    line: int
    period: str
    team: str
    by_score: str
    grade: str
    decided_by: str
    decided_on: date
    reason: str

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        return Fault(FILE, self.line, message)

    def value(self, years: FiscalYears) -> Decided:
        """The row as the domain knows it; raises `UsageError` for a period that is none of the book's."""
        return Decided(
            period=years.own_period(self.period),
            team_id=self.team,
            by_score=self.by_score,
            grade=self.grade,
            by=self.decided_by,
            on=self.decided_on,
            reason=self.reason,
        )


def read_decisions(root: Path) -> tuple[list[DecisionRow], list[Fault]]:
    """Every row without a fault, and all faults; a book need not have the file."""
    if not (root / FILE).exists():
        return [], []
    file = read_csv(root, FILE)
    if isinstance(file, Fault):
        return [], [file]
    if tuple(file.header) != COLUMNS:
        return [], [wrong_columns(FILE, ",".join(COLUMNS), file.header)]
    return _read_rows(file)


def _read_rows(file: CsvFile) -> tuple[list[DecisionRow], list[Fault]]:
    rows: list[DecisionRow] = []
    faults = [fault for line, cells in file.rows for fault in _read_row(line, cells, rows)]
    return rows, list(filter(None, (file.mistake, *faults)))


def _read_row(line: int, cells: list[str], rows: list[DecisionRow]) -> Iterator[Fault]:
    """Adds the row to the others, unless it has faults."""
    if len(cells) != len(COLUMNS):
        yield Fault(FILE, line, cells_problem(len(COLUMNS), len(cells)))
        return
    values: dict[str, Any] = {}
    yield from _read_cells(line, dict(zip(COLUMNS, map(str.strip, cells), strict=True)), values)
    if len(values) == len(COLUMNS):
        rows.append(DecisionRow(line, **values))


def _read_cells(line: int, cells: Mapping[str, str], values: dict[str, Any]) -> Iterator[Fault]:
    """Fills in the values by column; a fault for each cell that has none."""
    for column, cell in cells.items():
        try:
            values[column] = _READERS.get(column, _name)(cell)
        except ValueError as error:
            yield Fault(FILE, line, f"{column}: expected {error}, found {found(cell)}; {_TODO[bool(cell)]}")


_name: Callable[[str], str] = partial(short_line, most=NAME_LENGTH)
_READERS: Mapping[str, Callable[[str], Any]] = {
    "decided_on": partial(day_of, such_as="2026-11-12"),
    "reason": partial(short_line, most=REASON_LENGTH),
}
_TODO = {True: "correct it", False: "fill it in"}

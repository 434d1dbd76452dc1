"""okrs/check-ins.csv: reports on key results, one dated row each; rows are added, never edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from book.fault import Fault
from book.files.csv_file import CsvFile, cells_problem, read_csv, wrong_columns
from book.files.fields import day_of, short_line
from book.files.fitting import found
from scoring.okr.known import CheckIn
from scoring.reading import number_of, wanted_number

COLUMNS = ("objective", "key_result", "on", "value", "done", "comment", "by")
COMMENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """A row, its line, and its check-in; None if the row has a fault."""

    file: str
    line: int
    objective_id: str
    key_result_id: str
    check_in: CheckIn | None = None
    is_done_said: bool = False

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        return Fault(self.file, self.line, message)


def read_check_ins(root: Path, name: str) -> tuple[list[CheckInRow], list[Fault]]:
    """Every row of the file, and its faults."""
    file = read_csv(root, name)
    if isinstance(file, Fault):
        return [], [file]
    if tuple(file.header) != COLUMNS:
        return [], [wrong_columns(name, ",".join(COLUMNS), file.header)]
    return _read_rows(name, file)


def _read_rows(name: str, file: CsvFile) -> tuple[list[CheckInRow], list[Fault]]:
    rows: list[CheckInRow] = []
    faults = [] if file.mistake is None else [file.mistake]
    for line, cells in file.rows:
        row, wrongs = _read_row(name, line, list(map(str.strip, cells)))
        rows.append(row)
        faults += wrongs
    return rows, faults


def _read_row(name: str, line: int, cells: list[str]) -> tuple[CheckInRow, list[Fault]]:
    row = CheckInRow(name, line, cells[0], cells[1] if len(cells) > 1 else "")
    if len(cells) != len(COLUMNS):
        problem = cells_problem(len(COLUMNS), len(cells))
        return row, [row.fault(problem)]
    values, faults = _read_cells(row, cells)
    faults += _nothing_said(row, values)
    return row if faults else _with_check_in(row, values), faults


def _read_cells(row: CheckInRow, cells: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
    """The values by column, and a fault for each cell that has none."""
    values: dict[str, Any] = {}
    faults = []
    for column, cell in zip(COLUMNS, cells, strict=True):
        try:
            values[column] = _READERS.get(column, str)(cell)
        except ValueError as error:
            faults.append(row.fault(f"{column}: expected {error}, found {found(cell)}; correct it"))
    return values, faults


def _nothing_said(row: CheckInRow, values: Mapping[str, Any]) -> Iterator[Fault]:
    if all(values.get(column, "unreadable") is None for column in ("value", "done")):
        yield row.fault("value: expected a number or whether it is done, found neither; fill in one")


def _with_check_in(row: CheckInRow, values: Mapping[str, Any]) -> CheckInRow:
    check_in = CheckIn(
        objective_id=row.objective_id,
        key_result_id=row.key_result_id,
        on=values["on"],
        value=values["value"],
        is_done=bool(values["done"]),
        comment=values["comment"],
        by=values["by"],
    )
    return replace(row, check_in=check_in, is_done_said=values["done"] is not None)


def _day(cell: str) -> date:
    return day_of(cell, "2026-10-31")


def _number(cell: str) -> Decimal | None:
    if not cell:
        return None
    try:
        return number_of(cell)
    except ValueError:
        raise ValueError(wanted_number(cell, "a number such as 0.25, or nothing")) from None


def _truth(cell: str) -> bool | None:
    known = {"yes": True, "no": False, "": None}
    if cell not in known:
        raise ValueError("yes, no or nothing")
    return known[cell]


def _words(cell: str) -> str:
    return short_line(cell, COMMENT_LENGTH)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "on": _day,
    "value": _number,
    "done": _truth,
    "comment": _words,
    "by": _words,
}

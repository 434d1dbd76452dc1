"""targets/<year>.csv: what the teams agreed to, one dated row a KPI; rows are superseded, never edited."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.book.fault import Fault
from pipeline.book.fields import one_line, printed
from pipeline.book.fitting import found
from pipeline.book.textfile import read_text, visible_files, wrong_ending
from scoring.kpi import Target

COLUMNS = ("team", "kpi", "valid_from", "valid_until", "target", "weight", "approved_by", "reason")

# as many digits as the warehouse keeps of a value
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,10})?")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row, the line it stands on, and its target; None where the row has a fault."""

    file: str
    line: int
    team_id: str
    kpi_id: str
    target: Target | None = None

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        return Fault(self.file, self.line, message)


@dataclass
class TargetFiles:
    """Every row of all files; not `complete` where a file could not be read to its end."""

    rows: list[TargetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True


def read_targets(root: Path) -> TargetFiles:
    """Every row of every file in `root/targets`, and what is wrong with them."""
    files = TargetFiles()
    names = [f"targets/{path.name}" for path in visible_files(root, "targets")]
    broken = [_read_file(root, name, files) for name in names] or [
        Fault("targets", 0, "expected a file such as targets/2026.csv, found none; add it")
    ]
    files.faults += filter(None, broken)
    files.complete = not any(broken)
    return files


def _read_file(root: Path, name: str, files: TargetFiles) -> Fault | None:
    """Enter the rows of a file into `files`; returns the fault that ends the reading, if there is one."""
    if not name.endswith(".csv"):
        return wrong_ending(name, ".csv")
    text = read_text(root, name)
    if isinstance(text, Fault):
        return text
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            given = ",".join(header) or "nothing"
            return Fault(name, 1, f"expected the columns {','.join(COLUMNS)}, found {given}; correct line 1")
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                row, faults = _read_row(name, line, cells)
                files.rows.append(row)
                files.faults += faults
            line = reader.line_num + 1
    except csv.Error as error:
        return Fault(name, line, f"expected CSV, found a mistake: {error}; correct the quotes")
    return None


def _read_row(name: str, line: int, cells: list[str]) -> tuple[TargetRow, list[Fault]]:
    cells = [cell.strip() for cell in cells]
    row = TargetRow(name, line, cells[0], cells[1] if len(cells) > 1 else "")
    if len(cells) != len(COLUMNS):
        problem = f"expected {len(COLUMNS)} cells, found {len(cells)}; put a cell with commas in quotes"
        return row, [row.fault(problem)]
    values: dict[str, Any] = {}
    faults = []
    for column, cell in zip(COLUMNS, cells, strict=True):
        try:
            values[column] = _READERS.get(column, str)(cell)
        except ValueError as error:
            faults.append(row.fault(f"{column}: expected {error}, found {found(cell)}; correct it"))
    faults += _order(row, values)
    return row if faults else replace(row, target=_target(values)), faults


def _order(row: TargetRow, values: Mapping[str, Any]) -> Iterator[Fault]:
    begin, end = values.get("valid_from"), values.get("valid_until")
    if begin and end and begin >= end:
        yield row.fault(f"valid_until: expected a day after valid_from {begin}, found {end}; correct one")


def _target(values: dict[str, Any]) -> Target:
    return Target(team_id=values.pop("team"), kpi_id=values.pop("kpi"), **values)


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("a day such as 2026-01-01") from None


def _positive(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell) or not Decimal(cell):
        raise ValueError("a number above 0 such as 0.25")
    return Decimal(cell)


def _words(cell: str) -> str:
    return one_line(printed(cell))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "valid_from": _day,
    "valid_until": _day,
    "target": _positive,
    "weight": _positive,
    "approved_by": _words,
    "reason": _words,
}

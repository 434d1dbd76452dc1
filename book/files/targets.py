"""targets/: what the teams agreed to, one dated row per KPI; rows are superseded, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from book.fault import Fault
from book.files.csv_file import cells_problem, read_csv, wrong_columns
from book.files.target_cells import COLUMNS, OPTIONAL, Cell, read_cells
from book.files.text_file import visible_files, wrong_ending
from scoring.kpi import Target

__all__ = ["COLUMNS", "OPTIONAL", "TargetFiles", "TargetRow", "read_targets"]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row, its line, and its target; None if the row has a fault."""

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
    """Every row of all files; not `complete` if a file could not be read to its end."""

    rows: list[TargetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    complete: bool = True

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the rows that have one, in the order of the rows."""
        return tuple(row.target for row in self.rows if row.target is not None)

    def enter(self, name: str, line: int, header: Sequence[str], cells: Sequence[Cell]) -> None:
        """Add the row of one line, and its faults."""
        target = _read_row(header, cells)
        if isinstance(target, Target):
            self.rows.append(TargetRow(name, line, target.team_id, target.kpi_id, target))
            return
        kpi_id = cells[1].text if len(cells) > 1 else ""
        row = TargetRow(name, line, cells[0].text, kpi_id)
        self.rows.append(row)
        self.faults += map(row.fault, target)


def read_targets(root: Path) -> TargetFiles:
    """Every row of every file in `root/targets`, and their faults."""
    names = [f"targets/{path.name}" for path in visible_files(root, "targets")]
    if not names:
        missing = Fault("targets", 0, "expected a file such as targets/2026.csv, found none; add it")
        return TargetFiles(faults=[missing], complete=False)
    return read_files(root, names)


def read_files(root: Path, names: Sequence[str]) -> TargetFiles:
    """Every row of the files named below `root`, and their faults."""
    files = TargetFiles()
    broken = [_read_file(root, name, files) for name in names]
    files.faults += filter(None, broken)
    files.complete = not any(broken)
    return files


def _read_row(header: Sequence[str], cells: Sequence[Cell]) -> Target | list[str]:
    """The target of a row, or one sentence for each of its faults."""
    if len(cells) != len(header):
        return [_width_problem(header, cells)]
    return read_cells(dict(zip(header, cells, strict=True)))


def _width_problem(header: Sequence[str], cells: Sequence[Cell]) -> str:
    beyond = cells[len(header) :]
    if beyond and beyond[-1].place:
        return (
            f"{beyond[-1].place}cell: expected nothing beyond the last column, found {beyond[-1].text!r}; "
            "remove it or give it a column"
        )
    return cells_problem(len(header), len(cells))


def header_fault(name: str, header: Sequence[str]) -> Fault | None:
    """The faults of a file's columns: all required ones come first, then any of the others."""
    if _is_complete(header[: len(COLUMNS)], header[len(COLUMNS) :]):
        return None
    return wrong_columns(name, f"{','.join(COLUMNS)} and after them any of {','.join(OPTIONAL)}", header)


def _is_complete(first: Sequence[str], others: Sequence[str]) -> bool:
    is_known = set(others) <= set(OPTIONAL) and len(set(others)) == len(others)
    return tuple(first) == COLUMNS and is_known


def _read_file(root: Path, name: str, files: TargetFiles) -> Fault | None:
    """Add the rows of a file to `files`; returns the fault that stops the reading, if any."""
    if name.endswith(".xlsx"):
        return _read_workbook(root, name, files)
    if name.endswith(".csv"):
        return _read_csv(root, name, files)
    return wrong_ending(name, ".csv or .xlsx")


def _read_workbook(root: Path, name: str, files: TargetFiles) -> Fault | None:
    from book.files.target_sheet import read_sheet  # noqa: PLC0415 - few books need it, and it takes a moment

    sheet = read_sheet(root, name)
    return sheet if isinstance(sheet, Fault) else _enter(name, sheet.header, sheet.rows, files)


def _read_csv(root: Path, name: str, files: TargetFiles) -> Fault | None:
    file = read_csv(root, name)
    if isinstance(file, Fault):
        return file
    rows = [(line, [Cell(text.strip()) for text in texts]) for line, texts in file.rows]
    return _enter(name, file.header, rows, files) or file.mistake


def _enter(
    name: str, header: Sequence[str], rows: Sequence[tuple[int, Sequence[Cell]]], files: TargetFiles
) -> Fault | None:
    if fault := header_fault(name, header):
        return fault
    for line, cells in rows:
        files.enter(name, line, header, cells)
    return None

"""targets/<year>.csv: what the teams agreed to, one dated row a KPI; rows are superseded, never edited."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipeline.book.fault import Fault
from scoring.kpi import Target

COLUMNS = ("team", "kpi", "valid_from", "valid_until", "target", "weight", "approved_by", "reason")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target and the line it stands on."""

    file: str
    line: int
    target: Target

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        return Fault(self.file, self.line, message)


def read_targets(root: Path) -> tuple[list[TargetRow], list[Fault]]:
    """Every row of every file in `root/targets`, and what is wrong with the others."""
    rows: list[TargetRow] = []
    faults: list[Fault] = []
    paths = sorted((root / "targets").glob("*.csv"))
    if not paths:
        faults.append(Fault("targets", 0, "expected a file such as targets/2026.csv, found none; add it"))
    for path in paths:
        for item in _read_file(path, f"targets/{path.name}"):
            (rows if isinstance(item, TargetRow) else faults).append(item)  # type: ignore[arg-type]
    return rows, faults


def _read_file(path: Path, name: str) -> Iterator[TargetRow | Fault]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        yield Fault(name, 0, "expected UTF-8 text, found other bytes; save the file as UTF-8")
        return
    reader = csv.reader(text.splitlines())
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        yield Fault(name, 1, f"expected the columns {','.join(COLUMNS)}, found {','.join(header) or 'none'}")
        return
    for cells in reader:
        if any(cells):
            yield _read_row(name, reader.line_num, cells)


def _read_row(name: str, line: int, cells: list[str]) -> TargetRow | Fault:
    if len(cells) != len(COLUMNS):
        return Fault(
            name, line, f"expected {len(COLUMNS)} cells, found {len(cells)}; quote cells with commas"
        )
    row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    try:
        target = Target(
            team_id=row["team"],
            kpi_id=row["kpi"],
            valid_from=_day(row, "valid_from"),
            valid_until=_day(row, "valid_until"),
            target=_positive(row, "target"),
            weight=_positive(row, "weight"),
            approved_by=_text(row, "approved_by"),
            reason=_text(row, "reason"),
        )
    except ValueError as error:
        return Fault(name, line, str(error))
    if target.valid_from >= target.valid_until:
        return Fault(
            name,
            line,
            f"expected valid_until after valid_from {target.valid_from}, found {target.valid_until}",
        )
    return TargetRow(name, line, target)


def _day(row: dict[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        raise ValueError(f"{column}: expected a day such as 2026-01-01, found {row[column]!r}") from None


def _positive(row: dict[str, str], column: str) -> Decimal:
    try:
        value = Decimal(row[column])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0:
        raise ValueError(f"{column}: expected a number above 0, found {row[column]!r}")
    return value


def _text(row: dict[str, str], column: str) -> str:
    if not row[column]:
        raise ValueError(f"{column}: expected some words, found nothing; say who and why")
    return row[column]

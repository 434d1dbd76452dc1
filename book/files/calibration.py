"""calibration.csv: grades that named people decided on, one dated row each; rows are added, never edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from book.fault import Fault
from book.files.dated_rows import DatedRows
from book.files.fields import NAME_LENGTH, day_of, short_line
from scoring.calibration import Decided
from scoring.fiscal_years import FiscalYears

FILE = "calibration.csv"
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
    return _ROWS.read(root, DecisionRow)


_name: Callable[[str], str] = partial(short_line, most=NAME_LENGTH)
_ROWS = DatedRows(
    FILE,
    {
        **dict.fromkeys(("period", "team", "by_score", "grade", "decided_by"), _name),
        "decided_on": partial(day_of, such_as="2026-11-12"),
        "reason": partial(short_line, most=REASON_LENGTH),
    },
)

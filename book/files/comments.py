"""comments.csv: what people say about results, one dated row each; rows are added, never edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from book.fault import Fault
from book.files.dated_rows import DatedRows
from book.files.fields import NAME_LENGTH, day_of, short_line
from scoring.comments import Comment
from scoring.fiscal_years import FiscalYears

FILE = "comments.csv"
TEXT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A row as it is written, and its line."""

    line: int
    period: str
    team: str
    kpi: str
    cause: str
    next_step: str
    owner: str
    due: date | None
    done: date | None
    by: str
    on: date

    @property
    def about_the_step(self) -> bool:
        """Whether it says anything of a step that it need not name."""
        return any((self.owner, self.due, self.done))

    @property
    def says_nothing(self) -> bool:
        """Whether all that it could say is empty."""
        return not any((self.about_the_step, self.cause, self.next_step))

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        return Fault(FILE, self.line, message)

    def value(self, years: FiscalYears) -> Comment:
        """The row as the domain knows it; raises `UsageError` for a period that is none of the book's."""
        return Comment(
            period=years.own_period(self.period),
            team_id=self.team,
            kpi_id=self.kpi,
            by=self.by,
            on=self.on,
            cause=self.cause,
            next_step=self.next_step,
            owner=self.owner,
            due=self.due,
            done=self.done,
        )


def read_comments(root: Path) -> tuple[list[CommentRow], list[Fault]]:
    """Every row without a fault, and all faults; a book need not have the file."""
    return _ROWS.read(root, CommentRow)


def _if_any(read: Callable[[str], object]) -> Callable[[str], object]:
    """The same for a cell that may be empty."""
    return lambda cell: read(cell) if cell else None


def _words(cell: str) -> str:
    return short_line(cell, TEXT_LENGTH) if cell else ""


_name: Callable[[str], str] = partial(short_line, most=NAME_LENGTH)
_day: Callable[[str], date] = partial(day_of, such_as="2026-11-12")
_ROWS = DatedRows(
    FILE,
    {
        **dict.fromkeys(("period", "team", "kpi"), _name),
        **dict.fromkeys(("cause", "next_step", "owner"), _words),
        **dict.fromkeys(("due", "done"), _if_any(_day)),
        "by": _name,
        "on": _day,
    },
)

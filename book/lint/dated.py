"""What is asked of every dated row that is about a team and a period."""

from __future__ import annotations

from typing import Protocol, TypeVar

from book.advice import with_advice
from book.fault import Fault
from book.files.draft import Draft
from scoring.errors import UsageError
from scoring.fiscal_years import FiscalYears

V_co = TypeVar("V_co", covariant=True)


class DatedRow(Protocol[V_co]):
    """A row of a CSV file that the domain knows as a value once its period is known."""

    @property
    def team(self) -> str:
        """The id of the team, as it is written."""
        ...

    def value(self, years: FiscalYears) -> V_co:
        """The row as the domain knows it; raises `UsageError` for a period that is none of the book's."""
        ...

    def fault(self, message: str) -> Fault:
        """A fault in this row."""
        ...


def valued(draft: Draft, row: DatedRow[V_co]) -> V_co | Fault | None:
    """The row as the domain knows it, or the fault of its period; None where calendar.yaml is unreadable."""
    if draft.calendar is None:
        return None
    try:
        return row.value(draft.calendar.fiscal_years)
    except UsageError as error:
        return row.fault(with_advice(error, "correct it"))


def unknown_team(row: DatedRow[object]) -> Fault:
    """The fault of a team that the book does not have."""
    return row.fault(f"team: expected a team of teams.yaml, found {row.team!r}; correct it")

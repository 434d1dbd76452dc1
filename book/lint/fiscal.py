"""Checks what is agreed of years against the calendar: whole years, and lengths of period that there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from book.fault import Fault
from book.files.draft import Draft
from book.files.targets import TargetRow
from scoring.aims import Cumulative
from scoring.fiscal import CALENDAR_YEAR, FiscalCalendar
from scoring.kpi import Target
from scoring.period import Cadence


def fiscal_of(draft: Draft) -> FiscalCalendar | None:
    """The calendar of the organisation's own years, where calendar.yaml has one and could be read."""
    return None if draft.calendar is None else draft.calendar.fiscal_years.calendar


def lint_years(draft: Draft, row: TargetRow) -> Iterator[Fault]:
    """A row for a length of period that the calendar does not have, or of a year to date over two years."""
    target, fiscal = row.target, fiscal_of(draft)
    if target is None or draft.calendar is None:
        return
    problem = why_none(target.per, fiscal)
    if problem:
        yield row.fault(f"per: {problem}")
    if isinstance(target.aim, Cumulative):
        yield from map(row.fault, _years(target, target.aim, fiscal))


def why_none(per: Cadence, fiscal: FiscalCalendar | None) -> str:
    """What is wrong with a length of period in this calendar; nothing where there are such periods."""
    if not per.startswith("fiscal"):
        return ""
    if fiscal is None:
        return f"expected a fiscal_year in calendar.yaml, found {per} without one; add it or correct per"
    if per is Cadence.FISCAL_MONTH and not fiscal.has_weeks:
        return f"expected month, because fiscal years are made of whole months, found {per}; correct it"
    return ""


def _years(target: Target, aim: Cumulative, fiscal: FiscalCalendar | None) -> Iterator[str]:
    years, kind = (CALENDAR_YEAR, "calendar") if fiscal is None else (fiscal, "fiscal")
    first, *_, end = years.starts(years.year_of(target.valid_from))
    days = f"{target.valid_from} to {target.valid_until - timedelta(days=1)}"
    if aim.phases and (target.valid_from, target.valid_until) != (first, end):
        yield f"phases: expected a row of a whole {kind} year, found {days}; correct one"
    if target.valid_until > end:
        yield (
            f"valid_until: expected days of one {kind} year, because kind is cumulative, found {days}; "
            "split the row"
        )

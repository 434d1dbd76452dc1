"""Checks what is agreed of years against the calendar: whole years, and lengths of period that there are."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import CYCLES, CalendarShape, FiscalYearShape
from book.files.targets import TargetRow
from book.files.yaml_file import Place
from scoring.aims import Cumulative
from scoring.fiscal import CALENDAR_YEAR, FiscalCalendar
from scoring.kpi import Target
from scoring.period import Cadence

FRIDAY = 5


def fiscal_of(draft: Draft) -> FiscalCalendar | None:
    """The calendar of the organisation's own years, where calendar.yaml has one and could be read."""
    return None if draft.calendar is None else draft.calendar.fiscal_years.calendar


def lint_calendar(draft: Draft) -> Iterator[Fault]:
    """What the calendar says that would do nothing where it stands."""
    if draft.calendar is not None:
        said = chain(_cycles(draft.calendar), _week_53(draft.calendar.fiscal_year), _made_up(draft.calendar))
        yield from (draft.files["calendar.yaml"].fault(place, problem) for place, problem in said)


Problem = tuple[Place, str]
"""The place in calendar.yaml, and what is wrong there."""


_OF_MONTHS = ("monthly, because fiscal years are made of whole months", "remove it")
_NO_YEARS = ("a fiscal_year beside it, which says what these periods are", "add one, or remove it")


def _cycles(shape: CalendarShape) -> Iterator[Problem]:
    """Runs of periods that there are none of."""
    fiscal = shape.fiscal_years.calendar
    expected, todo = _OF_MONTHS if fiscal else _NO_YEARS
    for name, cadence in CYCLES.items():
        if cadence in shape.cycles and why_none(cadence, fiscal):
            yield (name,), f"{name}: expected {expected}, found {name}; {todo}"


def _week_53(year: FiscalYearShape | None) -> Iterator[Problem]:
    if year and year.begins and year.week_53 is not None:
        yield (
            ("fiscal_year", "week_53"),
            "fiscal_year.week_53: expected it only beside weeks and ends, because years of whole months have "
            f"no 53rd week, found {year.week_53}; remove it",
        )


def _made_up(shape: CalendarShape) -> Iterator[Problem]:
    for index, day in enumerate(shape.made_up):
        if day.isoweekday() <= FRIDAY:
            found = f"{day}, a {day_name[day.weekday()]}; correct it"
            yield ("made_up", index), f"made_up.{index}: expected a day at a weekend, found {found}"


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

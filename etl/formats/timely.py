"""Days on which nothing can have happened: long after the file was landed, or before any list was kept."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.cells import Task
from etl.formats.columns import first
from etl.formats.fields import column_of
from warehouse.facts import days_ahead

_FIRST = date(1971, 1, 1)
"""Programs write the day before for no day at all; years of some other calendars are lower still."""
_CALENDARS = {"Buddhist": 543, "Hebrew": 3760, "Persian": -621, "Islamic": -579}
"""By how many years each is ahead of the common one."""
_YEARS_BACK = 30
_CORRECT = (
    "correct the day where the list is kept, export it again and rerun; `quarantine` at the account in "
    "sources.yaml puts such rows aside"
)


def refuse_impossible(task: Task, table: pa.Table, landed_on: date | None) -> None:
    """Raise `BadRowError` for rows of days that cannot be: no month would ever count them, nor say so.

    Days of the month that is read are left alone: it may be a running one.
    """
    for name in filter(table.column_names.__contains__, days_ahead()):
        if landed_on is not None:
            _refuse(task, name, table.column(name).combine_chunks(), landed_on)


def _refuse(task: Task, name: str, days: pa.Array, landed_on: date) -> None:
    latest = max(landed_on + timedelta(days=days_ahead()[name]), task.month.end)
    earliest = _FIRST if name == task.form.spec.dated else date.min
    is_bad = pc.fill_null(pc.or_(pc.greater(days, latest), pc.less(days, earliest)), False)
    index = first(is_bad)
    if index >= 0:
        expected = f"a day after 1970 and up to {latest}, as the file was landed on {landed_on}"
        hint = _hint(days[index].as_py().year, landed_on)
        raise task.rows.unreadable(is_bad, column_of(task, name), expected, hint)


def _hint(year: int, landed_on: date) -> str:
    """What to do: most years that cannot be are those of another calendar, or a slip."""
    gaps = ((name, landed_on.year - year + more) for name, more in _CALENDARS.items())
    named = [name for name, gap in gaps if -1 <= gap <= _YEARS_BACK]
    if not named:
        return _CORRECT
    return (
        f"its years are those of the {named[0]} calendar: export it with days of the common calendar, such "
        f"as {landed_on}, and rerun"
    )

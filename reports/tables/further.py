"""What a table of scores has besides, where cards have it: the year to date, and what is left of a target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reports.tables.kinds import Columns, Kind, Row
from scoring.outlook import Outlook
from scoring.scorecard import KpiResult
from scoring.to_date import YearToDate

YEAR: Columns = {
    "year_to_date_from": Kind.DAY,
    "year_to_date": Kind.NUMBER,
    "year_to_date_lacking": Kind.TEXT,
}
"""`year_to_date_lacking` are the months of which data are missing, with a blank between them."""
OUTLOOK: Columns = {
    "outlook_through": Kind.DAY,
    "outlook_until": Kind.DAY,
    "outlook_goal": Kind.NUMBER,
    "outlook_so_far": Kind.NUMBER,
    "outlook_days": Kind.COUNT,
    "outlook_days_left": Kind.COUNT,
    "outlook_pace": Kind.NUMBER,
    "outlook_needed": Kind.NUMBER,
    "outlook_forecast": Kind.NUMBER,
    "outlook_low": Kind.NUMBER,
    "outlook_high": Kind.NUMBER,
    "outlook_tried": Kind.COUNT,
    "outlook_mean_error": Kind.NUMBER,
}
"""The fields of an `outlook`, each under its own name."""
_DAYS = ("through", "until")


def further_columns(rows: Sequence[Row]) -> Columns:
    """The columns of which any row has something."""
    asked = [group for group in (YEAR, OUTLOOK) if any(row[next(iter(group))] is not None for row in rows)]
    return {name: kind for group in asked for name, kind in group.items()}


def further_of(result: KpiResult) -> Row:
    """Both of a line, with nothing in them where it has none."""
    return _year(result.year_to_date) | _outlook(result.outlook)


def _year(year: YearToDate | None) -> Row:
    if year is None:
        return dict.fromkeys(YEAR)
    return {
        "year_to_date_from": date.fromisoformat(year.first),
        "year_to_date": year.actual,
        "year_to_date_lacking": " ".join(year.lacking) or None,
    }


def _outlook(outlook: Outlook | None) -> Row:
    if outlook is None:
        return dict.fromkeys(OUTLOOK)
    said = {name: getattr(outlook, name.removeprefix("outlook_")) for name in OUTLOOK}
    days = {f"outlook_{name}": date.fromisoformat(getattr(outlook, name)) for name in _DAYS}
    return said | days

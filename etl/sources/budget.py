"""The budget: controlling's workbook, a row per month and cost centre, the whole plan in one file.

It also has what controlling works out afterwards: the revenue that would not have come without marketing, and
the contribution margin in it. Both are empty until a month is closed. The last row of the sheet `Plan` is the
total of all months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.landing import LandedFile
from etl.reading.fact import table_of
from etl.reading.lines import with_lines
from etl.reading.workbook import Row, hold_totals, read_page, refuse_doubles
from etl.sources.exports import find_exports
from scoring.period import Period

NAME = "budget"
READER_VERSION = 2
FACTS = ("fct_budget",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "budget plan, XLSX"
RELOAD_DAYS = 30
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.NAMES

SHEET = "Plan"
COLUMNS = ("Month", "Cost centre", "Budget", "Incremental revenue", "Contribution margin", "Currency")
TOTAL = "Total"

extract = find_exports


@dataclass(frozen=True, slots=True)
class _Plan:
    """A cost centre in one month, as row `number` of the sheet says."""

    number: int
    month_date: date
    cost_centre: str
    budget: Decimal
    incremental_revenue: Decimal | None
    incremental_margin: Decimal | None
    currency_code: str


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The month's cost centres; other months are set aside. Raises `BadFileError`."""
    (file,) = files
    page = read_page(file, SHEET, COLUMNS, TOTAL)
    plans = [_plan(row, account.currency_code) for row in page.rows]
    sums: dict[str, list[Decimal | None]] = {
        "Budget": [plan.budget for plan in plans],
        "Incremental revenue": [plan.incremental_revenue for plan in plans],
        "Contribution margin": [plan.incremental_margin for plan in plans],
    }
    controls = hold_totals(page, TOTAL, sums)
    refuse_doubles(page.rows, "Month", "Cost centre")
    used = [plan for plan in plans if plan.month_date in month]
    return Conformed({FACTS[0]: _table(used, file.name)}, (page.tally(len(used)),), controls)


def _plan(row: Row, only: str | None) -> _Plan:
    month, cost_centre = row.month("Month"), row.name("Cost centre")
    budget = row.amount("Budget")
    if budget is None or budget < 0:
        raise row.unreadable("Budget", "a number from 0 up")
    revenue, margin = _found_later(row, "Incremental revenue"), _found_later(row, "Contribution margin")
    if (revenue is None) != (margin is None):
        empty = "Incremental revenue" if revenue is None else "Contribution margin"
        raise row.unreadable(empty, "incremental revenue and contribution margin together, or neither")
    return _Plan(row.number, month, cost_centre, budget, revenue, margin, row.currency("Currency", only))


def _found_later(row: Row, column: str) -> Decimal | None:
    """None if the cell is empty, which is not 0: the month is not closed yet."""
    if row.cells[column] is None:
        return None
    amount = row.amount(column)
    if amount is None:
        raise row.unreadable(column, "a number, or an empty cell while the month is open")
    return amount


def _table(plans: Sequence[_Plan], file: str) -> pa.Table:
    table = table_of(FACTS[0], [{"owner_key": plan.cost_centre, **asdict(plan)} for plan in plans])
    return with_lines(table, file, [plan.number for plan in plans], SHEET)

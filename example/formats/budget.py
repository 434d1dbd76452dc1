"""Controlling's workbooks: the whole plan in one sheet, with a title, a total and notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

from example.company import CONTROLLING_CN, CONTROLLING_EU
from example.truth.rows import BudgetRow

PATHS = {
    CONTROLLING_EU.entity: "budget/controlling-leipzig/Marketingbudget.xlsx",
    CONTROLLING_CN.entity: "budget/controlling-shanghai/市场费用预算.xlsx",
}
HEADER = ("Month", "Cost centre", "Budget", "Incremental revenue", "Contribution margin", "Currency")
_NOTES = (
    "Budget: media spend released by the board, planned month by month with its season.",
    "Incremental revenue: revenue that would not have come without marketing (hold-out tests, regression).",
    "Contribution margin: incremental revenue x margin rate of the goods sold. 月结前为空。",
)


def files(rows: Sequence[BudgetRow]) -> dict[str, bytes]:
    """One workbook for each controlling department."""
    return {path: _workbook([row for row in rows if row.entity == entity]) for entity, path in PATHS.items()}


def _workbook(rows: Sequence[BudgetRow]) -> bytes:
    """The workbook; its dates of making are fixed, so the same rows give the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "mmm yyyy"}) as book:
        book.set_properties({"title": "Marketing budget", "created": datetime(2026, 11, 2, tzinfo=UTC)})
        sheet = book.add_worksheet("Plan")
        sheet.write_string(0, 0, "Marketing budget by month and cost centre")
        sheet.write_row(2, 0, HEADER)
        for line, row in enumerate(rows, start=3):
            month = datetime(row.date.year, row.date.month, 1, tzinfo=UTC).replace(tzinfo=None)
            sheet.write_datetime(line, 0, month)
            sheet.write_string(line, 1, row.owner_key)
            for column, amount in enumerate(_amounts(row), start=2):
                if amount is not None:
                    sheet.write_number(line, column, float(amount))
            sheet.write_string(line, 5, row.currency)
        sheet.write_string(3 + len(rows), 0, "Total")
        for column, amounts in enumerate(zip(*map(_amounts, rows), strict=True), start=2):
            # as a spreadsheet adds: doubles, whose last digits are off
            sheet.write_number(3 + len(rows), column, sum(float(a) for a in amounts if a is not None))
        book.add_worksheet("Notes").write_column(0, 0, _NOTES)
    return out.getvalue()


def _amounts(row: BudgetRow) -> tuple[Decimal | None, ...]:
    return row.budget, row.incremental_revenue, row.incremental_margin

"""Market size: a workbook of the market institute, a row a month and segment, all months in one file.

Title and notes stand above the header on the sheet `Market`; its last row is the total of all months.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from etl.facts import fact_catalog
from etl.landing import LandedFile
from etl.sources.base import Account, Conformed, Control, FileTally
from etl.sources.exports import find_exports
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "market_size"
READER_VERSION = 1
FACTS = ("fct_market_size",)
DAILY_FACTS = ()
FILES = 1
LOOKBACK_MONTHS = 0

SHEET = "Market"
COLUMNS = ("Month", "Segment", "Market size", "Currency")
TOTAL = "Total"
_CURRENCY = re.compile(r"[A-Z]{3}")

extract = find_exports


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the sheet; `number` as the spreadsheet shows it."""

    number: int
    month_date: date
    segment: str
    size: Decimal
    currency_code: str


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """The month's segments; other months are set aside. Raises `BadFileError`."""
    (file,) = files
    cells = _cells(file)
    rows: list[_Row] = []
    control: Control | None = None
    for number, values in cells:
        if control is not None:
            raise BadFileError(file.name, row=number, expected=f"nothing below {TOTAL}", found="another row")
        if values["Month"] == TOTAL:
            control = _control(file.name, number, values["Market size"], rows)
        else:
            rows.append(_row(file.name, number, values, account.currency_code))
    if control is None:
        raise BadFileError(
            file.name,
            expected=f"a last row {TOTAL}",
            found="none",
            hint="the file may be cut off; ask for it again and rerun",
        )
    _refuse_doubles(file.name, rows)
    used = [row for row in rows if row.month_date in month]
    tally = FileTally(file.name, len(rows) + 1, len(used), len(rows) + 1 - len(used))
    return Conformed({FACTS[0]: _table(used)}, (tally,), (control,))


def _cells(file: LandedFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows below the header that are not blank, with their numbers, by column."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise BadFileError(
            file.name, expected="an Excel workbook (.xlsx)", found=f"something else ({error})"
        ) from None
    if SHEET not in book.sheetnames:
        found = ", ".join(book.sheetnames)
        raise BadFileError(file.name, expected=f"a sheet called {SHEET}", found=found)
    positions: dict[str, int] | None = None
    for number, values in enumerate(book[SHEET].iter_rows(values_only=True), start=1):
        if positions is None:
            if set(COLUMNS) <= set(values):
                positions = {column: values.index(column) for column in COLUMNS}
        elif any(value is not None for value in values):
            yield number, {column: values[position] for column, position in positions.items()}
    if positions is None:
        raise BadFileError(
            file.name, expected=f"a header row with {', '.join(COLUMNS)} on {SHEET}", found="none"
        )


def _row(name: str, number: int, values: dict[str, Any], only: str | None) -> _Row:
    def refusal(column: str, expected: str) -> BadFileError:
        found = "an empty cell" if values[column] is None else repr(values[column])
        return BadFileError(name, row=number, column=column, expected=expected, found=found)

    month, segment, currency = values["Month"], values["Segment"], values["Currency"]
    if not isinstance(month, datetime) or month.day != 1:
        raise refusal("Month", "the first day of a month, as a date")
    if not isinstance(segment, str) or not segment.strip():
        raise refusal("Segment", "a name")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency) or currency != (only or currency):
        raise refusal("Currency", f"the currency code {only}" if only else "a currency code such as EUR")
    size = _number(values["Market size"])
    if size is None or size <= 0:
        raise refusal("Market size", "a number above 0")
    return _Row(number, month.date(), segment.strip(), size, currency)


def _number(value: object) -> Decimal | None:
    """A cell's number as it is shown: the shortest decimal of the double that a workbook keeps."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() and number == round(number, 6) else None


def _control(name: str, number: int, total: object, rows: Sequence[_Row]) -> Control:
    computed = sum((row.size for row in rows), Decimal(0))
    declared = _number(total)
    if declared != computed:
        raise BadFileError(
            name,
            row=number,
            column="Market size",
            expected=f"the sum of the rows, {computed.normalize():f}",
            found=repr(total),
            hint="the file may be cut off or edited; ask for it again and rerun",
        )
    return Control("Market size", declared, computed)


def _refuse_doubles(name: str, rows: Sequence[_Row]) -> None:
    seen: set[tuple[date, str]] = set()
    for row in rows:
        if (row.month_date, row.segment) in seen:
            found = f"a second one for {row.month_date}, {row.segment}"
            raise BadFileError(
                name,
                row=row.number,
                column="Segment",
                expected="one row for each month and segment",
                found=found,
            )
        seen.add((row.month_date, row.segment))


def _table(rows: Sequence[_Row]) -> pa.Table:
    columns = fact_catalog()["fct_market_size"].read_columns
    values = {
        "owner_key": [row.segment for row in rows],
        "month_date": [row.month_date for row in rows],
        "segment": [row.segment for row in rows],
        "market_size": [row.size for row in rows],
        "currency_code": [row.currency_code for row in rows],
    }
    return pa.table({column.name: pa.array(values[column.name], column.type) for column in columns})

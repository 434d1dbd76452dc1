"""From a workbook to rows of cells: the header row is searched by name, every row keeps its number.

A workbook keeps numbers as doubles; what is taken is the number that it shows, and never more than
six digits after the point.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from etl.landing import LandedFile
from etl.sources.base import Control
from scoring.errors import BadFileError

_CURRENCY = re.compile(r"[A-Z]{3}")
_CUT_OFF = "the file may be cut off or edited; ask for it again and rerun"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet by column; `number` as the spreadsheet shows it."""

    file: str
    number: int
    cells: Mapping[str, Any]

    def refusal(
        self, column: str, expected: str, found: str | None = None, hint: str = "correct it and rerun"
    ) -> BadFileError:
        """The error that the cell of `column` is not what was expected."""
        cell = self.cells[column]
        if found is None:
            found = "an empty cell" if cell is None else repr(cell)
        return BadFileError(
            self.file, row=self.number, column=column, expected=expected, found=found, hint=hint
        )

    def month(self, column: str) -> date:
        """The first day of a month; raises `BadFileError` for anything else."""
        cell = self.cells[column]
        if not isinstance(cell, datetime) or cell.day != 1:
            raise self.refusal(column, "the first day of a month, as a date")
        return cell.date()

    def name(self, column: str) -> str:
        """Text that is not blank; raises `BadFileError` for anything else."""
        cell = self.cells[column]
        if not isinstance(cell, str) or not cell.strip():
            raise self.refusal(column, "a name")
        return cell.strip()

    def currency(self, column: str, only: str | None) -> str:
        """An ISO 4217 code; where the account has one currency (`only`), no other is accepted."""
        cell = self.cells[column]
        if not isinstance(cell, str) or not _CURRENCY.fullmatch(cell) or cell != (only or cell):
            raise self.refusal(column, f"the currency code {only}" if only else "a currency code such as EUR")
        return cell

    def amount(self, column: str) -> Decimal | None:
        """A number as it is shown; None where the cell holds none or has more than six digits."""
        number = _shown(self.cells[column])
        return number if number is not None and number == round(number, 6) else None


def read_rows(file: LandedFile, sheet: str, columns: Sequence[str]) -> Iterator[Row]:
    """The rows below the header of `sheet` that are not blank, by the `columns` named.

    Raises `BadFileError` where the file is no workbook, or has no such sheet or header.
    """
    positions: dict[str, int] | None = None
    for number, cells in enumerate(_sheet(file, sheet).iter_rows(values_only=True), start=1):
        if positions is None:
            if set(columns) <= set(cells):
                positions = {column: cells.index(column) for column in columns}
        elif any(cell is not None for cell in cells):
            yield Row(file.name, number, {column: cells[at] for column, at in positions.items()})
    if positions is None:
        raise BadFileError(
            file.name, expected=f"a header row with {', '.join(columns)} on {sheet}", found="none"
        )


def _sheet(file: LandedFile, sheet: str) -> Any:
    try:
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise BadFileError(
            file.name, expected="an Excel workbook (.xlsx)", found=f"something else ({error})"
        ) from None
    if sheet not in book.sheetnames:
        found = ", ".join(book.sheetnames)
        raise BadFileError(file.name, expected=f"a sheet called {sheet}", found=found)
    return book[sheet]


def split_total(rows: Iterable[Row], column: str, label: str) -> tuple[list[Row], Row | None]:
    """The rows, and the last one if it has `label` in `column`.

    Raises `BadFileError` where something stands below it.
    """
    above: list[Row] = []
    total: Row | None = None
    for row in rows:
        if total is not None:
            raise BadFileError(
                row.file, row=row.number, expected=f"nothing below {label}", found="another row"
            )
        if row.cells[column] == label:
            total = row
        else:
            above.append(row)
    return above, total


def hold_totals(
    file: str, total: Row | None, label: str, columns: Mapping[str, Iterable[Decimal | None]]
) -> tuple[Control, ...]:
    """Hold the last row against the sum of the values above it of each of its `columns`.

    Raises `BadFileError` where there is no such row (a file that was cut off has lost it), or a sum
    differs. An empty cell is a sum of 0. The spreadsheet's own sum of doubles may be off in the last of
    their digits, so it is rounded to the six digits that an amount may have.
    """
    if total is None:
        raise BadFileError(file, expected=f"a last row {label}", found="none", hint=_CUT_OFF)
    return tuple(_control(total, column, values) for column, values in columns.items())


def _control(total: Row, column: str, values: Iterable[Decimal | None]) -> Control:
    computed = sum((value for value in values if value is not None), Decimal(0))
    declared = _sum(total.cells[column])
    if declared is None or declared != computed:
        expected = f"the sum of the rows, {computed.normalize():f}"
        raise total.refusal(column, expected, repr(total.cells[column]), _CUT_OFF)
    return Control(column, declared, computed)


def _sum(cell: Any) -> Decimal | None:
    number = Decimal(0) if cell is None else _shown(cell)
    return None if number is None else round(number, 6)


def _shown(cell: Any) -> Decimal | None:
    """The shortest decimal of the double that the workbook keeps; None where the cell is no number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    number = Decimal(repr(cell))
    return number if number.is_finite() else None


def refuse_doubles(rows: Iterable[Row], month: str, column: str) -> None:
    """Raise `BadFileError` where two rows have the same month and the same name in `column`."""
    seen: set[tuple[date, str]] = set()
    for row in rows:
        key = row.month(month), row.name(column)
        if key in seen:
            raise row.refusal(
                column,
                f"one row for each {month.lower()} and {column.lower()}",
                f"a second one for {key[0]}, {key[1]}",
            )
        seen.add(key)

"""The cells of a workbook that people fill in: what each shows, and the formula that stands in it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl

from unpacking.package import BadWorkbookError

MOST_CELLS = 500_000


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """A cell: the value that it shows, of which type, in which format; `written` is what was typed in.

    Only where `is_formula` the two differ, and `value` is None where no program has worked it out.
    """

    value: Any
    data_type: str
    number_format: str
    written: Any
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet's rows from the first one on; `is_cut` where it has more of them than were to be read."""

    title: str
    rows: tuple[tuple[WrittenCell, ...], ...]
    is_cut: bool


def read_first_page(content: bytes, most_rows: int) -> Page:
    """The first sheet with cells; raises `BadWorkbookError` where it has too many."""
    values, formulas = _opened(content)
    return _page(values.worksheets[0], formulas.worksheets[0], most_rows, None)


def read_pages(content: bytes, most_pages: int, most_rows: int, most_columns: int) -> tuple[Page, ...]:
    """All sheets with cells; raises `BadWorkbookError` where they are too many."""
    values, formulas = _opened(content)
    if len(values.sheetnames) > most_pages:
        raise BadWorkbookError(f"at most {most_pages} sheets", str(len(values.sheetnames)))
    # charts are sheets, too, but have no cells
    pairs = zip(values.worksheets, formulas.worksheets, strict=True)
    return tuple(_page(shown, written, most_rows, most_columns) for shown, written in pairs)


def _opened(content: bytes) -> tuple[Any, Any]:
    values, formulas = (
        openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=is_values)
        for is_values in (True, False)
    )
    return values, formulas


def _page(values: Any, formulas: Any, most_rows: int, most_columns: int | None) -> Page:
    for sheet in (values, formulas):
        # what a sheet says of its own size need not be so, and its rows would be filled up to it
        sheet.reset_dimensions()
    found = islice(_rows(values, formulas, most_columns), most_rows + 1)
    rows = tuple(found)
    return Page(str(values.title), rows[:most_rows], len(rows) > most_rows)


def _rows(values: Any, formulas: Any, most_columns: int | None) -> Iterator[tuple[WrittenCell, ...]]:
    cells = 0
    for shown, written in zip(values.iter_rows(), formulas.iter_rows(), strict=True):
        cells += len(shown)
        if cells > MOST_CELLS:
            raise BadWorkbookError(f"at most {MOST_CELLS:,} cells on a sheet", "more")
        yield _cells(shown[:most_columns], written[:most_columns])


def _cells(shown: Sequence[Any], written: Sequence[Any]) -> tuple[WrittenCell, ...]:
    return tuple(
        WrittenCell(
            cell.value,
            cell.data_type,
            str(cell.number_format) if isinstance(cell.value, int | float) else "",
            _text(source.value),
            source.data_type == "f",
        )
        for cell, source in zip(shown, written, strict=True)
    )


def _text(written: Any) -> Any:
    """A formula over many cells is an object of its own; it is told by its text."""
    return getattr(written, "text", written)

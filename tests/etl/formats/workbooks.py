"""Workbooks as platforms export them, with sheets in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets; a `_` in a name stands for a blank."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name.replace("_", " "))
        for row in rows:
            page.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def with_errors(content: bytes, **errors: str) -> bytes:
    """A workbook with errors in some cells of its first sheet, as a spreadsheet saves what it worked out."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, error in errors.items():
        book.worksheets[0][place].value = error
        book.worksheets[0][place].data_type = "e"
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()

"""Reads a workbook's XML as it stands, without any library for workbooks: the rows of one sheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring

from tests.fuzz.adding import Seen
from tests.fuzz.numbers import of_workbook

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def rows_of(content: bytes, sheet: str) -> list[list[Seen]]:
    """The rows of the sheet from row 1 on; raises whatever a damaged workbook makes of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = _strings(archive)
        page = fromstring(archive.read(_part(archive, sheet)))  # noqa: S314 - the door takes no declarations
    rows: dict[int, dict[int, Seen]] = {}
    last = 0
    for row in _all(page, "row"):
        last = _row_of_cells(row) or int(row.get("r", last + 1))
        rows[last] = dict(_cells(row, strings))
    return [_filled(rows.get(at, {})) for at in range(1, max(rows, default=0) + 1)]


def _row_of_cells(row: Element) -> int | None:
    """The row that the cells say they are in, whatever the row says of itself; None where they say none."""
    said = (re.fullmatch("[A-Z]+([0-9]+)", cell.get("r", "").upper()) for cell in _all(row, "c"))
    return next((int(match[1]) for match in said if match), None)


def _filled(cells: dict[int, Seen]) -> list[Seen]:
    return [cells.get(at, "") for at in range(max(cells, default=-1) + 1)]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if each.tag.rpartition("}")[2] == name)


def _strings(archive: zipfile.ZipFile) -> Sequence[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return ()
    whole = fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314
    return [_text(each) for each in _all(whole, "si")]


def _text(element: Element) -> str:
    return "".join(each.text or "" for each in _all(element, "t"))


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    book = fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    (wanted,) = (each.get(_RELATION) for each in _all(book, "sheet") if each.get("name") == sheet)
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    (target,) = (
        each.get("Target", "") for each in _all(relations, "Relationship") if each.get("Id") == wanted
    )
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _cells(row: Element, strings: Sequence[str]) -> Iterator[tuple[int, Seen]]:
    last = -1
    for cell in _all(row, "c"):
        letters = re.match("[A-Z]*", cell.get("r", "").upper())
        last = _column(letters[0]) if letters and letters[0] else last + 1
        yield last, _seen(cell, strings)


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _seen(cell: Element, strings: Sequence[str]) -> Seen:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((each.text or "" for each in _all(cell, "v")), "")
    if kind == "s":
        return strings[int(value)]
    if kind == "b":
        return {"1": "true", "0": "false"}.get(value, value)
    number: Decimal | None = of_workbook(value) if kind == "n" and value else None
    return value if number is None else number

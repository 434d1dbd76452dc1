"""Cells of a workbook that look empty to its reader and are not, or that it would put in the wrong place."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import chain
from xml.etree.ElementTree import Element, iterparse
from xml.sax.saxutils import unescape

from unpacking.package import BadWorkbookError

Valueless = Mapping[tuple[int, int], str]
"""What stands in such cells, by row and column from 0 on: an error such as `#N/A`, or a formula."""
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
# a sheet has a million cells, and only these few are looked at
_NAME = rb"(?:\w+:)?"
_ERRORS = re.compile(rb"<%bc\b([^>]*\bt=[\"']e[\"'][^>]*)>.*?<%bv>(.*?)</" % (_NAME, _NAME), re.DOTALL)
_OPEN = re.compile(
    rb"<%bc\b([^>]*)>\s*<%bf\b(?:[^>]*/|[^>]*>([^<]*)</%bf\s*)>\s*(?:<%bv\s*(?:/|>\s*</%bv\s*)>\s*)?</%bc\s*>"
    % ((_NAME,) * 6)
)
_PLACE = re.compile(rb"""\br=["']([A-Z]+[0-9]+)["']""")
_PLACES = re.compile(rb"""<%bc\b[^>]*?\br=["']([A-Z]+)([0-9]+)["']""" % _NAME)
# a text that a formula gave may be the empty one
_IS_TEXT = re.compile(rb"""\bt=["'](?:str|inlineStr)["']""")


def valueless_cells(content: bytes) -> Mapping[str, Valueless]:
    """The cells of each sheet, by its name; nothing of a workbook of another kind than XML."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        is_xml = _BOOK in archive.namelist()
        return {name: _of_sheet(archive.read(part)) for name, part in _sheets(archive)} if is_xml else {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and its part of the archive."""
    targets = {each.get("Id"): each.get("Target", "") for each in _elements(archive.read(_RELATIONS))}
    for sheet in _elements(archive.read(_BOOK)):
        if _local(sheet.tag) == "sheet":
            path = posixpath.join("/xl", targets[_relation(sheet)])
            yield sheet.get("name", ""), posixpath.normpath(path).lstrip("/")


def _relation(sheet: Element) -> str:
    return next(value for key, value in sheet.items() if _local(key) == "id")


def _of_sheet(part: bytes) -> Valueless:
    _refuse_misplaced(part)
    found = chain(map(_error, _ERRORS.finditer(part)), map(_formula, _OPEN.finditer(part)))
    return {_place(cell): text for cell, text in found if not _IS_TEXT.search(cell)}


def _refuse_misplaced(part: bytes) -> None:
    """Raise for a cell in another row than its own, or twice: its reader puts one value over another."""
    last, before = (0, 0, b""), b"the first row"
    for match in _PLACES.finditer(part):
        letters, row = match.groups()
        place = (int(row), len(letters), letters)
        if place <= last:
            found = f"{(letters + row).decode()} after {before.decode()}"
            raise BadWorkbookError("cells that stand in their order, each once", found)
        last, before = place, letters + row


def _error(match: re.Match[bytes]) -> tuple[bytes, str]:
    return match[1], match[2].decode()


def _formula(match: re.Match[bytes]) -> tuple[bytes, str]:
    return match[1], f"={unescape((match[2] or b'').decode())}"


def _place(cell: bytes) -> tuple[int, int]:
    from openpyxl.utils.cell import coordinate_to_tuple  # noqa: PLC0415 - few need it, and it takes a moment

    place = _PLACE.search(cell)
    if place is None:
        raise BadWorkbookError("cells that say where they are", "an error or a formula that does not")
    row, column = coordinate_to_tuple(place[1].decode())
    return row - 1, column - 1


def _elements(content: bytes) -> Iterator[Element]:
    return (element for _, element in iterparse(io.BytesIO(content)))  # noqa: S314 - entities were refused


def _local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]

"""What a file is, by its content and never by its name: the tables in it that a format may fit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from etl.landing import LandedFile
from etl.reading.arrow_table import ArrowTable, parquet_table
from etl.reading.decoding import Decoded, decodings, in_utf16, unwrapped
from etl.reading.door import DATABASE, kind_of
from etl.reading.object_lines import ObjectLines, are_object_lines
from etl.reading.page_table import is_page, page_tables
from etl.reading.records import MOST_HEAD_BYTES, POSSIBLY_CUT_OFF, SEPARATORS, TextTable
from etl.reading.saying_none import says_none
from etl.reading.workbook_table import OLD_MARK, ROOM, SheetTable, sheets_of
from scoring.errors import BadFileError
from unpacking.package import refusing, unpacked

_SHORT = 500
_NOTHING = (
    "look whether its filters and days are right; if there was nothing indeed, put an export with the header "
    "row alone in its place and rerun"
)
_LONE = 20
"""Of so many bytes of a text in UTF-16 or of a picture more than one is 0."""
_AS_CSV = "export the report again as CSV (UTF-8) or as an Excel workbook and rerun"
_ASK_IT = "give an account a `query` and its `connection`, as docs/how-to/query-a-warehouse.md says"
_PACKED = b"PK\x03\x04"
_CONTENTS = "[Content_Types].xml"
_PARQUET = b"PAR1"
_DOCUMENTS = {
    "META-INF/manifest.xml": "an OpenDocument spreadsheet",
    "Index/Document.iwa": "a document of Numbers",
}
_QUOTED = re.compile(rb'"[^"]*"')
_LITTER = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$)")


Table = TextTable | SheetTable | ArrowTable | ObjectLines
"""Something with rows and columns."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A table that a file may hold, and how the file would be read for it.

    `kind` is "CSV", "workbook", "JSON lines" or the like. `member` is the name of the file in a zip, `sheet`
    that of the sheet; a text is also there as it was `decoded`.
    """

    table: Table
    kind: str
    sheet: str = ""
    decoded: Decoded | None = None
    member: str = ""

    @property
    def part(self) -> str:
        """Where in the file it is: the file inside, the sheet, or both."""
        return ", ".join(filter(None, (self.member, self.sheet)))

    @property
    def has_keys(self) -> bool:
        """Whether its columns have the names of a database or an interface, and not those of a report."""
        return isinstance(self.table, ArrowTable | ObjectLines)


def candidates(file: LandedFile, likely: Sequence[str] = ()) -> Iterator[Candidate]:
    """Every table that the file may hold, the most likely first.

    `likely` are encodings that its account or platform uses. Raises `BadFileError` for what holds none.
    """
    content = file.read_bytes()
    if not content or content.isspace():
        raise BadFileError(file.name, expected="a table", found="an empty file")
    _refuse_note_alone(file.name, content)
    yield from _tables(file.name, content, likely)


def _refuse_note_alone(name: str, content: bytes) -> None:
    """Raise `BadFileError` where the platform says that it has nothing, without a header to tell of what."""
    note = content[:_SHORT].decode("utf-8-sig", "replace").strip()
    if len(content) < _SHORT and says_none(note):
        raise BadFileError(name, expected="a table", found=f"only {note!r}", hint=_NOTHING)


def _tables(name: str, content: bytes, likely: Sequence[str]) -> Iterator[Candidate]:
    if content.startswith(_PACKED):
        yield from _packed(name, content, likely)
    elif content.startswith(OLD_MARK):
        yield from _sheets(name, content, "old workbook")
    elif content.startswith(_PARQUET):
        yield Candidate(parquet_table(name, content), "Parquet")
    elif are_object_lines(content):
        yield Candidate(ObjectLines(name, content), "JSON lines")
    elif pages := page_tables(name, content):
        yield from (Candidate(page, "web page with a table") for page in pages)
    else:
        _refuse_other_kinds(name, content)
        yield from _texts(name, content, likely)


def _sheets(name: str, content: bytes, kind: str) -> Iterator[Candidate]:
    return (Candidate(sheet, kind, sheet.grid.sheet) for sheet in sheets_of(name, content))


def _packed(name: str, content: bytes, likely: Sequence[str]) -> Iterator[Candidate]:
    is_workbook = _is_workbook(name, content)
    return _sheets(name, content, "workbook") if is_workbook else _in_zip(name, content, likely)


def _in_zip(name: str, content: bytes, likely: Sequence[str]) -> Iterator[Candidate]:
    with refusing(name):
        parts = {inner: part for inner, part in unpacked(content, ROOM).items() if part}
    _refuse_other_packed(name, parts)
    for inner, part in _likely_tables(parts).items():
        for found in _tables(name, part, likely):
            yield replace(found, kind=f"{found.kind} in a zip", member=inner)


def _likely_tables(parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Without what is no report and may lie beside one, and what a Mac puts into every zip."""
    likely = {inner: part for inner, part in parts.items() if _may_be_table(inner, part)}
    return likely or parts


def _may_be_table(inner: str, part: bytes) -> bool:
    if part.startswith(_PACKED):
        return _is_workbook(inner, part)
    is_known = part.startswith((OLD_MARK, _PARQUET)) or kind_of(part) is None
    return is_known and not _LITTER.search(inner)


def _refuse_other_packed(name: str, parts: Collection[str]) -> None:
    """Raise `BadFileError` for the document of another program, which is a packed file, too."""
    kind = next((kind for part, kind in _DOCUMENTS.items() if part in parts), None)
    if kind is not None:
        raise BadFileError(name, expected="a table", found=kind, hint=_AS_CSV)


def _is_workbook(name: str, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _CONTENTS in archive.namelist()
    except zipfile.BadZipFile:
        raise BadFileError(
            name, expected="a packed file that can be opened", found="a damaged one", hint=POSSIBLY_CUT_OFF
        ) from None
    except Exception as error:  # zipfile itself breaks on some archives
        raise BadFileError(
            name, expected="a packed file that can be opened", found=f"a damaged one ({type(error).__name__})"
        ) from None


def _texts(name: str, content: bytes, likely: Sequence[str]) -> Iterator[Candidate]:
    is_empty = True
    for decoded in decodings(content, likely):
        text = _with_line_feeds(decoded.content)
        if b"\0" not in text:
            is_empty = False
            yield from _cut_by_separators(name, unwrapped(text), decoded)
    if is_empty:
        raise _in_no_encoding(name, content)


def _in_no_encoding(name: str, content: bytes) -> BadFileError:
    """The error that there is no text: it is cut within a character, or has bytes that are none.

    A byte of 0 in a text that has no other has a place.
    """
    if len(content) % 2 and in_utf16(content):
        return BadFileError(
            name,
            expected="UTF-16 text, each of its characters with two bytes or four",
            found="one that breaks off within a character",
            hint=POSSIBLY_CUT_OFF,
        )
    first = content.find(b"\0")
    is_lone = first >= 0 and content.count(b"\0") * _LONE < len(content)
    row = content.count(b"\n", 0, first) + 1 if is_lone else None
    found = "bytes that are in none, such as a 0" if is_lone else "bytes that are in none"
    return BadFileError(name, row=row, expected="text in a known encoding", found=found, hint=_AS_CSV)


def _cut_by_separators(name: str, text: bytes, decoded: Decoded) -> Iterator[Candidate]:
    _refuse_long_line(name, text)
    for separator in SEPARATORS:
        if separator.encode() in text[:200_000]:
            yield Candidate(TextTable(name, text, separator), "CSV", "", decoded)


def _with_line_feeds(text: bytes) -> bytes:
    """Old programs of the Mac end lines with a carriage return alone; line feeds are within cells then."""
    if text.count(b"\r") == text.count(b"\r\n") or b"\n" in _QUOTED.sub(b"", text):
        return text
    return text.replace(b"\r", b"\n")


def _refuse_long_line(name: str, text: bytes) -> None:
    if len(text) > MOST_HEAD_BYTES and b"\n" not in text[:MOST_HEAD_BYTES]:
        first, _, _ = text.partition(b"\n")
        raise BadFileError(
            name,
            row=1,
            expected=f"a header row among lines of at most {MOST_HEAD_BYTES:,} bytes",
            found=f"a line of {len(first):,}",
        )


def _refuse_other_kinds(name: str, content: bytes) -> None:
    kind = kind_of(content)
    if kind is not None:
        hint = _ASK_IT if kind == DATABASE else _AS_CSV
        raise BadFileError(name, expected="a table", found=kind, hint=hint)
    _refuse_page(name, content)


def _refuse_page(name: str, content: bytes) -> None:
    if is_page(content):
        is_login = any(word in content[:20_000].lower() for word in (b"sign in", b"log in", b"login"))
        raise BadFileError(
            name,
            expected="a report",
            found="a web page" + (" that asks to sign in" if is_login else ""),
            hint="the download did not work; sign in to the platform, export the report again and rerun",
        )

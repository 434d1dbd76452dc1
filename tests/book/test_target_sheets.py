"""Targets in a workbook: the same rows as in a CSV, and one sentence for each cell that is wrong."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book import load_book, read_book
from book.files.target_cells import COLUMNS
from book.files.target_sheet import TargetSheet, read_sheet
from tests.book.books import VALID

HEADER = [*COLUMNS]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The valid book without any targets."""
    folder = shutil.copytree(VALID, tmp_path / "config")
    (folder / "targets/2026.csv").unlink()
    return folder


def rows() -> list[list[Any]]:
    """The rows of the valid book as a spreadsheet holds them."""
    with (VALID / "targets/2026.csv").open(encoding="utf-8") as file:
        return [
            [*row[:2], *map(datetime.fromisoformat, row[2:4]), float(row[4]), int(row[5]), *row[6:]]
            for row in list(csv.reader(file))[1:]
        ]


def save(config: Path, made: list[list[Any]], header: list[Any] = HEADER, title: str = "Sheet1") -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in [header, *made]:
        sheet.append(row)
    book.save(config / "targets/2026.xlsx")
    return book


def faults(config: Path) -> list[str]:
    return [str(fault) for fault in read_book(config).faults]


def test_a_workbook_is_the_same_book_as_the_csv(config):
    save(config, rows())
    assert load_book(config).targets == load_book(VALID).targets


def test_texts_for_numbers_and_days_will_do_and_blank_rows_are_none(config):
    texts = [
        [*row[:2], f"{row[2]:%Y-%m-%d}", row[3].date(), f"{row[4]:g}", str(row[5]), *row[6:]]
        for row in rows()
    ]
    save(config, [*texts[:3], [], [None, " "], *texts[3:], []])
    assert load_book(config).targets == load_book(VALID).targets


def test_a_csv_and_a_workbook_count_together(config):
    save(config, rows()[5:])
    lines = (VALID / "targets/2026.csv").read_text("utf-8").splitlines()
    (config / "targets/north.csv").write_text("\n".join(lines[:6]), "utf-8")
    assert set(load_book(config).targets) == set(load_book(VALID).targets)


def test_numbers_are_as_they_are_shown_not_as_a_binary_double_has_them(config):
    made = rows()
    made[2][4] = 0.1 + 0.2
    save(config, made)
    assert str(load_book(config).targets[2].target) == "0.3"


def test_a_weight_that_is_shown_as_a_percentage_is_in_percent_points(config):
    made = rows()
    for row in made:
        row[5] /= 100
    book = save(config, made)
    for cell in book.active["F"][1:]:
        cell.number_format = "0%"
    for cell in book.active["E"][1:]:
        cell.number_format = "0.0%"
    book.save(config / "targets/2026.xlsx")
    assert load_book(config).targets == load_book(VALID).targets


def test_optional_columns_are_read_like_those_of_a_csv(config):
    made = [[*row, None, None] for row in rows()]
    made.append(
        [
            "south",
            "nps",
            date(2026, 7, 1),
            date(2027, 1, 1),
            0.1,
            60,
            "T. Lind",
            "Better",
            "growth",
            date(2026, 6, 1),
        ]
    )
    save(config, made, [*HEADER, "kind", "agreed_on", "basis"])
    assert faults(config) == [
        "targets/2026.xlsx:9: Sheet1!K9 basis: expected a value, because kind is growth, found nothing; "
        "fill it in"
    ]


def bad(column: str, value: Any, row: int = 5) -> tuple[int, int, Any]:
    return row, HEADER.index(column), value


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (bad("target", "#REF!"), "Sheet1!E5 target: expected a value, found the error #REF!; correct it"),
        (bad("target", "=SUM(E6:E7)"), "Sheet1!E5 target: expected a value, found the formula =SUM(E6:E7) without its result; correct it"),
        (bad("target", True), "Sheet1!E5 target: expected a value, found the truth value TRUE; correct it"),
        (bad("target", "0." + "3" * 17),
         "Sheet1!E5 target: expected a number of at most 18 digits before the point and 16 after it, found "
         f"'0.{'3' * 17}'; correct it"),
        (bad("target", "none"), "Sheet1!E5 target: expected a number such as 0.25, found 'none'; correct it"),
        (bad("target", date(2026, 5, 1)), "Sheet1!E5 target: expected a number such as 0.25, found '2026-05-01'; correct it"),
        (bad("weight", "a third"), "Sheet1!F5 weight: expected a number above 0 such as 0.25, or information, found 'a third'; correct it"),
        (bad("valid_from", 46023), "Sheet1!C5 valid_from: expected a day such as 2026-01-01, found '46023'; correct it"),
        (bad("valid_from", datetime(2026, 7, 1, 9, 30)), "Sheet1!C5 valid_from: expected a value, found the time 2026-07-01 09:30:00; correct it"),
        (bad("valid_until", time(9, 30)), "Sheet1!D5 valid_until: expected a value, found the time 09:30:00; correct it"),
        (bad("valid_until", date(2026, 1, 1)), "Sheet1!D5 valid_until: expected a day after valid_from 2026-07-01, found 2026-01-01; correct one"),
        (bad("approved_by", None), "Sheet1!G5 approved_by: expected text, found nothing; correct it"),
        (bad("reason", None), "Sheet1!H5 reason: expected text, found nothing; correct it"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_one_sentence_with_its_place(config, cell, fault):
    made = rows()
    row, column, value = cell
    made[row - 2][column] = value
    save(config, made)
    assert faults(config) == [f"targets/2026.xlsx:{row}: {fault}"]


def test_a_sheets_name_with_spaces_is_quoted_as_spreadsheets_do(config):
    made = rows()
    made[0][4] = "many"
    save(config, made, title="Targets 2026")
    assert faults(config)[0].startswith("targets/2026.xlsx:2: 'Targets 2026'!E2 target: expected a number")


def test_a_merged_header_is_not_the_columns(config):
    book = save(config, rows())
    book.active.merge_cells("A1:B1")
    book.save(config / "targets/2026.xlsx")
    (fault,) = faults(config)
    assert fault.startswith("targets/2026.xlsx:1: expected the columns team,kpi,valid_from")
    assert "found team,,valid_from" in fault


def test_a_cell_beyond_the_header_is_one_too_many(config):
    made = rows()
    made[0] += ["a note"]
    save(config, made)
    assert faults(config) == [
        "targets/2026.xlsx:2: Sheet1!I2 cell: expected nothing beyond the last column, found 'a note'; "
        "remove it or give it a column"
    ]


@pytest.mark.parametrize("content", [b"", b"team,kpi", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_workbook_is_one_fault(config, content):
    (config / "targets/2026.xlsx").write_bytes(content)
    (fault,) = faults(config)
    assert fault.startswith("targets/2026.xlsx: expected an Excel workbook (.xlsx), found ")


def test_a_file_that_unpacks_to_too_much_is_never_unpacked(config):
    with zipfile.ZipFile(config / "targets/2026.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20_000_001))
    assert (config / "targets/2026.xlsx").stat().st_size < 30_000
    assert faults(config) == [
        "targets/2026.xlsx: expected at most 20,000,000 bytes unpacked, found 20,000,001; "
        "keep only the targets in it"
    ]


def test_a_sheet_with_too_many_rows_is_one_fault_however_far_down_they_are(config):
    book = save(config, rows())
    book.active["A1048576"] = "north"
    book.save(config / "targets/2026.xlsx")
    assert faults(config) == [
        "targets/2026.xlsx: expected at most 20,000 rows, found more; remove the empty ones"
    ]


def test_the_lock_file_of_an_open_workbook_is_not_read(config):
    save(config, rows())
    (config / "targets/~$2026.xlsx").write_bytes(b"somebody")
    assert faults(config) == []


def rewrite(config: Path, change: Callable[[bytes], bytes]) -> None:
    """The workbook with the XML of its sheet changed, as openpyxl itself would not write it."""
    path, name = config / "targets/2026.xlsx", "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def test_a_formula_with_its_result_counts_as_that(config):
    save(config, rows())
    cell, formula = b'<c r="E2" t="n"><v>900</v></c>', b'<c r="E2"><f>E3-100</f><v>900.00000000000011</v></c>'

    def with_formula(sheet: bytes) -> bytes:
        assert cell in sheet
        return sheet.replace(cell, formula)

    rewrite(config, with_formula)
    assert load_book(config).targets == load_book(VALID).targets


def test_entities_that_grow_by_being_repeated_are_not_followed(config):
    save(config, rows())
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}]>'.encode()

    def with_bomb(sheet: bytes) -> bytes:
        start = sheet.index(b"<worksheet")
        return sheet[:start] + bomb + sheet[start:].replace(b"<v>900</v>", b"<v>&l9;</v>")

    rewrite(config, with_bomb)
    began = monotonic()
    assert len(faults(config)) == 1
    assert monotonic() - began < 5


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), min_size=1, max_size=4))
def test_a_mangled_workbook_is_judged(mangled, changes):
    path, sound = mangled
    content = bytearray(sound)
    for at, piece in changes:
        start = int(at * (len(content) - 1))
        content[start : start + len(piece)] = piece
    path.write_bytes(content)
    read = read_sheet(path.parent.parent, f"targets/{path.name}")
    assert isinstance(read, TargetSheet) or str(read).startswith("targets/2026.xlsx: expected")


@pytest.fixture(scope="module")
def mangled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A workbook to be overwritten, and its sound content."""
    folder = tmp_path_factory.mktemp("mangled")
    (folder / "targets").mkdir()
    save(folder, rows())
    return folder / "targets/2026.xlsx", (folder / "targets/2026.xlsx").read_bytes()

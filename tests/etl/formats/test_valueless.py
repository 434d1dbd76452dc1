"""Cells of workbooks that look empty and are not: errors, and formulas that no program has worked out."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, totals
from tests.etl.formats.workbooks import with_errors, workbook

HEADER = ["Lead ID", "Created Date", "Lead Status", "Lead Source", "MQL Date", "Note"]
ROWS = [["1", "2026-10-01", "open", "North", "2026-10-02", ""], ["2", "2026-10-02", "open", "South", "", ""]]
SHEET = "xl/worksheets/sheet1.xml"


def rewritten(content, old, new):
    """A workbook with other XML on its first sheet."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(changed, "w") as other:
        for name in archive.namelist():
            part = archive.read(name)
            assert name != SHEET or old in part
            other.writestr(name, part.replace(old, new) if name == SHEET else part)
    return changed.getvalue()


@pytest.mark.parametrize(("place", "column"), [("E3", "MQL Date"), ("D3", "Lead Source")])
@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_an_error_is_no_empty_cell(tmp_path, place, column, error):
    book = with_errors(workbook(Leads=[HEADER, *ROWS]), **{place: error})
    with pytest.raises(BadFileError, match=f"row 3, column '{column}': expected a value, .* found {error}"):
        read(tmp_path, "salesforce", book)


def test_a_formula_that_no_program_has_worked_out_is_no_empty_cell(tmp_path):
    rows = [ROWS[0], [*ROWS[1][:4], "=B3+1", ""]]
    with pytest.raises(BadFileError, match=r"row 3, column 'MQL Date': .* found =B3\+1"):
        read(tmp_path, "salesforce", workbook(Leads=[HEADER, *rows]))


def test_in_a_column_that_nobody_needs_they_do_no_harm(tmp_path):
    book = with_errors(workbook(Leads=[HEADER, [*ROWS[0][:5], "=1/0"], ROWS[1]]), F3="#N/A")
    assert totals(read(tmp_path, "salesforce", book), "fct_lead")["rows"] == 2


def test_a_formula_that_gave_no_text_is_an_empty_cell(tmp_path):
    book = workbook(Leads=[HEADER, ROWS[0], [*ROWS[1][:4], '=""', ""]])
    worked_out = rewritten(book, b'<c r="E3"><f>""</f><v></v></c>', b'<c r="E3" t="str"><f>""</f><v></v></c>')
    assert totals(read(tmp_path, "salesforce", worked_out), "fct_lead")["rows"] == 2


def test_an_error_that_does_not_say_where_it_is(tmp_path):
    book = with_errors(workbook(Leads=[HEADER, *ROWS]), E3="#N/A")
    with pytest.raises(BadFileError, match="expected cells that say where they are"):
        read(tmp_path, "salesforce", rewritten(book, b'<c r="E3"', b"<c"))


def test_names_of_elements_may_have_a_prefix(tmp_path):
    book = with_errors(workbook(Leads=[HEADER, *ROWS]), E3="#N/A")
    prefixed = rewritten(book, b'<c r="E3" t="e"><v>#N/A</v></c>', b"<x:c t='e' r='E3'><x:v>#N/A</x:v></x:c>")
    prefixed = rewritten(
        prefixed,
        b"<worksheet ",
        b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ',
    )
    with pytest.raises(BadFileError, match=r"row 3, column 'MQL Date': .* found #N/A"):
        read(tmp_path, "salesforce", prefixed)


def test_a_row_can_be_set_apart_for_one(tmp_path):
    book = with_errors(workbook(Leads=[HEADER, *ROWS]), E3="#N/A")
    with pytest.raises(BadFileError) as error:
        read(tmp_path, "salesforce", book)
    assert error.value.rows == ((3, "#N/A"),)

"""Carriage returns in cells, as programs of the Mac break lines: they end no row."""

from __future__ import annotations

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, totals

HEADER = "Lead ID,Created Date,Lead Status,Lead Source{}\n"
ROWS = "1,2026-10-01,open,North,a\n2,2026-10-02,open,South,b\n"


@pytest.mark.parametrize(
    ("above", "question"),
    [
        ("", ',"What do you\rlike?"'),
        ("", ',"What\r\rdo you\r\nlike?"'),
        ('"Leads\rof October"\n', ",Note"),
        ("Leads\rof October\n", ",Note"),
    ],
    ids=["in the header", "twice and a line break", "above the header", "in no quotes"],
)
def test_they_lose_no_row(tmp_path, above, question):
    found = read(tmp_path, "salesforce", above + HEADER.format(question) + ROWS)
    assert totals(found, "fct_lead")["rows"] == 2


def test_one_at_the_end_of_the_header_is_told(tmp_path):
    text = HEADER.format(",Note").replace("\n", "\r") + ROWS
    with pytest.raises(BadFileError, match="expected 9 cells, found 5"):
        read(tmp_path, "salesforce", text)


def test_lines_that_end_with_one_may_have_line_feeds_within_cells(tmp_path):
    """No line feed ends a line there: all rows were once taken for a part of the header."""
    rows = ROWS.replace(",a\n", ',"first\nsecond"\n')
    text = (HEADER.format(",Note") + rows).replace('second"\n', 'second"\r').replace("Note\n", "Note\r")
    found = read(tmp_path, "salesforce", text.replace(",b\n", ",b\r"))
    assert totals(found, "fct_lead")["rows"] == 2

"""Where cells and rows of a text begin and end: quotes inside cells, and cells beyond the header."""

from __future__ import annotations

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read

HEADER = "Lead ID,Created Date,Lead Status,Lead Source\n"


def owners(folder, *rows, header=HEADER, separator=","):
    text = (header + "".join(f"{row}\n" for row in rows)).replace(",", separator)
    return read(folder, "salesforce", text).tables["fct_lead"]["owner_key"].to_pylist()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (['TV 55" wide'], ['TV 55" wide']),
        (['TV 55" wide', "Web", '24" or 27"'], ['TV 55" wide', "Web", '24" or 27"']),
        (['TV 55" wide', '"Web\nand ""more"""'], ['TV 55" wide', 'Web\nand "more"']),
        (['TV 55"', '"Web"'], ['TV 55"', "Web"]),
    ],
    ids=["one", "some", "beside a quoted cell of two lines", "at the end of a cell"],
)
def test_a_quote_in_a_cell_between_tabs_is_a_letter(tmp_path, cells, expected):
    rows = [f"{number},2026-10-01,Open,{cell}" for number, cell in enumerate(cells)]
    assert owners(tmp_path, *rows, separator="\t") == expected


def test_a_quote_at_the_beginning_of_a_cell_must_end(tmp_path):
    with pytest.raises(BadFileError, match="found an open quote; the file is possibly cut off"):
        owners(
            tmp_path,
            '1,2026-10-01,Open,TV 55"',
            '2,2026-10-01,Open,"Web',
            "3,2026-10-01,Open,Web",
            separator="\t",
        )


@pytest.mark.parametrize("more", [",", ",,,"])
def test_all_rows_may_end_with_empty_cells_beyond_the_header(tmp_path, more):
    rows = ["1,2026-10-01,Open,A", "2,2026-10-01,Open,", '3,2026-10-01,Open,"C, or D"']
    assert owners(tmp_path, *(row + more for row in rows)) == ["A", "(none)", "C, or D"]


@pytest.mark.parametrize(
    "rows",
    [
        ("1,2026-10-01,Open,A", "2,2026-10-01,Open,B,"),
        ("1,2026-10-01,Open,A,", "2,2026-10-01,Open,B,,"),
        ("1,2026-10-01,Open,A,", "2,2026-10-01,Open,B,C"),
        ("1,2026-10-01,Open,A,",),
    ],
    ids=["in one row", "not the same in all", "a value", "the only row"],
)
def test_cells_beyond_the_header_may_be_shifted(tmp_path, rows):
    with pytest.raises(BadFileError, match=r"row [23]: expected 4 cells, found [56]"):
        owners(tmp_path, *rows)

"""Zips as people make them: the report, and what lies beside it."""

from __future__ import annotations

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, totals
from tests.etl.formats.workbooks import packed, workbook

LEADS = "Lead ID,Created Date,Lead Status,Lead Source\n1,2026-10-01,Open,Web\n"
BOOK = workbook(Leads=[line.split(",") for line in LEADS.splitlines()])
OF_A_MAC = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X" + bytes(range(256))


def leads(folder, files):
    return int(totals(read(folder, "salesforce", packed(files)), "fct_lead")["rows"])


@pytest.mark.parametrize(
    "files",
    [
        {"leads.csv": LEADS, "__MACOSX/._leads.csv": OF_A_MAC},
        {"leads.csv": LEADS, ".DS_Store": OF_A_MAC, "Thumbs.db": OF_A_MAC},
        {"a.pdf": b"%PDF-1.4\n\xff\xfe\x00\x01", "leads.csv": LEADS},
        {"logo.png": b"\x89PNG\r\n", "read me.txt": "This is the report.\n", "of Acme/leads.csv": LEADS},
        {"leads.xlsx": BOOK},
        {"leads.xlsx": BOOK, "__MACOSX/._leads.xlsx": OF_A_MAC},
    ],
    ids=["Mac", "folders", "PDF", "picture and text", "workbook", "workbook of a Mac"],
)
def test_what_is_no_table_is_left_alone(tmp_path, files):
    assert leads(tmp_path, files) == 1


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a.pdf": b"%PDF-1.4\n"}, "found a PDF"),
        ({"leads.csv": LEADS, "other.csv": b"Lead ID\n\x81\x00\n"}, "found bytes that are in none"),
        ({"leads.csv": LEADS, "more.xlsx": BOOK}, r"found leads\.csv and more\.xlsx, Leads"),
        (
            {"1.csv": LEADS, "2.csv": LEADS.replace("Web", "Büro").encode("cp1252")},
            r"found 1\.csv and 2\.csv",
        ),
        ({"1.csv": LEADS, "2.csv": LEADS.replace("1,", "2,")}, r"found 1\.csv and 2\.csv"),
    ],
    ids=["nothing else", "what cannot be read may be a table", "two tables", "two encodings", "two parts"],
)
def test_what_may_be_a_table_is_told(tmp_path, files, found):
    with pytest.raises(BadFileError, match=found):
        leads(tmp_path, files)

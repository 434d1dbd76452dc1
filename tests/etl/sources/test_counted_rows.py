"""Rows in are the lines of the file, counted here by a reader that knows nothing of any source."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.sources import registry
from scoring.errors import BadFileError
from tests.etl.samples import (
    BUDGET_ROWS,
    MARKET_ROWS,
    OCTOBER,
    TEXTS,
    account,
    budget_workbook,
    contents,
    encode,
    land,
    market_workbook,
    read,
)

WORKBOOKS = {"market_size": market_workbook(MARKET_ROWS), "budget": budget_workbook(BUDGET_ROWS)}
# the first cell of each header row
BEGINS = {"Day", "Reporting starts", "Start Date (in UTC)", "时间-天", "时间", "Date", "Record ID"}
BEGINS |= {"Tweet id", "Post ID", "内容标题", "Response ID", "Auftrag"}


def naive_count(source, content):
    """The records below the header that are not blank, by Python's own reader."""
    if source in WORKBOOKS:
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        rows = [row for row in page.iter_rows(values_only=True) if any(cell is not None for cell in row)]
        return len(rows) - 1 - next(at for at, row in enumerate(rows) if row[0] == "Month")
    encoding = {"linkedin_ads": "utf-16", "ocean_engine": "gb18030", "wechat": "gb18030"}.get(source)
    text = content.decode(encoding or "utf-8-sig")
    rows = list(
        csv.reader(io.StringIO(text), delimiter={"linkedin_ads": "\t", "sales": ";"}.get(source, ","))
    )
    header = next(at for at, row in enumerate(rows) if row and row[0] in BEGINS)
    return sum(1 for row in rows[header + 1 :] if any(cell.strip() for cell in row))


@pytest.mark.parametrize("source", [*TEXTS, *WORKBOOKS])
def test_rows_in_are_what_another_reader_counts(tmp_path, source):
    files = [WORKBOOKS[source]] if source in WORKBOOKS else contents(source)
    tallies = read(tmp_path, source, files).tallies
    assert [tally.rows_in for tally in tallies] == [naive_count(source, content) for content in files]
    assert [tally.rows_used + tally.rows_set_aside for tally in tallies] == [t.rows_in for t in tallies]


CELL = st.text(
    st.sampled_from('ab,;\t"\n\r |é㛃') | st.characters(codec="utf-8", categories=["L", "P"]), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELL, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2))
def test_any_text_in_a_comment_leaves_the_count_right(tmp_path, comments, end, blank_lines):
    text = io.StringIO()
    # all quoted: a lone carriage return outside quotes ends a row, and is refused
    rows = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    rows.writerow(["Response ID", "Submitted At", "Survey", "Score (0-10)", "Satisfaction (1-5)", "Comment"])
    for number, comment in enumerate(comments):
        rows.writerow([f"r{number}", "2026-10-03T14:22:05Z", "Service", 9, "", comment])
    content = encode("survey", text.getvalue() + end * blank_lines)
    (tally,) = read(tmp_path, "survey", [content]).tallies
    assert tally.rows_in == naive_count("survey", content) == len(comments) == tally.rows_used


WHOLE_LINES = [("survey", 0), ("x", 0), ("hubspot", 0), ("hubspot", 1), ("facebook_pages", 0)]
WHOLE_LINES += [("facebook_pages", 1), ("wechat", 0), ("wechat", 1), ("fx_rates", 0)]


@pytest.mark.parametrize(("source", "index"), WHOLE_LINES)
def test_a_file_without_totals_that_breaks_off_in_its_last_line_is_refused(tmp_path, source, index):
    files = contents(source)
    for cut in (1, 2, 3):
        broken = list(files)
        broken[index] = files[index].rstrip(b"\r\n")[: None if cut == 1 else 1 - cut]
        with pytest.raises(BadFileError) as raised:
            registry()[source].read(land(tmp_path, broken), account(source), OCTOBER)
        assert raised.value.file == f"{index}.csv"


def test_what_breaks_off_is_called_so(tmp_path):
    (content,) = contents("survey")
    with pytest.raises(BadFileError, match=r"expected a last line that ends .* possibly cut off"):
        read(tmp_path, "survey", [content[:-1]])


def test_a_channel_of_ga4_that_the_second_table_lost_is_refused(tmp_path):
    files = contents("ga4", lambda texts: [texts[0].replace("Paid Search,50\n", "")])
    with pytest.raises(BadFileError, match="expected a total of Paid Search in the second table"):
        read(tmp_path, "ga4", files)

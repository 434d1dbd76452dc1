"""Every row that a reader gives says in which row of which file it stands, and there it does stand."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from etl.sources import registry
from etl.sources.quarantining import read_slice
from tests.etl.samples import (
    BUDGET_ROWS,
    MARKET_ROWS,
    OCTOBER,
    TEXTS,
    account,
    budget_workbook,
    contents,
    land,
    market_workbook,
    read,
)

# what a row is known by in its file, as it is written there
KNOWN_BY = {
    "fct_ad_daily": ("campaign_id", "campaign_name", "ad_group_id"),
    "fct_budget": ("cost_centre",),
    "fct_lead": ("lead_id",),
    "fct_market_size": ("segment",),
    "fct_mention_daily": ("topic", "own_mentions"),
    "fct_page_daily": ("followers",),
    "fct_sale": ("order_id", "customer_id"),
    "fct_social_post": ("post_id", "title", "reach"),
    "fct_survey_response": ("response_id",),
    "fct_web_daily": ("channel", "sessions"),
}


def cells_of(content):
    """The cells of a file row by row, as a spreadsheet shows them: a line break in quotes begins no row."""
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        separator = max(",;\t", key=text.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [[cell.strip().replace(",", "") for cell in row] for row in rows]
    raise AssertionError(content[:40])


@pytest.mark.parametrize("source", [name for name in TEXTS if name != "fx_rates"])
def test_the_row_is_where_its_reader_says(tmp_path, source):
    files = contents(source)
    written = {f"{number}.csv": cells_of(content) for number, content in enumerate(files)}
    conformed = read(tmp_path, source, files)
    for fact, table in conformed.tables.items():
        place, *_ = conformed.lines[fact]
        assert len(place.rows) == table.num_rows
        for row, number in zip(table.to_pylist(), place.rows.to_pylist(), strict=True):
            cells = written[place.file][number - 1]
            for column in KNOWN_BY[fact]:
                assert row[column] is None or str(row[column]).replace(",", "") in cells


@pytest.mark.parametrize(
    ("source", "content", "sheet"),
    [
        ("budget", budget_workbook(BUDGET_ROWS), "Plan"),
        ("market_size", market_workbook(MARKET_ROWS), "Market"),
    ],
)
def test_of_a_workbook_the_sheet_is_named_too(tmp_path, source, content, sheet):
    conformed = read(tmp_path, source, [content])
    ((fact, table),) = conformed.tables.items()
    (place,) = conformed.lines[fact]
    assert place.sheet == sheet
    page = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    for row, number in zip(table.to_pylist(), place.rows.to_pylist(), strict=True):
        cells = [cell.value for cell in page[number]]
        assert row[KNOWN_BY[fact][0]] in cells


def test_a_won_lead_also_names_the_deals_that_won_it(tmp_path):
    files = contents("hubspot")
    conformed = read(tmp_path, "hubspot", files)
    contacts, deals = conformed.lines["fct_lead"]
    assert (contacts.file, deals.file) == ("0.csv", "1.csv")
    written = cells_of(files[1])
    leads = conformed.tables["fct_lead"]
    named = 0
    for row, numbers in zip(leads.to_pylist(), deals.rows.to_pylist(), strict=True):
        assert bool(numbers) == (row["won_date"] is not None)
        for number in numbers or ():
            assert any(cell.split(";")[0] == row["lead_id"] for cell in written[number - 1])
            named += 1
    assert named == sum("Closed Won" in row for row in written)


def test_a_rate_names_the_quote_in_use(tmp_path):
    files = contents("fx_rates")
    conformed = read(tmp_path, "fx_rates", files)
    (place,), written = conformed.lines["fct_fx_rate"], cells_of(files[0])
    for row, number in zip(conformed.tables["fct_fx_rate"].to_pylist(), place.rows.to_pylist(), strict=True):
        if row["currency_code"] == "EUR":
            assert number is None
        else:
            assert written[number - 1][0] == row["quoted_date"].isoformat()


def test_a_row_set_apart_shifts_no_line(tmp_path):
    whole = read(tmp_path, "survey", contents("survey")).lines["fct_survey_response"]
    bad, *_ = [row[1] for row in cells_of(contents("survey")[0])[1:]]
    files = land(tmp_path, contents("survey", lambda texts: [texts[0].replace(bad, "yesterday", 1)]))
    left = read_slice(registry()["survey"], files, account("survey", quarantine=1), OCTOBER)
    (apart,), (rest,) = left.quarantined, left.lines["fct_survey_response"]
    assert [apart.row, *rest.rows.to_pylist()] == whole[0].rows.to_pylist()

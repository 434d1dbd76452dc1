"""Exports in which the platform says in words that it has no rows."""

from __future__ import annotations

import pytest

from etl.reading.saying_none import says_none
from scoring.errors import BadFileError
from tests.etl.formats.reading import read
from tests.trying.test_tried import tried

META = (
    "Account name,Campaign name,Campaign ID,Ad set name,Ad set ID,Day,Results,Impressions,Link clicks,"
    "Amount spent (EUR),Reporting starts,Reporting ends\n"
)
ROW = "Acme,Spring,31,Broad,41,2026-10-01,1,100,5,9.50,2026-10-01,2026-10-01\n"
NOTES = (
    "No data available.",
    "No data available.\n",
    "No data available.,,,,,,,,,,,\n",
    ",,,,,,,,,,,\nNo data available.\n",
    "Keine Daten verfügbar.\n",
    "暂无数据\n",
)


@pytest.mark.parametrize("note", NOTES)
def test_a_note_in_place_of_rows_is_an_export_without_any(tmp_path, note):
    found = read(tmp_path, "meta_ads", META + note)
    assert found.tables["fct_ad_daily"].num_rows == 0
    assert [(each.rows_used, each.rows_set_aside) for each in found.tallies] == [(0, 1)]


def test_a_note_of_display_and_video_360_above_its_other_lines(tmp_path):
    text = (
        "Date,Line Item,Line Item ID,Insertion Order,Insertion Order ID,Advertiser Currency,Impressions,Clicks,"
        "Media Cost (Advertiser Currency)\nNo data returned by the reporting service.\n\n"
        "Report Time:,2026/11/02 10:00 GMT\n"
    )
    assert read(tmp_path, "dv360", text).tables["fct_ad_daily"].num_rows == 0


def test_a_note_beside_rows_or_of_other_words_is_no_empty_export(tmp_path):
    for text in (META + ROW + "No data available.\n", META + "No data avail\n", META + "Spring\n"):
        with pytest.raises(BadFileError, match="12 cells"):
            read(tmp_path, "meta_ads", text)


def test_a_note_without_a_header_says_that_nothing_is_there(tmp_path):
    with pytest.raises(
        BadFileError, match=r"expected a table, found only 'No data available\.'; look whether"
    ):
        read(tmp_path, "meta_ads", "No data available.\n")


def test_trying_a_note_tells_of_an_empty_month(tmp_path):
    found = tried(tmp_path, META + "No data available.,,,,,,,,,,,\n")
    assert (found.verdict, found.read.dropped) == ("reads", {"note that there are no rows": 1})


@pytest.mark.parametrize(
    "name", ["No data brokers", "Keine Datenschutzwerbung", "Nodata", "Sin datosx", "无数据营销"]
)
def test_a_campaign_may_be_called_almost_so(name):
    assert not says_none(name)

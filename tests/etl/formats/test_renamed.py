"""A column that a file may lack, under another name: no number changes, and whoever loads it is warned."""

from __future__ import annotations

import pytest

from tests.etl.formats.reading import read, totals

HEADER = "Day,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,Cost"
ROW = "2026-10-01,Summer,12,Broad,34,USD,1000,12,20.50"
TOTAL = "Total: Ad groups,,,,,USD,1000,12,20.50"


def warnings(folder, name, cell="2"):
    found = read(folder, "google_ads", f"{HEADER},{name}\n{ROW},{cell}\n{TOTAL},\n")
    assert totals(found, "fct_ad_daily")["spend"] == 20.5
    assert totals(found, "fct_ad_daily")["conversions"] == 0
    return found.warnings


def test_a_column_that_may_be_the_one_a_file_lacks_is_named(tmp_path):
    (sentence,) = warnings(tmp_path, "Total conversions")
    assert sentence == (
        "0: no column for conversions, and 'Total conversions' may be it under another name: it counts only if "
        "a format that is `like: google_ads_ad_groups` names it"
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [("Cost / conv.", "2.50"), ("Conv. rate", "2"), ("Conversions note", "none"), ("Labels", "2")],
    ids=["a ratio", "a rate", "words", "of another name"],
)
def test_what_cannot_be_it_is_not(tmp_path, name, cell):
    assert warnings(tmp_path, name, cell) == ()


def test_nothing_is_said_of_a_file_that_lacks_nothing(tmp_path):
    header = f"{HEADER},Conversions,Conv. value,Total conversions\n"
    assert read(tmp_path, "google_ads", f"{header}{ROW},1,5,2\n{TOTAL},1,5,2\n").warnings == ()

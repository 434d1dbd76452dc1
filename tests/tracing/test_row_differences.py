"""Which source rows differ between the loads of two revisions, with what they said and say, and where."""

from __future__ import annotations

import csv
import io
import shutil

import pytest

from tests.pipeline.conftest import Place
from tests.pipeline.exports import ADS, ANSWERS, RATES, ads, answers, change, rates

ROW = "2026-10-{day:02d},Lamps,201,Core,2011,USD,900,{clicks},9.18"


def swapped(text):
    """One click of the 4th is one of the 3rd: the totals stay."""
    for day, clicks in ((3, 18), (4, 16)):
        text = text.replace(ROW.format(day=day, clicks=17), ROW.format(day=day, clicks=clicks))
    return text


@pytest.fixture(scope="module")
def revised(tmp_path_factory, unsent):
    """Three revisions of October: complete, then with a row gone and two changed, then with answers added."""
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("differences") / "place"))
    change(place.export(ADS), lambda _: swapped(ads(without={(5, "202")})))
    place.run(send=False)
    change(place.export(ANSWERS), lambda _: answers((10, 9, 9, 8, 10, 3, 9, 10, 2)))
    place.run(send=False)
    return place


@pytest.fixture
def diff(command):
    def run(place, *arguments, code=0):
        done = command(place, "diff", *arguments)
        assert done.code == code, done.err
        return done.out

    return run


def written(place, diff, *arguments):
    file = place.root / "changes.csv"
    diff(place, *arguments, "--csv", file, "--force")
    return [*csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))]


def test_changed_rows_have_both_values_and_both_lines(revised, diff):
    rows = written(revised, diff, "2026-10", "north", "1", "2")
    found = {
        (row["row"], row["column"]): (row["before"], row["now"], row["lines_before"], row["lines_now"])
        for row in rows
        if row["change"] == "changed"
    }
    # a row a day and campaign below three lines; one above the second is gone only after these
    assert found == {
        ("2026-10-03 · 201 · 2011", "clicks"): ("17", "18", "8", "8"),
        ("2026-10-04 · 201 · 2011", "clicks"): ("17", "16", "10", "10"),
    }


def test_a_row_that_went_has_its_old_line_and_no_other_row_counts_as_changed(revised, diff):
    rows = written(revised, diff, "2026-10", "north", "1", "2")
    gone = [row for row in rows if row["change"] == "gone"]
    assert {(row["row"], row["lines_before"], row["lines_now"]) for row in gone} == {
        ("2026-10-05 · 202 · 2021", "13", "")
    }
    assert {row["column"]: row["before"] for row in gone}["spend"] == "9.18"
    assert {row["source"] for row in rows} == {"google_ads"}
    lines = ads().splitlines()
    assert lines[int(gone[0]["lines_before"]) - 1].startswith("2026-10-05,Lamps,202,")


def test_the_terminal_tells_the_same(revised, diff):
    said = " ".join(diff(revised, "2026-10", "north", "1", "2", "--rows").split())
    assert "google_ads/shop 2026-10: 2 changed, 1 gone" in said
    assert "clicks 17 → 18 8 8" in said
    assert "spend 9.18 → –" in said
    assert "survey/panel 2026-10" not in said


def test_a_row_that_came_has_its_new_line(revised, diff):
    rows = written(revised, diff, "2026-10", "south", "1", "2")
    assert {(row["row"], row["change"], row["lines_before"], row["lines_now"]) for row in rows} == {
        ("r8", "added", "", "10")
    }
    assert {row["column"]: row["now"] for row in rows}["nps_score"] == "2"


def test_rows_of_another_team_are_not_told(revised, diff):
    """The ads are North's alone; both have a share of the answers."""
    assert {row["source"] for row in written(revised, diff, "2026-10", "south", "1", "2")} == {"survey"}


def test_other_rates_name_the_lines_of_their_quotes(issued, diff):
    change(issued.export(RATES), lambda _: rates().replace("2026-10-14,1.0800", "2026-10-14,1.1000"))
    issued.run(send=False)
    (row, *others) = written(issued, diff, "2026-10", "north", "1", "2")
    assert not others
    assert (row["source"], row["row"], row["column"]) == ("fx_rates", "2026-10-14 · USD", "rate")
    assert (row["before"], row["now"]) == ("0.9259259259", "0.9090909091")
    assert rates().splitlines()[int(row["lines_now"]) - 1] == "2026-10-14,1.0800"


def test_a_load_that_is_lost_is_one_sentence(revised, tmp_path, diff):
    place = Place(shutil.copytree(revised.root, tmp_path / "lost"))
    for manifest in (place.home / "landing/pulls/google_ads/shop/2026-10").glob("000001.json"):
        manifest.unlink()
    said = " ".join(diff(place, "2026-10", "north", "1", "2", "--rows").split())
    assert (
        "google_ads/shop 2026-10: not compared: google_ads/shop 2026-10: expected the pull of the files"
        in said
    )


def test_without_rows_nothing_is_read_again(revised, tmp_path, diff):
    place = Place(shutil.copytree(revised.root, tmp_path / "plain"))
    shutil.rmtree(place.home / "landing")
    assert "not compared" not in diff(place, "2026-10", "north", "1", "2")

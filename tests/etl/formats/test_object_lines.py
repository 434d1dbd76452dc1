"""JSON lines: objects as rows, exact to the digit, each fault by its line."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from scoring.errors import BadFileError, BadRowError
from tests.etl.formats.reading import read, totals

D = Decimal
ADS = [
    {
        "campaign": {"id": 77, "name": "Lämp \U0001f6b2"},
        "segments": {"date": "2026-10-30"},
        "metrics": {"impressions": "1000", "clicks": 7, "cost_micros": 1500000},
    },
    {
        "metrics": {"clicks": 3, "cost_micros": 250001, "impressions": 50, "conversions": 0.1},
        "segments": {"date": "2026-10-31"},
        "campaign": {"id": 77, "name": "Lamp", "budget": None},
    },
]
AD = "fct_ad_daily"


def lines(objects):
    return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in objects)


def test_objects_inside_each_other_and_a_key_that_comes_late(tmp_path):
    found = read(tmp_path, "google_ads", lines(ADS), currency_code="USD")
    sums = totals(found, AD)
    assert (sums["impressions"], sums["clicks"], sums["spend"]) == (1050, 10, D("1.750001"))
    assert sums["conversions"] == D("0.1")
    assert found.tables[AD]["campaign_name"].to_pylist() == ["Lämp \U0001f6b2", "Lamp"]
    assert [file.rows_used for file in found.tallies] == [2]


@pytest.mark.parametrize("written", ["1.5E6", "1500000.0", '"1500000"', "15e5"])
def test_a_number_is_what_it_says_in_any_notation(tmp_path, written):
    text = lines(ADS).replace("1500000", written)
    assert totals(read(tmp_path, "google_ads", text, currency_code="USD"), AD)["spend"] == D("1.750001")


@pytest.mark.parametrize("content", ["\ufeff{}", "{}\n", "\n\n{}\n\n"])
def test_marks_blank_lines_and_a_last_line_without_a_break(tmp_path, content):
    text = content.replace("{}", lines(ADS).rstrip("\n"))
    assert totals(read(tmp_path, "google_ads", text, currency_code="USD"), AD)["rows"] == 2


SECOND = json.dumps(ADS[1])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (SECOND[:-1], "row 2: expected a JSON object, found '.*…"),
        (f"{SECOND},", "row 2: expected a JSON object"),
        (f"[{SECOND}]", "row 2: expected a JSON object"),
        (SECOND.replace('"clicks": 3', '"clicks": 3, "clicks": 4'), "found one with the key 'clicks' twice"),
        (SECOND.replace("{", '{"metrics.clicks": 4, ', 1), "found one with the key 'metrics.clicks' twice"),
        (SECOND.replace("0.1", "NaN"), "found NaN, which is no number of JSON"),
        (SECOND.replace("null", '"\\ud800"'), "found a character that is none in UTF-8"),
        (SECOND.replace("null", '"\\u0000"'), "found a text with the character 0"),
        (SECOND.replace("0.1", '{"a":' * 90 + "1" + "}" * 90), "objects inside each other more than 8 times"),
        ("[" * 9000, "row 2: expected a JSON object"),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path, line, sentence):
    text = f"{json.dumps(ADS[0])}\n{line}\n"
    with pytest.raises(BadFileError, match=sentence):
        read(tmp_path, "google_ads", text, currency_code="USD")


@pytest.mark.parametrize("count", ["7.5", "1e999999999", "12345678901234567890123", '"1,5"', "true"])
def test_a_value_that_is_no_count_is_named_by_its_line(tmp_path, count):
    with pytest.raises(BadRowError, match=r"row 1, column 'metrics\.clicks': expected a (whole )?number"):
        read(
            tmp_path,
            "google_ads",
            lines(ADS).replace('"clicks": 7', f'"clicks": {count}'),
            currency_code="USD",
        )


def test_an_object_without_what_it_must_have_is_named(tmp_path):
    without = [{**ADS[0], "segments": {}}, ADS[1]]
    with pytest.raises(BadFileError, match=r"row 1, column 'segments\.date'"):
        read(tmp_path, "google_ads", lines(without), currency_code="USD")


def test_an_object_in_place_of_a_number_is_not_taken_for_none(tmp_path):
    text = lines(ADS).replace('"clicks": 3', '"clicks": {"all": {"paid": 3}}')
    with pytest.raises(BadFileError, match=r"'metrics\.clicks': expected a value everywhere, or an object"):
        read(tmp_path, "google_ads", text, currency_code="USD")
    # an object that is not there is no value
    text = lines([{**ADS[0], "budget": {"id": 1}}, {**ADS[1], "budget": None}])
    assert totals(read(tmp_path, "google_ads", text, currency_code="USD"), AD)["rows"] == 2


def test_keys_that_nobody_knows_are_named_without_a_row(tmp_path):
    with pytest.raises(BadFileError, match=r"^0: expected"):
        read(tmp_path, "google_ads", '{"a": 1}\n')

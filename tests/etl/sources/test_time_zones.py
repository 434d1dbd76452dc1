"""A UTC time counts on the day that it was where the account is, also when clocks are put forward or back."""

from __future__ import annotations

from datetime import date

import pytest

from etl.sources import registry
from scoring.errors import BadFileError
from scoring.period import Period
from tests.etl.samples import account, encode, land

HEADER = "Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5),Comment\n"
POSTS = '"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements"\n'


def days_of(folder, month, zone, *times):
    text = HEADER + "".join(f"r{n},{time},Service,9,,\n" for n, time in enumerate(times))
    files = land(folder, [encode("survey", text)])
    read = registry()["survey"].read(files, account("survey", time_zone=zone), month)
    return read.tables["fct_survey_response"]["responded_date"].to_pylist()


@pytest.mark.parametrize(
    ("zone", "time", "day"),
    [
        # clocks are put forward at 01:00 UTC on 29 March and back at 01:00 UTC on 25 October
        ("Europe/Berlin", "2026-03-28T22:59:59Z", date(2026, 3, 28)),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", date(2026, 3, 29)),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", date(2026, 3, 29)),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", date(2026, 3, 30)),
        ("Europe/Berlin", "2026-10-24T21:59:59Z", date(2026, 10, 24)),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", date(2026, 10, 25)),
        ("Europe/Berlin", "2026-10-25T00:30:00Z", date(2026, 10, 25)),
        ("Europe/Berlin", "2026-10-25T01:30:00Z", date(2026, 10, 25)),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", date(2026, 10, 25)),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", date(2026, 10, 26)),
        ("America/New_York", "2026-10-31T03:59:59Z", date(2026, 10, 30)),
        ("America/New_York", "2026-10-31T04:00:00Z", date(2026, 10, 31)),
        ("Asia/Shanghai", "2026-10-04T15:59:59Z", date(2026, 10, 4)),
        ("Asia/Shanghai", "2026-10-04T16:00:00Z", date(2026, 10, 5)),
        ("UTC", "2026-10-04T23:59:59Z", date(2026, 10, 4)),
    ],
)
def test_an_answer_counts_on_the_day_that_it_was_in_the_accounts_zone(tmp_path, zone, time, day):
    assert days_of(tmp_path, Period.containing(day), zone, time) == [day]


def test_a_month_begins_and_ends_at_midnight_of_the_zone(tmp_path):
    october = Period(2026, 10)
    ends = ("2026-09-30T22:00:00Z", "2026-10-31T22:59:59Z")
    assert days_of(tmp_path, october, "Europe/Berlin", *ends) == [date(2026, 10, 1), date(2026, 10, 31)]
    assert days_of(tmp_path, october, "Europe/Berlin", "2026-09-30T21:59:59Z") == []
    with pytest.raises(BadFileError, match=r"a time in 2026-10 as Europe/Berlin counts its days"):
        days_of(tmp_path, october, "Europe/Berlin", "2026-10-31T23:00:00Z")


@pytest.mark.parametrize("time", ["2026-10-04T24:00:00Z", "2026-10-04T23:60:00Z", "4 Oct", "2026-10-04T1:2Z"])
def test_what_is_no_time_is_refused(tmp_path, time):
    with pytest.raises(BadFileError, match="a day such as 2026-10-01"):
        days_of(tmp_path, Period(2026, 10), "Europe/Berlin", time)


@pytest.mark.parametrize(
    ("time", "day"),
    [("2026-10-04T23:59:59", 5), ("2026-10-04T23:59:59+02:00", 4), ("2026-10-04 23:59:59 -0500", 5)],
)
def test_a_time_says_its_own_zone_and_without_one_it_is_utc(tmp_path, time, day):
    assert days_of(tmp_path, Period(2026, 10), "Europe/Berlin", time) == [date(2026, 10, day)]


def test_a_post_counts_on_the_day_that_it_was_in_the_accounts_zone(tmp_path):
    text = POSTS + '"1","https://x.example/acme/status/1","late","2026-10-04 23:30 +0000","5","1"\n'
    read = registry()["x"].read(
        land(tmp_path, [encode("x", text)]), account("x", time_zone="Europe/Berlin"), Period(2026, 10)
    )
    assert read.tables["fct_social_post"]["posted_date"].to_pylist() == [date(2026, 10, 5)]

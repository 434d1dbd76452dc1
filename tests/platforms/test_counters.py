"""Counters without a history, such as Instagram's followers: each day keeps what was seen on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scoring.errors import BadFileError, DataError
from scoring.period import Period
from tests.platforms.standin import status

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
NAME = "instagram_media followers 2026-11.jsonl"


@pytest.fixture
def theirs(standing):
    made = standing("instagram_media")
    made.standin.state["followers"] = 5_000
    return made


def pull(theirs, followers, *when, month=NOVEMBER, **said):
    """One pull at a moment of November (UTC): day, hour and minute."""
    theirs.standin.state["followers"] = followers
    theirs.now = datetime(2026, 11, *when, tzinfo=UTC)
    return theirs.land(month=month, **said)


def followers(theirs, month=NOVEMBER, **said):
    rows = theirs.rows(month=month, **said)
    return {row["activity_date"]: row["followers"] for row in rows if "followers" in row}


def asked_for(theirs):
    return [each for each in theirs.standin.asked if "followers_count" in each.params.get("fields", "")]


def test_each_day_keeps_its_own_value_and_a_day_without_a_pull_has_none(theirs):
    for followed, *when in ((5_000, 3, 5), (5_020, 4, 5), (4_990, 7, 5)):
        assert pull(theirs, followed, *when)
    assert followers(theirs) == {
        date(2026, 11, 3): 5_000,
        date(2026, 11, 4): 5_020,
        date(2026, 11, 7): 4_990,
    }


def test_of_a_day_its_last_value_counts(theirs):
    pull(theirs, 5_000, 3, 5)
    pull(theirs, 5_011, 3, 21)
    assert followers(theirs) == {date(2026, 11, 3): 5_011}


def test_a_day_is_the_accounts(theirs):
    pull(theirs, 5_000, 3, 23, time_zone="Asia/Shanghai")
    assert followers(theirs, time_zone="Asia/Shanghai") == {date(2026, 11, 4): 5_000}


def test_what_was_landed_before_stays_as_it_was(theirs):
    pull(theirs, 5_000, 3, 5)
    (before,) = theirs.landing.pulls("instagram", "1001", NOVEMBER)
    was = {file.name: file.read_bytes() for file in before.files}
    pull(theirs, 5_020, 4, 5)
    seen_then = theirs.landing.as_of("instagram", "1001", NOVEMBER, datetime(2026, 11, 4, tzinfo=UTC))
    assert {file.name: file.read_bytes() for file in seen_then.files} == was
    assert b"5020" not in was[NAME]


def test_a_month_that_is_over_is_not_asked_for_and_keeps_its_days(theirs):
    pull(theirs, 5_000, 29, 5)
    pull(theirs, 5_050, 30, 5)
    known = len(asked_for(theirs))
    theirs.standin.state["followers"] = 9_999
    theirs.now = datetime(2026, 12, 2, 5, tzinfo=UTC)
    assert theirs.land(month=NOVEMBER)
    assert followers(theirs) == {date(2026, 11, 29): 5_000, date(2026, 11, 30): 5_050}
    assert len(asked_for(theirs)) == known


def test_a_month_that_nobody_asked_in_has_none(theirs):
    assert pull(theirs, 5_000, 3, 5, month=OCTOBER)
    assert followers(theirs, OCTOBER) == {}
    assert asked_for(theirs) == []


def test_a_pull_that_fails_leaves_the_days_before(theirs):
    pull(theirs, 5_000, 3, 5)
    theirs.standin.faults = {0: [status(403)]}
    with pytest.raises(BadFileError, match="HTTP 403"):
        pull(theirs, 5_020, 4, 5)
    pull(theirs, 5_030, 5, 5)
    assert followers(theirs) == {date(2026, 11, 3): 5_000, date(2026, 11, 5): 5_030}


def test_another_account_is_refused(theirs):
    theirs.standin.state["another"] = "1002"
    with pytest.raises(BadFileError, match="'1002', which is not '1001'"):
        pull(theirs, 5_000, 3, 5)


def test_a_landed_file_that_the_disk_lost_is_not_taken_for_no_days(theirs):
    pull(theirs, 5_000, 3, 5)
    (known,) = theirs.landing.pulls("instagram", "1001", NOVEMBER)
    next(file for file in known.files if file.name == NAME).path.unlink()
    with pytest.raises(DataError, match="found no file"):
        pull(theirs, 5_020, 4, 5)


def test_many_pulls_are_one_row_a_day(theirs):
    at, seen = datetime(2026, 11, 1, 1, tzinfo=UTC), {}
    for number in range(25):
        when = at + timedelta(hours=9 * number)
        pull(theirs, 5_000 + number * 7 % 61, when.day, when.hour, time_zone="UTC")
        seen[when.date()] = 5_000 + number * 7 % 61
    assert followers(theirs, time_zone="UTC") == seen

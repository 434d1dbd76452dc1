"""`scorewright sources`: how each account stands, and what ends soon."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditing.sources import Standing, standing, versions_ending
from pipeline.preparing import prepare
from pipeline.site import open_site
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from pulling.journal import last_end
from scoring.period import Period
from settings import Settings
from terminal.commands import sourcing
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER
from tests.pipeline.test_origins import connection, platform, pulling
from tests.platforms.standin import Reply

__all__ = ["platform"]


@pytest.fixture
def site(place, platform):
    """An installation whose ads are pulled, with October loaded; its version ends in 30 days."""
    pulling(place)
    said = place.root / "config/platforms/google_ads.yaml"
    ends = NOW.date() + timedelta(days=30)
    text = said.read_text("utf-8").replace("version: {name: v26}", f"version: {{name: v26, sunset: {ends}}}")
    said.write_text(text.replace("signals:", "signals:\n  quota: [X-Left]", 1), "utf-8")
    behave = platform.behave
    platform.behave = lambda *asked: replace(behave(*asked), headers={"X-Left": "95 of 100"})
    settings = {
        "SCOREWRIGHT_CONFIG": str(place.root / "config"),
        "SCOREWRIGHT_HOME": str(place.root / "home"),
        "SCOREWRIGHT_EXPORTS": str(place.root / "exports"),
        "SCOREWRIGHT_CONNECTION_THEIRS": connection(platform),
    }
    return open_site(Settings.from_environment(settings))


def of_ads(site):
    return next(each for each in standing(site, NOW) if each.account == "google_ads/shop")


def test_an_account_says_how_it_stands(site, platform):
    assert of_ads(site).loaded == 0
    prepare(site, OCTOBER)
    extract(site, OCTOBER, "google_ads", now=NOW).or_raise()
    load(site, OCTOBER, "google_ads", now=NOW).or_raise()
    found = of_ads(site)
    assert (found.way, found.connection, found.loaded, found.newest) == ("Google Ads", "theirs", 1, OCTOBER)
    assert (dict(found.left), found.days, found.error) == ({"X-Left": "95 of 100"}, 30, None)
    left = {"X-Left": "95 of 100"}
    platform.behave = lambda *_: Reply({"error": {"code": 400, "message": "no such metric"}}, 400, left)
    extract(site, OCTOBER, "google_ads", now=NOW, months=[OCTOBER])
    assert "HTTP 400 (no such metric)" in of_ads(site).error
    # what was loaded stands
    assert of_ads(site).newest == OCTOBER
    lines = [*of_ads(site).told()]
    assert lines[0] == "google_ads/shop: Google Ads, connection theirs"
    assert lines[1].startswith("  loaded: 1 of ")
    assert lines[2] == f"  newest month: 2026-10, last load: {NOW:%Y-%m-%d %H:%M} UTC"
    assert lines[4:6] == ["  left: X-Left 95 of 100", f"  version: v26, until {found.sunset}, 30 days"]
    assert lines[6].startswith("  error: google_ads 2026-10 of google_ads/shop: expected a whole answer")
    assert all(len(line) <= 80 for line in lines[:6])
    as_json = json.loads(json.dumps(of_ads(site).as_json(), default=str))
    assert (as_json["newest"], as_json["days"], as_json["left"]) == ("2026-10", 30, {"X-Left": "95 of 100"})
    # what is told of accounts with files
    others = [each for each in standing(site, NOW) if each.account != "google_ads/shop"]
    assert others
    assert {each.way for each in others} == {"files"}
    assert "canary" not in repr(standing(site, NOW))


@pytest.mark.parametrize(("days", "is_said"), [(61, False), (60, True), (0, True), (-1, True)])
def test_a_version_that_ends_is_said_where_people_look(site, days, is_said):
    end = of_ads(site).sunset
    found = versions_ending(site, end - timedelta(days=days))
    assert bool(found) is is_said
    assert all(each.startswith("Google Ads v26 ") for each in found)


def test_the_newest_question_is_the_one_that_is_told(site, platform):
    account = site.book.account("google_ads", "shop")
    assert last_end(site.landing, account) == (None, {})
    site.puller(account, OCTOBER)
    day, left = last_end(site.landing, account)
    assert (day, left) == (datetime.now(UTC).date(), {"X-Left": "95 of 100"})


def test_an_account_that_has_nothing_yet_is_told_in_80_columns():
    account = "linkedin_ads/508317742508317742"
    window = Period(2025, 10), Period(2026, 10)
    lines = [
        *Standing(account, "LinkedIn Ads", "a_long_connection", window, 0, 13, sunset=date(2027, 1, 1)).told()
    ]
    assert lines == [
        f"{account}: LinkedIn Ads, connection a_long_connection",
        "  loaded: 0 of 13 months from 2025-10 to 2026-10",
    ]
    assert sourcing.overview.__doc__

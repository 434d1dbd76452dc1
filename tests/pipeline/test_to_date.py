"""The year to date from the exports to the card, by the book's own year, with what it lacks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.period import Period
from tests.pipeline.exports import ADS, ads, change, write_month

CLICKS = 17 * 2
"""Of a day."""


@pytest.fixture
def exported(place):
    """A book whose year begins in August, with exports of some months before October's."""

    def write(*months: int) -> None:
        change(
            place.root / "config/calendar.yaml",
            lambda text: f"{text}\nyear_to_date: true\nfiscal_year: {{begins: august}}\n",
        )
        for month in months:
            write_month(place.root / "exports", Period(2026, month))

    return write


def years(card):
    return {result.kpi_id: result.year_to_date for result in card.results}


def test_it_is_of_all_days_of_the_fiscal_year_and_a_ratio_of_their_sums(place, exported):
    exported(7, 8, 9)
    (place.root / "exports" / ADS.replace("10", "08")).write_text(ads(Period(2026, 8).days(), ["201"]))
    found = years(place.cards()["north"])
    assert found["clicks"].actual == 17 * 31 + CLICKS * (30 + 31)
    # each click costs 0.54 dollars, at 1.08 dollars a euro
    assert found["cost_per_click"].actual == Decimal("0.5")
    assert {year.first for year in found.values()} == {"2026-08-01"}
    assert {year.lacking for year in found.values()} == {()}


def test_a_month_that_is_missing_is_named_and_leaves_the_certificate_alone(place, exported):
    exported(8)
    north = place.cards()["north"]
    found = years(north)
    assert found["clicks"].actual == CLICKS * (31 + 31)
    assert {kpi_id: year.lacking for kpi_id, year in found.items()} == dict.fromkeys(found, ("2026-09",))
    assert north.certificate.findings == ()


def test_a_day_that_is_missing_names_its_month_for_the_kpis_that_stand_on_it(place, exported):
    exported(8, 9)
    days = [day for day in Period(2026, 9).days() if day.day != 12]
    (place.root / "exports" / ADS.replace("10", "09")).write_text(ads(days))
    found = place.cards()
    assert {kpi_id: year.lacking for kpi_id, year in years(found["north"]).items()} == {
        "clicks": ("2026-09",),
        "cost_per_click": ("2026-09",),
        "nps": (),
    }
    assert {year.lacking for year in years(found["south"]).values()} == {()}


def test_what_the_team_did_not_own_yet_is_not_missing(place, exported):
    exported(8)
    write = """
  changes:
    - from: 2026-10-01
      owns:
        - {source: google_ads, entity: shop, keys: ["201", "202"]}
        - {source: survey, entity: panel, keys: [Service], share: "0.6"}
"""
    teams = place.root / "config/teams.yaml"

    def changed(text: str) -> str:
        north, south = text.split("south:")
        owned = '    - {source: google_ads, entity: shop, keys: ["201", "202"]}\n'
        return north.replace(owned, "").rstrip() + write + "south:" + south

    change(teams, changed)
    found = years(place.cards()["north"])
    assert found["clicks"].actual == CLICKS * 31
    assert found["clicks"].lacking == ()
    assert found["nps"].lacking == ("2026-09",)


def test_the_first_month_of_a_year_has_none(place):
    change(place.root / "config/calendar.yaml", lambda text: f"{text}\nyear_to_date: true\n")
    change(place.root / "config/calendar.yaml", lambda text: text + "fiscal_year: {begins: october}\n")
    assert {*years(place.cards()["north"]).values()} == {None}

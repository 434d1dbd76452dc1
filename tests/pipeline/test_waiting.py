"""What the necessary sources lack of a period: they are looked at, loaded as they come, and named until then."""

from __future__ import annotations

import pytest

from pipeline.preparing import prepare
from pipeline.steps.wait import still_lacking
from scoring.period import Period
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, ads, change
from warehouse import load_records

MISSING = ("google_ads shop 2026-10: missing_slice",)


@pytest.fixture
def waiting(place):
    """A book in which the ads are necessary, with prepared stores."""
    change(
        place.root / "config" / "sources.yaml",
        lambda text: text.replace("  accounts", "  necessary: true\n  accounts", 1),
    )
    prepare(place.open(), OCTOBER)
    return place


def lacking(place, period=OCTOBER):
    return still_lacking(place.open(), period, now=lambda: NOW)


def loaded(place):
    return sorted({record.source for record in load_records(place.open().warehouse, [OCTOBER])})


def test_nothing_is_waited_for_in_a_book_without_necessary_sources(place):
    prepare(place.open(), OCTOBER)
    place.export(ADS).unlink()
    assert lacking(place) == ()
    assert loaded(place) == []


def test_a_source_that_is_there_is_loaded_and_not_waited_for(waiting):
    assert lacking(waiting) == ()
    assert loaded(waiting) == ["google_ads"]


def test_a_source_that_comes_late_is_waited_for_until_it_is_there(waiting):
    waiting.export(ADS).rename(waiting.root / "late.csv")
    assert lacking(waiting) == MISSING
    assert lacking(waiting) == MISSING
    (waiting.root / "late.csv").rename(waiting.export(ADS))
    assert lacking(waiting) == ()


def test_other_sources_are_not_waited_for(waiting):
    waiting.export(ANSWERS).unlink()
    assert lacking(waiting) == ()


@pytest.mark.parametrize("shown", ["year_to_date", "forecast"])
def test_months_that_a_card_only_shows_are_not_waited_for(waiting, shown):
    change(waiting.root / "config/calendar.yaml", lambda text: f"{text}\n{shown}: true\n")
    waiting.export(ADS).rename(waiting.root / "late.csv")
    assert lacking(waiting) == MISSING
    (waiting.root / "late.csv").rename(waiting.export(ADS))
    assert lacking(waiting) == ()


def test_a_month_that_lacks_its_last_days_is_waited_for(waiting):
    waiting.export(ADS).write_text(ads(tuple(OCTOBER.days())[:-1]), "utf-8")
    assert lacking(waiting) == ("google_ads shop 2026-10: missing_days",)
    waiting.export(ADS).write_text(ads(), "utf-8")
    assert lacking(waiting) == ()


def test_a_refused_file_is_waited_for_until_it_is_corrected(waiting):
    change(waiting.export(ADS), lambda text: text.replace(",17,", ",many,", 1))
    (said,) = lacking(waiting)
    assert said.startswith("google_ads shop 2026-10: refused_file (")
    change(waiting.export(ADS), lambda text: text.replace(",many,", ",17,", 1))
    assert lacking(waiting) == ()


def test_a_week_is_not_waited_for_because_its_month_has_only_begun(waiting):
    week = Period.parse("2026-W43")  # 19 to 25 October
    waiting.export(ADS).write_text(ads(tuple(OCTOBER.days())[:24]), "utf-8")
    assert lacking(waiting, week) == ("google_ads shop 2026-10: missing_days",)
    waiting.export(ADS).write_text(ads(tuple(OCTOBER.days())[:25]), "utf-8")
    assert lacking(waiting, week) == ()


@pytest.mark.parametrize(("choice", "status"), [("provisional", "provisional"), ("hold", "held")])
def test_a_card_without_a_necessary_source_is_what_the_book_says(waiting, choice, status):
    with (waiting.root / "config" / "calendar.yaml").open("a") as file:
        file.write(f"missing_source: {choice}\n")
    waiting.export(ADS).unlink()
    cards = waiting.cards()
    assert str(cards["north"].certificate.status) == status
    assert str(cards["south"].certificate.status) == "final"

"""How far the figures of a running month go, from what was landed when to the card."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from rich.console import Console

from archive.cards import CardRef
from book.files.target_cells import COLUMNS
from ledger import migrate_ledger
from pipeline.preview import preview
from pipeline.steps import Steps
from scoring.canonical import to_json
from scoring.period import Period
from terminal.card import print_card
from terminal.impacts import print_impacts
from tests.pipeline.conftest import take
from tests.pipeline.exports import ADS, OCTOBER, ads, change, write_month
from warehouse import create_schema

OCTOBER_20, NOVEMBER_3 = (datetime(2026, *day, 7, tzinfo=UTC) for day in ((10, 20), (11, 3)))
CLICKS = 17 * 2
"""Of a day."""


@pytest.fixture
def running(place):
    """October's cards on a day of a book that looks ahead, with the months before and October's ads of some days."""

    def draft(now=OCTOBER_20, without=range(20, 32), first=5, asked="forecast: true"):
        change(
            place.root / "config/calendar.yaml",
            lambda text: text.replace("history_months: 2", "history_months: 6") + f"\n{asked}\n",
        )
        for month in range(first, 10):
            write_month(place.root / "exports", Period(2026, month))
        place.export(ADS).write_text(ads([day for day in OCTOBER.days() if day.day not in without]))
        site, steps = place.open(), Steps()
        site.settings.home.mkdir(exist_ok=True)
        create_schema(site.warehouse)
        migrate_ledger(site.settings.ledger_url)
        for source in site.book.source_names:
            take(site, source, now=now)
        steps.measure(site, OCTOBER)
        store = site.cards
        cards = [store.read_card(CardRef.parse(name)) for name in steps.score(site, OCTOBER, ())]
        return {card.team_id: {line.kpi_id: line.outlook for line in card.results} for card in cards}

    return draft


def test_a_running_month_looks_ahead_from_the_last_day_that_has_figures(running):
    found = running()
    clicks = found["north"]["clicks"]
    assert (clicks.through, clicks.until, clicks.days, clicks.days_left) == (
        "2026-10-19",
        "2026-10-31",
        13,
        9,
    )
    assert (clicks.goal, clicks.so_far) == (1000, CLICKS * 19)
    # of the five months before each is tried: with 9 working days left, each of their days had as many clicks
    assert clicks.tried == 5
    # what does not add up by days has none
    assert {kpi_id for kpi_id, outlook in found["north"].items() if outlook} == {"clicks"}
    # the eight answers of October came on its first days
    assert found["south"]["responses"].so_far == Decimal("3.2")
    assert found["south"]["responses"].through == "2026-10-19"


def test_figures_end_before_the_first_day_that_is_missing_to_the_end(running):
    assert running(without=range(17, 32))["north"]["clicks"].through == "2026-10-16"


def test_one_that_lacks_a_day_before_has_none(running):
    found = running(without=[12, *range(20, 32)])
    assert found["north"]["clicks"] is None
    assert found["south"]["responses"] is not None


def test_a_month_with_all_its_days_has_none(running):
    assert set(running(now=NOVEMBER_3, without=())["north"].values()) == {None}


def test_a_month_that_is_over_and_lacks_its_last_days_has_none(running):
    assert set(running(now=NOVEMBER_3)["north"].values()) == {None}


def test_months_that_lack_something_are_not_tried(running):
    assert running(first=8)["north"]["clicks"].tried == 2


def test_a_book_that_does_not_ask_has_none(running):
    assert set(running(asked="")["north"].values()) == {None}


def test_a_target_of_the_year_looks_ahead_from_a_month_that_is_over(place, running):
    rows = [
        ",".join([*COLUMNS, "kind"]),
        "north,clicks,2026-05-01,2027-01-01,9000,40,T. Lind,Plan,cumulative",
        "north,nps,2026-05-01,2027-01-01,40,60,T. Lind,Plan,",
        "south,nps,2026-01-01,2027-01-01,40,100,T. Lind,Plan,",
    ]
    change(place.root / "config/targets/2026.csv", lambda _: "\n".join(rows))
    clicks = running(now=NOVEMBER_3, without=())["north"]["clicks"]
    days = 31 + 30 + 31 + 31 + 30 + 31
    assert (clicks.through, clicks.until, clicks.goal) == ("2026-10-31", "2026-12-31", 9000)
    assert (clicks.so_far, clicks.days_left, clicks.tried) == (CLICKS * days, 44, 0)


def test_an_export_that_was_landed_on_a_day_says_nothing_of_that_day(running):
    found = running(now=datetime(2026, 10, 15, 7, tzinfo=UTC), without=range(15, 32))
    assert found["north"]["clicks"].through == found["south"]["responses"].through == "2026-10-14"


def test_a_preview_of_a_running_month_says_what_is_left_to_do(place, running):
    running()
    shown = io.StringIO()
    found = preview(place.open(), (OCTOBER,), now=lambda: OCTOBER_20)
    print_impacts(found, Console(file=shown, width=80))
    assert (
        "2026-10 north: Ad clicks, to the target: needs (1,000 − 646) ÷ 9 ≈ 39.3 a working day for the remaining 9; "
        "so far 646 ÷ 13 ≈ 49.7 a working day, up to 19 October 2026\n"
    ) in shown.getvalue()
    print_card(
        to_json(next(impact.card for impact in found if impact.card.team_id == "north")),
        list,
        Console(file=shown),
    )
    assert (
        "\nAd clicks, forecast: 646 × 22 ÷ 13 ≈ 1,093 by 31 October 2026 at the same pace" in shown.getvalue()
    )

"""What moved a figure is on the cards of books that ask for it, where the rows make both figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

import reports.pdf
from book.files.target_cells import COLUMNS
from scoring.period import Period
from tests.pipeline.departed import give_a_head
from tests.pipeline.exports import ads, change, write_month

SEPTEMBER = Period(2026, 9)


@pytest.fixture
def asking(place):
    """A place with a September of half the clicks, whose cards are to say what moved these KPIs."""
    write_month(place.root / "exports", SEPTEMBER)
    half = ads(tuple(SEPTEMBER.days()), campaigns=["201"])
    place.export("ads 2026-09.csv").write_text(half, "utf-8")
    for kpi_id in ("clicks", "cost_per_click", "nps"):
        change(place.root / f"config/kpis/{kpi_id}.yaml", lambda text: text + "drivers: true\n")
    return place


def test_each_line_that_is_to_says_what_moved_it(asking):
    cards = asking.cards()
    card = cards["north"]
    assert cards["south"].by_kpi["responses"].drivers is None
    clicks = card.by_kpi["clicks"].drivers
    assert (clicks.base, clicks.change, clicks.by) == ("2026-09", 1054 - 510, ("campaign",))
    assert [(part.name, part.effect) for part in clicks.members] == [
        ("Lamps (202)", 527),
        ("Lamps (201)", 17),
    ]
    cost = card.by_kpi["cost_per_click"].drivers
    assert [part.name for part in cost.measures] == ["ad_spend", "ad_clicks"]
    assert sum(part.effect for part in cost.measures) == cost.change == 0
    assert all(part.rate == 0 for part in cost.members)
    (survey,) = card.by_kpi["nps"].drivers.members
    assert (survey.name, survey.rate) == ("Service", survey.effect)


def test_a_department_has_the_rows_of_its_teams(asking):
    give_a_head(asking)
    cards = asking.cards()
    whole, north = (cards[team].by_kpi["clicks"].drivers for team in ("up", "north"))
    assert whole == north
    assert cards["up"].by_kpi["nps"].drivers is not None


@pytest.fixture
def to_date(asking):
    """The same, whose clicks count from the year's first day on from October."""
    rows = [
        ",".join([*COLUMNS, "kind", "basis"]),
        "north,clicks,2026-01-01,2026-10-01,1000,40,T. Lind,Plan,,",
        "north,clicks,2026-10-01,2027-01-01,1265,40,T. Lind,Plan,cumulative,",
        "north,nps,2026-01-01,2027-01-01,40,60,T. Lind,Plan,,",
        "south,nps,2026-01-01,2027-01-01,40,60,T. Lind,Plan,,",
        "south,responses,2026-01-01,2027-01-01,5,40,T. Lind,Plan,,",
    ]
    change(asking.root / "config/targets/2026.csv", lambda _: "\n".join(rows))
    write_month(asking.root / "exports", Period(2026, 8))
    return asking


def test_a_year_to_date_after_a_month_has_none(to_date):
    card = to_date.cards()["north"]
    assert card.by_kpi["clicks"].actual == Decimal(1054 + 510 + 1054)
    assert card.by_kpi["clicks"].drivers is None


def test_the_command_refuses_a_year_to_date_after_a_month(to_date, command, monkeypatch):
    monkeypatch.setattr(reports.pdf, "html_to_pdf", lambda html, files: b"%PDF-1.7")
    to_date.run("north", send=False)
    done = command(to_date, "drivers", "--period", "2026-10", "--team", "north", "--kpi", "clicks")
    assert done.code == 2
    assert done.err == (
        "scorewright: 2026-10/north/r1: clicks: expected a figure of 2026-09 that counts the same days, found one of "
        "2026-09 alone, while that of 2026-10 counts the days before it, too; name a period whose card says both in "
        "the same way.\n"
    )


def test_where_the_period_before_is_missing_there_are_none(asking):
    asking.export("ads 2026-09.csv").unlink()
    card = asking.cards()["north"]
    assert card.by_kpi["cost_per_click"].drivers is None

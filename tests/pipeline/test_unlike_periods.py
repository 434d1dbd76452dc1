"""A trend says of which periods a value cannot be read like the others, and why."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest

from archive.cards import CardRef
from book.trends import by_account
from etl.quality.gate import Gap
from pipeline.steps import Steps
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from reports.presenter import present
from scoring.canonical import from_json, says_the_same, to_json
from scoring.errors import BadFileError
from scoring.evidence import NOT_SAID
from scoring.period import Period
from scoring.text import LocalText
from scoring.working import Unlike
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.departed import give_a_head
from tests.pipeline.exports import OCTOBER, ads, change, write_month

AUGUST, SEPTEMBER = Period(2026, 8), Period(2026, 9)
LACKING, PART, OTHERS = Unlike.LACKING_DATA, Unlike.PART_PERIOD, Unlike.OTHER_TEAMS
NORTH = LocalText("Marketing North", "北方市场部")
FISCAL = "fiscal_year: {weeks: 4-4-5, ends: last saturday of january, named: first}\n"
ROWS = """,per
north,clicks,2026-02-01,2027-01-31,900,50,T. Lind,As ever,fiscal_month
north,nps,2026-02-01,2027-01-31,40,50,T. Lind,As ever,fiscal_month
south,nps,2026-08-05,2027-01-01,30,60,T. Lind,As ever,month
south,responses,2026-08-05,2027-01-01,5,40,T. Lind,As ever,month
"""


@pytest.fixture(scope="module")
def drafted(unsent, tmp_path_factory):
    """The ads begin on 20 August; south is formed on the 5th, and comes into the department in September."""
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("unlike") / "place"))
    shutil.rmtree(place.home)
    for month in (AUGUST, SEPTEMBER):
        write_month(place.root / "exports", month)
    late = ads(tuple(day for day in AUGUST.days() if day >= date(2026, 8, 20)))
    place.export("ads 2026-08.csv").write_text(late, "utf-8")
    give_a_head(place)
    config = place.root / "config"
    change(
        config / "teams.yaml",
        lambda text: text.replace(
            "south:\n  department: up\n", "south:\n  changes: [{from: 2026-09-10, department: up}]\n"
        ),
    )
    change(config / "calendar.yaml", lambda text: text.replace("months: 2", "months: 4") + FISCAL)
    change(config / "grading.yaml", lambda text: text + "part_period: calendar_days\n")
    change(config / "targets/2026.csv", _with_rows)
    return place, place.cards()


def _with_rows(text):
    head, *rows = text.splitlines()
    return head + ROWS + "".join(f"{row},month\n" for row in rows if not row.startswith("south"))


def unlike(points):
    return {point.period: point.unlike for point in points if point.unlike}


def test_a_month_that_lacks_days_is_marked_in_the_trends_that_miss_them(drafted):
    _, cards = drafted
    lines = cards["north"].by_kpi
    assert unlike(lines["clicks"].history) == {"2026-08": (LACKING,)}
    assert unlike(lines["cost_per_click"].history) == {"2026-08": (LACKING,)}
    assert unlike(lines["nps"].history) == {}
    assert unlike(cards["north"].total_history) == {"2026-08": (LACKING,)}


def test_a_month_of_which_the_team_had_only_a_part_is_marked(drafted):
    _, cards = drafted
    card = cards["south"]
    assert unlike(card.by_kpi["nps"].history) == {"2026-08": (PART,)}
    assert unlike(card.by_kpi["responses"].history) == {"2026-08": (PART,)}
    assert unlike(card.total_history) == {"2026-08": (PART,)}


def test_a_department_says_in_which_months_it_was_of_other_teams(drafted):
    _, cards = drafted
    card = cards["up"]
    assert [(then.period, then.teams) for then in card.made_before if then.period != "2026-07"] == [
        ("2026-08", (NORTH,))
    ]
    assert unlike(card.by_kpi["nps"].history) == {"2026-08": (OTHERS,)}
    assert unlike(card.by_kpi["clicks"].history) == {"2026-08": (LACKING, OTHERS)}
    assert unlike(card.total_history) == {"2026-08": (LACKING, OTHERS)}


def test_a_month_whose_newer_export_was_refused_is_marked(drafted, tmp_path):
    place = Place(shutil.copytree(drafted[0].root, tmp_path / "place"))
    spoilt = place.export("ads 2026-09.csv")
    spoilt.write_text(spoilt.read_text("utf-8").replace(",17,", ",many,"), "utf-8")
    site = place.open()
    extract(site, OCTOBER, "google_ads", now=NOW)
    with pytest.raises(BadFileError, match="expected a whole number"):
        load(site, OCTOBER, "google_ads", now=NOW).or_raise()
    (name,) = Steps().score(site, OCTOBER, ("north",))
    lines = site.cards.read_card(CardRef.parse(name)).by_kpi
    assert unlike(lines["clicks"].history) == {"2026-08": (LACKING,), "2026-09": (LACKING,)}
    assert unlike(lines["nps"].history) == {}


LIST = ("leads_sheet", "partner")


def unsaid(*months):
    return [Gap(*LIST, Period(2026, month), NOT_SAID, (), "mqls") for month in months]


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        # a list that never has the column is no difference, nor are the months before there was one
        ((8, 9, 10), []),
        ((8, 9), [8, 9]),
        ((10,), [10]),
        ((9,), [9]),
    ],
)
def test_what_a_list_says_in_no_month_tells_none_from_another(lacking, told):
    loaded = [(*LIST, Period(2026, month)) for month in (8, 9, 10)]
    late = Gap(*LIST, AUGUST, "missing_days", (date(2026, 8, 3),))
    gaps = by_account([*unsaid(*lacking), late], loaded)
    shown = OCTOBER.window(6)
    between = gaps.between(LIST, shown)
    assert [gap.month for gap in between if gap.code == NOT_SAID] == [Period(2026, month) for month in told]
    assert late in between
    assert gaps.between(("leads_sheet", "other"), shown) == []


def test_a_fiscal_month_with_one_day_of_data_says_that_it_lacks_some(drafted):
    """Its days are 28 June to 1 August, and the first answer is of 1 August."""
    place, _ = drafted
    site = place.open()
    month = site.book.own_period("FY2026-P09")
    (name,) = Steps().score(site, month, ("north",))
    lines = site.cards.read_card(CardRef.parse(name)).by_kpi
    begun, following = (str(month.shift(back)) for back in (-3, -2))
    assert next(point.actual for point in lines["nps"].history if point.period == begun) == 100
    assert unlike(lines["nps"].history) == {begun: (LACKING,)}
    assert unlike(lines["clicks"].history) == {following: (LACKING,)}


def test_the_card_says_it_in_words_on_page_1_beside_the_trend_and_in_the_method(drafted):
    _, cards = drafted
    view = present(cards["up"])
    assert view.unlike == (
        "* Aug 26: some of the data is missing",
        "* Aug 26: without Marketing South",
    )
    said = {trend.name: trend.unlike for trend in view.trends}
    assert said["Net promoter score"] == ("* Aug 26: other teams then",)
    teams = [step.text for step in view.reference.method if step.label == "Teams before"]
    assert teams == ["Aug 26: Marketing North"]
    assert present(cards["south"]).unlike == ("* 26年8月：只计其中一部分天数",)


def test_an_unlike_month_before_is_no_ground_for_a_sentence_of_movement(drafted):
    place, _ = drafted
    site = place.open()
    (name,) = Steps().score(site, SEPTEMBER, ("north",))
    card = site.cards.read_card(CardRef.parse(name))
    view = present(card)
    assert view.headline.change.text.endswith("against August (76.3) – there, some of the data is missing")
    assert not any("August" in sentence for sentence in view.highlights)
    area, *_ = card.areas
    alike = [replace(line, history=tuple(replace(point, unlike=()) for point in line.history))
             for line in area.results]  # fmt: skip
    view = present(replace(card, areas=(replace(area, results=tuple(alike)), *card.areas[1:])))
    assert any("August" in sentence for sentence in view.highlights)


def test_what_is_said_of_earlier_months_makes_no_other_card(drafted):
    _, cards = drafted
    card = cards["up"]
    assert from_json(to_json(card)) == card
    others = (replace(card.made_before[0], teams=()),)
    assert says_the_same(card, replace(card, made_before=others, total_history=()))

"""The card of a department: what its teams' cards say, added up, and a card like any other."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from book.model import TeamChange
from ledger import MAIL, DeliveryState, Recipient
from pipeline.inputs.rolled_up import with_rolled_up
from scoring.canonical import from_json
from scoring.formula import Formula
from scoring.period import Period
from terminal.roll_up import rollup_as_json
from tests.pipeline.conftest import Place
from tests.pipeline.departed import give_a_head
from tests.pipeline.exports import OCTOBER, change
from tests.pipeline.late_months import BAD, NOVEMBER_3, OCTOBER_3, SEPTEMBER, do, export

HAL = "hal.ekstroem@lantern.example"


@pytest.fixture(scope="module")
def headed(unsent, tmp_path_factory):
    """October was issued, then the department got its head; October was run again, and mailed."""
    place = Place(shutil.copytree(unsent.root, tmp_path_factory.mktemp("headed") / "place"))
    give_a_head(place)
    place.run()
    return place


def cards_of(place):
    return {issue.team_id: from_json(issue.card_json) for issue in place.issues()}


def measures_of(card):
    return {one.name: one.value for result in card.results for one in result.measures}


def test_each_measure_is_the_sum_of_the_teams_to_the_last_digit(headed):
    cards = cards_of(headed)
    north, south, up = (measures_of(cards[team_id]) for team_id in ("north", "south", "up"))
    assert set(up) == {*north, *south}
    for name, value in up.items():
        assert value == sum((each[name] for each in (north, south) if name in each), Decimal(0)), name


def test_ratios_are_made_of_the_sums_and_are_those_that_rollup_prints(headed):
    card = cards_of(headed)["up"]
    sums = {name: Fraction(value) for name, value in measures_of(card).items()}
    exact = {
        "clicks": sums["ad_clicks"],
        "cost_per_click": sums["ad_spend"] / sums["ad_clicks"],
        "nps": (sums["nps_promoters"] - sums["nps_detractors"]) / sums["nps_responses"] * 100,
    }
    printed = {each["kpi_id"]: each["value"] for each in rollup_as_json(headed.open(), OCTOBER)
               if each["group"] == "Up"}  # fmt: skip
    for kpi_id, value in exact.items():
        assert abs(Fraction(card.by_kpi[kpi_id].actual) - value) < Fraction(1, 10**30)
        assert card.by_kpi[kpi_id].actual == printed[kpi_id]


def test_the_teams_own_cards_are_those_issued_before_and_the_head_gets_one(headed, unsent):
    before = {issue.team_id: issue.content_hash for issue in unsent.issues()}
    after = {issue.team_id: issue for issue in headed.issues()}
    assert {team_id: after[team_id].content_hash for team_id in before} == before
    states = headed.open().ledger.delivery_states(after["up"].id)
    assert states == {Recipient(MAIL, HAL): DeliveryState.SENT}


def test_it_says_whose_figures_it_adds_up_and_nothing_of_the_teams_totals(headed):
    card = cards_of(headed)["up"]
    assert [name.en for name in card.made_of] == ["Marketing North", "Marketing South"]
    (issue,) = (issue for issue in headed.issues() if issue.team_id == "up")
    said = issue.card_json
    assert not any(name in said for name in ("Ana Ruiz", "王薇"))
    mail = next(path.read_text("utf-8") for path in (headed.home / "outbox").glob("*up*.eml"))
    assert "the sum of 2 teams" in mail
    assert all(not one.made_of for team_id, one in cards_of(headed).items() if team_id != "up")


def test_it_is_listed_exported_traced_and_verified_like_any_card(headed, command, tmp_path):
    assert "2026-10/up/r1" in command(headed, "cards", "--json").out or "up" in command(headed, "cards").out
    assert command(headed, "export", tmp_path / "scores.json").code == 0
    rows = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert {row["kpi_id"] for row in rows if row["team_id"] == "up"} >= {"clicks", "nps"}
    traced = command(headed, "trace", "2026-10/up/r1", "nps", "--rows")
    # the survey's answers are shared 60 to 40, and are one row each here
    assert traced.code == 0
    assert "differ" not in traced.out
    assert command(headed, "verify", "--all").code == 0
    assert command(headed, "rollup", "2026-10").out.count("The whole North") == 0


def test_a_line_of_an_export_is_counted_by_the_team_and_by_its_department(headed, command):
    out = command(headed, "trace", "--file", "ads 2026-10.csv", "--line", "4").out
    assert {"2026-10/north/r1", "2026-10/up/r1"} <= set(out.split())


def test_only_the_department_can_be_run_and_what_if_moves_its_sums(headed, command):
    done = command(headed, "run", "--period", "2026-10", "--team", "up", "--deliver", "never")
    assert done.code == 0, done.err
    assert "2026-10/up/r1" in done.out
    done = command(headed, "what-if", "2026-10", "up", "ad_clicks=+100", "--json")
    assert done.code == 0, done.err
    before, after = (cards[0]["actual"] for cards in (
        json.loads(done.out)["before"]["lines"], json.loads(done.out)["after"]["lines"]))  # fmt: skip
    assert Decimal(after) - Decimal(before) == 100


def test_late_data_of_a_team_restate_its_card_and_its_departments(september, tmp_path):
    place = Place(shutil.copytree(september.root, tmp_path / "late"))
    give_a_head(place)
    do(place, SEPTEMBER, OCTOBER_3)
    export(place, 9, BAD)
    do(place, OCTOBER, NOVEMBER_3)
    latest = place.open().ledger.latest_revisions(str(SEPTEMBER))
    assert {issue.team_id: issue.revision for issue in latest} == {"north": 2, "south": 2, "up": 2}
    cards = {issue.team_id: from_json(issue.card_json) for issue in latest}
    both = [measures_of(cards[team_id])["nps_detractors"] for team_id in ("north", "south")]
    assert measures_of(cards["up"])["nps_detractors"] == sum(both)
    now = from_json(place.open().ledger.latest_revision(str(OCTOBER), "up").card_json)
    assert [note.period for note in now.restatements] == ["2026-09"]


def test_the_teams_of_the_periods_last_day_count_for_all_of_it(place):
    give_a_head(place)
    change(
        place.root / "config/teams.yaml",
        lambda text: text.replace(
            "south:\n  department: up\n",
            "south:\n  changes: [{from: 2026-10-16, department: up}, {from: 2026-12-01, department: down}]\n",
        ),
    )
    organisation = place.root / "config/organisation.yaml"
    change(organisation, lambda text: text + "  down: {en: Down, zh_CN: 南方}\n")
    book = place.open().book
    made = {str(period): [team.id for team in book.members("up", period)] for period in map(
        Period.parse, ("2026-09", "2026-10", "2026-11", "2026-12", "2026-Q4", "2026-W42"))}  # fmt: skip
    assert made == {
        "2026-09": ["north"],
        "2026-10": ["north", "south"],
        "2026-11": ["north", "south"],
        "2026-12": ["north"],
        "2026-Q4": ["north"],
        "2026-W42": ["north", "south"],
    }


DAYS = [date(2026, month, day) for month in (9, 10, 11) for day in (1, 15)]
DEPARTMENTS = [None, "up", "down"]
TEAMS = "abcde"


@st.composite
def organisations(draw):
    """Teams that may change their department once, and what a head's card is made of, at first and later."""
    moves = st.tuples(st.sampled_from(DAYS), st.sampled_from(DEPARTMENTS[1:]))
    said = {
        team_id: [(date.min, draw(st.sampled_from(DEPARTMENTS))), *draw(st.lists(moves, max_size=1))]
        for team_id in TEAMS
    }
    names = st.lists(st.sampled_from(["up", "down", *TEAMS]), min_size=1, unique=True)
    of = [(date.min, draw(names)), *draw(st.lists(st.tuples(st.sampled_from(DAYS), names), max_size=1))]
    amounts = st.decimals(-(10**9), 10**9, places=6)
    keys = st.tuples(st.sampled_from(TEAMS), st.sampled_from(PERIODS), st.sampled_from(NAMES))
    return said, of, draw(st.dictionaries(keys, amounts, max_size=40))


PERIODS = [Period.parse(text) for text in ("2026-09", "2026-10", "2026-Q3", "2026-Q4", "2026-W42")]
NAMES = ["ad_spend", "ad_clicks", "ad_spend__last_year", "ad_clicks__year_to_date"]


def dated(team, field, said):
    """The team as it says at first, and from days on otherwise."""
    (_, first), *later = said
    changes = tuple(TeamChange(day, None, {field: value}) for day, value in later)
    return replace(team, **{field: first}, changes=changes)


def naive(said, of, period):
    """The teams of a head's card on a period's last day, by looking at each."""

    def on(entries):
        return [value for day, value in entries if day <= period.last_day][-1]

    wanted = on(of)
    return [team for team in TEAMS if team in wanted or on(said[team]) in wanted]


@settings(max_examples=30, deadline=None)
@given(organisations())
def test_a_departments_figures_are_its_teams_to_the_last_digit(unsent, organisation):
    said, of, found = organisation
    site = unsent.open()
    a_team = site.book.teams[0]
    teams = [dated(replace(a_team, id=team_id), "department", said[team_id]) for team_id in TEAMS]
    head = dated(replace(a_team, id="head", owns=()), "of", [(day, tuple(names)) for day, names in of])
    departments = dict.fromkeys(DEPARTMENTS[1:], a_team.name)
    book = replace(site.book, teams=(*teams, head), departments=departments, targets=())
    by_team = defaultdict(dict)
    for (team_id, *key), value in found.items():
        by_team[team_id][*key,] = value
    made = with_rolled_up(replace(site, book=book), by_team)
    rolled = {(team_id, *key): value for team_id, of in made.items() for key, value in of.items()}
    assert {key: rolled[key] for key in found} == found
    sums = {key: value for key, value in rolled.items() if key[0] == "head"}
    for period, name in product(PERIODS, NAMES):
        parts = [
            found[each, period, name] for each in naive(said, of, period) if (each, period, name) in found
        ]
        expected = sum(map(Fraction, parts)) if parts else None
        assert sums.get(("head", period, name)) == expected
    for period in PERIODS:
        of_head = {name: value for (_, each, name), value in sums.items() if each == period}
        ratio = Formula.parse("ad_spend / ad_clicks").evaluate(of_head)
        if of_head.keys() >= {"ad_spend", "ad_clicks"} and of_head["ad_clicks"] > 0:
            exact = Fraction(of_head["ad_spend"]) / Fraction(of_head["ad_clicks"])
            assert abs(Fraction(ratio) - exact) <= abs(exact) / 10**27

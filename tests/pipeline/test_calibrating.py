"""Issued grades beside the shares of the book: proposed, decided by people, and in force before approvals."""

from __future__ import annotations

import csv
import json
import shutil

import pytest

from archive.cards import CardRef
from auditing.approving import approve
from auditing.calibrating import calibration_table
from auditing.certifying import Verdict, certify
from pipeline.steps import Steps
from pipeline.steps.issue import enter
from scoring.canonical import from_json
from scoring.errors import DataError, UsageError
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import OCTOBER
from tests.pipeline.test_approving import ask_for_approval

GRADES = """\
grades: [{name: C, from: 0}, {name: B, from: 60}, {name: A, from: 70}]
distribution:
  way: %(way)s
  within: company
  shares: [{grade: A, at_most: 50}, {grade: B, about: 50}, {grade: C, about: 0}]
"""
HEAD = "period,team,by_score,grade,decided_by,decided_on,reason\n"


def write(place, name, text, mode="a"):
    with (place.root / "config" / name).open(mode, encoding="utf-8") as book:
        book.write(text)


def decide(place, *rows):
    write(place, "calibration.csv", HEAD + "".join(f"2026-10,{row}\n" for row in rows), "w")


def graded(place, way="guided"):
    """October with grades: both teams have an A where one of them may."""
    write(place, "grading.yaml", GRADES % {"way": way})
    place.run(send=False)
    return place


@pytest.fixture(scope="module")
def once(unsent, tmp_path_factory):
    """Issued once with each way of asking for shares, to be copied."""

    def made(way):
        root = tmp_path_factory.mktemp(way) / "place"
        return graded(ask_for_approval(Place(shutil.copytree(unsent.root, root))), way)

    return {way: made(way) for way in ("guided", "forced")}


@pytest.fixture
def guided(once, tmp_path):
    return Place(shutil.copytree(once["guided"].root, tmp_path / "guided"))


@pytest.fixture
def forced(once, tmp_path):
    return Place(shutil.copytree(once["forced"].root, tmp_path / "forced"))


def only_group(place):
    (group,) = calibration_table(place.open(), OCTOBER).groups
    return group


def grades_of(place):
    return {issue.team_id: (issue.revision, from_json(issue.card_json).grade) for issue in place.issues()}


def verdicts(place, name):
    found = certify(place.open(), OCTOBER, NOW).checks
    return next(check for check in found if check.name == name)


def test_a_proposal_changes_no_card(guided):
    group = only_group(guided)
    rows = [
        (each.team_id, each.place, each.by_score, each.proposed, each.difference) for each in group.standings
    ]
    assert rows == [("north", 1, "A", "A", 0), ("south", 2, "A", "B", -1)]
    assert (group.standings[1].reason, group.asked[0]) == ("by score A 2, at most 1", "A at most 1")
    assert [*map(str, group.unmet)] == ["A 2, at most 1"]
    assert not group.beyond
    guided.run(send=False)
    assert grades_of(guided) == {"south": (2, "A"), "north": (2, "A")}


def test_a_decided_grade_makes_a_revision_of_that_card_alone(guided):
    decide(guided, "south,A,B,Konrad F,2026-11-02,Half of it was the fair")
    south = {each.team_id: each for each in only_group(guided).standings}["south"]
    assert (south.final, south.is_issued) == ("B", False)
    guided.run(send=False)
    assert grades_of(guided) == {"south": (3, "B"), "north": (2, "A")}
    group = only_group(guided)
    assert (group.unmet, all(each.is_issued for each in group.standings)) == ((), True)
    # a later entry supersedes it, and the card goes back
    decide(
        guided,
        "south,A,B,Konrad F,2026-11-02,Half of it was the fair",
        "south,A,A,Konrad F,2026-11-03,The fair was theirs",
    )
    guided.run(send=False)
    assert grades_of(guided)["south"] == (4, "A")


def test_what_if_is_of_the_grades_by_score_and_says_so(guided, command):
    said = "By the grades by score: what people decided about the grade is not in it.\n"
    assert said not in command(guided, "what-if", OCTOBER, "south").out
    decide(guided, "south,A,B,Konrad F,2026-11-02,Half of it was the fair")
    assert said in command(guided, "what-if", OCTOBER, "south").out
    assert said not in command(guided, "what-if", OCTOBER, "north").out


def test_a_decision_about_another_grade_by_score_does_not_count(guided):
    decide(guided, "south,B,C,Konrad F,2026-11-02,Half of it was the fair")
    guided.run(send=False)
    south = {each.team_id: each for each in only_group(guided).standings}["south"]
    assert (south.final, south.counts, grades_of(guided)["south"]) == ("A", False, (3, "A"))


def test_a_decision_of_a_day_to_come_is_refused_before_anything_is_issued(guided):
    decide(
        guided,
        "south,A,B,Konrad F,2026-11-03,Half of it was the fair",
        "south,A,C,Konrad F,2026-11-04,Typing",
    )
    with pytest.raises(UsageError, match="up to today, 2026-11-03, found 2026-11-04 about south"):
        guided.run(send=False)
    assert grades_of(guided)["south"] == (2, "A")


def test_guided_shares_warn_and_forced_ones_stop(guided):
    assert verdicts(guided, "guided distribution of grades").verdict is Verdict.WARNS
    assert verdicts(guided, "forced distribution of grades").verdict is Verdict.OK
    calibration_table(guided.open(), OCTOBER).or_raise()
    text = (guided.root / "config" / "grading.yaml").read_text("utf-8")
    write(guided, "grading.yaml", text.replace("guided", "forced"), "w")
    stops = verdicts(guided, "forced distribution of grades")
    assert stops.verdict is Verdict.STOPS
    assert stops.findings == ("all teams: A 2, at most 1; see `scorewright calibrate 2026-10`",)
    with pytest.raises(DataError, match="forced distribution, found all teams: A 2, at most 1; let people"):
        calibration_table(guided.open(), OCTOBER).or_raise()


def test_forced_shares_keep_cards_from_being_approved_and_not_from_being_rejected(forced):
    def approval(*teams, rejected=None):
        found = approve(forced.open(), OCTOBER, teams, by="Jana Roth", rejected=rejected, now=NOW)
        return {each.issue.team_id: each.told for each in found}

    with pytest.raises(
        UsageError, match="2026-10/south/r2: expected grades that meet the forced distribution"
    ):
        approval("south")
    told = "left until the grades meet the forced distribution: all teams: A 2, at most 1"
    assert approval() == {"south": told, "north": told}
    assert approval("north", rejected="Wrong panel") == {"north": "rejected by Jana Roth"}
    decide(forced, "south,A,B,Konrad F,2026-11-02,Half of it was the fair")
    # decided, and not on the card yet
    wrong = "south with another grade on its card than B, which counts"
    assert approval() == {"south": f"left until the grades meet the forced distribution: {wrong}"}
    forced.run(send=False)
    assert approval() == {"south": "approved by Jana Roth"}


def test_the_command_prints_writes_and_ends_with_an_error_only_where_shares_are_forced(
    guided, command, tmp_path
):
    file = tmp_path / "table.csv"
    done = command(guided, "calibrate", OCTOBER, "--csv", str(file))
    assert done.code == 0
    assert "  guided: A at most 1, B about 1, C about 0\n  not met: A 2, at most 1\n" in done.out
    assert "Nothing is decided here" in done.out
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [(row["team"], row["proposed"], row["difference"]) for row in rows] == [
        ("north", "A", "0"),
        ("south", "B", "-1"),
    ]
    write(
        guided,
        "grading.yaml",
        (guided.root / "config/grading.yaml").read_text("utf-8").replace("guided", "forced"),
        "w",
    )
    done = command(guided, "calibrate", OCTOBER, "--json")
    assert (done.code, json.loads(done.out)["groups"][0]["unmet"]) == (4, ["A 2, at most 1"])


def test_what_cannot_be_calibrated_is_refused_by_name(guided):
    site = guided.open()
    with pytest.raises(
        UsageError, match=r"expected one of organisation\.yaml, which has none, found 'growth'"
    ):
        calibration_table(site, OCTOBER, "growth")
    with pytest.raises(UsageError, match="2026-09: no scorecard was issued"):
        calibration_table(site, OCTOBER.shift(-1))
    write(guided, "grading.yaml", "digits: 1\ngreen: '95'\namber: '80'\n", "w")
    with pytest.raises(UsageError, match="expected a book with grades, found none"):
        calibration_table(guided.open(), OCTOBER)
    write(guided, "grading.yaml", "grades: [{name: D, from: 0}]\n")
    with pytest.raises(DataError, match=r"with a grade of D, found A, from before grading\.yaml changed"):
        calibration_table(guided.open(), OCTOBER)


def in_departments(place):
    """Three teams of one department, one of another and one of none, and a card for the head of the first."""
    write(place, "organisation.yaml", "departments: {growth: {en: Growth, zh_CN: 增长部}, other: Other}\n")
    config = place.root / "config"
    teams = (config / "teams.yaml").read_text("utf-8")
    for team_id, others in {"north": "growth", "south": "growth"}.items():
        teams = teams.replace(f"{team_id}:\n", f"{team_id}:\n  department: {others}\n")
    for team_id, department in {"east": "growth", "west": "other", "far": None}.items():
        of = f"  department: {department}\n" if department else ""
        teams += (
            f"{team_id}:\n  name: {team_id}\n{of}"
            f"  manager: {{name: M {team_id}, email: {team_id}@lantern.example, language: en}}\n"
            "  owns: [{source: survey, entity: panel, keys: [Service], share: '0.0001'}]\n"
        )
    teams = teams.replace('share: "0.6"', 'share: "0.5997"')
    teams += (
        "head:\n  name: Growth\n  department: growth\n  of: [growth]\n"
        "  manager: {name: M head, email: head@lantern.example, language: en}\n"
    )
    write(place, "teams.yaml", teams, "w")
    targets = next((config / "targets").glob("*.csv"))
    with targets.open("a", encoding="utf-8") as rows:
        for team_id in ("east", "west", "far", "head"):
            rows.write(f"{team_id},nps,2026-01-01,2027-01-01,50,100,T. Lind,First year\n")
    write(place, "grading.yaml", "rank: {at_least: 3}\n" + GRADES % {"way": "guided"})
    return place


def places_of(cards):
    return {card.team_id: card.rank and (card.rank.place, card.rank.ranked) for card in cards}


def issue(place, *teams):
    """Enter what would be issued, without drawing it."""
    site = place.open()
    for name in Steps().score(site, OCTOBER, teams):
        enter(site, site.cards.read_card(CardRef.parse(name)), (), now=NOW)


def test_cards_say_the_place_in_their_department_as_of_when_they_were_made(place):
    in_departments(place)
    first = place.cards()
    assert places_of(first.values()) == {
        "north": (1, 3),
        "east": (2, 3),
        "south": (3, 3),
        "west": None,
        "far": None,
        # a card that adds up teams has no place among them
        "head": None,
    }
    assert first["north"].total > first["east"].total > first["south"].total
    # one team alone: while others have no card, nobody has a place
    issue(place, "north")
    assert places_of(newest(place)) == {"north": (None, 1)}
    issue(place)
    # its card says the same but for the rank, which is no reason for a revision
    assert places_of(newest(place)) == {**places_of(first.values()), "north": (None, 1)}
    targets = next((place.root / "config" / "targets").glob("*.csv"))
    rows = targets.read_text("utf-8")
    targets.write_text(
        rows.replace("north,nps,2026-01-01,2027-01-01,40,", "north,nps,2026-01-01,2027-01-01,99,")
    )
    issue(place)
    revised = {card.team_id: card for card in newest(place)}
    assert {team: card.revision for team, card in revised.items() if card.revision > 1} == {"north": 2}
    assert places_of(revised.values())["north"] == (3, 3)
    # another team's revision moved it to the second place, which its card does not say
    assert revised["south"].rank == first["south"].rank
    # nor are grades spread over it
    spread = {each.team_id for each in only_group(place).standings}
    assert spread == {"north", "south", "east", "west", "far"}


def newest(place):
    return [from_json(issue.card_json) for issue in place.issues()]

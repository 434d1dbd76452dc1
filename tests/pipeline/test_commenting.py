"""Comments of the book: on the card, in a revision that says so, and told by the cards after it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pipeline.inputs.in_charge import comments_of
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.restatement import Cause
from tests.pipeline.conftest import Place
from tests.pipeline.exports import OCTOBER

NOVEMBER = OCTOBER.shift(1)
HEAD = "period,team,kpi,cause,next_step,owner,due,done,by,on\n"
SAID = '2026-10,north,cost_per_click,"Auctions, dearer than ever",Bid less at night,Jo Falk,2026-11-30,,Ana Ruiz,'


def say(place, *rows):
    text = HEAD + "".join(f"{row}\n" for row in rows)
    (place.root / "config/comments.csv").write_text(text, encoding="utf-8")


def newest(place, team_id):
    return max(
        (issue for issue in place.issues() if issue.team_id == team_id), key=lambda each: each.revision
    )


def test_a_comment_makes_a_revision_of_that_card_alone_and_is_printed(issued, command):
    say(issued, SAID + "2026-11-02")
    issued.run()
    north, south = newest(issued, "north"), newest(issued, "south")
    assert (north.revision, south.revision) == (2, 1)
    assert from_json(north.card_json).by_kpi["cost_per_click"].comment.owner == "Jo Falk"
    shown = command(issued, "show", OCTOBER, "north").out
    said = "Auctions, dearer than ever · Bid less at night · Jo Falk · due 2026-11-30 (Ana Ruiz, 2026-11-02)"
    assert f"{said}\n" in shown
    told = command(issued, "diff", OCTOBER, "north", 1, 2).out
    assert Cause.COMMENT in told
    assert {"comment,", "cause", "Auctions,", "Falk"} <= {*told.split()}
    say(issued, SAID + "2026-11-02", SAID.replace("Auctions, dearer", "Bids dearer") + "2026-11-03")
    issued.run("north", send=False)
    told = command(issued, "diff", OCTOBER, "north", 2, 3).out
    assert {"Auctions,", "Bids"} <= {*told.split()}
    assert "Falk" not in told
    page = next((issued.home / "scorecards/2026-10").glob("north-*-r2.pdf"))
    text = subprocess.run(
        ["pdftotext", "-layout", page, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Cause Auctions, dearer than ever (Ana Ruiz, 2 November 2026)" in " ".join(text.split())
    assert "Next step Bid less at night · Jo Falk · by 30 November 2026" in " ".join(text.split())
    # and nothing once more
    issued.run()
    assert newest(issued, "north").revision == 3


def test_lines_that_wait_for_a_comment_are_named_where_the_book_asks(issued, command):
    """North's clicks are above 102, the other two near it."""
    grading = issued.root / "config/grading.yaml"
    stricter = grading.read_text(encoding="utf-8").replace('green: "95"', 'green: "102"')
    grading.write_text(f"{stricter}comments: amber\n", encoding="utf-8")
    say(issued, SAID + "2026-11-02")
    issued.run("north", send=False)
    assert from_json(newest(issued, "north").card_json).uncommented == ("nps",)
    shown = command(issued, "show", OCTOBER, "north").out
    assert "To be commented on in comments.csv: Net promoter score\n" in shown


def test_a_comment_of_a_day_to_come_is_refused_before_anything_is_issued(issued):
    say(issued, SAID + "2026-11-04")
    with pytest.raises(
        UsageError, match=r"comments\.csv: on: expected days up to today, 2026-11-03, found 2026-11-04"
    ):
        issued.run()
    assert newest(issued, "north").revision == 1


def test_the_next_manager_is_told_nothing_of_the_predecessors_steps(unsent, tmp_path):
    place = Place(shutil.copytree(unsent.root, tmp_path / "place"))
    say(place, SAID + "2026-11-02", SAID.replace("2026-10", "2026-11", 1) + "2026-11-02")
    book = place.open().book
    assert len(comments_of(book, "north", NOVEMBER)) == 2
    teams = place.root / "config/teams.yaml"
    before, north, after = teams.read_text(encoding="utf-8").partition(
        "    email: ana.ruiz@lantern.example\n    language: en\n"
    )
    successor = (
        "  changes:\n    - from: 2026-11-01\n      manager: {name: Lin Hao, email: lin.hao@lantern.example}\n"
    )
    teams.write_text(before + north + successor + after, encoding="utf-8")
    book = place.open().book
    assert [said.period for said in comments_of(book, "north", NOVEMBER)] == [NOVEMBER]
    assert [said.period for said in comments_of(book, "north", OCTOBER)] == [OCTOBER]
    assert comments_of(book, "south", NOVEMBER) == ()

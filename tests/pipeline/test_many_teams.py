"""What the ledger is asked does not grow with the number of teams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from pipeline import run
from pipeline.steps import issue as issuing
from pipeline.steps.restate import stale_cards
from pipeline.steps.score import drafts, score
from processes import forks
from scoring.period import Period
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER


@contextmanager
def asked_of(site) -> Iterator[list[str]]:
    """The statements that the ledger gets within the block."""
    said: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        said.append(statement)

    event.listen(site.ledger.engine, "before_cursor_execute", note)
    yield said
    event.remove(site.ledger.engine, "before_cursor_execute", note)


def questions_for(site, *teams):
    with asked_of(site) as said:
        assert len([*drafts(site, OCTOBER, teams)]) == len(teams)
    return said


def test_cards_of_two_teams_are_drafted_with_as_many_questions_as_one(issued):
    one, two = (questions_for(issued.open(), *teams) for teams in (["north"], ["north", "south"]))
    assert len(one) == len(two)


def test_cards_that_forks_draft_are_those_drafted_here(issued, monkeypatch):
    site = issued.open()
    folder = site.settings.scorecards / str(OCTOBER)
    names = score(site, OCTOBER)
    here = {path.name: path.read_bytes() for path in folder.glob("*.json")}
    for path in folder.glob("*.json"):
        path.unlink()
    monkeypatch.setattr(forks, "MANY", 1)
    assert score(site, OCTOBER) == names
    assert {path.name: path.read_bytes() for path in folder.glob("*.json")} == here


def test_many_cards_are_held_against_the_data_together_when_they_are_issued(issued, monkeypatch):
    site, states = issued.open(), []

    def state(*asked, of=issuing.current_state):
        states.append(of(*asked))
        return states[-1]

    monkeypatch.setattr(issuing, "current_state", state)
    monkeypatch.setattr(run, "MANY", 1)
    # as if they were not issued yet
    monkeypatch.setattr(run, "standing", lambda *asked: {})
    names = score(site, OCTOBER)
    before = site.ledger.latest_revisions(str(OCTOBER))
    found = [*run.draw_and_issue(site, names, [], now=lambda: NOW)]
    assert found == [*zip(names, (issue.id for issue in before), strict=True)]
    assert len(names) > 1 == len(states)


def test_cards_are_held_against_the_data_by_periods_and_not_one_by_one(issued):
    site = issued.open()
    assert len(site.ledger.latest_revisions(str(OCTOBER))) > 1
    with asked_of(site) as said:
        # nothing has changed since they were issued
        assert stale_cards(site, Period(2026, 11)) == ()
    assert len([one for one in said if "FROM confirmations" in one]) == 1
    assert len([one for one in said if "card_json" in one]) == 1

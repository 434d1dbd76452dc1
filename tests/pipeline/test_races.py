"""A run that another one overtakes between two steps ends as if it had begun after that one."""

from __future__ import annotations

import pytest

from archive.cards import CardRef
from book.history import months_needed
from pipeline.inputs.load_states import current_state
from pipeline.preparing import prepare
from pipeline.steps import Steps
from pipeline.steps.restate import stale_cards
from scoring.canonical import content_hash, from_json, to_json
from tests.pipeline.conftest import NOW, new_place, take
from tests.pipeline.exports import ANSWERS, OCTOBER, answers
from warehouse import stale_months

WORSE = answers([0, 0, 0, 0, 0, 0, 0, 0])


def load_answers(place, text):
    """Another run lands and loads new answers, and gets no further."""
    place.export(ANSWERS).write_text(text, "utf-8")
    assert take(place.open(), "survey") == 1


def stale(place):
    site = place.open()
    months = months_needed(site.book, [OCTOBER])
    return stale_months(site.warehouse, months, site.book.ownership, "EUR")


def card_of(place, name):
    return place.open().cards.read_card(CardRef.parse(name))


def files_of(card):
    return {file.sha256 for source in card.sources for file in source.files}


def test_measures_are_those_of_the_facts_until_something_is_loaded(issued):
    assert stale(issued) == ()
    load_answers(issued, WORSE)
    assert stale(issued) == (OCTOBER,)
    Steps().measure(issued.open(), OCTOBER)
    assert stale(issued) == ()


def test_a_slice_of_an_earlier_month_makes_every_later_month_old(issued):
    site = issued.open()
    months = OCTOBER.window(2)
    Steps().measure(site, OCTOBER)
    assert OCTOBER not in stale_months(site.warehouse, months, site.book.ownership, "EUR")
    text = answers().replace("2026-10-", "2026-09-").replace("\nr", "\ns")
    issued.export("answers 2026-09.csv").write_text(text, "utf-8")
    take(site, "survey")
    assert stale_months(site.warehouse, months, site.book.ownership, "EUR") == months


def test_measures_of_other_owners_are_old(issued):
    site = issued.open()
    fewer = site.book.ownership[:-1]
    assert stale_months(site.warehouse, [OCTOBER], fewer, "EUR") == (OCTOBER,)


def test_a_score_never_shows_older_numbers_beside_newer_files(issued):
    before = card_of(issued, "2026-10/south/r1")
    load_answers(issued, WORSE)
    # measured by nobody: the step sees it by itself
    (name,) = Steps().score(issued.open(), OCTOBER, ("south",))
    after = card_of(issued, name)
    assert files_of(after) != files_of(before)
    assert after.total < before.total


@pytest.mark.parametrize("rendered", [False, True])
def test_who_issues_last_issues_what_is_known_then(issued, rendered):
    """Two runs draft revision 2 from different data; one is overtaken before it issues."""
    slow, steps = issued.open(), Steps()
    load_answers(issued, answers([9, 9, 9, 9, 9, 9, 9, 9]))
    (name,) = steps.score(slow, OCTOBER, ("south",))
    if rendered:
        steps.render(slow, name)
    load_answers(issued, WORSE)
    fast = issued.open()
    (same_name,) = steps.score(fast, OCTOBER, ("south",))
    assert same_name == name
    (first,) = steps.issue(fast, [steps.render(fast, name)], now=NOW)
    drafted = card_of(issued, name)
    # the slow one draws and issues under the same name what is there now
    (second,) = steps.issue(slow, [steps.render(slow, name)], now=NOW)
    assert first == second
    assert issued.open().ledger.get_issue(second).content_hash == content_hash(drafted)


def test_a_draft_that_another_revision_has_overtaken_is_drafted_anew(issued):
    slow, steps = issued.open(), Steps()
    load_answers(issued, answers([9, 9, 9, 9, 9, 9, 9, 9]))
    (name,) = steps.score(slow, OCTOBER, ("south",))
    steps.render(slow, name)
    old_draft = card_of(issued, name)
    load_answers(issued, WORSE)
    issued.run("south", send=False)
    newest = issued.open().ledger.latest_revision("2026-10", "south")
    assert newest.content_hash != content_hash(old_draft)
    # what the slow run drafted lies there again, as if it had written it just now
    store = slow.cards
    store.write_card(CardRef.of(old_draft), to_json(old_draft))
    assert steps.issue(slow, [name], now=NOW) == [newest.id]
    assert issued.open().ledger.latest_revision("2026-10", "south") == newest


@pytest.fixture
def on_engine(warehouse_url, tmp_path):
    """A place on each engine in which October was never issued."""
    place = new_place(tmp_path / "place")
    return place, lambda: place.open(warehouse=warehouse_url)


def gather(site):
    steps = Steps()
    for source in site.book.source_names:
        take(site, source)
    steps.measure(site, OCTOBER)


def test_a_card_drafted_before_another_run_loaded_is_not_issued_with_the_older_numbers(on_engine):
    place, opened = on_engine
    slow, steps = opened(), Steps()
    prepare(slow, OCTOBER)
    gather(slow)
    (name,) = steps.score(slow, OCTOBER, ("south",))
    steps.render(slow, name)
    drafted = slow.cards.read_card(CardRef.parse(name))
    # a run of another month loads October's new export, finds nothing issued of it, and ends
    place.export(ANSWERS).write_text(WORSE, "utf-8")
    gather(opened())
    now = current_state(opened(), OCTOBER)
    assert drafted.load_state != now
    issue = slow.ledger.get_issue(*steps.issue(slow, [name], now=NOW))
    card = from_json(issue.card_json)
    assert card.load_state == now
    assert card.total < drafted.total


def test_what_was_loaded_by_a_clock_of_years_ago_is_found_stale_all_the_same(on_engine):
    place, opened = on_engine
    site = opened()
    prepare(site, OCTOBER)
    gather(site)
    for name in Steps().score(site, OCTOBER, ()):
        Steps().issue(site, [Steps().render(site, name)], now=NOW)
    assert stale_cards(opened(), OCTOBER.shift(1)) == ()
    place.export(ANSWERS).write_text(WORSE, "utf-8")
    long_ago = NOW.replace(year=1999)
    assert take(opened(), "survey", now=long_ago) == 1
    (cards,) = stale_cards(opened(), OCTOBER.shift(1))
    assert [issue.team_id for issue in cards.issues] == ["north", "south"]
    assert len(Steps().restate(opened(), OCTOBER.shift(1), now=long_ago)) == 2
    assert stale_cards(opened(), OCTOBER.shift(1)) == ()
    assert {card.load_state for card in cards_of(opened())} == {current_state(opened(), OCTOBER)}


def cards_of(site):
    return [from_json(issue.card_json) for issue in site.ledger.latest_revisions(str(OCTOBER))]

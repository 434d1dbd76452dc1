"""The names of cards, and the folder they lie in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.cards import CardRef, CardStore
from scoring.canonical import from_json, to_json
from scoring.errors import UsageError


def written(store, card):
    return store.write_card(CardRef.of(card), to_json(card))


@pytest.fixture
def card(unsent):
    """A real card."""
    return from_json(unsent.issues()[0].card_json)


@pytest.fixture
def store(tmp_path):
    return CardStore(tmp_path / "scorecards")


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("2026-10/eu-brand/r1", CardRef("2026-10", "eu-brand", 1)),
        ("0001-01/x/r9", CardRef("0001-01", "x", 9)),
        ("FY2031-04/x/r1", CardRef("FY2031-04", "x", 1)),
        ("FY2031-04-Q3/x/r1", CardRef("FY2031-04-Q3", "x", 1)),
        ("FY2031-544lastfri06w03-P11/x/r1", CardRef("FY2031-544lastfri06w03-P11", "x", 1)),
        ("2031-02-10..2031-05-20/x/r2", CardRef("2031-02-10..2031-05-20", "x", 2)),
        (f"2026-10/{'a' * 40}/r1234", CardRef("2026-10", "a" * 40, 1234)),
    ],
)
def test_a_name_is_read_and_written_alike(text, ref):
    assert CardRef.parse(text) == ref
    assert str(ref) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "../../x/r1",
        "2026-10/../r1",
        "2026-10/./r1",
        "2026-10/../../etc/r1",
        "/etc/passwd",
        "2026-10/eu-brand/r1/..",
        "2026-10/eu-brand/../r1",
        "2026-10\\eu-brand\\r1",
        "2026-10/eu_brand/r1",
        "2026-10/EU-brand/r1",
        "2026-10/eu brand/r1",
        "2026-10/eu-brand\0/r1",
        "2026-10/市场/r1",
        f"2026-10/{'a' * 41}/r1",
        "2026-10//r1",
        "2026-10/eu-brand/r0",
        "2026-10/eu-brand/r01",
        "2026-10/eu-brand/r-1",
        "2026-10/eu-brand/r1\n",
        "2026-10/eu-brand/1",
        "2026-1/eu-brand/r1",
        "2026-10/eu-brand",
        "2026-10-01../eu-brand/r1",
        "../2026-10-01..2026-10-02/eu-brand/r1",
        "FY2026/27-Q3/eu-brand/r1",
        "FY2026-04-Q3-x/eu-brand/r1",
    ],
)
def test_what_is_no_name_is_refused_and_leads_nowhere(text):
    with pytest.raises(UsageError) as refusal:
        CardRef.parse(text)
    assert str(refusal.value) == f"scorecard: expected a name such as 2026-10/eu-brand/r1, found {text!r}."


def test_a_card_comes_back_as_it_went_in(store, card):
    ref = written(store, card)
    assert str(ref) == "2026-10/north/r1"
    assert store.read_card(ref) == card
    path = store.root / "2026-10" / "north-2026-10-r1.json"
    assert path.read_text("utf-8") == to_json(card)


def test_a_pdf_comes_back_as_it_went_in_beside_its_card(store, card):
    ref = written(store, card)
    store.write_documents(card, {"pdf": b"%PDF-1.7\r\n\x00\xff"})
    assert store.read_drawn(card) == {"pdf": b"%PDF-1.7\r\n\x00\xff"}
    assert store.path(ref, "pdf") == store.root / "2026-10" / "north-2026-10-r1.pdf"


def test_a_pdf_of_another_draft_of_the_same_revision_is_never_taken_for_this_one(store, card):
    other = replace(card, total=None)
    written(store, card)
    store.write_documents(card, {"pdf": b"%PDF of this"})
    assert store.read_drawn(card) == {"pdf": b"%PDF of this"}
    # a second run drafts the same revision from other data
    assert store.read_drawn(other) is None
    store.write_documents(other, {"pdf": b"%PDF of the other"})
    assert store.read_drawn(card) is None


def test_a_new_revision_leaves_the_old_one_alone(store, card):
    written(store, card)
    written(store, replace(card, revision=2, total=None))
    assert store.read_card(CardRef("2026-10", "north", 1)) == card
    assert store.read_card(CardRef("2026-10", "north", 2)).total is None


def test_cards_of_teams_whose_names_begin_alike_do_not_meet(store, card):
    for team_id in ("north", "north-2026-10", "north-2026-10-r1"):
        written(store, replace(card, team_id=team_id))
    assert len(list((store.root / "2026-10").iterdir())) == 3


def test_nothing_half_written_lies_about(store, card):
    written(store, card)
    store.write_documents(card, {"pdf": b"%PDF"})
    assert sorted(path.suffix for path in (store.root / "2026-10").iterdir()) == [".drawn", ".json", ".pdf"]


def test_a_card_that_is_not_there_is_said_with_its_file_and_what_to_do(store):
    ref = CardRef("2026-10", "north", 3)
    with pytest.raises(UsageError) as refusal:
        store.read_card(ref)
    assert str(refusal.value) == (
        f"2026-10/north/r3: expected the file {store.root}/2026-10/north-2026-10-r3.json, found none; "
        "run 2026-10 again from its first step."
    )

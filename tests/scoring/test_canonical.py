import json
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from scoring.canonical import (
    _builder,
    _plain,
    _This,
    content_hash,
    from_json,
    head_of,
    plain,
    plain_number,
    to_json,
    was_made_of,
)
from scoring.card.card import score_card
from scoring.errors import DataError
from scoring.evidence import FileEvidence, SourceEvidence
from scoring.text import LocalText


@pytest.fixture
def card(inputs):
    evidence = SourceEvidence(
        "sales", LocalText("Sales", "销售"), "erp", "2026-10", "EUR", (FileEvidence("a.csv", "ab" * 32, 3),)
    )
    return replace(score_card(inputs({"leads": "90"}), 2), sources=(evidence,))


def test_a_card_survives_the_way_to_json_and_back(card):
    assert from_json(to_json(card)) == card
    assert to_json(from_json(to_json(card))) == to_json(card)


def test_the_head_of_a_card_says_what_the_card_says(card):
    head = head_of(to_json(card))
    assert head.manager_name == card.manager_name
    said = [(line.kpi_id, line.formula, line.unit, line.direction) for line in head.lines]
    assert said == [(line.kpi_id, line.formula, line.unit, line.direction) for line in card.results]
    with pytest.raises(DataError, match=r"verify --all` says where it is kept"):
        head_of(to_json(card).replace('"manager_name"', '"manager"'))


def test_the_state_that_a_card_was_made_of_is_found_and_no_text_that_looks_like_it(card):
    says = replace(card, manager_name='N","load_state":"12ab', load_state="34cd")
    text = to_json(says)
    assert was_made_of(text, "34cd")
    assert not was_made_of(text, "12ab")
    assert not was_made_of(to_json(card), "34cd")


def test_cards_alike_in_content_are_each_spelled_for_themselves(card):
    other = replace(card, revision=card.revision + 1)
    more = replace(card, manager_name=f"{card.manager_name}-Li")
    assert [to_json(one) for one in (card, other, card)] == [*map(spelled, (card, other, card))]
    assert content_hash(card) == content_hash(other) == content_hash(replace(card)) != content_hash(more)
    assert to_json(card) != to_json(other)
    # equal to itself alone, whatever it is held against
    assert _This(card) == _This(card) != _This(replace(card))
    assert _This(card) != card


def spelled(card):
    return json.dumps(plain(card), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_json_is_canonical(card):
    text = to_json(card)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "销售" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100.0", "100"),
        ("1E+3", "1000"),
        ("-0.0", "0"),
        ("0.50", "0.5"),
        ("1E-7", "0.0000001"),
        ("120", "120"),
    ],
)
def test_a_number_has_one_spelling(value, text):
    assert plain_number(Decimal(value)) == text


def test_the_hash_is_of_what_the_card_says_and_not_of_its_files_or_revision(card):
    same = replace(card, revision=3, sources=())
    assert content_hash(same) == content_hash(card)
    assert content_hash(replace(card, total=Decimal("90.1"))) != content_hash(card)
    assert content_hash(replace(card, manager_name="N")) != content_hash(card)


def test_equal_numbers_hash_equally_however_they_were_computed(card):
    assert card.total is not None
    assert content_hash(replace(card, total=card.total + Decimal("0.00"))) == content_hash(card)


def test_a_bands_working_keeps_its_word_apart_from_numbers(card):
    line = card.areas[0].results[0]
    assert line.working is not None
    operands = (*line.working.operands, replace(line.working.operands[0], name="band_until", value="open"))
    area = replace(card.areas[0], results=(replace(line, working=replace(line.working, operands=operands)),))
    changed = replace(card, areas=(area,))
    assert from_json(to_json(changed)) == changed


def test_a_language_that_is_none_is_refused(card):
    with pytest.raises(
        DataError, match=r"expected the JSON of a scorecard, .* verify --all` says where it is kept"
    ):
        from_json(to_json(card).replace('"language":"en"', '"language":"de"'))


@pytest.mark.parametrize("text", ["{}", "[]", "3", "{", '{"schema_version": "1"}'])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(
        DataError, match=r"expected the JSON of a scorecard, .* verify --all` says where it is kept"
    ):
        from_json(text)


@dataclass(frozen=True)
class Grown:
    """A value that learned to say more."""

    name: str
    note: str | None = None
    marks: tuple[int, ...] = ()


def test_a_field_that_holds_its_default_is_not_spelled_and_an_older_text_can_be_read():
    assert _plain(Grown("a")) == {"name": "a"}
    assert _plain(Grown("a", "b", (1,))) == {"name": "a", "note": "b", "marks": [1]}
    assert _builder(Grown)({"name": "a"}) == Grown("a")
    assert _builder(Grown)({"name": "a", "note": "b", "marks": [1]}) == Grown("a", "b", (1,))
    with pytest.raises(KeyError):
        _builder(Grown)({"note": "b"})

"""What a card says of the drivers of a figure: the largest parts, as decimals that sum to its change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.canonical import content_hash, from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.drivers.effects import Amounts, Moved
from scoring.drivers.members import By, Driver, Member
from scoring.drivers.note import DriverPart, DriversNote
from scoring.drivers.noting import SHOWN, note_of
from scoring.drivers.quotient import quotient_of
from scoring.formula import Formula

SUM, RATIO = (quotient_of(Formula.parse(text)) for text in ("leads - mqls", "ad_spend / leads"))


def driver(number, before, now, quotient):
    """A member with these measures."""
    values = [{name: Fraction(value) for name, value in each.items()} for each in (before, now)]
    below = quotient.below.of if quotient.below else lambda _: Fraction(0)
    moved = Moved(*(Amounts(quotient.above.of(each), below(each)) for each in values))
    return Driver(Member(By.CAMPAIGN, ("campaign", str(number)), f"C{number}"), *values, moved)


def noted(quotient, measures, digits=2, **options):
    """The note of members with (measure: before, now)."""
    drivers = [
        driver(
            number,
            {name: before for name, (before, _) in each.items()},
            {name: now for name, (_, now) in each.items()},
            quotient,
        )
        for number, each in enumerate(measures)
    ]
    values = [
        sum(quotient.above.of(of) for of in sides)
        / (sum(map(quotient.below.of, sides)) if quotient.below else 1)
        for sides in ([one.before for one in drivers], [one.now for one in drivers])
    ]
    figures = tuple(Decimal(value.numerator) / Decimal(value.denominator) for value in values)
    return note_of("2026-09", figures, quotient, drivers, digits, **options)


def effects(parts):
    return sum((part.effect for part in parts), Decimal(0))


@settings(max_examples=30)
@given(
    st.lists(st.tuples(*[st.integers(0, 999)] * 2, *[st.integers(1, 999)] * 2), min_size=1, max_size=9),
    st.integers(0, 6),
    st.booleans(),
)
def test_both_lists_sum_to_the_change(numbers, digits, has_rates):
    rows = [{"ad_spend": four[:2], "leads": four[2:]} for four in numbers]
    note = noted(RATIO, rows, digits, has_rates=has_rates)
    assert effects(note.measures) == effects(note.members) == note.change
    assert len(note.members) <= SHOWN + 1
    assert note.others == (len(rows) - SHOWN if len(rows) > SHOWN + 1 else 0)
    for part in note.members:
        assert (part.mix is None) is not has_rates
        assert part.mix is None or part.mix + part.rate == part.effect


def test_a_measure_says_by_how_much_it_moved_itself():
    note = noted(RATIO, [{"ad_spend": (600, "500.255"), "leads": (12, 10)}, {"ad_spend": (0, 1), "leads": (4, 5)}],
                 has_rates=False)  # fmt: skip
    assert [(part.name, part.moved) for part in note.measures] == [
        ("ad_spend", Decimal("-98.75")),
        ("leads", Decimal("-1.00")),
    ]
    assert {part.moved for part in note.members} == {None}


def test_the_largest_are_named_and_the_others_added_up():
    rows = [{"leads": (0, number), "mqls": (0, 0)} for number in (1, 2, 3, -40, 5, 6)]
    note = noted(SUM, rows, 0, has_rates=False)
    assert [(part.name, int(part.effect)) for part in note.members] == [
        ("C3", -40),
        ("C5", 6),
        ("C4", 5),
        ("C2", 3),
        ("", 3),
    ]
    assert (note.others, note.by, note.base) == (2, ("campaign",), "2026-09")
    assert [part.name for part in note.measures] == ["leads", "mqls"]


def test_a_member_of_one_period_is_new_or_has_ended():
    came, went = driver(1, {}, {"leads": 2}, SUM), driver(2, {"leads": 2}, {"leads": 0}, SUM)
    assert (came.is_new, came.has_ended, came.moved_by("leads")) == (True, False, 2)
    assert (went.is_new, went.has_ended, went.moved_by("leads")) == (False, True, -2)


def test_a_card_keeps_its_drivers_and_is_not_issued_again_for_them(inputs):
    plain = score_card(inputs(), 1)
    part = DriverPart("C", Decimal("0.5"), Decimal(0), Decimal("0.5"))
    note = DriversNote(
        "2026-09", Decimal("0.5"), ("campaign",), (DriverPart("leads", Decimal("0.5")),), (part,)
    )
    first, *rest = plain.areas
    result, *results = first.results
    area = replace(first, results=(replace(result, drivers=note), *results))
    card = replace(plain, areas=(area, *rest))
    assert from_json(to_json(card)) == card
    assert '"drivers"' not in to_json(plain)
    assert content_hash(card) != content_hash(plain)
    assert says_the_same(plain, card)

"""What moved a figure: against a naive twin, and what must hold of it whatever the members are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.drivers.effects import Amounts, Moved, mix_and_rate, together, volume_mix_and_rate, worth
from scoring.drivers.parts import apportioned, by_size, rounded
from scoring.drivers.quotient import Linear, Quotient, quotient_of
from scoring.formula import Formula

FEW = settings(max_examples=40)
"""Fractions are slow, and what fails does so soon."""

AMOUNTS = st.integers(0, 10**6).map(lambda number: Fraction(number, 100)) | st.just(Fraction(0))
POSITIVE = st.integers(1, 10**6).map(lambda number: Fraction(number, 100))
RATES = st.fractions(Fraction(1, 100), 100, max_denominator=100)


def moving(before=AMOUNTS, now=AMOUNTS):
    """Members that have so much below the line."""
    four = st.tuples(AMOUNTS, before, AMOUNTS, now)
    return four.map(lambda of: Moved(Amounts(*of[:2]), Amounts(*of[2:])))


@st.composite
def members(draw):
    """Some of them new, ended, or without anything below the line; together they have something there."""
    found = draw(st.lists(moving(), max_size=5))
    some = draw(st.sampled_from([(moving(POSITIVE, POSITIVE),), (moving(POSITIVE), moving(now=POSITIVE))]))
    return draw(st.permutations([*found, *map(draw, some)]))


def moved(before_above, before_below, now_above, now_below):
    four = map(Fraction, (before_above, before_below, now_above, now_below))
    return Moved(Amounts(next(four), next(four)), Amounts(next(four), next(four)))


def sums(effects):
    return [sum(column) for column in zip(*effects, strict=True)]


def naive(found):
    """Mix and rate of each member by the words of the rule alone, in shares of the whole."""
    below_before = sum(one.before.below for one in found)
    below_now = sum(one.now.below for one in found)
    mean = (
        sum(one.before.above for one in found) / below_before
        + sum(one.now.above for one in found) / below_now
    ) / 2
    for one in found:
        share_before, share_now = one.before.below / below_before, one.now.below / below_now
        if one.before.below and one.now.below:
            before, now = one.before.above / one.before.below, one.now.above / one.now.below
            rate = (share_before + share_now) / 2 * (now - before)
            yield (share_now - share_before) * ((before + now) / 2 - mean), rate
            continue
        # its contributions that come without anything below the line are all rate
        unearned = Fraction(0)
        known = Fraction(0)
        for sign, amounts, whole in ((-1, one.before, below_before), (1, one.now, below_now)):
            if amounts.below:
                known = amounts.above / amounts.below
            else:
                unearned += sign * amounts.above / whole
        yield (share_now - share_before) * (known - mean), unearned


@FEW
@given(members())
def test_mix_and_rate_agree_with_a_naive_twin(found):
    assert mix_and_rate(found) == list(naive(found))


@FEW
@given(members())
def test_effects_sum_to_the_change_exactly(found):
    whole = together(found)
    assert sum(sums(mix_and_rate(found))) == whole.now.rate - whole.before.rate
    assert sum(sums(volume_mix_and_rate(found))) == whole.above
    volume, mix, rate = sums(volume_mix_and_rate(found))
    assert volume == whole.below * whole.mean_rate
    assert mix + rate == (whole.before.below + whole.now.below) / 2 * (whole.now.rate - whole.before.rate)


@FEW
@given(members(), st.randoms())
def test_the_order_of_members_changes_nothing(found, random):
    effects = dict(enumerate(mix_and_rate(found)))
    order = list(effects)
    random.shuffle(order)
    assert mix_and_rate([found[place] for place in order]) == [effects[place] for place in order]


@FEW
@given(members())
def test_the_way_back_has_the_same_effects_with_the_other_sign(found):
    back = [Moved(one.now, one.before) for one in found]
    for split in (mix_and_rate, volume_mix_and_rate):
        assert split(back) == [tuple(-effect for effect in effects) for effects in split(found)]


@FEW
@given(members(), RATES, RATES, st.lists(RATES, min_size=4, max_size=4))
def test_a_member_in_two_of_the_same_rates_changes_no_total_effect(found, before, now, below):
    halves = [
        Moved(Amounts(before * first, first), Amounts(now * last, last))
        for first, last in (below[:2], below[2:])
    ]
    for split in (mix_and_rate, volume_mix_and_rate):
        assert sums(split([*found, *halves])) == sums(split([*found, together(halves)]))


@FEW
@given(members(), st.fractions(Fraction(1, 50), 50))
def test_effects_are_in_the_unit_of_the_figure(found, factor):
    dearer = [
        Moved(*(Amounts(amounts.above * factor, amounts.below) for amounts in (one.before, one.now)))
        for one in found
    ]
    assert mix_and_rate(dearer) == [tuple(effect * factor for effect in row) for row in mix_and_rate(found)]


def test_a_new_and_an_ended_member_are_mix():
    found = [moved(100, 10, 100, 10), moved(0, 0, 30, 10), moved(50, 10, 0, 0)]
    effects = mix_and_rate(found)
    assert [rate for _, rate in effects] == [0, 0, 0]
    # cheaper than the mean of 7 1/2 and 6 1/2 came in, and went out
    assert effects[1][0] == Fraction(1, 2) * (3 - 7)
    assert effects[2][0] == -Fraction(1, 2) * (5 - 7)
    assert sum(sums(effects)) == Fraction(13, 2) - Fraction(15, 2)


def test_what_brings_nothing_below_the_line_is_rate():
    found = [moved(100, 10, 100, 10), moved(0, 0, 20, 0)]
    assert mix_and_rate(found) == [(0, 0), (0, 2)]
    assert volume_mix_and_rate(found) == [(0, 0, 0), (0, 0, 20)]


def test_the_worked_example_of_the_guide():
    found = [moved(600, 12, 500, 10), moved(400, 4, 550, 5)]
    whole = together(found)
    assert (whole.before.rate, whole.now.rate) == (Fraction(125, 2), 70)
    (first, second) = mix_and_rate(found)
    assert first[1] == 0
    assert second[1] == (Fraction(1, 4) + Fraction(1, 3)) / 2 * 10
    assert sum((*first, *second)) == Fraction(15, 2)


@pytest.mark.parametrize(
    ("text", "above", "below"),
    [
        ("leads", {"leads": 1}, None),
        ("2 * leads - mqls / 4 + 3", {"leads": 2, "mqls": Fraction(-1, 4)}, None),
        ("-leads + leads * 3", {"leads": 2}, None),
        ("ad_spend / leads", {"ad_spend": 1}, {"leads": 1}),
        ("ad_spend / ad_impressions * 1000", {"ad_spend": 1000}, {"ad_impressions": 1}),
        ("1000 * ad_spend / (leads + mqls)", {"ad_spend": 1000}, {"leads": 1, "mqls": 1}),
        ("(ad_revenue - ad_spend) / ad_spend", {"ad_revenue": 1, "ad_spend": -1}, {"ad_spend": 1}),
        ("ad_revenue / ad_spend - 1", {"ad_revenue": 1, "ad_spend": -1}, {"ad_spend": 1}),
        ("1 - ad_spend / budget", {"budget": 1, "ad_spend": -1}, {"budget": 1}),
        ("leads / mqls + sqls / mqls", {"leads": 1, "sqls": 1}, {"mqls": 1}),
        ("0.5 * (leads / mqls) / 2", {"leads": Fraction(1, 4)}, {"mqls": 1}),
        ("1 / leads * ad_spend", None, None),
        ("leads * mqls", None, None),
        ("leads / mqls / sqls", None, None),
        ("leads / (mqls / sqls)", None, None),
        ("leads / mqls + sqls", None, None),
        ("leads / mqls + sqls / leads", None, None),
        ("(leads + 1) / mqls", None, None),
        ("leads / (mqls + 1)", None, None),
        ("(leads - leads) / mqls", None, None),
        ("leads * 0", None, None),
        ("leads / 0", None, None),
        ("abs(leads)", None, None),
        ("(leads * 0 + 5) / mqls", None, None),
    ],
)
def test_a_formula_is_a_sum_or_one_sum_over_another_or_neither(text, above, below):
    found = quotient_of(Formula.parse(text))
    if above is None:
        assert found is None
        return
    assert (found.above.factors, found.below and found.below.factors) == (above, below)


@FEW
@given(st.lists(st.integers(1, 10**6), min_size=3, max_size=3))
def test_a_quotient_has_the_value_of_its_formula(numbers):
    values = dict(zip(("ad_revenue", "ad_spend", "ad_clicks"), map(Decimal, numbers), strict=True))
    formula = Formula.parse("(ad_revenue - 2 * ad_spend) / (ad_spend + ad_clicks) * 100 - 1")
    found, exact = quotient_of(formula), {name: Fraction(value) for name, value in values.items()}
    value = found.above.of(exact) / found.below.of(exact)
    assert abs(Fraction(formula.evaluate(values)) - value) < Fraction(1, 10**25)


@FEW
@given(AMOUNTS, AMOUNTS, POSITIVE, POSITIVE)
def test_what_a_measure_is_worth_explains_the_whole_change(spend, spend_now, leads, leads_now):
    quotient = Quotient(
        Linear({"ad_spend": Fraction(1), "leads": Fraction(-2)}), Linear({"leads": Fraction(3)})
    )
    before, now = {"ad_spend": spend, "leads": leads}, {"ad_spend": spend_now, "leads": leads_now}
    whole = Moved(*(Amounts(quotient.above.of(each), quotient.below.of(each)) for each in (before, now)))
    worths = worth(quotient, whole)
    effects = {name: (now[name] - before[name]) * worths[name] for name in worths}
    assert sum(effects.values()) == whole.now.rate - whole.before.rate


def test_a_measure_of_a_sum_is_worth_its_factor():
    quotient = quotient_of(Formula.parse("leads - mqls / 2"))
    assert worth(quotient, Moved()) == {"leads": 1, "mqls": Fraction(-1, 2)}


@FEW
@given(st.lists(st.tuples(st.fractions(-100, 100), st.fractions(-100, 100)), min_size=1), st.integers(0, 12))
def test_printed_parts_sum_to_the_printed_change(effects, digits):
    whole = rounded(sum(map(sum, effects)), digits)
    found = apportioned(effects, whole, digits)
    assert sum(map(sum, found)) == whole
    moved_by = [
        abs(Fraction(cell) - exact)
        for row, of in zip(found, effects, strict=True)
        for cell, exact in zip(row, of, strict=True)
    ]
    # all but one are as near as rounding brings them
    assert sum(by > Fraction(1, 2 * 10**digits) for by in moved_by) <= 1


def test_the_largest_part_takes_what_rounding_left():
    third = Fraction(1, 3)
    assert apportioned([(third,), (-2 * third, third)], Decimal("0.1"), 1) == [
        (Decimal("0.3"),),
        (Decimal("-0.5"), Decimal("0.3")),
    ]
    assert apportioned([], Decimal(0), 1) == []


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [("1/2", 0, "1"), ("-1/2", 0, "-1"), ("5/4", 1, "1.3"), ("-1/300", 2, "0.00"), ("10", 2, "10.00")],
)
def test_a_half_goes_away_from_zero(value, digits, expected):
    assert str(rounded(Fraction(value), digits)) == expected


def test_the_largest_come_first_whichever_sign():
    found = by_size([("a", (Fraction(1),)), ("b", (Fraction(-3), Fraction(1))), ("c", (Fraction(-1),))])
    assert [name for name, _ in found] == ["b", "a", "c"]

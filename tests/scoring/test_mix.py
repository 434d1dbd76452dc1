"""A total of a long period that also counts the shorter ones within it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BookError
from scoring.mix import check_shares, mix_of
from scoring.period import Cadence
from scoring.working import HistoryPoint

D = Decimal
MONTH, QUARTER, YEAR, WEEK = Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR, Cadence.WEEK
SHARES = {MONTH: D(30), QUARTER: D(40), YEAR: D(30)}


def points(*totals):
    return tuple(HistoryPoint(f"p{n}", None if t is None else D(t), None) for n, t in enumerate(totals))


def test_the_usual_mix_by_hand():
    mix = mix_of(
        SHARES, D(97), {MONTH: points("90", "95", "103"), QUARTER: points("97"), YEAR: points("101.5")}, 1
    )
    # 0.3 x 96 + 0.4 x 97 + 0.3 x 101.5
    assert mix.result == D("98.1")
    assert [(part.cadence, part.share, part.mean) for part in mix.parts] == [
        ("month", D(30), D(96)),
        ("quarter", D(40), D(97)),
        ("year", D(30), D("101.5")),
    ]


def test_a_half_is_rounded_up_once_and_a_mean_is_not_rounded():
    halves = {MONTH: D(50), QUARTER: D(50)}
    thirds = mix_of(halves, None, {MONTH: points("90", "90", "91"), QUARTER: points("90")}, 1)
    assert thirds.parts[0].mean != round(thirds.parts[0].mean, 6)
    assert thirds.result == D("90.2")
    # 90.05
    assert mix_of(halves, None, {MONTH: points("90"), QUARTER: points("90.1")}, 1).result == D("90.1")


def test_what_has_no_total_is_left_out_and_the_rest_scales_up():
    mix = mix_of(
        SHARES, D(97), {MONTH: points("90", None, "92"), QUARTER: points(None), YEAR: points("100")}, 1
    )
    assert mix.parts[0].mean == 91
    assert mix.parts[1].mean is None
    # (30 x 91 + 30 x 100) / 60
    assert mix.result == D("95.5")
    assert mix_of(SHARES, D(97), {}, 1).result is None


@pytest.mark.parametrize(
    ("cadence", "shares", "words"),
    [
        (MONTH, {MONTH: D(100)}, "expected quarter or year"),
        (QUARTER, {MONTH: D(50), YEAR: D(50)}, "mix.quarter: expected month, quarter, found 'year'"),
        (YEAR, {WEEK: D(100)}, "mix.year: expected month, quarter, year, found 'week'"),
        (YEAR, {MONTH: D(50), YEAR: D(49)}, "shares above 0 that sum to 100, found month 50, year 49"),
        (YEAR, {MONTH: D(100), YEAR: D(0)}, "shares above 0"),
        (YEAR, {}, "found none"),
    ],
)
def test_shares_that_cannot_make_a_total_are_refused(cadence, shares, words):
    with pytest.raises(BookError, match=words):
        check_shares(cadence, shares)


@pytest.mark.parametrize(
    ("cadence", "shares"),
    [(QUARTER, {MONTH: D(60), QUARTER: D(40)}), (YEAR, SHARES), (YEAR, {MONTH: D(100)})],
)
def test_the_usual_shares_are_fine(cadence, shares):
    check_shares(cadence, shares)


totals = st.lists(st.one_of(st.none(), st.decimals(0, 150, places=1)), max_size=12)


@given(totals, totals, totals, st.integers(1, 98), st.data())
def test_it_agrees_with_fractions(months, quarters, years, first, data):
    second = data.draw(st.integers(1, 99 - first))
    shares = {MONTH: D(first), QUARTER: D(second), YEAR: D(100 - first - second)}
    given_totals = {MONTH: months, QUARTER: quarters, YEAR: years}
    mix = mix_of(shares, None, {cadence: points(*values) for cadence, values in given_totals.items()}, 1)
    means = []
    for cadence, values in given_totals.items():
        known = [Fraction(value) for value in values if value is not None]
        if known:
            means.append((Fraction(shares[cadence]), sum(known) / len(known)))
    if not means:
        assert mix.result is None
        return
    exact = sum(share * mean for share, mean in means) / sum(share for share, _ in means)
    assert abs(Fraction(mix.result) - exact) <= Fraction(1, 20) + Fraction(1, 10**20)
    scores = [Fraction(point) for values in given_totals.values() for point in values if point is not None]
    assert min(scores) - Fraction(1, 10) <= Fraction(mix.result) <= max(scores) + Fraction(1, 10)

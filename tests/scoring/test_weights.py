"""Weights are printed so that they add up, and nearly all of a hundred is a hundred."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.weights import as_hundred, printed_weights

D = Decimal


@pytest.mark.parametrize(
    ("weights", "printed"),
    [
        (["33.3", "33.3", "33.4"], ["33.3", "33.3", "33.4"]),
        (["0.75", "49", "50.25"], ["0.75", "49.00", "50.25"]),
        (["60", "40"], ["60", "40"]),
        (["33.3333333333333"] * 3, ["33.3334", "33.3333", "33.3333"]),
        ([], []),
    ],
)
def test_weights_by_hand(weights, printed):
    assert printed_weights([D(weight) for weight in weights]) == [D(weight) for weight in printed]


@given(st.lists(st.decimals("0.01", 100, places=10), min_size=1, max_size=20))
def test_what_is_printed_adds_up_and_is_less_than_a_last_digit_off(weights):
    printed = printed_weights(weights)
    assert abs(sum(printed) - sum(weights)) <= D("0.00005")
    assert all(abs(shown - weight) < D("0.0001") for shown, weight in zip(printed, weights, strict=True))


def test_only_what_is_almost_a_hundred_is_one():
    assert as_hundred(D("99.9999999999999")) == 100
    assert as_hundred(D("99.9999")) == D("99.9999")
    assert as_hundred(D("100.01")) == D("100.01")

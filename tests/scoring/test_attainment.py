"""The ways to work out attainment, by hand and against each other."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.kpi import Attainment, Direction, Method
from scoring.targets.attainment import attain
from scoring.working import Reason

D = Decimal
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
COMPLEMENT = Attainment(Method.COMPLEMENT)


def baseline(start):
    return Attainment(Method.BASELINE, D(start))


@pytest.mark.parametrize(
    ("actual", "target", "direction", "how", "attainment"),
    [
        ("90", "100", HIGHER, Attainment(), "0.9"),
        ("0", "100", HIGHER, Attainment(), "0"),
        ("-20", "100", HIGHER, Attainment(), "-0.2"),
        ("40", "50", LOWER, Attainment(), "1.25"),
        ("40", "50", LOWER, COMPLEMENT, "1.2"),
        ("50", "50", LOWER, COMPLEMENT, "1"),
        ("100", "50", LOWER, COMPLEMENT, "0"),
        ("150", "50", LOWER, COMPLEMENT, "-1"),
        ("0", "50", LOWER, COMPLEMENT, "2"),
        ("60", "40", LOWER, baseline(80), "0.5"),
        ("40", "40", LOWER, baseline(80), "1"),
        ("80", "40", LOWER, baseline(80), "0"),
        ("15", "20", HIGHER, baseline(10), "0.5"),
        ("0", "20", HIGHER, baseline(10), "-1"),
        # a planned loss of 100 after one of 200
        ("-80", "-100", HIGHER, baseline(-200), "1.2"),
        ("-130", "-100", HIGHER, baseline(-200), "0.7"),
        ("50", "-100", HIGHER, baseline(-200), "2.5"),
        ("0", "0", HIGHER, baseline(-200), "1"),
        # none is agreed
        ("0", "0", LOWER, Attainment(), "1"),
        ("-3", "0", LOWER, Attainment(), "1"),
        ("2", "0", LOWER, Attainment(), "0"),
        # five are agreed, and none came
        ("0", "5", LOWER, Attainment(at_zero=D("1.2")), "1.2"),
        ("-1", "5", LOWER, Attainment(at_zero=D("1.2")), "1.2"),
        ("1", "5", LOWER, Attainment(at_zero=D("1.2")), "5"),
        ("0", "5", LOWER, COMPLEMENT, "2"),
    ],
)
def test_each_method_by_hand(actual, target, direction, how, attainment):
    assert attain(D(actual), D(target), direction, how) == D(attainment)


@pytest.mark.parametrize(
    ("actual", "target", "direction", "how", "reason"),
    [
        ("5", "0", HIGHER, Attainment(), Reason.ZERO_DENOMINATOR),
        ("5", "-1", HIGHER, Attainment(), Reason.ZERO_DENOMINATOR),
        ("0", "5", LOWER, Attainment(), Reason.UNRANKED),
        ("-1", "5", LOWER, Attainment(), Reason.UNRANKED),
        ("5", "0", LOWER, COMPLEMENT, Reason.ZERO_DENOMINATOR),
        ("5", "10", HIGHER, baseline(10), Reason.ZERO_DENOMINATOR),
    ],
)
def test_a_formula_without_a_value_is_not_available(actual, target, direction, how, reason):
    assert attain(D(actual), D(target), direction, how) is reason


@given(actual=st.decimals("0.01", 500, places=2), target=st.decimals("0.01", 500, places=2))
def test_complement_is_one_less_the_relative_miss(actual, target):
    a, t = Fraction(actual), Fraction(target)
    assert abs(Fraction(attain(actual, target, LOWER, COMPLEMENT)) - (1 - (a - t) / t)) < Fraction(1, 10**24)


@given(target=st.decimals("0.01", 500, places=2), start=st.decimals(-500, 500, places=2))
def test_on_target_is_exactly_one_by_every_method(target, start):
    methods = [(HIGHER, Attainment()), (LOWER, Attainment()), (LOWER, COMPLEMENT)]
    methods += [(direction, baseline(start)) for direction in Direction if start != target]
    assert {attain(target, target, direction, how) for direction, how in methods} == {D(1)}

from decimal import Decimal

import pytest

from scoring.errors import BookError
from scoring.formula import Formula
from scoring.working import Reason

D = Decimal


def test_the_four_operations_keep_their_order():
    formula = Formula.parse("(a - b) / c * 100 + -d")
    assert formula.names == ("a", "b", "c", "d")
    assert formula.evaluate({"a": D(9), "b": D(4), "c": D(8), "d": D("0.5")}) == D(62)


def test_an_absent_measure_is_no_data_even_where_the_denominator_is_zero():
    assert Formula.parse("a / b").evaluate({"b": D(0)}) is Reason.NO_DATA


@pytest.mark.parametrize("numerator", [D(0), D(3), D(-3)])
def test_a_zero_denominator_is_a_reason_and_never_a_number(numerator):
    assert Formula.parse("a / b").evaluate({"a": numerator, "b": D(0)}) is Reason.ZERO_DENOMINATOR


def test_a_zero_actual_is_a_number():
    assert Formula.parse("a / b").evaluate({"a": D(0), "b": D(7)}) == 0


def test_a_decimal_number_in_a_formula_is_exact():
    assert Formula.parse("a * 0.1").evaluate({"a": D(3)}) == D("0.3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a +",
        "a ** b",
        "a // b",
        "a % b",
        "f(a)",
        "a.b",
        "a[0]",
        "a if b else c",
        "lambda: a",
        "'a'",
        "True + a",
        "a < b",
        "~a",
        "1 + 2",
        "a; b",
        "__import__('os')",
        "a * 1e999",
    ],
)
def test_anything_but_arithmetic_over_measures_is_refused(text):
    with pytest.raises(BookError, match="expected"):
        Formula.parse(text)


def test_no_measure_at_all_is_refused():
    with pytest.raises(BookError, match="expected at least one measure, found none"):
        Formula.parse("1 + 2")


def test_all_ways_to_write_a_formula_share_one_spelling():
    assert Formula.parse(" ( a-b ) / (b) ").spelling == Formula.parse("(a - b) / b").spelling
    assert Formula.parse("a - b / b").spelling != Formula.parse("(a - b) / b").spelling


@pytest.mark.parametrize(
    "growth",
    [
        "(now - before) / before",
        "now / before - 1",
        "-(before - now) / before",
        "now * (1 / before) - 1",
        "(now - before) / (before * 1)",
    ],
)
@pytest.mark.parametrize(
    ("before", "reason"), [(-100, Reason.NEGATIVE_DENOMINATOR), (0, Reason.ZERO_DENOMINATOR)]
)
def test_growth_from_a_loss_or_from_nothing_has_no_value_however_it_is_written(growth, before, reason):
    assert Formula.parse(growth).evaluate({"now": D(200), "before": D(before)}) is reason


def test_a_book_may_count_growth_over_the_absolute_base():
    growth = Formula.parse("(now - before) / abs(before)")
    assert growth.names == ("now", "before")
    assert growth.evaluate({"now": D(200), "before": D(-100)}) == D(3)
    assert growth.evaluate({"now": D(200), "before": D(0)}) is Reason.ZERO_DENOMINATOR


@pytest.mark.parametrize(
    ("text", "is_sum"),
    [
        *[
            (text, True)
            for text in ("a", "a + b", "-(a - b)", "2 * a", "a * 2 + b / 1000", "a - 0.5 * (b + c)")
        ],
        *[(text, False) for text in ("a / b", "a * b", "a + 1", "1 / a", "abs(a)", "2 * (a + 1)")],
    ],
)
def test_a_sum_of_measures_is_told_from_what_does_not_add_up(text, is_sum):
    assert Formula.parse(text).is_sum is is_sum

"""Grades and pay coefficients, on their edges."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BookError
from scoring.grading import grade_table
from scoring.pay import BandedPay, Gate, MatrixPay, ProportionalPay, Tier, check_starts, gate_of, pay_of

D = Decimal
TABLE = grade_table([("D", D(0)), ("C", D(60)), ("B", D(80)), ("A", D(95)), ("S", D("110.5"))])


@pytest.mark.parametrize(
    ("total", "grade", "above"),
    [
        ("-5", "D", "C"),
        ("0", "D", "C"),
        ("59.9", "D", "C"),
        ("60", "C", "B"),
        ("94.9", "B", "A"),
        ("95", "A", "S"),
        ("110.4", "A", "S"),
        ("110.5", "S", None),
        ("200", "S", None),
    ],
)
def test_a_total_on_an_edge_has_reached_the_higher_grade(total, grade, above):
    assert TABLE.grade_of(D(total)).name == grade
    following = TABLE.next_above(D(total))
    assert (following and following.name) == above


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "start at 0"),
        ([("C", D(1))], "start at 0"),
        ([("D", D(0)), ("C", D(60)), ("B", D(60))], "grades that rise"),
        ([("D", D(0)), ("C", D(80)), ("B", D(60))], "grades that rise"),
        ([("D", D(0)), ("D", D(60))], "each grade once"),
    ],
)
def test_a_grade_table_that_does_not_cover_every_total_is_refused(rows, fault):
    with pytest.raises(BookError, match=fault):
        grade_table(rows)


BANDS = BandedPay((Tier(D(0), D(0)), Tier(D(60), D("0.6")), Tier(D(100), D(1)), Tier(D(110), D("1.25"))), 2)


@pytest.mark.parametrize(
    ("total", "coefficient"),
    [
        ("0", "0"),
        ("59.9", "0"),
        ("60", "0.6"),
        ("99.9", "0.6"),
        ("100", "1"),
        ("110", "1.25"),
        ("150", "1.25"),
    ],
)
def test_banded_pay_steps_at_its_edges(total, coefficient):
    assert BANDS.coefficient(D(total), {}).result == D(coefficient)


@pytest.mark.parametrize(
    ("total", "excess", "coefficient", "applied"),
    [
        ("100", "1", "1", ()),
        ("87.5", "1", "0.88", ()),
        ("87.4", "1", "0.87", ()),
        ("110", "1", "1.1", ()),
        ("110", "2", "1.2", ()),
        ("100", "2", "1", ()),
        ("130", "2", "1.5", ("cap",)),
        ("125", "2", "1.5", ()),
        ("49.9", "2", "0.5", ("floor",)),
    ],
)
def test_pay_in_proportion_counts_what_is_above_100_by_its_excess(total, excess, coefficient, applied):
    working = ProportionalPay(D("1.5"), D("0.5"), D(excess), 2).coefficient(D(total), {})
    assert (working.result, working.applied) == (D(coefficient), applied)


@given(total=st.decimals(0, 200, places=1), excess=st.decimals(1, 3, places=1))
def test_pay_in_proportion_agrees_with_fractions(total, excess):
    t, e = Fraction(total), Fraction(excess)
    raw = min(t, Fraction(100)) / 100 + e * max(t - 100, 0) / 100
    held = min(max(raw, Fraction(1, 2)), Fraction(3, 2))
    hundredths = (held * 100 + Fraction(1, 2)).__floor__()
    working = ProportionalPay(D("1.5"), D("0.5"), excess, 2).coefficient(total, {})
    assert Fraction(working.result) == Fraction(hundredths, 100)


MATRIX = MatrixPay(
    "sales",
    (D(0), D("0.9"), D(1)),
    "margin",
    (D(0), D(1)),
    ((D(0), D("0.5")), (D("0.5"), D("0.8")), (D("0.8"), D("1.2"))),
    2,
)


@pytest.mark.parametrize(
    ("sales", "margin", "coefficient"),
    [("0.5", "0.5", "0"), ("0.9", "0.99", "0.5"), ("0.9", "1", "0.8"), ("1", "1", "1.2"), ("-1", "2", "0.5")],
)
def test_a_matrix_pays_the_cell_of_two_attainments(sales, margin, coefficient):
    working = MATRIX.coefficient(D(90), {"sales": D(sales), "margin": D(margin)})
    assert working.result == D(coefficient)


def test_a_matrix_without_one_of_its_attainments_pays_nothing_it_could_not_explain():
    assert MATRIX.coefficient(D(90), {"sales": D(1)}) is None


@pytest.mark.parametrize("starts", [(), (D(1),), (D(0), D(0)), (D(0), D(2), D(1))])
def test_bands_of_pay_that_leave_a_hole_are_refused(starts):
    with pytest.raises(BookError, match="start at 0 and rise"):
        check_starts("pay", starts)


PAY = {"method": "proportional", "cap": "1.5", "floor": "0", "digits": "2"}


def test_a_gate_is_read_beside_any_way_of_paying():
    gated = {**PAY, "gate": {"lowest_score": "90", "coefficient": "0.333"}}
    assert gate_of(gated) == Gate(D(90), D("0.33"))
    assert pay_of(gated) == pay_of(PAY)
    assert gate_of(PAY) is None


@pytest.mark.parametrize(
    ("gate", "fault"),
    [
        (
            {"lowest_score": "90", "coefficient": "-1"},
            "pay.gate: expected numbers from 0 up, found 90 and -1",
        ),
        (
            {"lowest_score": "90"},
            "pay.gate: expected the parameters coefficient, lowest_score, found lowest_score",
        ),
        ("90", "expected a mapping for gate"),
    ],
)
def test_a_gate_of_another_kind_is_refused(gate, fault):
    with pytest.raises(BookError, match=fault):
        gate_of({**PAY, "gate": gate})


PIECES = {
    "method": "bands",
    "digits": 3,
    "tiers": [
        {"from": 0, "coefficient": 0},
        {"from": 80, "coefficient": "0.5", "per_point": "0.025"},
        {"from": 100, "coefficient": 1, "per_point": "0.025"},
        {"from": 120, "coefficient": "1.5"},
    ],
}


@pytest.mark.parametrize(
    ("total", "coefficient"),
    [
        ("79.9", "0"),
        ("80", "0.5"),
        ("90", "0.75"),
        ("99.9", "0.998"),
        ("100", "1"),
        ("110", "1.25"),
        ("120", "1.5"),
        ("150", "1.5"),
    ],
)
def test_one_table_pays_flat_and_proportional_pieces(total, coefficient):
    """80 % pays 50, 100 pays 100 and 120 pays 150, of a target pay of 300,000 150,000 to 450,000."""
    working = pay_of(PIECES).coefficient(D(total), {})
    assert working.result == D(coefficient)


def test_the_working_of_a_piece_that_rises_has_what_it_takes_to_redo_it():
    numbers = pay_of(PIECES).coefficient(D(90), {}).numbers
    assert numbers["tier_coefficient"] + numbers["per_point"] * (
        numbers["total"] - numbers["tier_from"]
    ) == D("0.75")
    assert "per_point" not in pay_of(PIECES).coefficient(D(130), {}).values


@pytest.mark.parametrize(
    ("per_point", "fault"),
    [
        ("0.03", "expected at least 1.1 from 100 on, where the tier before it ends, found 1"),
        ("-0.01", "expected per_point from 0 up"),
        ("x", "expected a number for per_point"),
    ],
)
def test_a_piece_that_ends_above_the_next_or_falls_is_refused(per_point, fault):
    tiers = [PIECES["tiers"][0], {**PIECES["tiers"][1], "per_point": per_point}, *PIECES["tiers"][2:]]
    with pytest.raises(BookError, match=fault):
        pay_of({**PIECES, "tiers": tiers})

"""Key results and objectives against their naive twin, on generated ways, anchors and values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.okr.agreed import Ambition, Anchor, KeyResult, Objective, Way, line_of
from scoring.okr.key_result import progress_of, score_key_result
from scoring.okr.known import CheckIn, KeyValue, key_values
from scoring.okr.objectives import score_objectives
from scoring.period import Period
from tests.scoring import naive_okr
from tests.scoring.conftest import both
from tests.scoring.test_rules_agree import CLOSE, EXAMPLES, decimals

QUARTER = Period.parse("2026-Q4")
LAST = date(2026, 10, 31)


@st.composite
def key_results(draw, name="kr"):
    """A way up or down, of few digits so that halves and edges are met, with anchors or without."""
    start, target = draw(decimals(-50, 200, 1)), draw(decimals(-50, 200, 1))
    assume(start != target)
    sign = 1 if target > start else -1
    gaps = draw(st.lists(decimals("0.1", 40, 1), max_size=4))
    inner = sorted(draw(st.lists(decimals(0, 1, 2), min_size=len(gaps), max_size=len(gaps))))[1:]
    worths = [*inner, Decimal(1)] if gaps else []
    anchors, at = [], start
    for gap, worth in zip(gaps, worths, strict=True):
        at += sign * gap
        anchors.append(Anchor(at, worth))
    weight = draw(decimals("0.1", 60, 1))
    return KeyResult(name, both(name), weight, Way.CHECK_IN, start, target, scores=tuple(anchors))


def twin(item, value):
    anchors = [(Fraction(anchor.at), Fraction(anchor.score)) for anchor in item.scores]
    return naive_okr.score(Fraction(item.start), Fraction(item.target), Fraction(value), anchors)


def worth(item, value):
    working = score_key_result(item, KeyValue(value), LAST)
    assert working is not None
    return working.result


@EXAMPLES
@given(key_results(), st.data())
def test_progress_and_score(item, data):
    edges = [anchor.at for anchor in line_of(item.start, item.target, item.scores)]
    value = data.draw(st.one_of(decimals(-300, 500, 2), st.sampled_from(edges)))
    naive = naive_okr.progress(Fraction(item.start), Fraction(item.target), Fraction(value))
    assert abs(Fraction(progress_of(item, value)) - naive) < CLOSE
    assert Fraction(worth(item, value)) == twin(item, value)


@EXAMPLES
@given(key_results(), decimals(-300, 500, 2), decimals(0, 100, 2))
def test_further_on_the_way_is_never_worth_less(item, value, more):
    sign = 1 if item.target > item.start else -1
    assert 0 <= worth(item, value) <= worth(item, value + sign * more) <= 1


@EXAMPLES
@given(st.lists(st.tuples(key_results(), st.none() | decimals(-100, 300, 1)), min_size=1, max_size=5))
def test_an_objective_is_the_mean_of_what_is_known(pairs):
    items = [
        KeyResult(f"k{n}", i.name, i.weight, i.way, i.start, i.target, scores=i.scores)
        for n, (i, _) in enumerate(pairs)
    ]
    goal = Objective("o", both("o"), "t", QUARTER, Ambition.COMMITTED, tuple(items))
    values = {goal.ref(item): KeyValue(value) for item, (_, value) in zip(items, pairs, strict=True)}
    (result,) = score_objectives([goal], values, LAST)
    naive = naive_okr.objective([(Fraction(i.weight), None if v is None else twin(i, v)) for i, v in pairs])
    assert (None if result.score is None else Fraction(result.score)) == naive
    total = sum(Fraction(item.effective_weight) for item in result.key_results)
    assert abs(total - (100 if naive is not None else 0)) < CLOSE


@EXAMPLES
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8, unique_by=lambda said: said[0]))
def test_a_milestone(said):
    item = KeyResult("m", both("m"), Decimal(100), Way.MILESTONE, due=LAST)
    goal = Objective("o", both("o"), "t", QUARTER, Ambition.COMMITTED, (item,))
    days = [(QUARTER.start + timedelta(days=after), is_done) for after, is_done in said]
    rows = [CheckIn("o", "m", on, None, is_done, "", "A") for on, is_done in days]
    known = key_values(goal, {}, {}, rows, LAST)["o/m"]
    working = score_key_result(item, known, LAST)
    assert working is not None
    assert Fraction(working.result) == naive_okr.milestone(days, LAST)

"""Each rule against its naive twin, on generated books and actuals.

The number of examples grows by SCORING_EXAMPLES; the long campaign of `script/agree` runs 10,000.
"""

from __future__ import annotations

import os
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.kpi import Direction, RuleSpec
from scoring.rules import Case, rule_of
from scoring.targets.attainment import attain
from scoring.working import Reason
from tests.scoring import naive

EXAMPLES = settings(max_examples=int(os.environ.get("SCORING_EXAMPLES", "200")), deadline=None)
CLOSE = Fraction(1, 10**24)


def decimals(low, high, places=3):
    return st.decimals(low, high, places=places)


def written(value):
    return format(value, "f")


ACTUALS = st.one_of(decimals(-50, 300), st.sampled_from([Decimal(n) for n in (0, 40, 50, 80, 100, 110, 120)]))
DIRECTIONS = st.sampled_from(Direction)


@st.composite
def rising(draw, low, high, count, places=3, through=None):
    """Distinct rising numbers; `through` is one of them where given."""
    values = set(draw(st.lists(decimals(low, high, places), min_size=count, max_size=count, unique=True)))
    if through is not None:
        values.add(Decimal(through))
    return sorted(values)


@st.composite
def proportional_params(draw):
    return {"cap": written(draw(decimals(100, 200))), "floor": written(draw(decimals(0, 99)))}


@st.composite
def bands_params(draw):
    starts = draw(rising("0.001", "2", draw(st.integers(0, 5)), through=1))
    scores = sorted(draw(st.lists(decimals(0, 150), min_size=len(starts) + 1, max_size=len(starts) + 1)))
    rows = zip([Decimal(0), *starts], scores, strict=True)
    return {"bands": [{"from": written(start), "score": written(score)} for start, score in rows]}


@st.composite
def stair(draw, *names):
    names = {"per": decimals("0.005", "0.3"), "points": decimals(0, 5, 2)} | {
        n: decimals(0, 40, 1) for n in names
    }
    return {name: written(draw(values)) for name, values in names.items()}


@st.composite
def step_params(draw):
    return {
        "above": draw(stair("at_most")),
        "below": draw(stair("at_most")),
        "partial": draw(st.booleans()),
    }


@st.composite
def base_and_bonus_params(draw):
    base = draw(decimals(1, 100, 1))
    return {
        "base": written(base),
        "above": draw(stair()),
        "cap": written(base + draw(decimals(0, 50, 1))),
        "below": draw(stair()),
        "floor": written(draw(decimals(0, base - Decimal("0.1"), 1))),
        "partial": draw(st.booleans()),
    }


@st.composite
def piecewise_params(draw):
    below = draw(rising(0, "0.999", draw(st.integers(1, 3))))
    above = draw(rising("1.001", 2, draw(st.integers(0, 3))))
    low = sorted(draw(st.lists(decimals(0, 100), min_size=len(below), max_size=len(below))))
    high = sorted(draw(st.lists(decimals(100, 150), min_size=len(above), max_size=len(above))))
    anchors = zip([*below, Decimal(1), *above], [*low, Decimal(100), *high], strict=True)
    return {"anchors": [{"at": written(at), "score": written(score)} for at, score in anchors]}


@st.composite
def tolerance_params(draw):
    limits = draw(rising(0, 1, draw(st.integers(1, 4))))
    count = len(limits)
    scores = sorted(draw(st.lists(decimals(0, 100), min_size=count, max_size=count)), reverse=True)
    rows = [{"up_to": written(limits[0]), "score": "100"}]
    rows += [
        {"up_to": written(limit), "score": written(score)}
        for limit, score in zip(limits[1:], scores, strict=False)
    ]
    return {"limits": [*rows, {"score": written(scores[-1])}]}


def check(rule, params, actual, target, direction):
    """The rule's score over an attainment, and its twin's."""
    attainment = attain(actual, target, direction)
    if isinstance(attainment, Reason):
        return
    working = rule_of(RuleSpec(rule, params)).score(Case(direction, actual, target, attainment))
    a, t = Fraction(actual), Fraction(target)
    is_below = direction is Direction.RANGE and a <= t
    exact = a / t if direction is Direction.HIGHER or is_below else t / a
    twin = naive.tolerance(params, a, t) if rule == "tolerance" else getattr(naive, rule)(params, exact)
    assert abs(Fraction(working.result) - twin) < CLOSE


TARGETS = decimals(1, 200)


@EXAMPLES
@given(proportional_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_proportional(params, actual, target, direction):
    check("proportional", params, actual, target, direction)


@EXAMPLES
@given(bands_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_bands(params, actual, target, direction):
    check("bands", params, actual, target, direction)


@EXAMPLES
@given(step_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_step(params, actual, target, direction):
    check("step", params, actual, target, direction)


@EXAMPLES
@given(base_and_bonus_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_base_and_bonus(params, actual, target, direction):
    check("base_and_bonus", params, actual, target, direction)


@EXAMPLES
@given(piecewise_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_piecewise_linear(params, actual, target, direction):
    check("piecewise_linear", params, actual, target, direction)


@EXAMPLES
@given(tolerance_params(), ACTUALS, TARGETS, DIRECTIONS)
def test_tolerance(params, actual, target, direction):
    check("tolerance", params, actual, target, direction)


COMPARISONS = st.sampled_from([">=", "<=", ">", "<"])
CONDITIONS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "a - b", "a + 2 * b"]), COMPARISONS, st.integers(-5, 5)),
    min_size=1,
    max_size=4,
)


@EXAMPLES
@given(CONDITIONS, st.data())
def test_all_or_some(conditions, data):
    texts = [f"{formula} {comparison} {bound}" for formula, comparison, bound in conditions]
    scores = sorted(data.draw(st.lists(decimals(0, 100), min_size=len(texts), max_size=len(texts))))
    params = {"conditions": texts, "scores": [*map(written, scores), "100"]}
    measures = {name: Decimal(data.draw(st.integers(-5, 5))) for name in "ab"}
    working = rule_of(RuleSpec("all_or_some", params)).score(Case(Direction.HIGHER, measures=measures))
    twin = naive.all_or_some(params, {name: Fraction(value) for name, value in measures.items()})
    assert Fraction(working.result) == twin


@EXAMPLES
@given(decimals("0.1", 60, 1), decimals(0, 99, 1), st.integers(0, 40))
def test_event(deduction, floor, events):
    params = {"deduction": written(deduction), "floor": written(floor)}
    working = rule_of(RuleSpec("event", params)).score(Case(Direction.LOWER, events=events))
    assert Fraction(working.result) == naive.event(params, events)


@EXAMPLES
@given(st.sampled_from(["kpi", "area", "card"]), decimals(0, 99, 1), st.integers(0, 3))
def test_veto(scope, value, events):
    params = {"scope": scope, "value": written(value)}
    working = rule_of(RuleSpec("veto", params)).score(Case(Direction.LOWER, events=events))
    assert Fraction(working.result) == naive.veto(params, events)
    assert working.applied == (("veto",) if events else ())


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from("优良中差"), decimals(0, 20, 1), min_size=2),
    decimals(1, 20, 1),
    st.data(),
)
def test_qualitative(levels, out_of, data):
    if len(set(levels.values())) < 2:
        return
    params = {"levels": {name: written(points) for name, points in levels.items()}, "out_of": written(out_of)}
    level = data.draw(st.sampled_from(sorted(levels)))
    working = rule_of(RuleSpec("qualitative", params)).score(Case(Direction.HIGHER, level=level))
    assert abs(Fraction(working.result) - naive.qualitative(params, level)) < CLOSE

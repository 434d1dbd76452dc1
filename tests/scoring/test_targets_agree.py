"""Targets of every kind, superseded and changed within the period, against their naive twins."""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.aims import ABSOLUTE, Basis, Cumulative, Growth, Milestone, Range
from scoring.card.line import score_line
from scoring.known import Judgement, Known
from scoring.kpi import Direction, Target
from scoring.period import Period
from scoring.targets.effective import EffectiveTarget, effective_target
from scoring.targets.terms import TargetChange, targets_of
from scoring.working import Reason
from tests.scoring import naive_targets as naive
from tests.scoring.conftest import make_kpi

EXAMPLES = settings(max_examples=int(os.environ.get("SCORING_EXAMPLES", "200")), deadline=None)
CLOSE = Fraction(1, 10**20)
MONTH = Period(2028, 2)
YEAR = (date(2028, 1, 1), date(2029, 1, 1))
KPI = make_kpi("leads", "promotion", "leads")
DAYS = st.dates(date(2028, 1, 20), date(2028, 3, 12))
NUMBERS = st.decimals("0.5", 500, places=2)


@st.composite
def rows(draw):
    """Some rows of one KPI, no two of the same day of agreement, in the words of the twin."""
    kinds = draw(
        st.sampled_from(
            [("absolute",), ("growth",), ("range",), ("absolute", "growth"), ("cumulative", "range"), ALL]
        )
    )
    made = []
    for n in range(draw(st.integers(1, 4))):
        first = draw(DAYS)
        low = draw(NUMBERS)
        made.append(
            {
                "kind": draw(st.sampled_from(kinds)),
                "from": first,
                "until": first + timedelta(days=draw(st.integers(1, 60))),
                "agreed_on": None if n == 0 else date(2028, 1, 1) + timedelta(days=n),
                "target": draw(st.decimals("-0.5", 1, places=2)),
                "low": low,
                "high": low + draw(NUMBERS),
                "due": first + timedelta(days=draw(st.integers(0, 40))),
                "weight": Decimal(draw(st.integers(1, 60))),
            }
        )
    return draw(st.permutations(made))


ALL = ("absolute", "growth", "range", "cumulative", "milestone")


def as_target(row):
    aims = {
        "absolute": ABSOLUTE,
        "growth": Growth(Basis.PREVIOUS_PERIOD),
        "range": Range(row["low"], row["high"]),
        "milestone": Milestone(row["due"]),
        "cumulative": Cumulative(),
    }
    number = None if row["kind"] in ("range", "milestone") else row["target"]
    return Target(
        "t",
        "leads",
        row["from"],
        row["until"],
        number,
        row["weight"],
        "",
        "",
        aims[row["kind"]],
        row["agreed_on"],
    )


# one more KPI in force all the time, so that every day of the month has a row
OTHER = Target("t", "posts", *YEAR, Decimal(1), Decimal(40), "", "")


@EXAMPLES
@given(rows(), st.sampled_from(TargetChange), st.none() | st.decimals(-5, 500, places=1))
def test_goal_and_weight(rows, change, basis):
    known = Known({} if basis is None else {"leads__previous": basis})
    terms = {t.kpi_id: t for t in targets_of([*map(as_target, rows), OTHER], MONTH, change)}
    fraction = None if basis is None else Fraction(basis)
    twin = naive.scored_by(rows, change.value, MONTH.start, MONTH.end, fraction)
    if twin is None:
        assert "leads" not in terms
        return
    goal = effective_target(terms["leads"], KPI, known)
    if isinstance(twin, str):
        assert goal is Reason.NO_TARGET
        return
    low, high, weight = twin
    assert isinstance(goal, EffectiveTarget)
    assert abs(Fraction(goal.low) - low) < CLOSE
    assert abs(Fraction(goal.high) - high) < CLOSE
    # to two digits, with what rounding leaves over
    assert abs(Fraction(terms["leads"].weight) - weight) <= Fraction(1, 100)


@EXAMPLES
@given(st.lists(rows(), min_size=1, max_size=5), st.sampled_from(TargetChange))
def test_weights_that_sum_to_100_on_every_day_do_so_on_the_card(of_kpis, change):
    """Whatever the rows say, the rest of each day is another KPI's."""
    targets = [
        Target(**{**fields(as_target(row)), "kpi_id": f"k{n}", "weight": row["weight"] / 4})
        for n, of_kpi in enumerate(of_kpis)
        for row in of_kpi
    ]
    for day in MONTH.days():
        held = [
            naive.row_on([named(t) for t in targets if t.kpi_id == f"k{n}"], day) for n in range(len(of_kpis))
        ]
        rest = 100 - sum((row["weight"] for row in held if row), Decimal(0))
        assume(rest > 0)
        targets.append(Target("t", "rest", day, day + timedelta(days=1), Decimal(1), rest, "", ""))
    assert sum(terms.weight for terms in targets_of(targets, MONTH, change)) == 100


def fields(target):
    return {name: getattr(target, name) for name in Target.__dataclass_fields__}


def named(target):
    return {
        "from": target.valid_from,
        "until": target.valid_until,
        "agreed_on": target.agreed_on,
        "weight": target.weight,
    }


@EXAMPLES
@given(NUMBERS, NUMBERS, st.decimals(-50, 1500, places=2))
def test_range(low, width, actual):
    kpi = make_kpi("leads", "promotion", "leads", Direction.RANGE)
    target = Target("t", "leads", *YEAR, None, Decimal(100), "", "", Range(low, low + width))
    (terms,) = targets_of([target], MONTH)
    line = score_line(kpi, terms, Known({"leads": actual}), 1)
    twin = naive.in_range(Fraction(low), Fraction(low + width), Fraction(actual))
    assert abs(Fraction(line.attainment) - twin) < CLOSE


@EXAMPLES
@given(DAYS, st.integers(0, 60), st.none() | DAYS)
def test_milestone(first, planned, done_on):
    due = first + timedelta(days=planned)
    target = Target("t", "launch", first, date(2030, 1, 1), None, Decimal(100), "", "", Milestone(due))
    terms = targets_of([target], MONTH)
    if first > MONTH.last_day:
        assert terms == ()
        return
    kpi = make_kpi("launch", "promotion", "", Direction.LOWER)
    line = score_line(kpi, terms[0], Known({}, {"launch": Judgement(done_on=done_on)}), 1)
    twin = naive.milestone({"from": first, "due": due}, MONTH.last_day, done_on)
    if isinstance(twin, str):
        assert line.reason is Reason.NOT_DUE
    else:
        assert abs(Fraction(line.attainment) - twin) < CLOSE

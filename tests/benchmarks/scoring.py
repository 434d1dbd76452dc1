"""KPI results a second, with working, and a card of fifteen KPIs; beside the same sums in bare Decimals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path

from scoring.arithmetic import EXACT, HUNDRED, round_half_up
from scoring.card.line import score_line
from scoring.card.total import total_score
from scoring.known import Known
from scoring.kpi import Direction, Kpi, RuleSpec, Target, Unit
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.targets.terms import targets_of
from scoring.text import LocalText
from tests.benchmarks.stopwatch import Result, side_by_side

LINES, CARDS = 15, 400
STAIR = {"per": "0.01", "points": "1"}
RULES = (
    RuleSpec("proportional", {"cap": "120", "floor": "0"}),
    RuleSpec(
        "bands",
        {
            "bands": [
                {"from": "0", "score": "0"},
                {"from": "0.8", "score": "80"},
                {"from": "1", "score": "100"},
            ]
        },
    ),
    RuleSpec(
        "step", {"above": {**STAIR, "at_most": "10"}, "below": {**STAIR, "at_most": "20"}, "partial": False}
    ),
    RuleSpec(
        "piecewise_linear",
        {
            "anchors": [
                {"at": "0.5", "score": "0"},
                {"at": "1", "score": "100"},
                {"at": "1.5", "score": "120"},
            ]
        },
    ),
    RuleSpec(
        "tolerance",
        {"limits": [{"up_to": "0.05", "score": "100"}, {"up_to": "0.08", "score": "80"}, {"score": "0"}]},
    ),
)
POLICY = ScoringPolicy(1, Decimal(95), Decimal(80))


def run(folder: Path) -> Iterator[Result]:
    """The lines and totals of many cards."""
    same = LocalText("a", "a")
    kpis = [
        Kpi(
            f"kpi_{n}",
            same,
            same,
            same,
            same,
            "area",
            Unit.COUNT,
            0,
            Direction.HIGHER,
            "a / b",
            RULES[n % len(RULES)],
            0,
            date(2027, 1, 1),
        )
        for n in range(LINES)
    ]
    targets = [
        Target("team", kpi.id, date(2026, 1, 1), date(2027, 1, 1), Decimal(3), HUNDRED / LINES, "", "")
        for kpi in kpis
    ]
    terms = targets_of(targets, Period(2026, 10))
    cards = [Known({"a": Decimal(100 + n), "b": Decimal(37)}) for n in range(CARDS)]

    def ours() -> None:
        for known in cards:
            with localcontext(EXACT):
                lines = [score_line(kpi, of_kpi, known, 1) for kpi, of_kpi in zip(kpis, terms, strict=True)]
                total_score(lines, POLICY)

    def by_hand() -> None:
        for known in cards:
            with localcontext(EXACT):
                points = Decimal(0)
                for target in targets:
                    actual = known.measures["a"] / known.measures["b"]
                    score = round_half_up(
                        min(max(actual / Decimal(3) * HUNDRED, Decimal(0)), Decimal(120)), 1
                    )
                    points += target.weight * score
                round_half_up(points / HUNDRED, 1)

    yield side_by_side(
        f"score: {CARDS} cards of {LINES} KPIs, five rules, with working",
        "quotient, cap and total of the same numbers by hand",
        ours,
        by_hand,
    )

"""Cards of many lines to make workbooks of: each rule on and beside its edges, and what books do to totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.aims import ABSOLUTE, Aim, Range
from scoring.calibration import Calibration
from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.conditional import Asked, Extra, OnlyIf
from scoring.evidence import EntryEvidence
from scoring.grading import grade_table
from scoring.known import NOTHING_SAID, Judgement
from scoring.kpi import Area, Attainment, Direction, Kpi, Method, RuleSpec, Target, Unit
from scoring.marks import Mark
from scoring.mix import mix_of
from scoring.pay import gate_of, pay_of
from scoring.period import Cadence, Period
from scoring.policy import AppraisalShares, NotAvailable, ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.targets.attainment import PLAIN
from scoring.text import Language, LocalText
from scoring.working import HistoryPoint

D = Decimal
PERIOD = Period(2026, 10)
POLICY = ScoringPolicy(1, D(95), D(80), has_workbook=True)
HIGHER, LOWER, RANGE = Direction.HIGHER, Direction.LOWER, Direction.RANGE
HOSTILE = '=HYPERLINK("http://a.example",1)', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "_x0041_ <b>&amp; \u202e"

PROPORTIONAL = RuleSpec("proportional", {"cap": 120, "floor": 20})
BANDS = RuleSpec(
    "bands",
    {
        "bands": [
            {"from": a, "score": s}
            for a, s in (("0", 0), ("0.57", 30), ("0.8", 80), ("1", 100), ("1.1", 110))
        ]
    },
)
WHOLE = RuleSpec(
    "step",
    {
        "above": {"per": "0.01", "points": "0.5", "at_most": 5},
        "below": {"per": "0.05", "points": 2, "at_most": 10},
        "partial": False,
    },
)
PARTS = RuleSpec("step", {**WHOLE.params, "partial": True})
BONUS = RuleSpec(
    "base_and_bonus",
    {
        "base": 50,
        "above": {"per": "0.01", "points": 1},
        "cap": 60,
        "below": {"per": "0.01", "points": 1},
        "floor": 0,
        "partial": False,
    },
)
LINE = RuleSpec(
    "piecewise_linear",
    {
        "anchors": [
            {"at": a, "score": s} for a, s in (("0.5", 0), ("0.8", 40), ("0.8", 60), ("1", 100), ("1.3", 120))
        ]
    },
)
WITHIN = RuleSpec(
    "tolerance",
    {"limits": [{"up_to": "0.05", "score": 100}, {"up_to": "0.08", "score": 60}, {"score": 0}]},
)
BY_TARGET = (PROPORTIONAL, BANDS, WHOLE, PARTS, BONUS, LINE, WITHIN)
EVENTS = RuleSpec("event", {"deduction": "8.5", "floor": 40})
LEVELS = RuleSpec("qualitative", {"levels": {"good": 15, "Good": 10, "=1+1": 3, "差": 0}, "out_of": 15})


def conditions(a: str, b: str) -> RuleSpec:
    asked = [f"{a} >= 3", f"{a} / {b} < 0.1", f"{b} - abs({a}) > -2.5"]
    return RuleSpec("all_or_some", {"conditions": asked, "scores": [0, 20, 60, 100]})


def veto(scope: str, value: int) -> RuleSpec:
    return RuleSpec("veto", {"scope": scope, "value": value})


@dataclass(frozen=True)
class Row:
    """A line of a card: its rule, what was agreed, and what came of it."""

    rule: RuleSpec
    actual: str | None = None
    target: str | None = "100"
    direction: Direction = HIGHER
    attainment: Attainment = PLAIN
    aim: Aim = ABSOLUTE
    weight: str = "10"
    area: str = "promotion"
    said: Judgement = NOTHING_SAID
    measures: dict[str, str] = field(default_factory=dict)
    name: str = ""


def card_of(
    rows: Sequence[Row], policy: ScoringPolicy = POLICY, *, language: Language = "en", **wishes: Any
) -> Scorecard:
    """The card of these lines, `k1`, `k2`, ..., scored by the engine."""
    named = [(f"k{number}", row) for number, row in enumerate(rows, start=1)]
    measures = {(PERIOD, f"m{kpi_id}"): D(row.actual) for kpi_id, row in named if row.actual is not None}
    for _, row in named:
        measures |= {(PERIOD, name): D(value) for name, value in row.measures.items()}
    inputs = CardInputs(
        organisation=LocalText(*HOSTILE[:2]),
        team_id="eu-brand",
        team_name=LocalText(*HOSTILE[2:4]),
        manager_name=HOSTILE[0],
        language=language,
        currency_code="EUR",
        period=PERIOD,
        kpis={kpi_id: _kpi(kpi_id, row) for kpi_id, row in named},
        areas=(Area("promotion", LocalText("Promotion", "推广")), Area("brand", LocalText("Brand", "品牌"))),
        targets=tuple(_target(kpi_id, row) for kpi_id, row in named),
        measures=measures,
        policy=policy,
        findings=(),
        rates=(),
        sources=(),
        history=3,
        judgements={(PERIOD, kpi_id): row.said for kpi_id, row in named},
        **wishes,
    )
    return score_card(inputs, 1)


def _kpi(kpi_id: str, row: Row) -> Kpi:
    is_measured = row.rule.name in {spec.name for spec in BY_TARGET}
    return Kpi(
        id=kpi_id,
        name=LocalText(
            row.name or f"{kpi_id} {row.rule.name} {row.actual} of {row.target}", row.name or f"指标 {kpi_id}"
        ),
        description=LocalText("", ""),
        why=None,
        owner=None,
        area=row.area,
        unit=Unit.COUNT,
        decimals=2,
        direction=row.direction,
        formula=f"m{kpi_id}" if is_measured else "",
        rule=row.rule,
        lag_days=0,
        review_date=None,
        attainment=row.attainment,
    )


def _target(kpi_id: str, row: Row) -> Target:
    target = None if row.target is None else D(row.target)
    return Target(
        "eu-brand", kpi_id, date(2026, 1, 1), date(2027, 1, 1), target, D(row.weight), "", "", row.aim
    )


ON_EDGES = (
    "0",
    "50",
    "49.999999",
    "57",
    "56.99",
    "79.99",
    "80",
    "92",
    "92.01",
    "94.999",
    "95",
    "99.5",
    "100",
)
BEYOND = ("100.99", "101", "105", "108", "110", "110.01", "115", "120.04", "130", "151")
AWKWARD = (
    ("0.171", "0.3"),
    ("1.15", "1"),
    ("0.57", "0.57"),
    ("2", "3"),
    ("1234567.89", "1111111.11"),
    ("89.95", "100"),
)


def every_rule() -> Iterator[Row]:
    """Each rule over a target, on each side of all of its edges, whichever way is better."""
    for rule in BY_TARGET:
        for actual in (*ON_EDGES, *BEYOND):
            yield Row(rule, actual)
        for actual, target in AWKWARD:
            yield Row(rule, actual, target)
        for direction in (HIGHER, LOWER) if rule is not WITHIN else ():
            yield Row(rule, "83", "71", direction)
    yield from _by_method()
    yield from _judged()


def _by_method() -> Iterator[Row]:
    baseline = Attainment(Method.BASELINE, baseline=D("12.5"))
    for actual in ("10", "12.5", "40", "50", "61"):
        yield Row(PROPORTIONAL, actual, "50", attainment=baseline)
        yield Row(LINE, actual, "5", LOWER, baseline)
        yield Row(BANDS, actual, "40", LOWER, Attainment(Method.COMPLEMENT))
        yield Row(BANDS, actual, None, RANGE, aim=Range(D(15), D("40.5")))
        yield Row(WITHIN, actual, None, RANGE, aim=Range(D(15), D("40.5")))
    for actual, target in (("0", "5"), ("0", "0"), ("3", "0")):
        yield Row(PROPORTIONAL, actual, target, LOWER, Attainment(at_zero=D("1.2")))
    yield Row(PROPORTIONAL, "0", "5", LOWER)
    yield Row(PROPORTIONAL, None)


def _judged() -> Iterator[Row]:
    for n, (a, b) in enumerate((("3", "40"), ("3", "20"), ("2.99", "30"), ("5", "1"), ("3", "30"))):
        yield Row(conditions(f"a{n}", f"b{n}"), target=None, measures={f"a{n}": a, f"b{n}": b})
    for events in (0, 1, 3, 12):
        yield Row(EVENTS, target=None, direction=LOWER, said=Judgement(events=events))
        yield Row(veto("kpi", 30), target=None, direction=LOWER, said=Judgement(events=events))
    yield Row(EVENTS, target=None, direction=LOWER)
    for level in ("good", "Good", "=1+1", "差"):
        yield Row(LEVELS, target=None, said=Judgement(level=level))


GRADES = grade_table([("D", D(0)), ("C", D(70)), ("=B", D("85.5")), ("A", D(95))])
GATE = {"gate": {"lowest_score": 60, "coefficient": "0.35"}}
FLAT = {
    "method": "bands",
    "digits": 2,
    "tiers": [{"from": 0, "coefficient": 0}, {"from": 80, "coefficient": "0.8", "per_point": "0.015"}],
}
EXCESS = {"method": "excess", "digits": 3, "cap": "1.5", "floor": "0.4", "excess": 2}
MATRIX = {
    "method": "matrix",
    "digits": 1,
    "rows": {"kpi": "k1", "from": [0, "0.8", 1]},
    "columns": {"kpi": "k2", "from": [0, "0.9"]},
    "cells": [["0.5", "0.6"], ["0.7", "0.85"], ["0.9", "1.2"]],
}
TWO_AREAS = (
    Row(PROPORTIONAL, "83.3", weight="30"),
    Row(BONUS, "91", weight="15.5"),
    Row(LINE, "67", weight="14.5", area="brand"),
    Row(BANDS, "104", weight="33.5", area="brand"),
    Row(EVENTS, target=None, direction=LOWER, weight="6.5", said=Judgement(events=2), area="brand"),
    Row(PROPORTIONAL, "12", weight="0", area="brand"),
)
MISSING = (
    *TWO_AREAS,
    Row(PROPORTIONAL, None, weight="7"),
    Row(EVENTS, target=None, direction=LOWER, weight="5"),
)


def struck(scope: str, value: int, events: int) -> Row:
    return Row(
        veto(scope, value),
        target=None,
        direction=LOWER,
        weight="4",
        area="brand",
        said=Judgement(events=events),
    )


def asked(*scores: tuple[str, int]) -> tuple[Asked, ...]:
    return tuple(Asked(kpi_id, D(score)) for kpi_id, score in scores)


GATES = (
    OnlyIf(asked(("k1", 90)), D("59.97"), area="brand"),
    OnlyIf(asked(("k2", 50), ("k3", 101)), D(35), kpi_id="k4"),
    OnlyIf(asked(("k4", 50)), D(1), area="promotion"),
    OnlyIf(asked(("elsewhere", 50)), D(1), area="promotion"),
)
EXTRAS = (
    Extra(LocalText("=bonus", "=奖励"), D("2.5"), asked(("k4", 100))),
    Extra(LocalText("penalty", "扣分"), D("-1.25"), asked(("k1", 90), ("k3", 50))),
    Extra(LocalText("not given", "未给"), D(9), asked(("k1", 90))),
)


def marked(rows: Sequence[Row], own: str | None, superior: str | None) -> tuple[Row, ...]:
    marks = [
        None if mark is None else Mark(D(mark), HOSTILE[1], HOSTILE[0], "2026-11-02")
        for mark in (own, superior)
    ]
    return tuple(
        replace(row, said=replace(row.said, self_mark=marks[0], superior_mark=marks[1])) for row in rows
    )


def books() -> dict[str, Scorecard]:
    """What books do to totals, each on a card of two areas."""
    change = replace
    paid = {
        name: change(POLICY, grades=GRADES, pay=pay_of(pay))
        for name, pay in (("flat", FLAT), ("excess", EXCESS), ("matrix", MATRIX))
    }
    gated = change(POLICY, pay=pay_of({**FLAT, **GATE}), pay_gate=gate_of({**FLAT, **GATE}))
    shares = change(
        POLICY, grades=GRADES, pay=pay_of(EXCESS), appraisal=AppraisalShares(D(70), D(10), D(20), cap=D(120))
    )
    appraised = {"appraiser_name": "=A"}
    limits = (D(0), D("80.04"))
    cards = {name: card_of(TWO_AREAS, policy) for name, policy in paid.items()}
    cards |= {
        f"missing_{how.value}": card_of(
            MISSING, change(gated, not_available=how, only_if=GATES, extras=EXTRAS)
        )
        for how in NotAvailable
    }
    cards |= {
        f"{scope}_{value}_{events}": card_of((*TWO_AREAS, struck(scope, value, events)), gated)
        for scope in ("area", "card", "kpi")
        for value, events in ((30, 1), (30, 0), (99, 1))
    }
    return cards | {
        "unrounded": card_of(MISSING, change(POLICY, sum_unrounded=True, only_if=GATES, extras=EXTRAS)),
        "limits": card_of(TWO_AREAS, change(POLICY, total_limits=limits, digits=2)),
        "no_digits": card_of(TWO_AREAS, change(paid["excess"], digits=0)),
        "marked": card_of(marked(TWO_AREAS, "88.5", "93.25"), shares, **appraised),
        "half_marked": card_of(marked(TWO_AREAS, "88.5", None), shares, **appraised),
        "mixed": mixed(card_of(TWO_AREAS, paid["flat"])),
        "decided": decided(card_of(TWO_AREAS, paid["flat"])),
        "nothing": card_of([Row(PROPORTIONAL, None)], paid["flat"]),
        "chinese": card_of(MISSING, paid["flat"], language="zh_CN", entries=(entry(),)),
        "thirds": card_of(
            [Row(PROPORTIONAL, actual, weight="33.3333333333333") for actual in ("81", "92", "99.5")]
        ),
    }


def mixed(card: Scorecard) -> Scorecard:
    """The card with the totals of other periods in its own, as that of a quarter has them."""
    months = [HistoryPoint("2026-07", D("88.1"), None), HistoryPoint("2026-08", None, None)]
    months += [HistoryPoint("2026-09", D("93.3"), None)]
    totals = {Cadence.MONTH: months, Cadence.QUARTER: [HistoryPoint(card.period, card.total, None)]}
    mix = mix_of({Cadence.MONTH: D(60), Cadence.QUARTER: D(40)}, card.total, totals, 1)
    paid = pay_of(FLAT).coefficient(mix.result or D(0), {})
    return replace(card, mix=mix, total=mix.result, band=POLICY.band(mix.result), grade="=B", pay=paid)


def decided(card: Scorecard) -> Scorecard:
    """The card with a grade that people decided on."""
    found = Calibration(card.grade, "C", "=A", HOSTILE[0], "2026-11-02", HOSTILE[1])
    return replace(card, calibration=found, grade="=A")


def entry() -> EntryEvidence:
    return EntryEvidence(
        "k1", "comment", HOSTILE[1], HOSTILE[0], HOSTILE[2], "2026-11-02", HOSTILE[3], "0" * 64
    )

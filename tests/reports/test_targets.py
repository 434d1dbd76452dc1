"""How each kind of target is printed, and that it can be redone by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reports.figures import Figures
from reports.pdf import render_pdf
from reports.presenter import present
from reports.wording import wording
from scoring.aims import ABSOLUTE, Aim, Basis, Cumulative, Growth, Milestone, Range
from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.known import Judgement
from scoring.kpi import Direction, Kpi, RuleSpec, Target, Unit
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.targets.terms import TargetChange
from scoring.text import LocalText
from scoring.working import Operand, Working
from tests.reports.conftest import AREAS, PERIOD, PROPORTIONAL, build_card, pdf_text

D = Decimal
MEASURES = {
    "sales_revenue": "14520", "sales_revenue__last_year": "12000", "leads": "40", "leads__previous": "50",
    "orders__year_to_date": "90000", "ad_spend": "30", "sessions": "100",
}  # fmt: skip
TOLERANCE = RuleSpec("tolerance", {"limits": [{"up_to": "0.05", "score": "100"}, {"score": "60"}]})


def kpi(kpi_id: str, formula: str, unit: Unit = Unit.COUNT, **fields: Any) -> Kpi:
    name = LocalText(kpi_id, kpi_id)
    made = Kpi(
        kpi_id, name, name, name, name, "promotion", unit, 0, Direction.HIGHER, formula, PROPORTIONAL, 0, date(2027, 1, 1)
    )  # fmt: skip
    return replace(made, **fields)


KPIS = {
    made.id: made
    for made in (
        kpi("sales", "sales_revenue", Unit.MONEY),
        kpi("leads", "leads"),
        kpi("orders", "orders"),
        kpi("spend", "ad_spend", Unit.MONEY, direction=Direction.RANGE),
        kpi("sessions", "sessions", direction=Direction.RANGE, rule=TOLERANCE),
        kpi("launch", "", Unit.DAYS, direction=Direction.LOWER),
        kpi("late", "", Unit.DAYS, direction=Direction.LOWER),
        kpi("later", "", Unit.DAYS, direction=Direction.LOWER),
    )
}
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def row(
    kpi_id: str, target: str | None, aim: Aim = ABSOLUTE, days: tuple[date, date] = YEAR, weight: str = "10"
) -> Target:
    number = None if target is None else D(target)
    return Target("eu-brand", kpi_id, *days, number, D(weight), "", "", aim)


ROWS = (
    row("sales", "0.1", Growth(Basis.SAME_PERIOD_LAST_YEAR), weight="30"),
    row("leads", "-0.1", Growth(Basis.PREVIOUS_PERIOD)),
    row("orders", "120000", Cumulative()),
    row("spend", None, Range(D(38), D(42))),
    row("sessions", "100"),
    row("launch", None, Milestone(date(2026, 10, 20)), (date(2026, 10, 1), YEAR[1])),
    row("late", None, Milestone(date(2026, 10, 20))),
    row("later", None, Milestone(date(2026, 12, 20))),
)


def card_of(rows: tuple[Target, ...], language: str, change: TargetChange = TargetChange.LATEST) -> Scorecard:
    made = build_card()
    inputs = CardInputs(
        organisation=made.organisation,
        team_id="eu-brand",
        team_name=made.team_name,
        manager_name="M",
        language=language,  # type: ignore[arg-type]
        currency_code="EUR",
        period=PERIOD,
        kpis=KPIS,
        areas=AREAS,
        targets=rows,
        measures={(PERIOD, name): D(value) for name, value in MEASURES.items()}
        | {(Period(2026, 9), "ad_spend"): D(44)},
        policy=ScoringPolicy(1, D(95), D(80), target_change=change),
        findings=made.certificate.findings,
        rates=(),
        sources=made.sources,
        history=3,
        judgements={(PERIOD, "launch"): Judgement(done_on=date(2026, 10, 25))},
    )
    return score_card(inputs, 1)


def details(card: Scorecard) -> dict[str, Any]:
    return {detail.name: detail for area in present(card).areas for detail in area.details}


def steps(card: Scorecard, kpi_id: str) -> dict[str, str]:
    return {step.label: step.text for step in details(card)[kpi_id].steps}


def test_growth_is_printed_as_a_sum_over_its_basis() -> None:
    found = steps(card_of(ROWS, "en"), "sales")
    assert found["Target"] == "growth over the same period of last year: €12,000 × (1 + 10%) = €13,200"
    assert found["Attainment"] == "actual ÷ target = €14,520 ÷ €13,200 = 110%"
    assert (
        steps(card_of(ROWS, "en"), "leads")["Target"] == "growth over the period before: 50 × (1 − 10%) = 45"
    )
    assert steps(card_of(ROWS, "zh_CN"), "sales")["目标值"] == "同比增长：€12,000 × (1 + 10%) = €13,200"
    assert steps(card_of(ROWS, "zh_CN"), "leads")["目标值"] == "环比增长：50 × (1 − 10%) = 45"


def test_a_year_to_date_is_printed_with_its_days() -> None:
    found = steps(card_of(ROWS, "en"), "orders")
    assert found["Target"] == (
        "year to date, by days until 31 December 2026: 120,000 × 304 ÷ 365 ≈ 99,945.2055"
    )
    assert details(card_of(ROWS, "en"))["orders"].target.text == "99,945"
    assert steps(card_of(ROWS, "zh_CN"), "orders")["目标值"] == (
        "本年累计（截至2026年12月31日），按天数折算：120,000 × 304 ÷ 365 ≈ 99,945.2055"
    )


def test_the_days_of_a_team_that_is_there_for_a_part_of_the_period_are_printed(change) -> None:
    days = (Operand("since", "2026-10-15"), Operand("until", "2026-11-01"))
    counted = (Operand("target", D(310)), Operand("days", D(17)), Operand("of_days", D(31)))
    part = Working("part_period", (*days, *counted), (), D(170))
    card = change(card_of(ROWS, "en"), "leads", target=D(170), target_workings=(part,))
    assert steps(card, "leads")["Target"] == "from 15 October 2026 to 31 October 2026: 310 × 17 ÷ 31 = 170"
    ratio = Working("part_period", days, (), D(310))
    card = change(card_of(ROWS, "zh_CN"), "leads", target=D(310), target_workings=(ratio,))
    assert steps(card, "leads")["目标值"] == "2026年10月15日至2026年10月31日，目标值同整期 = 310"


def test_a_year_to_date_that_begins_later_says_when(change) -> None:
    named = {"target": D(306), "elapsed": D(31), "days": D(306), "until": "2026-12-31", "since": "2026-03-01"}
    working = Working("cumulative", tuple(Operand(*pair) for pair in named.items()), (), D(31))
    card = change(card_of(ROWS, "en"), "orders", target=D(31), target_workings=(working,))
    assert steps(card, "orders")["Target"] == (
        "from 1 March 2026 on, by days until 31 December 2026: 306 × 31 ÷ 306 = 31"
    )


def test_a_range_has_both_ends_and_is_held_against_the_nearest() -> None:
    card = card_of(ROWS, "en")
    assert details(card)["spend"].target.text == "€38–42"
    assert steps(card, "spend")["Attainment"] == "actual ÷ lower end = €30 ÷ €38 ≈ 78.9474%"
    # October is below, September above, and 100 sessions are what was agreed
    assert steps(card, "sessions")["Attainment"] == "as agreed = 100%"
    assert steps(card_of(ROWS, "zh_CN"), "spend")["完成率"] == "实际值 ÷ 下限 = €30 ÷ €38 ≈ 78.9474%"


@pytest.mark.parametrize(
    ("actual", "low", "high", "sums"),
    [
        ("50", "38", "42", "upper end ÷ actual = €42 ÷ €50 = 84%"),
        ("50", "40", "40", "target ÷ actual = €40 ÷ €50 = 80%"),
        ("20", "40", "40", "actual ÷ target = €20 ÷ €40 = 50%"),
    ],
)
def test_above_a_range_and_off_a_number(monkeypatch, actual: str, low: str, high: str, sums: str) -> None:
    monkeypatch.setitem(MEASURES, "ad_spend", actual)
    card = card_of((row("spend", None, Range(D(low), D(high))),), "en")
    assert steps(card, "spend")["Attainment"] == sums


def test_a_milestone_is_printed_in_days() -> None:
    found = steps(card_of(ROWS, "en"), "launch")
    assert found["Target"] == "from 1 October 2026 to 20 October 2026, both included = 20 days"
    assert (found["Actual"], found["Attainment"]) == ("25 days", "target ÷ actual = 20 days ÷ 25 days = 80%")
    chinese = steps(card_of(ROWS, "zh_CN"), "launch")
    assert chinese["目标值"] == "2026年10月1日至2026年10月20日（含首尾两日） = 20 天"
    assert chinese["实际值"] == "25 天"


def test_a_milestone_that_is_missed_or_not_due_says_so() -> None:
    missed = steps(card_of(ROWS, "en"), "late")
    assert (missed["Actual"], missed["Attainment"]) == ("not done by the day it was due", "0%")
    assert missed["Score"] == "100 × 0%, rounded: 0.0 (cap 120, floor 0)"
    coming = steps(card_of(ROWS, "en"), "later")
    assert coming["Not available"] == "It is not done yet, and not due yet."
    assert "Actual" not in coming
    assert steps(card_of(ROWS, "zh_CN"), "late")["实际值"] == "到期未完成"


def test_growth_from_nothing_says_that_there_is_no_target(monkeypatch) -> None:
    monkeypatch.setitem(MEASURES, "leads__previous", "0")
    found = steps(card_of(ROWS, "en"), "leads")
    assert found["Not available"] == (
        "There is no target: what growth counts from is missing or not above zero."
    )


CHANGED = (date(2026, 1, 1), date(2026, 10, 11)), (date(2026, 10, 11), date(2027, 1, 1))


def test_averages_by_days_are_printed_with_every_row() -> None:
    rows = (
        row("sales", "9000", days=CHANGED[0], weight="40"),
        row("sales", "10000", days=CHANGED[1], weight="60"),
        row("spend", None, Range(D(10), D(20)), CHANGED[0], "60"),
        row("spend", None, Range(D(41), D(51)), CHANGED[1], "40"),
    )
    card = card_of(rows, "en", TargetChange.PRORATE)
    found = steps(card, "sales")
    assert found["Target"] == "averaged by days: (€9,000 × 10 + €10,000 × 21) ÷ 31 ≈ €9,677.4194"
    assert found["Weight"] == "averaged by days: (40 × 10 + 60 × 21) ÷ 31 ≈ 53.55"
    texts = [step.text for step in details(card)["spend"].steps if step.label == "Target"]
    assert texts == [
        "lower end, averaged by days: (€10 × 10 + €41 × 21) ÷ 31 = €31",
        "upper end, averaged by days: (€20 × 10 + €51 × 21) ÷ 31 = €41",
    ]
    chinese = steps(card_of(rows, "zh_CN", TargetChange.PRORATE), "sales")
    assert chinese["目标值"] == "按天数加权平均：(€9,000 × 10 + €10,000 × 21) ÷ 31 ≈ €9,677.4194"


def test_a_kind_of_target_without_a_sentence_shows_all_it_has() -> None:
    card = card_of(ROWS, "en")
    (area,) = card.areas
    working = Working("season", (Operand("target", D(10)), Operand("factor", D(2))), (), D(20))
    changed = replace(area.results[0], target_workings=(working,))
    later = replace(card, areas=(replace(area, results=(changed,)),))
    assert steps(later, "sales")["Target"] == "rule “season”: target €10, factor 2 → 20.0"


@pytest.mark.parametrize(
    ("unit", "decimals", "text"),
    [("percent", 1, "3.5–4.0%"), ("ratio", 2, "0.04–0.04×"), ("count", 0, "0–0"), ("days", 0, "0–0 days")],
)
def test_a_range_tells_its_unit_once(unit: str, decimals: int, text: str) -> None:
    figures = Figures(wording("en"), "EUR")
    assert figures.span(D("0.035"), D("0.04"), unit, decimals).text == text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_card_of_every_kind_prints_and_its_long_ranges_are_compact_on_page_1(language: str) -> None:
    long = replace(ROWS[3], aim=Range(D(1200000), D(1400000)))
    text = pdf_text(render_pdf(card_of((*ROWS[:3], long, *ROWS[4:]), language)))
    first, *_ = text.split("\f")
    assert ("€1.2M–€1.4M" if language == "en" else "€120万–€140万") in first
    assert ("20 days" if language == "en" else "20 天") in first

"""A printed working can be redone by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.presenter import present
from reports.presenting.reader import reader_of
from reports.presenting.workings import steps_of
from scoring.arithmetic import round_half_up
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.working import Cutoffs, Operand, Reason, Working

D = Decimal


def steps(card: Scorecard, kpi_id: str) -> dict[str, str]:
    result = next(result for result in card.results if result.kpi_id == kpi_id)
    return {step.label: step.text for step in steps_of(result, reader_of(card))}


@pytest.fixture(scope="module")
def card(make_card) -> Scorecard:
    return make_card()


def test_a_proportional_score_names_its_numbers(card: Scorecard) -> None:
    assert steps(card, "mql_count") == {
        "Actual": "Marketing qualified leads = 431",
        "Attainment": "actual ÷ target = 431 ÷ 420 ≈ 102.6190%",
        "Score": "100 × 102.6190%, rounded: 102.6 (cap 120, floor 0)",
        "Points": "16 × 102.6 ÷ 100 = 16.416",
    }


def test_an_exact_quotient_is_called_equal(card: Scorecard) -> None:
    assert steps(card, "sql_count")["Attainment"] == "actual ÷ target = 149 ÷ 160 = 93.125%"


def test_where_lower_is_better_the_target_is_divided_by_the_actual(card: Scorecard) -> None:
    assert steps(card, "cost_per_lead")["Attainment"] == "target ÷ actual = €62.50 ÷ €68.842847 ≈ 90.7865%"


@pytest.mark.parametrize(
    ("actual", "target", "attainment", "words"),
    [
        (0, 0, "1", "as agreed = 100%"),
        (2, 0, "0", "target ÷ actual = €0.00 ÷ €2.00 = 0%"),
        (0, 5, "1.2", "as agreed for a result of zero or less = 120%"),
    ],
)
def test_around_zero_no_sum_is_printed_that_nobody_can_redo(card, change, actual, target, attainment, words):
    line = {"actual": D(actual), "target": D(target), "attainment": D(attainment)}
    assert steps(change(card, "cost_per_lead", **line), "cost_per_lead")["Attainment"] == words


def test_a_planned_loss_is_redone_from_where_it_began(card, change):
    loss = {"actual": D(-80), "target": D(-100), "attainment": D("1.2"), "baseline": D(-200)}
    changed = change(card, "sales_revenue", attainment_method="baseline", **loss)
    assert steps(changed, "sales_revenue")["Attainment"] == (
        "(actual − baseline) ÷ (target − baseline) = (−€80 − (−€200)) ÷ (−€100 − (−€200)) = 120%"
    )


def test_growth_from_a_loss_says_why_it_has_no_value(card, change):
    lost = change(
        card, "ad_roi", actual=None, working=None, attainment=None, reason=Reason.NEGATIVE_DENOMINATOR
    )
    assert "What is divided by is below zero, so there is no result." in steps(lost, "ad_roi").values()


def test_a_formula_is_printed_in_words_and_in_numbers(card: Scorecard) -> None:
    assert steps(card, "ad_roi")["Actual"] == (
        "(Ad revenue − Ad spend) ÷ Ad spend = (€352,190.40 − €81,234.56) ÷ €81,234.56 ≈ 333.54750%"
    )


def test_a_band_is_named_by_its_edges(card: Scorecard) -> None:
    assert steps(card, "mql_to_sql_rate")["Score"] == "the band from 80% to below 95% scores 80.0"


def test_an_open_band_has_no_upper_edge(card: Scorecard, change) -> None:
    operands = (
        Operand("band_from", Decimal("1.1")),
        Operand("band_until", "open"),
        Operand("band_score", Decimal(110)),
    )
    top = change(card, "csat", working=None)
    top = change(top, "mql_to_sql_rate", working=Working("bands", operands, (), Decimal(110)))
    assert steps(top, "mql_to_sql_rate")["Score"] == "the band from 110% upwards scores 110.0"


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("cap", "100 × 102.6190%, held at the cap of 102: 102.0"),
        ("floor", "100 × 102.6190%, raised to the floor of 102: 102.0"),
    ],
)
def test_a_limit_that_was_applied_is_named(card: Scorecard, change, limit: str, text: str) -> None:
    operands = (Operand("cap", Decimal(102)), Operand("floor", Decimal(102)))
    limited = change(card, "mql_count", working=Working("proportional", operands, (limit,), Decimal(102)))
    assert steps(limited, "mql_count")["Score"] == text


def test_a_rule_without_a_sentence_shows_all_it_has(card: Scorecard, change) -> None:
    operands = (
        Operand("actual", Decimal(431)),
        Operand("points_per_step", Decimal("0.5")),
        Operand("rounding", "whole_steps"),
    )
    later = change(
        card, "mql_count", working=Working("step_points", operands, ("deduction_cap",), Decimal(60))
    )
    assert steps(later, "mql_count")["Score"] == (
        "rule “step points”: actual 431, points per step 0.5, rounding whole steps, "
        "held by the deduction cap → 60.0"
    )


def test_a_measure_and_a_direction_without_words_are_legible(card: Scorecard, change) -> None:
    later = change(card, "mql_count", formula="booth_visits / 2", direction="sideways")
    found = steps(later, "mql_count")
    assert found["Actual"].startswith("booth visits ÷ 2")
    assert found["Attainment"] == "102.6190%"


@pytest.mark.parametrize("number", ["0.0012345", "1.95583", "1234567.891", "0.0000001"])
def test_a_number_of_a_formula_is_printed_as_the_book_has_it(card: Scorecard, change, number: str) -> None:
    later = change(card, "mql_count", formula=f"mqls * {number}")
    printed = f"{D(number):,f}"
    assert steps(later, "mql_count")["Actual"].startswith(
        f"Marketing qualified leads × {printed} = 431 × {printed}"
    )


def test_a_missing_number_is_explained_instead(make_card) -> None:
    found = steps(make_card(missing=("new_customers",)), "customer_acquisition_cost")
    assert found == {
        "Actual": "Ad spend ÷ New customers = €81,234.56 ÷ no data",
        "Not available": "There is no data for this period.",
    }


def test_the_total_is_the_weighted_mean_of_the_scores_with_one_rounding(card: Scorecard) -> None:
    products = sum(result.weight * result.score for result in card.results)
    sums = {step.label: step.text for step in present(card).total_steps}
    assert sums["Weight × score, added up"] == f"{products.normalize():,f}"
    assert sums["Total"].startswith(f"{products.normalize():,f} ÷ 100 = ")
    assert sums["Total"].endswith(f"rounded: {card.total}")


def test_a_total_of_unrounded_scores_is_printed_with_what_it_adds_up(make_card) -> None:
    card = make_card(policy=ScoringPolicy(1, D(95), D(80), sum_unrounded=True))
    result = card.areas[0].results[0]
    assert result.exact_score is not None
    assert result.score != result.exact_score
    products = sum(item.weight * item.exact_score for item in card.results)
    found = {step.label: step.text for step in present(card).total_steps}
    assert found["Weight × score, added up"] == f"{round_half_up(products, 4):,f}"
    points = steps(card, result.kpi_id)["Points"]
    assert points.startswith(f"{result.weight.normalize():f} × {round_half_up(result.exact_score, 6)} ÷ 100")
    assert "unrounded" in said(card, "Rounding")


@pytest.mark.parametrize(
    ("limits", "end"),
    [
        (None, "; rounded: "),
        ((0, 200), "; rounded: "),
        ((0, "90.2"), "; held at 90.2, a limit of totals"),
        (("99.5", 200), "; held at 99.5, a limit of totals"),
    ],
)
def test_a_total_that_a_limit_held_says_so(make_card, limits, end) -> None:
    limits = limits and tuple(map(D, limits))
    card = make_card(policy=ScoringPolicy(1, D(95), D(80), total_limits=limits))
    (total,) = [step.text for step in present(card).total_steps if step.label == "Total"]
    assert end in total


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("exclude", "left out"),
        ("equal_parts", "in equal parts"),
        ("zero", "score of zero"),
        ("hold", "holds the card"),
    ],
)
def test_the_rules_say_what_a_missing_number_does(make_card, choice, words) -> None:
    card = make_card(policy=ScoringPolicy(1, D(95), D(80), NotAvailable(choice)))
    assert words in said(card, "Not available")


def test_the_rules_speak_of_quotients_only_where_every_kpi_has_one(card, change) -> None:
    assert "target ÷ actual where lower is better" in said(card, "Score")
    other = change(card, "cost_per_lead", attainment_method="complement")
    assert "by a formula of each KPI" in said(other, "Score")
    assert "target ÷ actual where lower is better" not in said(other, "Score")


def test_what_was_met_stands_in_the_place_of_the_actual_and_conditions_are_in_words(card, change) -> None:
    met = (Operand("met", D(1)), Operand("conditions", D(2)))
    conditions = (
        Operand("condition_met", "mqls >= 100"),
        Operand("condition_missed", "ad_spend / leads < 60.5"),
    )
    working = Working("all_or_some", (*met, *conditions), (), D(60))
    changed = change(card, "mql_count", actual=None, attainment=None, working=working)
    assert steps(changed, "mql_count")["Score"] == (
        "1 of 2 conditions met (✓ Marketing qualified leads ≥ 100, ✗ Ad spend ÷ Leads < 60.5) scores 60.0"
    )
    assert next(row.actual.text for area in present(changed).areas for row in area.rows) == "1 of 2"


@pytest.mark.parametrize(
    ("level", "language", "text", "is_long"),
    [
        ("good 良好", "en", "good", False),
        ("good 良好", "zh_CN", "良好", False),
        ("outstanding", "zh_CN", "outstanding", False),
        ("meets expectations", "en", "meets expectations", True),
        ("meets expectations 符合预期", "zh_CN", "符合预期", False),
        ("A级 良好", "en", "A级 良好", False),
    ],
)
def test_a_level_is_printed_whole_and_in_the_readers_language(
    make_card, change, level, language, text, is_long
):
    chosen = (Operand("level", level), Operand("points", D(10)), Operand("out_of", D(15)))
    working = Working("qualitative", chosen, (), D("66.7"))
    judged = change(make_card(language), "mql_count", actual=None, attainment=None, working=working)
    figure = next(row.actual for area in present(judged).areas for row in area.rows)
    assert (figure.text, figure.is_long) == (text, is_long)
    assert text in steps(judged, "mql_count")["Score" if language == "en" else "得分"]


def said(card: Scorecard, label: str) -> str:
    """A rule that holds for the whole card."""
    return next(step.text for step in present(card).reference.method if step.label == label)


def test_weights_that_were_scaled_up_are_shown_beside_the_agreed_ones(make_card) -> None:
    view = present(make_card(missing=("new_customers",)))
    lines = {detail.name: detail for area in view.areas for detail in area.details}
    assert view.rescaled
    assert (
        lines["Marketing qualified leads"].weight,
        lines["Marketing qualified leads"].effective_weight,
    ) == (
        "16",
        "17.02",
    )
    assert lines["Customer acquisition cost"].effective_weight == "–"


def test_the_cut_offs_printed_are_those_the_card_was_scored_by(card: Scorecard) -> None:
    def status(of: Scorecard) -> str:
        return next(step.text for step in present(of).reference.method if step.label == "Status")

    assert "from a score of 95" in status(card)
    stricter = replace(card, cutoffs=Cutoffs(Decimal("97.5"), Decimal(85)))
    assert "from a score of 97.5" in status(stricter)
    assert "from 85" in status(stricter)

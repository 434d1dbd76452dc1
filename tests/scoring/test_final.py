"""The total that a card prints where it also counts the periods within."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.card.card import score_card
from scoring.known import Judgement, Mark
from scoring.kpi import RuleSpec
from scoring.period import Cadence, Period
from scoring.policy import AppraisalShares, ScoringPolicy
from tests.scoring.conftest import KPIS, make_target

D = Decimal
QUARTER = Period.parse("2026-Q4")
MONTHS = QUARTER.parts(Cadence.MONTH)
SHARES = {Cadence.MONTH: D(60), Cadence.QUARTER: D(40)}
POLICY = ScoringPolicy(1, D(95), D(80), mixes={Cadence.QUARTER: SHARES})
TARGETS = (
    make_target("leads", "100", "100"),
    replace(make_target("leads", "300", "100"), per=Cadence.QUARTER),
)
LEADS = ("90", "100", "116")


def of_quarter(inputs, leads=LEADS, **changed):
    measures = {(month, "leads"): D(value) for month, value in zip(MONTHS, leads, strict=True)}
    measures[QUARTER, "leads"] = sum(measures.values())
    parts = {"targets": TARGETS, "measures": measures, "policy": POLICY, "history": 1, **changed}
    built = inputs(period=QUARTER, **{key: value for key, value in parts.items() if key != "measures"})
    return score_card(replace(built, measures=measures), 1)


def test_a_quarter_counts_its_months_and_itself(inputs):
    card = of_quarter(inputs)
    # months 90, 100, 116: mean 102; the quarter 306 of 300: 102
    assert (card.mix.own, card.mix.result, card.total) == (D(102), D(102), D(102))
    months, own = card.mix.parts
    assert [(point.period, point.actual) for point in months.totals] == [
        ("2026-10", D(90)),
        ("2026-11", D(100)),
        ("2026-12", D(116)),
    ]
    assert [(point.period, point.actual) for point in own.totals] == [("2026-Q4", D(102))]
    # capped at 120 in each month, and not in the quarter: now they differ
    uneven = of_quarter(inputs, ("30", "30", "300"))
    assert (uneven.mix.own, uneven.mix.parts[0].mean) == (D(120), D(60))
    assert uneven.total == D("84.0")
    assert uneven.total_history[-1].actual == uneven.total


def test_grade_status_and_pay_are_those_of_the_mixed_total(inputs):
    assert of_quarter(inputs, ("30", "30", "300")).band == "amber"


def test_a_month_is_never_mixed_and_neither_is_a_book_without_shares(inputs):
    assert score_card(inputs(policy=POLICY), 1).mix is None
    plain = of_quarter(inputs, policy=replace(POLICY, mixes={}))
    assert (plain.mix, plain.total) == (None, D(102))


def test_a_quarter_in_which_nothing_was_agreed_for_quarters_has_no_total(inputs):
    card = of_quarter(inputs, targets=TARGETS[:1])
    assert (card.mix, card.total, card.results) == (None, None, ())


def test_a_quarter_without_any_score_has_no_mixed_total(inputs):
    card = score_card(inputs({}, period=QUARTER, targets=TARGETS, policy=POLICY, history=1), 1)
    assert (card.mix.own, card.mix.result, card.total) == (None, None, None)


def test_a_veto_over_the_quarters_card_holds_the_mixed_total_down(inputs):
    breach = replace(
        KPIS["posts"], id="breach", formula="", rule=RuleSpec("veto", {"scope": "card", "value": "0"})
    )
    rows = (
        make_target("leads", "100", "100"),
        replace(make_target("leads", "300", "90"), per=Cadence.QUARTER),
        replace(make_target("breach", "1", "10"), per=Cadence.QUARTER, target=None),
    )
    kpis = {**KPIS, "breach": breach}
    struck = of_quarter(
        inputs, targets=rows, kpis=kpis, judgements={(QUARTER, "breach"): Judgement(events=1)}
    )
    assert (struck.total, struck.overruled_by) == (D(0), "breach")
    spared = of_quarter(
        inputs, targets=rows, kpis=kpis, judgements={(QUARTER, "breach"): Judgement(events=0)}
    )
    assert spared.total > 100


@pytest.mark.parametrize("is_marked", [True, False])
def test_what_people_appraised_counts_in_the_months_too(inputs, is_marked):
    policy = replace(POLICY, appraisal=AppraisalShares(D(50), D(0), D(50), D(120)))
    mark = Mark(D(60), "", "A. Superior", "2026-11-02")
    said = {(MONTHS[0], "leads"): Judgement(superior_mark=mark)} if is_marked else {}
    card = of_quarter(inputs, policy=policy, appraiser_name="A. Superior", judgements=said)
    # October 90 by the system, (90 + 60) / 2 with the superior
    assert card.mix.parts[0].totals[0].actual == (D(75) if is_marked else D(90))

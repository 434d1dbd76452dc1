from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.aims import Basis, Growth
from scoring.arithmetic import round_half_up
from scoring.canonical import from_json, says_the_same, to_json
from scoring.card.card import score_card, total_of
from scoring.evidence import CertificateStatus
from scoring.grading import grade_table
from scoring.known import Judgement
from scoring.kpi import RuleSpec
from scoring.pay import Gate, MatrixPay, ProportionalPay
from scoring.period import Cadence, Period
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.scorecard import MadeBefore
from scoring.targets.terms import PartPeriods
from scoring.text import LocalText
from scoring.working import Band, Reason, Unlike
from tests.scoring.conftest import KPIS, MEASURES, MONTH

D = Decimal


def lines(card):
    return card.by_kpi


def test_a_card_by_hand(inputs):
    card = score_card(inputs(), revision=1)
    # leads 90 of 100; cost 500/90 against 5 -> 90; rate 0.05 of 0.05; posts 13 of 10, capped
    assert {kpi_id: line.score for kpi_id, line in lines(card).items()} == {
        "leads": D(90),
        "cost": D(90),
        "rate": D(100),
        "posts": D(120),
    }
    assert card.total == D("96.5")  # 36 + 22.5 + 20 + 18
    assert card.band is Band.GREEN
    assert [line.target_range for line in card.results] == [None] * 4
    assert card.source_name("no_such_source") is None
    assert [(area.area_id, area.score, area.points) for area in card.areas] == [
        ("promotion", D(90), D("58.5")),
        ("brand", D("108.6"), D(38)),
    ]


def test_an_area_without_lines_is_not_on_the_card(inputs):
    assert "research" not in [area.area_id for area in score_card(inputs(), 1).areas]


def test_a_kpi_without_data_is_left_out_and_the_other_weights_make_up_for_it(inputs):
    card = score_card(inputs({"leads": "90", "spend": "500", "posts": "13"}), 1)
    rate = lines(card)["rate"]
    assert (rate.score, rate.points, rate.reason, rate.band) == (
        None,
        None,
        Reason.NO_DATA,
        Band.NOT_AVAILABLE,
    )
    assert rate.effective_weight == 0
    assert rate.weight == 20
    assert lines(card)["leads"].effective_weight == 50
    assert sum(line.effective_weight for line in card.results) == 100
    assert card.total == round_half_up((D(90) * 65 + D(120) * 15) / 80, 1)


def test_a_zero_denominator_is_not_available_and_never_zero(inputs):
    card = score_card(inputs({"engagements": "5", "reach": "0", "posts": "10"}), 1)
    assert lines(card)["rate"].reason is Reason.ZERO_DENOMINATOR
    assert lines(card)["leads"].reason is Reason.NO_DATA
    assert card.total == 100


@pytest.mark.parametrize("measures", [None, {}, {"leads": "90", "spend": "500", "posts": "13"}])
def test_the_total_alone_is_that_of_the_card(inputs, measures):
    of_a_card = inputs() if measures is None else inputs(measures)
    assert total_of(of_a_card) == score_card(of_a_card, 1).total


def test_a_card_without_any_number_has_no_total_and_says_why(inputs):
    card = score_card(inputs({}), 1)
    assert (card.total, card.band) == (None, Band.NOT_AVAILABLE)
    assert {line.reason for line in card.results} == {Reason.NO_DATA}
    assert all(area.score is None and area.points is None for area in card.areas)


@pytest.mark.parametrize(
    ("score", "band"),
    [("95", Band.GREEN), ("94.9", Band.AMBER), ("80", Band.AMBER), ("79.9", Band.RED), ("0", Band.RED)],
)
def test_a_score_on_a_cutoff_has_reached_it(score, band):
    assert ScoringPolicy(1, D(95), D(80)).band(D(score)) is band


def test_the_target_of_the_months_last_day_counts(inputs, target):
    old = target("leads", "50", "100", valid_until=date(2026, 10, 31))
    new = target("leads", "100", "100", valid_from=date(2026, 10, 31))
    card = score_card(inputs(targets=(old, new)), 1)
    assert lines(card)["leads"].target == 100
    earlier = score_card(inputs(targets=(old, new), period=Period(2026, 9)), 1)
    assert lines(earlier)["leads"].target == 50


def test_history_ends_with_the_month_and_scores_each_month_by_its_own_targets(inputs, target):
    months = Period(2026, 10).window(3)
    measures = {(month, "leads"): D(value) for month, value in zip(months, ("40", "60", "90"), strict=True)}
    old = target("leads", "80", "100", valid_from=date(2026, 9, 1), valid_until=date(2026, 10, 1))
    new = target("leads", "90", "100", valid_from=date(2026, 10, 1))
    card = score_card(replace(inputs(targets=(old, new)), measures=measures), 1)
    assert [(p.period, p.actual, p.target) for p in lines(card)["leads"].history] == [
        ("2026-08", D(40), None),
        ("2026-09", D(60), D(80)),
        ("2026-10", D(90), D(90)),
    ]
    assert [p.actual for p in card.total_history] == [None, D(75), D(100)]
    assert card.total_history[-1].actual == card.total
    # grade and pay follow from a total, so that of a predecessor is not shown; the team's figures are
    succeeded = score_card(replace(inputs(targets=(old, new)), measures=measures, of_others={months[1]}), 1)
    assert [p.actual for p in succeeded.total_history] == [None, None, D(100)]
    assert lines(succeeded)["leads"].history == lines(card)["leads"].history


def test_a_period_of_which_a_team_has_only_a_part_is_held_against_no_whole_one(inputs, target):
    """Of a card that adds up several teams; its name says what the teams are."""
    growth = replace(target("leads", "0.1", "100"), aim=Growth(Basis.PREVIOUS_PERIOD))
    measures = {"leads": "90", "leads__previous": "80"}
    whole = score_card(inputs(measures, targets=(growth,)), 1)
    assert (lines(whole)["leads"].target, whole.made_of) == (D(88), ())
    teams = (LocalText("North", "北"),)
    part = score_card(
        inputs(measures, targets=(growth,), parted=frozenset({Period(2026, 10)}), made_of=teams), 1
    )
    assert lines(part)["leads"].reason is Reason.PART_PERIOD
    assert part.made_of == teams
    assert from_json(to_json(part)) == part
    assert "made_of" not in to_json(whole)


def test_a_point_of_a_trend_says_why_it_cannot_be_read_like_the_others(inputs, target):
    before, now = Period(2026, 10).window(2)
    measures = {(month, name): D("50") for month in (before, now) for name in ("leads", "posts")}
    targets = (target("leads", "50", "60"), target("posts", "50", "40"))
    given = replace(inputs(targets=targets), measures=measures, history=3)
    alike = score_card(given, 1)
    assert "unlike" not in to_json(alike)
    others = (LocalText("South", "南"),)
    then = replace(given, lacking={before: frozenset({"leads"})}, made_then={before: others}, parted={before})
    card = score_card(then, 1)
    lacking, part, other = Unlike
    assert [point.unlike for point in lines(card)["leads"].history] == [(), (lacking, part, other), ()]
    assert [point.unlike for point in lines(card)["posts"].history] == [(), (part, other), ()]
    assert [point.unlike for point in card.total_history] == [(), (lacking, part, other), ()]
    assert card.made_before == (MadeBefore("2026-09", others),)
    assert from_json(to_json(card)) == card
    assert says_the_same(card, alike)


def test_of_what_people_judge_a_part_of_a_period_is_said_and_nothing_of_other_teams(inputs, target):
    judged = replace(KPIS["posts"], formula="", rule=RuleSpec("event", {"deduction": 5, "floor": 0}))
    row = replace(target("posts", "0", "100", valid_from=date(2026, 10, 10)), target=None)
    given = replace(
        inputs({}, kpis={"posts": judged}, targets=(row,), policy=policy(in_part=PartPeriods(bool))),
        judgements={(MONTH, "posts"): Judgement(events=1)},
        made_then={MONTH: ()},
    )
    assert [point.unlike for point in lines(score_card(given, 1))["posts"].history] == [
        *((), ()),
        (Unlike.PART_PERIOD,),
    ]


def test_the_total_that_lies_exactly_on_a_half_goes_up_also_after_scaling(inputs, target):
    # two of three weights count, 30 and 30 of 100: (90.1 + 90.0) / 2 = 90.05
    targets = (target("leads", "1000", "30"), target("posts", "1000", "30"), target("rate", "1", "40"))
    card = score_card(inputs({"leads": "901", "posts": "900"}, targets=targets), 1)
    assert card.total == D("90.1")


def policy(**changed):
    return replace(ScoringPolicy(1, D(95), D(80)), **changed)


def test_a_missing_score_counts_as_zero_where_the_book_says_so(inputs):
    values = {"leads": "90", "spend": "500", "posts": "13"}
    card = score_card(inputs(values, policy=policy(not_available=NotAvailable.ZERO)), 1)
    assert card.total == D("76.5")  # 36 + 22.5 + 0 + 18
    rate = lines(card)["rate"]
    assert (rate.score, rate.points, rate.effective_weight) == (None, D(0), D(20))


def test_a_card_without_any_score_has_no_total_even_where_missing_counts_as_zero(inputs):
    assert score_card(inputs({}, policy=policy(not_available=NotAvailable.ZERO)), 1).total is None


def test_a_missing_score_holds_the_card_where_the_book_says_so(inputs):
    hold = policy(not_available=NotAvailable.HOLD)
    held = score_card(inputs({"leads": "90", "spend": "500", "posts": "13"}, policy=hold), 1)
    assert held.certificate.status is CertificateStatus.HELD
    assert score_card(inputs(policy=hold), 1).certificate.status is CertificateStatus.FINAL


def test_the_total_sums_rounded_scores_or_unrounded_ones_as_the_book_says(inputs, target):
    targets = (target("leads", "1000", "50"), target("posts", "1000", "50"))
    values = {"leads": "900.4", "posts": "900.4"}
    # each score is 90.04, printed as 90.0
    assert score_card(inputs(values, targets=targets), 1).total == D("90.0")
    exact = policy(sum_unrounded=True, digits=1)
    assert score_card(
        inputs({"leads": "900.4", "posts": "900.8"}, targets=targets, policy=exact), 1
    ).total == D("90.1")
    assert score_card(inputs({"leads": "900.4", "posts": "900.8"}, targets=targets), 1).total == D("90.1")
    values = {"leads": "900.4", "posts": "900.5"}
    assert score_card(inputs(values, targets=targets, policy=exact), 1).total == D("90.0")
    assert score_card(inputs(values, targets=targets), 1).total == D("90.1")


def test_a_card_has_the_grade_and_the_pay_of_its_total(inputs):
    grades = grade_table([("C", D(0)), ("B", D(80)), ("A", D("96.5"))])
    pay = ProportionalPay(D("1.5"), D(0), D(2), 2)
    card = score_card(inputs(policy=policy(grades=grades, pay=pay)), 1)
    assert (card.grade, card.pay.result) == ("A", D("0.97"))
    assert score_card(inputs(), 1).grade is None
    assert score_card(inputs({}, policy=policy(grades=grades, pay=pay)), 1).pay is None


def test_a_kpi_of_conditions_is_scored_by_how_many_are_met(inputs, target):
    spec = RuleSpec(
        "all_or_some", {"conditions": ["leads >= 90", "spend / leads < 5"], "scores": [0, 60, 100]}
    )
    both_met = replace(KPIS["leads"], formula="", rule=spec)
    kpis = {**KPIS, "leads": both_met}
    card = score_card(inputs(kpis=kpis, targets=(target("leads", "2", "100"),)), 1)
    line = lines(card)["leads"]
    assert (line.score, card.total) == (D(60), D(60))
    assert [measure.name for measure in line.measures] == ["leads", "spend"]
    missing = score_card(inputs({"leads": "90"}, kpis=kpis, targets=(target("leads", "2", "100"),)), 1)
    assert lines(missing)["leads"].reason is Reason.NO_DATA


WEIGHTS = st.lists(st.integers(1, 60), min_size=4, max_size=4)
VALUES = st.dictionaries(
    st.sampled_from(["leads", "spend", "engagements", "reach", "posts"]),
    st.decimals(0, 2000, places=2).map(str),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weights=WEIGHTS, values=VALUES)
def test_totals_agree_with_a_naive_sum_in_fractions(inputs, target, weights, values):
    targets = tuple(
        target(kpi_id, goal, str(weight))
        for (kpi_id, goal), weight in zip(
            {"leads": "800", "cost": "5", "rate": "0.5", "posts": "700"}.items(), weights, strict=True
        )
    )
    card = score_card(inputs(values, targets=targets), 1)
    scored = [line for line in card.results if line.score is not None]
    if not scored:
        assert card.total is None
        return
    agreed, counting = sum(weights), sum(Fraction(line.weight) for line in scored)
    naive = sum(Fraction(line.weight) * Fraction(line.score) for line in scored) * agreed / (counting * 100)
    tenths = (naive * 10 + Fraction(1, 2)).__floor__()
    assert Fraction(card.total) == Fraction(tenths, 10)
    assert abs(sum(line.effective_weight for line in card.results) - agreed) < D("1e-20")


def test_what_people_said_scores_the_kpi_of_the_period_they_said_it_of(inputs, target):
    spec = RuleSpec("event", {"deduction": 20, "floor": 0})
    kpis = {**KPIS, "posts": replace(KPIS["posts"], formula="", rule=spec)}
    said = {(MONTH, "posts"): Judgement(events=2), (MONTH.shift(-1), "posts"): Judgement(events=0)}
    targets = (target("posts", "1", "100"),)
    card = score_card(inputs(kpis=kpis, targets=targets, judgements=said), 1)
    assert [point.actual for point in card.total_history] == [None, D(100), D(60)]


def test_a_target_of_zero_leaves_the_kpi_without_a_score_and_with_its_actual(inputs, target):
    (line,) = score_card(inputs(targets=(target("leads", "0", "100"),)), 1).results
    assert (line.actual, line.score, line.reason) == (D(90), None, Reason.ZERO_DENOMINATOR)


def test_a_total_of_unrounded_scores_shows_them(inputs):
    exact = score_card(inputs(policy=policy(sum_unrounded=True)), 1)
    assert all(line.exact_score is not None and line.counted == line.exact_score for line in exact.results)
    assert all(
        line.exact_score is None and line.counted == line.score for line in score_card(inputs(), 1).results
    )


def test_a_measure_on_the_card_says_that_it_is_money_and_a_count_says_nothing(inputs):
    card = score_card(inputs(measure_units={"spend": "money", "leads": "count"}), 1)
    cost = next(line for line in card.results if line.kpi_id == "cost")
    assert [(measure.name, measure.unit) for measure in cost.measures] == [
        ("spend", "money"),
        ("leads", "count"),
    ]
    assert '{"name":"spend","unit":"money","value":"500"}' in to_json(card)
    assert '{"name":"leads","value":"90"}' in to_json(card)
    assert from_json(to_json(card)) == card


def test_a_matrix_says_nothing_where_a_veto_holds_the_total_down(inputs, target):
    matrix = MatrixPay("leads", (D(0),), "cost", (D(0),), ((D("1.2"),),), 2)
    breach = replace(
        KPIS["posts"], id="breach", formula="", rule=RuleSpec("veto", {"scope": "card", "value": "0"})
    )
    parts = {
        "kpis": {**KPIS, "breach": breach},
        "targets": (target("leads", "100", "50"), target("cost", "5", "40"), target("breach", "1", "10")),
        "policy": policy(pay=matrix),
    }
    calm = score_card(inputs(**parts, judgements={(MONTH, "breach"): Judgement(events=0)}), 1)
    struck = score_card(inputs(**parts, judgements={(MONTH, "breach"): Judgement(events=1)}), 1)
    assert calm.pay.result == D("1.2")
    assert (struck.total, struck.pay) == (D(0), None)


def test_the_weight_of_a_missing_kpi_is_shared_in_equal_parts_where_the_book_says_so(inputs, target):
    weights = (("leads", "100", "40"), ("posts", "10", "20"), ("rate", "0.05", "40"))
    agreed = tuple(target(*row) for row in weights)
    measures = {"leads": "100", "posts": "5"}
    by_parts = score_card(
        inputs(measures, targets=agreed, policy=policy(not_available=NotAvailable.EQUAL_PARTS)), 1
    )
    assert by_parts.total == D(80)  # 60 x 100 + 40 x 50
    by_kpi = lines(by_parts)
    assert [by_kpi[kpi].effective_weight for kpi in ("leads", "posts", "rate")] == [60, 40, 0]
    assert [by_kpi[kpi].points for kpi in ("leads", "posts", "rate")] == [60, 20, None]
    assert score_card(inputs(measures, targets=agreed), 1).total == D("83.3")


def test_thirds_as_a_spreadsheet_saves_them_are_a_whole(inputs, target):
    third = "33.3333333333333"
    agreed = tuple(target(*row, third) for row in (("leads", "100"), ("posts", "10"), ("rate", "0.05")))
    card = score_card(
        inputs({"leads": "90", "posts": "9", "engagements": "2.4075", "reach": "60"}, targets=agreed), 1
    )
    # 90, 90 and 80.25 in thirds: exactly on a half
    assert card.total_weight == 100
    assert [line.effective_weight == line.weight for line in card.results] == [True] * 3
    assert sum(card.printed_weights.values()) == 100
    assert sorted(card.printed_weights.values()) == [D("33.3333"), D("33.3333"), D("33.3334")]


def test_a_total_is_held_within_the_limits_of_the_book(inputs, target):
    agreed = (target("leads", "100", "50"), target("posts", "10", "50"))
    wide = RuleSpec("proportional", {"cap": 300, "floor": 0})
    kpis = {kpi_id: replace(kpi, rule=wide) for kpi_id, kpi in KPIS.items()}
    parts = {"targets": agreed, "kpis": kpis, "policy": policy(total_limits=(D(20), D(150)))}
    assert score_card(inputs({"leads": "150", "posts": "20"}, **parts), 1).total == D(150)  # and not 175
    assert score_card(inputs({"leads": "150", "posts": "15"}, **parts), 1).total == D(150)
    assert score_card(inputs({"leads": "10", "posts": "1"}, **parts), 1).total == D(20)


@pytest.mark.parametrize(("lowest", "coefficient"), [("88", D("1.08")), ("90", D(0))])
def test_any_score_below_the_gate_pays_what_the_book_says(inputs, target, lowest, coefficient):
    agreed = tuple(
        target(*row, "25") for row in (("leads", "100"), ("posts", "10"), ("rate", "0.05"), ("cost", "5"))
    )
    measures = {"leads": "118.9", "posts": "10.59", "engagements": "4.4", "reach": "100", "spend": "495.4"}
    paid = policy(pay=ProportionalPay(D("1.5"), D(0), D(1), 2), pay_gate=Gate(D(lowest), D(0)))
    card = score_card(inputs(measures, targets=agreed, policy=paid), 1)
    assert sorted(line.score for line in card.results) == [D(88), D("105.9"), D("118.9"), D(120)]
    assert card.pay.result == coefficient


@pytest.mark.parametrize(("leads", "result"), [("30", D("0.3")), ("80", D("0.5"))])
def test_a_gate_never_pays_more_than_is_paid_without_it(inputs, target, leads, result):
    paid = policy(pay=ProportionalPay(D(2), D(0), D(1), 2), pay_gate=Gate(D(90), D("0.5")))
    agreed = (target("leads", "100", "100"),)
    assert score_card(inputs({"leads": leads}, targets=agreed, policy=paid), 1).pay.result == result


@pytest.mark.parametrize(("missing", "result"), [(NotAvailable.ZERO, D(0)), (NotAvailable.EXCLUDE, D(1))])
def test_a_missing_score_closes_the_gate_where_it_counts_as_0(inputs, target, missing, result):
    paid = policy(pay=ProportionalPay(D(2), D(0), D(1), 2), pay_gate=Gate(D(60), D(0)), not_available=missing)
    agreed = (target("leads", "100", "80"), target("posts", "10", "20"))
    assert score_card(inputs({"leads": "100"}, targets=agreed, policy=paid), 1).pay.result == result


def test_a_gate_asks_nothing_of_a_quarter_without_a_score_whose_months_have_totals(inputs, target):
    quarter = replace(target("leads", "300", "100"), per=Cadence.QUARTER)
    paid = policy(
        pay=ProportionalPay(D(2), D(0), D(1), 2),
        pay_gate=Gate(D(90), D(0)),
        mixes={Cadence.QUARTER: {Cadence.MONTH: D(60), Cadence.QUARTER: D(40)}},
    )
    agreed = (target("leads", "100", "100"), quarter)
    period = Period(2026, 4, Cadence.QUARTER)
    # measured in October, and not over the quarter
    card = score_card(inputs({"leads": "80"}, targets=agreed, policy=paid, period=period), 1)
    assert (card.total, card.pay.result) == (D(80), D("0.8"))


def test_limits_of_totals_have_the_digits_of_totals(inputs, target):
    limited = policy(total_limits=(D(0), D("110.25")))
    assert score_card(inputs({"posts": "13"}, policy=limited), 1).total == D("110.3")


@pytest.mark.parametrize(("events", "total"), [(0, D("66.7")), (1, D("53.7"))])
def test_a_veto_over_an_area_lifts_nothing_where_weights_are_shared_in_equal_parts(
    inputs, target, events, total
):
    veto = RuleSpec("veto", {"scope": "area", "value": 60})
    kpis = {**KPIS, "veto": replace(KPIS["leads"], id="veto", formula="", rule=veto)}
    weights = (("veto", "1", "1"), ("leads", "100", "3"), ("cost", "5", "2"), ("posts", "10", "94"))
    policy_of_parts = policy(not_available=NotAvailable.EQUAL_PARTS)
    card = score_card(
        inputs(
            # the cost is so far off that it scores next to nothing
            {"leads": "100", "spend": "10000000"},
            kpis=kpis,
            targets=tuple(target(*row) for row in weights),
            policy=policy_of_parts,
            judgements={(MONTH, "veto"): Judgement(events=events)},
        ),
        1,
    )
    assert card.total == total


def test_a_card_says_whether_the_weights_of_its_lines_were_scaled(inputs):
    assert not score_card(inputs(), 1).is_rescaled
    without_posts = {name: value for name, value in MEASURES.items() if name != "posts"}
    assert score_card(inputs(without_posts), 1).is_rescaled

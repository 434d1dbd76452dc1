"""What is to be reached, kind by kind, at its boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scoring.aims import ABSOLUTE, Basis, Cumulative, Growth, Milestone, Range
from scoring.canonical import from_json, to_json
from scoring.card.card import score_card
from scoring.card.line import score_line
from scoring.fiscal import FiscalCalendar
from scoring.known import Judgement, Known
from scoring.kpi import Attainment, Direction, Method, RuleSpec, Unit
from scoring.period import Cadence, Period
from scoring.policy import ScoringPolicy
from scoring.spans import FiscalToDate, Since, Span
from scoring.targets.effective import effective_target, span_of, span_worked_out
from scoring.targets.terms import (
    PartPeriods,
    TargetChange,
    card_of,
    from_their_first_day,
    targets_of,
    wanted,
)
from scoring.working import Reason
from tests.scoring.conftest import KPIS, MONTH, make_kpi, make_target

D = Decimal
LEADS = KPIS["leads"]


def terms(target, aim=ABSOLUTE, first=date(2026, 1, 1), until=date(2027, 1, 1), period=MONTH):
    row = replace(make_target("leads", target or "0", "100", first, until), aim=aim, per=period.cadence)
    return targets_of([row if target else replace(row, target=None)], period)[0]


def line(of, measures=None, kpi=LEADS, done_on=None):
    known = Known(
        {name: D(value) for name, value in (measures or {}).items()}, {kpi.id: Judgement(done_on=done_on)}
    )
    return score_line(kpi, of, known, 1)


GROWTH = Growth(Basis.SAME_PERIOD_LAST_YEAR)


@pytest.mark.parametrize(
    ("growth", "before", "goal"),
    [("0.1", "12000", "13200"), ("0", "50", "50"), ("-0.25", "80", "60"), ("0.1", "0.5", "0.55")],
)
def test_growth_is_counted_from_the_kpis_own_value_of_the_basis(growth, before, goal):
    scored = line(terms(growth, GROWTH), {"leads": goal, "leads__last_year": before})
    assert scored.target.number == D(goal)
    assert (scored.attainment, scored.score) == (1, 100)
    assert [(o.name, o.value) for o in scored.target.workings[0].operands] == [
        ("basis", "same_period_last_year"), ("before", D(before)), ("growth", D(growth)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "measures", [{}, {"leads__last_year": "0"}, {"leads__last_year": "-3"}, {"leads__previous": "9"}]
)
def test_growth_without_anything_to_grow_from_is_no_target_but_has_its_actual(measures):
    scored = line(terms("0.1", GROWTH), {"leads": "100", **measures})
    assert (scored.actual, scored.target, scored.score, scored.reason) == (
        D(100),
        None,
        None,
        Reason.NO_TARGET,
    )


def test_growth_of_a_ratio_divides_last_in_the_other_period_too():
    of = terms("-0.1", Growth(Basis.PREVIOUS_PERIOD))
    scored = line(
        of, {"spend": "81", "leads": "10", "spend__previous": "90", "leads__previous": "10"}, KPIS["cost"]
    )
    assert (scored.target.number, scored.attainment) == (D("8.1"), 1)


def test_growth_over_a_ratio_that_divided_by_zero_is_no_target():
    of = terms("0.1", Growth(Basis.PREVIOUS_PERIOD))
    before = {"spend__previous": "90", "leads__previous": "0"}
    assert line(of, {"spend": "1", "leads": "1", **before}, KPIS["cost"]).reason is Reason.NO_TARGET


RANGE = make_kpi("leads", "promotion", "leads", Direction.RANGE)


@pytest.mark.parametrize(
    ("actual", "attainment"),
    [("38", "1"), ("42", "1"), ("40", "1"), ("19", "0.5"), ("84", "0.5"), ("0", "0"), ("-38", "-1")],
)
def test_anything_within_a_range_is_on_target_its_ends_included(actual, attainment):
    scored = line(terms(None, Range(D(38), D(42))), {"leads": actual}, RANGE)
    assert scored.attainment == D(attainment)
    assert scored.target.number is None


def test_a_range_of_one_number_is_that_number():
    scored = line(terms(None, Range(D(40), D(40))), {"leads": "50"}, RANGE)
    assert (scored.target.number, scored.attainment) == (D(40), D("0.8"))


def test_tolerance_counts_from_the_nearest_end_of_a_range_and_from_the_number_itself():
    rule = RuleSpec("tolerance", {"limits": [{"up_to": "0.05", "score": "100"}, {"score": "0"}]})
    kpi = replace(RANGE, rule=rule)
    within = terms(None, Range(D(40), D(60)))
    scores = {
        value: line(within, {"leads": value}, kpi).score for value in ("38", "37.9", "63", "63.1", "50")
    }
    assert scores == {"38": 100, "37.9": 0, "63": 100, "63.1": 0, "50": 100}
    single = terms("40")
    assert [line(single, {"leads": value}, kpi).score for value in ("38", "42", "42.1")] == [100, 100, 0]


@pytest.mark.parametrize(
    ("number", "until", "period", "goal"),
    [
        ("365", date(2027, 1, 1), MONTH, "304"),
        ("366", date(2029, 1, 1), Period(2028, 2), "60"),
        ("365", date(2027, 1, 1), Period(2026, 12), "365"),
        ("31", date(2026, 2, 1), Period(2026, 1), "31"),
        # rows by month give the plan of that month itself
        ("304", date(2026, 11, 1), MONTH, "304"),
        ("365", date(2027, 1, 1), Period(2026, 3, Cadence.QUARTER), "273"),
        ("365", date(2027, 1, 1), Period(2026, 1, Cadence.YEAR), "365"),
    ],
)
def test_a_year_to_date_is_due_day_by_day_from_new_year_to_the_rows_last_day(number, until, period, goal):
    first = date(period.year, 1, 1)
    of = terms(number, Cumulative(), first, until, period)
    scored = line(of, {"leads__year_to_date": goal, "leads": "1"})
    assert scored.target.number == D(goal)
    assert (scored.actual, scored.attainment) == (D(goal), 1)


def test_a_year_to_date_of_a_row_that_supersedes_another_still_counts_from_new_year():
    of = terms("365", Cumulative(), date(2026, 10, 1))
    assert effective_target(of, LEADS, Known({})).number == 304


@pytest.mark.parametrize(
    ("first", "others", "since"),
    [
        (date(2026, 3, 1), [], date(2026, 3, 1)),
        (date(2026, 1, 1), [], None),
        # the plan of the year before, and the one of the first half-year
        (date(2026, 7, 1), [(date(2025, 1, 1), date(2026, 7, 1))], None),
        (date(2026, 7, 1), [(date(2026, 2, 1), date(2026, 7, 1))], date(2026, 2, 1)),
        (date(2026, 7, 1), [(date(2025, 1, 1), date(2026, 1, 1))], date(2026, 7, 1)),
    ],
)
def test_a_year_to_date_counts_from_the_first_day_of_the_year_with_a_target(first, others, since):
    of_year = replace(make_target("leads", "306", "100", first), aim=Cumulative())
    others = [make_target("leads", "9", "100", *days) for days in others]
    elsewhere = replace(make_target("leads", "9", "100"), team_id="another")
    assert from_their_first_day([of_year, *others, elsewhere])[0].aim == Cumulative(since)


def test_a_team_formed_in_march_has_by_its_end_the_part_of_its_own_days():
    of = terms("306000", Cumulative(date(2026, 3, 1)), date(2026, 3, 1), period=Period(2026, 3))
    scored = line(of, {"leads__since_20260301": "31000", "leads__year_to_date": "99", "leads": "1"})
    assert (scored.target.number, scored.actual, scored.score) == (31000, 31000, 100)
    assert span_of(of.row) == Since(date(2026, 3, 1))


QUARTERS = tuple(map(D, (20, 20, 20, 40)))


@pytest.mark.parametrize(
    ("phases", "period", "goal"),
    [
        (QUARTERS, Period(2026, 9), 60000),
        (QUARTERS, Period(2026, 3, Cadence.QUARTER), 60000),
        (QUARTERS, Period(2026, 12), 100000),
        (QUARTERS, Period(2026, 1), D(20000) * 31 / 90),
        (QUARTERS, Period(2026, 11), 60000 + D(40000) * 61 / 92),
        ((D(30), D(70)), Period(2026, 6), 30000),
        ((D(12), *[D(8)] * 11), Period(2026, 2), 20000),
    ],
)
def test_a_plan_by_phases_is_due_phase_by_phase(phases, period, goal):
    of = terms("100000", Cumulative(phases=phases), period=period)
    assert abs(effective_target(of, LEADS, Known({})).number - goal) < D("1e-20")


CALENDAR_DAYS = PartPeriods(lambda day: True)


def part(rows, kpi=None, measures=None, counts=CALENDAR_DAYS):
    (of,) = targets_of(rows, MONTH, in_part=counts)
    return line(of, measures, kpi or replace(LEADS, adds_up=True))


@pytest.mark.parametrize(
    ("first", "until", "actual", "target"),
    [
        (date(2026, 10, 15), date(2027, 1, 1), "170", 170),
        (date(2026, 1, 1), date(2026, 10, 17), "160", 160),
        (date(2026, 10, 31), date(2026, 11, 1), "10", 10),
    ],
)
def test_a_number_that_adds_up_is_the_part_of_it_that_the_teams_days_are(first, until, actual, target):
    start, end = max(first, MONTH.start), min(until, MONTH.end)
    own_days = {f"leads__since_{start:%Y%m%d}_until_{end:%Y%m%d}": actual, "leads": "999"}
    scored = part([make_target("leads", "310", "100", first, until)], measures=own_days)
    assert (scored.target.number, scored.actual, scored.score) == (target, D(actual), 100)


def test_what_does_not_add_up_keeps_its_target_over_the_teams_days():
    rows = [make_target("leads", "310", "100", date(2026, 10, 15))]
    scored = part(rows, LEADS, {"leads__since_20261015_until_20261101": "310", "leads": "999"})
    assert (scored.target.number, scored.score) == (310, 100)
    assert [working.rule for working in scored.target.workings] == ["part_period"]


def test_a_whole_month_is_scored_the_same_whatever_the_book_says_of_parts():
    rows = [make_target("leads", "310", "100")]
    assert targets_of(rows, MONTH, in_part=CALENDAR_DAYS) == targets_of(rows, MONTH)
    assert targets_of(rows, MONTH, in_part=CALENDAR_DAYS)[0].own_days is None
    (late,) = targets_of(
        [make_target("leads", "310", "100", date(2026, 10, 15))], MONTH, in_part=CALENDAR_DAYS
    )
    assert late.own_days == Since(date(2026, 10, 15), date(2026, 11, 1))
    assert (
        targets_of([make_target("leads", "1", "100", date(2027, 1, 1))], MONTH, in_part=CALENDAR_DAYS) == ()
    )


def test_a_month_before_the_teams_own_days_has_its_whole_figure(inputs):
    september = Period(2026, 9)
    card = score_card(
        replace(
            inputs({}),
            targets=(make_target("leads", "310", "100", date(2026, 10, 15)),),
            measures={(MONTH, "leads__since_20261015_until_20261101"): D(170), (september, "leads"): D(290)},
            policy=ScoringPolicy(1, D(95), D(80), in_part=CALENDAR_DAYS),
        ),
        1,
    )
    assert [point.actual for point in card.results[0].history] == [None, 290, 170]


LAUNCH = replace(make_kpi("launch", "promotion", "", Direction.LOWER), unit=Unit.DAYS)


@pytest.mark.parametrize(
    ("done_on", "attainment"),
    [
        (date(2026, 10, 20), "1"),  # on the day it is due
        (date(2026, 10, 10), "2"),
        (date(2026, 10, 1), "20"),  # on the first day
        (date(2026, 9, 1), "20"),  # before it had to begin
        (date(2026, 10, 25), "0.8"),
    ],
)
def test_a_milestone_attains_the_days_planned_by_the_days_taken(done_on, attainment):
    of = terms(None, Milestone(date(2026, 10, 20)), first=date(2026, 10, 1))
    scored = line(of, kpi=LAUNCH, done_on=done_on)
    assert (scored.target.number, scored.attainment) == (D(20), D(attainment))


@pytest.mark.parametrize("done_on", [None, date(2026, 11, 1)])
def test_a_milestone_that_is_not_done_is_not_due_or_missed_as_of_the_last_day(done_on):
    coming = line(terms(None, Milestone(date(2026, 11, 1))), kpi=LAUNCH, done_on=done_on)
    assert (coming.reason, coming.score) == (Reason.NOT_DUE, None)
    missed = line(terms(None, Milestone(date(2026, 10, 31))), kpi=LAUNCH, done_on=done_on)
    assert (missed.reason, missed.actual, missed.attainment, missed.score) == (None, None, 0, 0)


def test_a_kpi_without_data_still_tells_what_was_to_be_reached(inputs):
    result = score_card(inputs({}, targets=(make_target("leads", "100", "100"),)), 1).results[0]
    assert (result.target, result.actual, result.reason) == (D(100), None, Reason.NO_DATA)


def test_a_milestone_on_the_card_has_days_a_working_and_a_history(inputs):
    row = replace(make_target("launch", "0", "100"), target=None, aim=Milestone(date(2026, 10, 27)))
    said = {(MONTH, "launch"): Judgement(done_on=date(2026, 10, 30))}
    card = score_card(inputs(kpis={"launch": LAUNCH}, targets=(row,), judgements=said), 1)
    (result,) = card.results
    assert (result.target, result.actual, result.score) == (D(300), D(303), D("99.0"))
    assert [(p.actual, p.target) for p in result.history] == [
        (None, D(300)),
        (None, D(300)),
        (D(303), D(300)),
    ]
    assert from_json(to_json(card)) == card


def test_a_range_on_the_card_has_two_ends_and_no_number(inputs):
    row = replace(make_target("leads", "0", "100"), target=None, aim=Range(D(80), D(90)))
    card = score_card(inputs(kpis={"leads": RANGE}, targets=(row,)), 1)
    (result,) = card.results
    assert (result.target, result.target_low, result.target_high, result.score) == (None, D(80), D(90), 100)
    assert result.target_range == (D(80), D(90))
    assert (result.history[-1].target, result.history[-1].target_high) == (D(80), D(90))
    assert from_json(to_json(card)) == card


def test_two_ranges_are_averaged_end_by_end():
    rows = [
        replace(
            make_target("leads", "0", "100", date(2026, 1, 1), date(2026, 10, 11)), aim=Range(D(10), D(20))
        ),
        replace(make_target("leads", "0", "100", date(2026, 10, 11)), aim=Range(D(41), D(51))),
    ]
    (of,) = targets_of(rows, MONTH, TargetChange.PRORATE)
    goal = effective_target(of, RANGE, Known({}))
    # (10 x 10 + 41 x 21) / 31 and (20 x 10 + 51 x 21) / 31
    assert (round(goal.low, 6), round(goal.high, 6)) == (D("31.000000"), D("41.000000"))
    assert [working.operands[0].name for working in goal.workings] == ["target_low", "target_high"]


def test_a_target_of_growth_that_is_averaged_shows_each_step(inputs):
    rows = (
        replace(make_target("leads", "0.1", "100", date(2026, 1, 1), date(2026, 10, 11)), aim=GROWTH),
        make_target("leads", "141", "100", date(2026, 10, 11)),
    )
    policy = ScoringPolicy(1, D(95), D(80), target_change=TargetChange.PRORATE)
    measures = {"leads": "131", "leads__last_year": "100"}
    (result,) = score_card(inputs(measures, targets=rows, policy=policy), 1).results
    assert [working.rule for working in result.target_workings] == ["growth", "prorate"]
    assert (result.target, result.score) == (D(131), 100)  # (110 x 10 + 141 x 21) / 31


def test_the_numbers_behind_a_year_to_date_are_those_of_the_year(inputs):
    rows = (replace(make_target("leads", "365", "100"), aim=Cumulative()),)
    (result,) = score_card(inputs({"leads": "9", "leads__year_to_date": "300"}, targets=rows), 1).results
    assert [(m.name, m.value) for m in result.measures] == [("leads", D(300))]
    assert (result.actual, result.history[-1].actual) == (D(300), D(300))


def test_a_period_before_the_agreement_counts_the_kpi_as_it_is_counted_now(inputs):
    rows = (replace(make_target("leads", "365", "100", date(2026, 10, 1)), aim=Cumulative()),)
    september = Period(2026, 9)
    measures = {
        (MONTH, "leads__year_to_date"): D(300),
        (september, "leads__year_to_date"): D(270),
        (september, "leads"): D(5),
    }
    (result,) = score_card(replace(inputs(targets=rows), measures=measures), 1).results
    assert [p.actual for p in result.history] == [None, D(270), D(300)]


def test_a_milestone_without_a_past_has_no_past_actuals(inputs):
    row = replace(
        make_target("launch", "0", "100", date(2026, 10, 1)), target=None, aim=Milestone(date(2026, 12, 1))
    )
    (result,) = score_card(inputs(kpis={"launch": LAUNCH}, targets=(row,)), 1).results
    assert [(p.actual, p.target) for p in result.history] == [(None, None), (None, None), (None, D(62))]


@pytest.mark.parametrize(
    ("aim", "span"),
    [
        (ABSOLUTE, None),
        (Range(D(1), D(2)), None),
        (Milestone(date(2026, 5, 1)), None),
        (Growth(Basis.PREVIOUS_PERIOD), Span.PREVIOUS),
        (Growth(Basis.SAME_PERIOD_LAST_YEAR), Span.LAST_YEAR),
        (Cumulative(), Span.YEAR_TO_DATE),
    ],
)
def test_a_kind_says_which_other_days_it_needs(aim, span):
    assert span_of(replace(make_target("leads", "1", "100"), aim=aim)) is span


@pytest.mark.parametrize(("actual", "score"), [("219", D("99.7")), ("330", D(120)), ("175", D("59.6"))])
def test_a_baseline_is_the_part_of_it_that_the_target_is(actual, score):
    # of 200 and 400 in the month, 109.7 and 219.4 in 17 days
    how = Attainment(Method.BASELINE, D(200))
    rows = [make_target("leads", "400", "100", date(2026, 10, 15))]
    kpi = replace(LEADS, adds_up=True, attainment=how)
    scored = part(rows, kpi, {"leads__since_20261015_until_20261101": actual})
    assert scored.score == score
    assert abs(scored.kpi.attainment.baseline - D(200) * 17 / 31) < D("1e-20")


def test_conditions_are_met_by_the_figures_that_the_card_prints():
    rule = RuleSpec("all_or_some", {"conditions": ["leads >= 100"], "scores": [0, 100]})
    rows = [replace(make_target("leads", "1", "100", date(2026, 10, 15)), target=None)]
    of_own_days = {"leads": "150", "leads__since_20261015_until_20261101": "50"}
    assert part(rows, replace(LEADS, formula="", rule=rule), of_own_days).score == 0


def test_a_part_of_a_month_is_held_against_no_whole_one_before():
    grows = replace(LEADS, formula="leads / leads__previous - 1")
    rows = [make_target("leads", "0.1", "100", date(2026, 10, 15))]
    scored = part(rows, grows, {"leads__since_20261015_until_20261101": "170", "leads__previous": "310"})
    assert (scored.actual, scored.reason) == (None, Reason.PART_PERIOD)


@pytest.mark.parametrize(
    ("first", "basis", "reason"),
    [
        (date(2026, 9, 15), Basis.PREVIOUS_PERIOD, Reason.PART_PERIOD),
        (date(2026, 9, 1), Basis.PREVIOUS_PERIOD, None),
        # nothing was agreed for it at all: then its figure is that of the whole month
        (date(2026, 10, 1), Basis.PREVIOUS_PERIOD, None),
        (date(2025, 10, 2), Basis.SAME_PERIOD_LAST_YEAR, Reason.PART_PERIOD),
        (date(2025, 10, 1), Basis.SAME_PERIOD_LAST_YEAR, None),
    ],
)
def test_growth_is_counted_from_no_month_of_which_the_team_has_only_a_part(first, basis, reason):
    row = replace(make_target("leads", "0.1", "100", first), aim=Growth(basis))
    before = "leads__previous" if basis is Basis.PREVIOUS_PERIOD else "leads__last_year"
    measures = {"leads": "330", before: "300"}
    scored = part([row], LEADS, measures)
    assert (scored.actual, scored.reason) == (330, reason)
    written = replace(LEADS, formula=f"leads / {before} - 1")
    assert part([replace(row, aim=ABSOLUTE)], written, measures).reason == reason
    rule = RuleSpec("all_or_some", {"conditions": [f"leads / {before} >= 1.1"], "scores": [0, 100]})
    judged = replace(LEADS, formula="", rule=rule)
    assert part([replace(row, aim=ABSOLUTE, target=None)], judged, measures).reason == reason


def test_what_changes_within_the_month_is_averaged_by_working_days_where_those_count():
    # from the 26th on: 5 of the 22 working days of October 2026, and 6 of its 31 days
    change_on = date(2026, 10, 26)
    rows = [
        make_target("leads", "220", "40", valid_until=change_on),
        make_target("leads", "440", "60", change_on),
    ]
    working = PartPeriods(lambda day: day.isoweekday() < 6)
    (of,) = targets_of(rows, MONTH, TargetChange.PRORATE, working)
    assert line(of, {"leads": "270"}).target.number == 270
    assert of.weight == D("44.55")
    assert [part.days for part in of.parts] == [17, 5]


def test_a_row_of_days_that_do_not_count_is_on_no_card_unless_there_are_no_others():
    working = PartPeriods(lambda day: day.isoweekday() < 6)
    weekend = [make_target("posts", "5", "10", date(2026, 10, 31), date(2026, 11, 1))]
    rows = [make_target("leads", "220", "100", valid_until=date(2026, 10, 31)), *weekend]
    assert [of.kpi_id for of in targets_of(rows, MONTH, TargetChange.PRORATE, working)] == ["leads"]
    assert [of.kpi_id for of in targets_of(weekend, MONTH, TargetChange.PRORATE, working)] == ["posts"]


TWO = RuleSpec("all_or_some", {"conditions": ["leads >= 310", "spend / leads <= 60"], "scores": [0, 50, 100]})


@pytest.mark.parametrize(("leads", "score"), [("170", 100), ("169", 50)])
def test_numbers_in_conditions_that_add_up_are_the_part_that_the_teams_days_are(leads, score):
    rows = [replace(make_target("leads", "2", "100", date(2026, 10, 15)), target=None)]
    own = {
        f"{name}__since_20261015_until_20261101": value
        for name, value in {"leads": leads, "spend": "60"}.items()
    }
    kpi = replace(LEADS, formula="", rule=TWO, adding_up=frozenset({"leads"}))
    scored = part(rows, kpi, own)
    assert scored.score == score
    told = [item.value for item in scored.working.operands if item.name.startswith("condition_")]
    assert told == ["leads >= 310 * 17 / 31", "spend / leads <= 60"]


def test_conditions_of_a_weekend_are_not_due_by_working_days():
    rows = [replace(make_target("leads", "2", "100", date(2026, 10, 31)), target=None)]
    kpi = replace(LEADS, formula="", rule=TWO, adding_up=frozenset({"leads"}))
    weekend = PartPeriods(lambda day: day.isoweekday() < 6)
    assert part(rows, kpi, {"leads__since_20261031_until_20261101": "1"}, weekend).reason is Reason.NOT_DUE


def test_both_ends_of_a_range_are_shown_as_the_part_that_they_are():
    rows = [replace(make_target("leads", "1", "100", date(2026, 10, 15)), aim=Range(D(310), D(620)))]
    kpi = replace(LEADS, adds_up=True, direction=Direction.RANGE)
    scored = part(rows, kpi, {"leads__since_20261015_until_20261101": "340"})
    assert [working.result for working in scored.target.workings] == [170, 340]
    assert scored.score == 100


def test_a_team_of_a_weekend_has_nothing_due_by_working_days():
    rows = [make_target("leads", "310", "100", date(2026, 10, 31))]
    scored = part(
        rows,
        measures={"leads__since_20261031_until_20261101": "1"},
        counts=PartPeriods(lambda day: day.isoweekday() < 6),
    )
    assert (scored.reason, scored.score) == (Reason.NOT_DUE, None)


@pytest.mark.parametrize("change", TargetChange)
def test_a_year_to_date_that_ends_within_the_month_asks_for_its_number_and_no_more(change):
    row = replace(make_target("leads", "1000", "100", valid_until=date(2026, 10, 17)), aim=Cumulative())
    (of,) = targets_of([row], MONTH, change, PartPeriods(lambda _: True))
    scored = line(of, {"leads__since_20260101_until_20261017": "1000", "leads__year_to_date": "1040"})
    assert (scored.target.number, scored.actual, scored.score) == (1000, 1000, 100)
    assert span_of(row, MONTH) == span_worked_out(scored.target.workings)
    assert span_of(row) is Span.YEAR_TO_DATE


@pytest.mark.parametrize("phases", [(), QUARTERS])
def test_a_week_across_new_year_counts_the_year_that_has_a_target(phases):
    week = Period(2026, 53, Cadence.WEEK)
    row = replace(make_target("leads", "1000", "100"), aim=Cumulative(phases=phases), per=Cadence.WEEK)
    (of,) = targets_of([row], week, in_part=PartPeriods(lambda _: True))
    scored = line(of, {"leads__since_20260101_until_20270101": "1000"})
    assert scored.score == 100
    assert span_worked_out(scored.target.workings) == Since(date(2026, 1, 1), date(2027, 1, 1))


def test_nothing_is_due_of_a_plan_before_its_first_phase():
    later = Cumulative(phases=(D(0), D(40), D(30), D(30)))
    assert line(terms("100", later, period=Period(2026, 2)), {"leads__year_to_date": "5"}).reason is (
        Reason.NOT_DUE
    )
    rule = RuleSpec("tolerance", {"limits": [{"up_to": "0.05", "score": 100}, {"score": 0}]})
    exact = replace(LEADS, direction=Direction.RANGE, rule=rule)
    of = terms("100", later, period=Period(2026, 2))
    assert line(of, {"leads__year_to_date": "5"}, exact).reason is Reason.NOT_DUE
    saved = replace(LEADS, direction=Direction.LOWER)
    of = terms("100", later, period=Period(2026, 2))
    assert line(of, {"leads__year_to_date": "5"}, saved).score == 0


def test_days_on_which_a_row_takes_the_kpi_off_the_card_are_none_with_a_target():
    off = replace(
        make_target("leads", "1", "0", valid_until=date(2026, 3, 1)),
        agreed_on=date(2026, 2, 1),
        aim=Cumulative(),
    )
    row = replace(make_target("leads", "306000", "100"), aim=Cumulative())
    counted, _ = from_their_first_day((row, off))
    assert counted.aim.since == date(2026, 3, 1)


APRIL, RETAIL = FiscalCalendar.of_months(4), FiscalCalendar("445lastsat01")


@pytest.mark.parametrize(
    ("fiscal", "first", "until", "period", "elapsed", "days"),
    [
        (APRIL, date(2026, 4, 1), date(2027, 4, 1), Period(2027, 2), 334, 365),
        (APRIL, date(2026, 4, 1), date(2027, 4, 1), Period.parse("FY2026-04-Q3"), 275, 365),
        # by weeks: 34 of 52 at the end of its eighth month
        (RETAIL, date(2026, 2, 1), date(2027, 1, 31), Period.parse("FY2026-445lastsat01-P08"), 238, 364),
    ],
)
def test_a_year_to_date_counts_from_the_first_day_of_the_fiscal_year(
    fiscal, first, until, period, elapsed, days
):
    row = replace(make_target("leads", str(days), "100", first, until), aim=Cumulative(), per=period.cadence)
    (counted,) = from_their_first_day([row], fiscal)
    (of,) = targets_of([counted], period)
    span = FiscalToDate(fiscal)
    scored = line(of, {f"leads__{span}": str(elapsed), "leads__year_to_date": "1", "leads": "2"})
    assert (scored.target.number, scored.actual, scored.score) == (elapsed, elapsed, 100)
    assert span_of(counted, period) == span == span_worked_out(scored.target.workings)
    said = {operand.name: operand.value for operand in scored.target.workings[0].operands}
    assert (said["begins"], said["fiscal"]) == (str(first), fiscal.code)


def test_a_team_formed_within_a_fiscal_year_counts_from_its_own_first_day_over_new_year():
    first = date(2026, 9, 1)
    row = replace(make_target("leads", "212", "100", first, date(2027, 4, 1)), aim=Cumulative())
    (counted,) = from_their_first_day([row], APRIL)
    (of,) = targets_of([counted], Period(2027, 1))
    scored = line(of, {"leads__year_to_date_04_since_20260901": "153"})
    assert (scored.target.number, scored.score) == (153, 100)
    assert span_worked_out(scored.target.workings) == FiscalToDate(APRIL, first)


def test_a_row_that_ends_within_a_period_counts_from_its_fiscal_year_to_its_own_end():
    row = make_target("leads", "290", "100", date(2026, 4, 1), date(2027, 1, 16))
    (counted,) = from_their_first_day([replace(row, aim=Cumulative())], APRIL)
    (of,) = targets_of([counted], Period(2027, 1), in_part=CALENDAR_DAYS)
    scored = line(of, {"leads__since_20260401_until_20270116": "290"})
    assert (scored.target.number, scored.score) == (290, 100)


@pytest.mark.parametrize(
    ("fiscal", "first", "until", "period", "goal"),
    [
        (APRIL, date(2026, 4, 1), date(2027, 4, 1), "FY2026-04-Q2", 40000),
        (APRIL, date(2026, 4, 1), date(2027, 4, 1), "FY2026-04", 100000),
        (RETAIL, date(2026, 2, 1), date(2027, 1, 31), "FY2026-445lastsat01-P06", 40000),
        # nine of the thirteen weeks of its third quarter
        (RETAIL, date(2026, 2, 1), date(2027, 1, 31), "FY2026-445lastsat01-P08", 40000 + D(20000) * 8 / 13),
    ],
)
def test_phases_of_a_fiscal_year_are_its_own_quarters(fiscal, first, until, period, goal):
    period = Period.parse(period)
    aim = Cumulative(phases=QUARTERS)
    row = replace(make_target("leads", "100000", "100", first, until), aim=aim, per=period.cadence)
    (of,) = targets_of(from_their_first_day([row], fiscal), period)
    assert abs(effective_target(of, LEADS, Known({})).number - goal) < D("1e-20")


def test_a_row_for_a_span_is_for_exactly_its_days():
    span = Period.parse("2026-02-10..2026-05-20")
    row = make_target("leads", "50", "100", span.start, span.end)
    row = replace(row, per=Cadence.SPAN)
    (of,) = targets_of([row], span, in_part=CALENDAR_DAYS)
    assert line(of, {"leads": "50"}).score == 100
    for other in ("2026-02-10..2026-05-19", "2026-02-11..2026-05-20", "2026-02..2026-05"):
        assert targets_of([row], Period.parse(other), in_part=CALENDAR_DAYS) == ()
    assert wanted(span) == "targets per span of exactly these days"
    assert wanted(MONTH) == "targets per month that are valid on its last day"
    assert card_of(row) == (Cadence.SPAN, span.start, span.end)
    assert card_of(make_target("leads", "50", "100")) == (Cadence.MONTH, None, None)

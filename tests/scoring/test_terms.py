"""Which rows score a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scoring.aims import Cumulative, Milestone, Range
from scoring.canonical import plain_number
from scoring.card.card import score_card
from scoring.period import Cadence, Period
from scoring.policy import ScoringPolicy
from scoring.targets.terms import TargetChange, targets_of
from tests.scoring.conftest import MONTH, make_target

D = Decimal


def row(target, weight="100", first=date(2026, 1, 1), until=date(2027, 1, 1), agreed=None, kpi="leads"):
    made = make_target(kpi, target, weight, first, until)
    return replace(made, agreed_on=agreed)


def numbers(targets, period=MONTH, change=TargetChange.LATEST):
    return [
        (t.kpi_id, [(str(p.target.target), p.days) for p in t.parts], plain_number(t.weight))
        for t in targets_of(targets, period, change)
    ]


def test_a_row_agreed_on_later_supersedes_from_its_first_to_its_last_day():
    plan = row("100")
    summer = row("80", first=date(2026, 7, 1), until=date(2026, 9, 1), agreed=date(2026, 6, 10))
    by_month = {month: numbers([plan, summer], Period(2026, month))[0][1][0][0] for month in (6, 7, 8, 9)}
    assert by_month == {6: "100", 7: "80", 8: "80", 9: "100"}


def test_what_was_superseded_twice_is_scored_by_what_was_agreed_on_last():
    rows = [
        row("90", agreed=date(2026, 3, 1)),
        row("100"),
        row("80", agreed=date(2026, 9, 1)),
    ]
    assert numbers(rows) == [("leads", [("80", 31)], "100")]
    assert numbers(rows[:2]) == [("leads", [("90", 31)], "100")]


def test_the_row_of_the_last_day_scores_and_a_row_that_begins_a_day_later_does_not():
    old = row("100", until=date(2026, 10, 31))
    assert numbers([old, row("120", first=date(2026, 10, 31))])[0][1] == [("120", 31)]
    assert numbers([row("100", until=date(2026, 11, 1)), row("120", first=date(2026, 11, 1))])[0][1] == [
        ("100", 31)
    ]


def test_a_row_is_only_for_its_own_length_of_period():
    month, quarter = row("100"), replace(row("290"), per=Cadence.QUARTER)
    assert numbers([month, quarter]) == [("leads", [("100", 31)], "100")]
    assert numbers([month, quarter], Period(2026, 4, Cadence.QUARTER)) == [("leads", [("290", 92)], "100")]
    assert numbers([month, quarter], Period(2026, 1, Cadence.YEAR)) == []


CHANGING = [row("100", until=date(2026, 10, 11)), row("131", first=date(2026, 10, 11))]


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (TargetChange.LATEST, [("131", 31)]),
        (TargetChange.ORIGINAL, [("100", 31)]),
        (TargetChange.PRORATE, [("100", 10), ("131", 21)]),
    ],
)
def test_a_change_within_the_month_is_scored_as_the_policy_says(change, parts):
    assert numbers(CHANGING, change=change) == [("leads", parts, "100")]


def test_a_month_without_any_row_has_no_terms_whatever_the_policy():
    assert {
        numbers_of for change in TargetChange if (numbers_of := targets_of(CHANGING, Period(2025, 1), change))
    } == set()


def test_three_rows_are_averaged_by_their_days_and_the_card_shows_the_sum(inputs):
    rows = (
        row("100", "100", until=date(2026, 10, 11)),
        row("120", "100", date(2026, 10, 11), date(2026, 10, 21)),
        row("151", "100", date(2026, 10, 21)),
    )
    policy = ScoringPolicy(1, D(95), D(80), target_change=TargetChange.PRORATE)
    (line,) = score_card(inputs(targets=rows, policy=policy), 1).results
    # (1000 + 1200 + 1661) / 31
    assert line.target == D(3861) / 31 or abs(line.target - D(3861) / 31) < D("1e-20")
    (working,) = line.target_workings
    assert [(o.name, o.value) for o in working.operands] == [
        ("target", D(100)), ("days", D(10)), ("target", D(120)), ("days", D(10)), ("target", D(151)), ("days", D(11)),
        ("of_days", D(31)),
    ]  # fmt: skip
    assert line.history[-1].target == line.target


def test_a_superseded_row_that_comes_back_into_force_is_one_part_and_the_newest():
    plan = row("100")
    between = row("70", first=date(2026, 10, 6), until=date(2026, 10, 16), agreed=date(2026, 10, 1))
    assert numbers([plan, between], change=TargetChange.PRORATE) == [
        ("leads", [("70", 10), ("100", 21)], "100")
    ]


def test_prorated_weights_have_two_digits_and_sum_to_100():
    rows = [
        row("1", "70", until=date(2026, 10, 16)),
        row("1", "30", kpi="cost", until=date(2026, 10, 16)),
        row("1", "34", first=date(2026, 10, 16)),
        row("1", "33", kpi="cost", first=date(2026, 10, 16)),
        row("1", "33", kpi="rate", first=date(2026, 10, 16)),
    ]
    weights = {t.kpi_id: t.weight for t in targets_of(rows, MONTH, TargetChange.PRORATE)}
    # 70 x 15 + 34 x 16 = 1594, 978 and 528 of 31 days: 51.419, 31.548, 17.032
    assert weights == {"leads": D("51.42"), "cost": D("31.55"), "rate": D("17.03")}
    assert sum(weights.values()) == 100


def test_what_rounding_leaves_over_goes_to_the_greatest_weight():
    first, second = date(2026, 10, 11), date(2026, 10, 21)
    halves = [row("1", "50", until=first), row("1", "50", kpi="cost", until=first)]
    thirds = [
        *(row("1", "33", kpi=kpi, first=first) for kpi in ("cost", "rate")),
        row("1", "34", first=first, until=second),
        row("1", "34", first=second),
    ]
    weights = [t.weight for t in targets_of([*halves, *thirds], MONTH, TargetChange.PRORATE)]
    assert sum(weights) == 100
    assert {-w.as_tuple().exponent for w in weights} == {2}


def test_a_kpi_that_left_the_card_counts_for_its_days_where_prorated_and_not_at_all_where_latest():
    rows = [row("1", "40", until=date(2026, 10, 16)), row("1", "60", kpi="cost")]
    assert [t.kpi_id for t in targets_of(rows, MONTH)] == ["cost"]
    assert [t.kpi_id for t in targets_of(rows, MONTH, TargetChange.PRORATE)] == ["leads", "cost"]


@pytest.mark.parametrize("change", TargetChange)
@pytest.mark.parametrize("aim", [Cumulative(), Milestone(date(2026, 10, 31))])
def test_a_year_to_date_and_a_milestone_always_take_the_latest_target(change, aim):
    rows = [replace(target, aim=aim) for target in CHANGING]
    assert numbers(rows, change=change)[0][1] in ([("131", 31)], [("131", 21)])


def test_a_number_and_a_range_cannot_be_averaged_so_the_newest_scores():
    rows = [CHANGING[0], replace(CHANGING[1], target=None, aim=Range(D(1), D(2)))]
    assert numbers(rows, change=TargetChange.PRORATE)[0][1] == [("None", 21)]


def test_an_averaged_weight_shows_its_sum_and_an_unchanged_one_has_none():
    rows = [
        row("1", "40", until=date(2026, 10, 11)),
        row("1", "60", first=date(2026, 10, 11)),
        row("1", "60", kpi="cost", until=date(2026, 10, 11)),
        row("1", "40", kpi="rate", first=date(2026, 10, 11)),
    ]
    leads, cost, _ = targets_of(rows, MONTH, TargetChange.PRORATE)
    assert [(o.name, o.value) for o in leads.weight_working.operands] == [
        ("weight", D(40)), ("days", D(10)), ("weight", D(60)), ("days", D(21)), ("of_days", D(31)),
    ]  # fmt: skip
    # 60 x 10 / 31: a KPI counts for its own days only
    assert cost.weight_working.result == D("19.35")
    assert targets_of([row("1")], MONTH, TargetChange.PRORATE)[0].weight_working is None


def test_a_later_row_with_a_weight_of_0_takes_the_kpi_off_the_card_for_its_days():
    rows = [
        row("1", "50"),
        row("1", "50", kpi="cost"),
        row("1", "0", kpi="cost", first=date(2026, 10, 1), agreed=date(2026, 9, 1)),
        row("1", "100", first=date(2026, 10, 1), agreed=date(2026, 9, 1)),
    ]
    assert [(t.kpi_id, t.weight) for t in targets_of(rows, MONTH)] == [("leads", 100)]
    assert len(targets_of(rows, Period(2026, 9))) == 2


def test_a_year_to_date_that_gives_way_to_a_number_within_the_month_gives_way_to_the_newest():
    rows = [replace(CHANGING[0], aim=Cumulative()), CHANGING[1]]
    for change in TargetChange:
        assert numbers(rows, change=change)[0][1][-1][0] == "131", change

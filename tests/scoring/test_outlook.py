"""What is left to do and the forecast, against a twin that walks from day to day and counts in fractions."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.aims import Cumulative, Milestone, Range
from scoring.arithmetic import EXACT
from scoring.canonical import from_json, says_the_same, to_json
from scoring.card.card import score_card
from scoring.due import Calendar
from scoring.kpi import Direction
from scoring.outlook import FEWEST_TRIED, Ahead, Stretch, run_rate, tried_on
from scoring.period import Cadence, Period
from scoring.spans import Since, name_in
from scoring.targets.terms import PartPeriods
from tests.scoring.conftest import MONTH, make_target

DAY = timedelta(days=1)
WINDOW = MONTH.window(8)
DAYS = [day for period in WINDOW for day in period.days()]
CLOSE = Fraction(1, 10**30)
of_fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
"""The factory of cards has no state."""
calendars = st.builds(
    Calendar, st.just("UTC"), st.just({}), st.frozensets(st.sampled_from(DAYS)), st.frozensets(st.sampled_from(DAYS))
)  # fmt: skip


def naive(by_day, works, until, goal):
    """Everything that is said about the month on the morning of `until`."""
    so_far = sum((by_day[day] for day in MONTH.days() if day < until), Fraction(0))
    days = len([day for day in MONTH.days() if works(day) and day < until])
    left = len([day for day in MONTH.days() if works(day) and day >= until])
    said = {"so_far": so_far, "days": days, "days_left": left, "tried": 0}
    if days:
        said |= {"pace": so_far / days, "forecast": so_far + so_far / days * left}
    if left and goal > so_far:
        said["needed"] = (goal - so_far) / left
    factors = []
    for past in WINDOW[:-1]:
        working = [day for day in past.days() if works(day)]
        if len(working) > left:
            seen = working[-left - 1] if left else working[-1]
            known = sum((by_day[day] for day in past.days() if day <= seen), Fraction(0))
            told = known / (len(working) - left) * len(working)
            if told > 0:
                factors.append(sum((by_day[day] for day in past.days()), Fraction(0)) / told)
    said["tried"] = len(factors)
    if factors:
        said["mean_error"] = sum((abs(factor - 1) for factor in factors), Fraction(0)) / len(factors)
    if len(factors) >= 4 and said.get("forecast", 0) > 0:
        said |= {"low": said["forecast"] * min(1, *factors), "high": said["forecast"] * max(1, *factors)}
    return said


def measures_of(by_day, counts, until):
    """The measure of the months, and of their days so far, as the warehouse gives it."""
    found = {(past, "leads"): sum(by_day[day] for day in past.days()) for past in WINDOW}
    own = Stretch(MONTH.start, until, MONTH.end)
    for period, part in {MONTH: own, **tried_on(own, MONTH, WINDOW[:-1], counts)}.items():
        days = (day for day in period.days() if part.first <= day < part.until)
        found[period, name_in("leads", part.so_far)] = sum(by_day[day] for day in days)
    return {key: Decimal(value) for key, value in found.items()}


@pytest.fixture
def card_of(inputs):
    """October's card with leads by day, figures up to a day, and a target."""

    def make(by_day, calendar, until, goal="100", direction=Direction.HIGHER, **ahead):
        known = inputs()
        leads = replace(known.kpis["leads"], adds_up=True, direction=direction)
        return score_card(
            replace(
                known,
                kpis={**known.kpis, "leads": leads},
                targets=(make_target("leads", goal, "100"),),
                measures=measures_of(by_day, calendar.is_working, until),
                history=len(WINDOW),
                ahead=Ahead({"leads": until}, calendar.is_working, **ahead),
            ),
            1,
        )

    return make


def leads_of(card):
    return card.by_kpi["leads"].outlook


USUAL = Calendar("UTC")
OCTOBER_20 = date(2026, 10, 20)
EVEN = {day: 5 if USUAL.is_working(day) else 0 for day in DAYS}


@of_fixtures
@given(
    calendars,
    st.integers(0, 10**6),
    st.integers(1, 30),
    st.integers(0, 3000),
    st.sampled_from([Direction.HIGHER, Direction.LOWER]),
)
def test_it_is_what_walking_from_day_to_day_says(card_of, calendar, seed, passed, goal, direction):
    draw = random.Random(seed)
    most = draw.choice([0, 1, 90])
    by_day = {day: draw.randint(0, most) for day in DAYS}
    until = MONTH.start + passed * DAY
    card = card_of(by_day, calendar, until, str(goal), direction)
    said, found = naive(by_day, calendar.is_working, until, goal), leads_of(card)
    assert (found.goal, found.until) == (goal, "2026-10-31")
    assert date.fromisoformat(found.through) == until - DAY
    for name in (
        "so_far",
        "days",
        "days_left",
        "pace",
        "needed",
        "forecast",
        "tried",
        "mean_error",
        "low",
        "high",
    ):
        value, expected = getattr(found, name), said.get(name)
        if expected is None:
            assert value is None, name
        else:
            assert abs(Fraction(value) - expected) <= abs(expected) * CLOSE, name
    assert from_json(to_json(card)) == card


@of_fixtures
@given(calendars, st.integers(1, 30), st.integers(0, 10**6))
def test_it_touches_no_score_and_is_no_reason_for_a_revision(card_of, calendar, passed, seed):
    by_day = {day: random.Random(seed).randint(0, 9) for day in DAYS}
    card = card_of(by_day, calendar, MONTH.start + passed * DAY)
    plain = card_of(by_day, calendar, MONTH.end)
    assert leads_of(plain) is None
    assert says_the_same(plain, card)
    assert (card.total, card.by_kpi["leads"].score) == (plain.total, plain.by_kpi["leads"].score)


@of_fixtures
@given(st.integers(2, 30))
def test_as_much_on_each_working_day_is_forecast_without_an_error(card_of, passed):
    found = leads_of(card_of(EVEN, USUAL, MONTH.start + passed * DAY, "130"))
    assert found.forecast == found.low == found.high == 110
    assert (found.tried, found.mean_error) == (7, 0)


@given(
    st.decimals(0, 10**6, places=2), st.decimals(0, 10**3, places=2), st.integers(1, 40), st.integers(0, 40)
)
def test_more_so_far_is_never_forecast_as_less(so_far, more, days, left):
    assert run_rate(so_far, days, left) <= run_rate(so_far + more, days, left)
    assert so_far <= run_rate(so_far, days, left)


def test_holidays_and_days_made_up_for_them_count_as_people_work(card_of):
    week = frozenset(date(2026, 10, day) for day in range(1, 8))
    china = Calendar("UTC", {}, week, frozenset({date(2026, 10, 10)}))
    found = leads_of(card_of(EVEN, china, OCTOBER_20))
    # the 8th and 9th, Saturday the 10th, 12th to 16th, and the 19th
    assert (found.days, found.days_left) == (9, 9)


def test_fewer_periods_than_tell_something_give_no_range(card_of):
    months = [str(month) for month in WINDOW[:-1]]
    assert leads_of(card_of(EVEN, USUAL, OCTOBER_20)).tried == 7
    for lacking in range(8):
        found = leads_of(card_of(EVEN, USUAL, OCTOBER_20, lacking={"leads": tuple(months[:lacking])}))
        assert found.tried == 7 - lacking
        assert (found.low is None) is (found.tried < FEWEST_TRIED)
        assert (found.mean_error is None) is (not found.tried)


def test_a_period_of_fewer_working_days_than_are_left_is_not_tried():
    left = Stretch(MONTH.start, date(2026, 10, 2), MONTH.end)
    february = Period(2026, 2)
    assert tried_on(left, MONTH, [february, Period(2026, 9)], USUAL.is_working) == {
        Period(2026, 9): Stretch(date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 1))
    }


@pytest.mark.parametrize("until", [MONTH.start, MONTH.end, None])
def test_before_the_first_and_after_the_last_day_there_is_none(inputs, until):
    known = inputs()
    kpis = {**known.kpis, "leads": replace(known.kpis["leads"], adds_up=True)}
    days = {} if until is None else {"leads": until}
    card = score_card(replace(known, kpis=kpis, ahead=Ahead(days, USUAL.is_working)), 1)
    assert {result.outlook for result in card.results} == {None}


@pytest.mark.parametrize(
    ("of_kpi", "of_row", "of_inputs"),
    [
        ({"adds_up": False}, {}, {}),
        ({"direction": Direction.RANGE}, {}, {}),
        ({}, {"aim": Range(Decimal(80), Decimal(90)), "target": None}, {}),
        ({}, {"aim": Milestone(date(2026, 10, 30)), "target": None}, {}),
        ({}, {"valid_from": date(2026, 10, 5)}, {}),
        ({}, {}, {"parted": frozenset({MONTH})}),
    ],
)
def test_what_is_not_reached_day_by_day_has_none(inputs, of_kpi, of_row, of_inputs):
    known = inputs()
    span = name_in("leads", Since(MONTH.start, OCTOBER_20))
    card = score_card(
        replace(
            known,
            kpis={**known.kpis, "leads": replace(known.kpis["leads"], **{"adds_up": True, **of_kpi})},
            targets=(replace(make_target("leads", "100", "100"), **of_row),),
            measures={**known.measures, (MONTH, span): Decimal(40)},
            policy=replace(known.policy, in_part=PartPeriods(lambda day: True)),
            ahead=Ahead({"leads": OCTOBER_20}, USUAL.is_working),
            **of_inputs,
        ),
        1,
    )
    assert leads_of(card) is None


def test_without_figures_of_the_days_so_far_there_is_none(inputs):
    known = inputs()
    kpis = {**known.kpis, "leads": replace(known.kpis["leads"], adds_up=True)}
    card = score_card(replace(known, kpis=kpis, ahead=Ahead({"leads": OCTOBER_20}, USUAL.is_working)), 1)
    assert leads_of(card) is None


def test_a_year_goes_up_to_the_last_day_of_its_row_and_is_tried_on_nothing(inputs):
    """October is over, and the year's 1,200 are not reached."""
    known = inputs()
    year = replace(make_target("leads", "1200", "100"), aim=Cumulative())
    span = name_in("leads", Since(date(2026, 1, 1), MONTH.end))
    card = score_card(
        replace(
            known,
            kpis={**known.kpis, "leads": replace(known.kpis["leads"], adds_up=True)},
            targets=(year,),
            measures={
                **known.measures,
                (MONTH, span): Decimal(872),
                (MONTH, "leads__year_to_date"): Decimal(872),
            },
            ahead=Ahead({"leads": MONTH.end}, USUAL.is_working),
        ),
        1,
    )
    found = leads_of(card)
    assert (found.through, found.until, found.goal, found.so_far) == ("2026-10-31", "2026-12-31", 1200, 872)
    assert (found.days, found.days_left, found.needed) == (217, 44, EXACT.divide(Decimal(328), Decimal(44)))
    assert found.forecast == EXACT.divide(Decimal(872 * 261), Decimal(217))
    assert (found.tried, found.low, found.high) == (0, None, None)


def test_a_period_without_figures_is_not_tried(inputs):
    known = inputs()
    leads = replace(known.kpis["leads"], adds_up=True)
    measures = measures_of(EVEN, USUAL.is_working, OCTOBER_20)
    gone = {(WINDOW[0], "leads"), *(key for key in measures if key[0] == WINDOW[1])}
    card = score_card(
        replace(
            known,
            kpis={**known.kpis, "leads": leads},
            targets=(make_target("leads", "100", "100"),),
            measures={key: value for key, value in measures.items() if key not in gone},
            history=len(WINDOW),
            ahead=Ahead({"leads": OCTOBER_20}, USUAL.is_working),
        ),
        1,
    )
    assert leads_of(card).tried == 5


def test_a_week_is_tried_on_weeks():
    week = Period.containing(OCTOBER_20, Cadence.WEEK)
    cut = tried_on(Stretch(week.start, OCTOBER_20, week.end), week, [week.shift(-1)], USUAL.is_working)
    assert cut == {week.shift(-1): Stretch(date(2026, 10, 12), date(2026, 10, 13), date(2026, 10, 19))}

"""Objectives and key results by hand: every boundary, and what is printed of how a score came about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.canonical import content_hash, from_json, to_json
from scoring.card.card import score_card
from scoring.errors import BookError
from scoring.okr.agreed import Ambition, Anchor, KeyResult, Lateness, Objective, Way, check_late, line_of
from scoring.okr.key_result import score_key_result
from scoring.okr.known import CheckIn, KeyValue, key_values
from scoring.okr.objectives import alignments, score_objectives
from scoring.period import Period
from scoring.working import Band, Reason
from tests.scoring.conftest import KPIS, both
from tests.scoring.naive_okr import lateness

D = Decimal
QUARTER = Period.parse("2026-Q4")
OCTOBER_31 = date(2026, 10, 31)
STEEP = (Anchor(D(110), D("0.3")), Anchor(D(130), D("0.7")), Anchor(D(150), D(1)))


def key_result(name="growth", way=Way.CHECK_IN, start="100", target="150", weight="100", **more):
    return KeyResult(name, both(name), D(weight), way, D(start), D(target), **more)


def milestone(name="launch", due=date(2026, 11, 15), weight="100"):
    return KeyResult(name, both(name), D(weight), Way.MILESTONE, due=due)


def objective(*key_results, ambition=Ambition.COMMITTED, period=QUARTER, **more):
    return Objective("o", both("Objective"), "eu-brand", period, ambition, key_results, **more)


def check_in(on, value=None, *, is_done=False, name="growth"):
    return CheckIn("o", name, on, None if value is None else D(value), is_done, "said so", "A. Ruiz")


def scored(goal, values=None, as_of=OCTOBER_31):
    (result,) = score_objectives([goal], values or {}, as_of)
    return result


def with_value(value, **more):
    goal = objective(key_result(**more))
    return scored(goal, {"o/growth": KeyValue(D(value))}).key_results[0]


@pytest.mark.parametrize(
    ("value", "progress", "score", "applied"),
    [
        ("100", "0", "0", ()),
        ("99.99", "-0.0002", "0", ("floor",)),
        ("125", "0.5", "0.50", ()),
        ("100.25", "0.005", "0.01", ()),
        ("100.2499", "0.004998", "0", ()),
        ("150", "1", "1", ()),
        ("150.01", "1.0002", "1", ("cap",)),
        ("200", "2", "1", ("cap",)),
    ],
)
def test_progress_has_no_limits_and_its_score_has(value, progress, score, applied):
    result = with_value(value)
    assert (result.progress, result.score) == (D(progress), D(score))
    assert result.working is not None
    assert (result.working.rule, result.working.applied) == ("progress", applied)


@pytest.mark.parametrize(
    ("value", "score"),
    [("0.12", "0"), ("0.10", "0"), ("0.08", "0.4"), ("0.05", "1"), ("0.03", "1")],
)
def test_a_key_result_may_fall(value, score):
    assert with_value(value, start="0.10", target="0.05").score == D(score)


@pytest.mark.parametrize(
    ("value", "score", "applied"),
    [
        ("99", "0", ("floor",)),
        ("100", "0", ()),
        ("105", "0.15", ()),
        ("110", "0.3", ()),
        ("120", "0.5", ()),
        ("130", "0.7", ()),
        ("140", "0.85", ()),
        ("150", "1", ()),
        ("151", "1", ("cap",)),
    ],
)
def test_a_score_of_its_own_goes_through_its_anchors_from_zero_at_the_start(value, score, applied):
    result = with_value(value, scores=STEEP)
    assert result.score == D(score)
    assert result.progress == (D(value) - 100) / 50
    assert result.working is not None
    assert (result.working.rule, result.working.applied) == ("anchors", applied)


def test_the_same_score_may_be_worked_out_from_a_falling_value():
    falling = (Anchor(D(8), D("0.3")), Anchor(D(5), D(1)))
    assert with_value("8", start="10", target="5", scores=falling).score == D("0.3")
    assert with_value("6.5", start="10", target="5", scores=falling).score == D("0.65")
    assert with_value("11", start="10", target="5", scores=falling).score == 0


def test_the_working_has_every_number_that_the_score_can_be_redone_with():
    working = with_value("115", scores=STEEP).working
    assert working is not None
    assert {operand.name: operand.value for operand in working.operands} == {
        "current": 115,
        "start": 100,
        "target": 150,
        "progress": D("0.3"),
        "anchor_from": 110,
        "anchor_from_score": D("0.3"),
        "anchor_until": 130,
        "anchor_until_score": D("0.7"),
    }
    assert working.result == D("0.40")


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ((("150", "0.9"),), "expected a last score of 1, found 0.9"),
        ((("110", "0.3"), ("150", "1.2")), "expected a last score of 1, found 1.2"),
        ((("90", "0.3"), ("150", "1")), r"found 90 \(0.3\) after 100 \(0\)"),
        ((("100", "0.3"), ("150", "1")), r"found 100 \(0.3\) after 100 \(0\)"),
        ((("130", "0.3"), ("110", "1")), r"found 110 \(1\) after 130 \(0.3\)"),
        ((("110", "0.7"), ("130", "0.3"), ("150", "1")), r"found 130 \(0.3\) after 110 \(0.7\)"),
        ((("110", "-0.1"), ("150", "1")), r"found 110 \(-0.1\) after 100 \(0\)"),
    ],
)
def test_scores_that_do_not_go_from_the_start_to_1_are_refused(scores, found):
    with pytest.raises(BookError, match=found):
        line_of(D(100), D(150), tuple(Anchor(D(at), D(score)) for at, score in scores))


def test_no_way_to_go_is_refused():
    with pytest.raises(BookError, match="another number than the start, found 5 for both"):
        line_of(D(5), D(5), ())


@pytest.mark.parametrize(
    ("said", "score", "progress", "applied"),
    [
        ([], 0, None, ()),
        ([check_in(date(2026, 10, 9), "0.9", name="launch")], 0, D("0.9"), ()),
        ([check_in(date(2026, 10, 9), is_done=True, name="launch")], 1, 1, ()),
        ([check_in(date(2026, 10, 9), "0.8", is_done=True, name="launch")], 1, D("0.8"), ()),
        ([check_in(date(2026, 11, 1), is_done=True, name="launch")], 0, None, ()),
    ],
)
def test_a_milestone_is_worth_nothing_until_it_is_done_whatever_its_progress(said, score, progress, applied):
    goal = objective(milestone())
    result = scored(goal, key_values(goal, {}, {}, said, OCTOBER_31)).key_results[0]
    assert (result.score, result.progress) == (score, progress)
    assert result.working is not None
    assert result.working.applied == applied


def test_a_late_milestone_counts_and_says_that_it_is_late():
    goal = objective(milestone(due=date(2026, 10, 15)))
    on_the_day, a_day_late = date(2026, 10, 15), date(2026, 10, 16)
    for day, applied in ((on_the_day, ()), (a_day_late, ("late",))):
        said = [check_in(day, is_done=True, name="launch")]
        result = scored(goal, key_values(goal, {}, {}, said, OCTOBER_31)).key_results[0]
        assert result.working is not None
        assert (result.score, result.working.applied) == (1, applied)
        assert result.is_late is bool(applied)
        assert not result.is_overdue
    not_yet = scored(goal, key_values(goal, {}, {}, [], OCTOBER_31)).key_results[0]
    assert (not_yet.is_late, not_yet.is_overdue) == (False, True)


LATE = (Lateness(1, D("0.5")), Lateness(60, D("0.3")))


@pytest.mark.parametrize(
    ("days", "score"), [(0, "1"), (1, "0.5"), (31, "0.5"), (59, "0.5"), (60, "0.3"), (77, "0.3")]
)
def test_a_late_milestone_is_worth_what_its_steps_say(days, score):
    check_late(LATE)
    item = replace(milestone(due=date(2026, 8, 1)), late=LATE)
    working = score_key_result(item, KeyValue(done_on=date(2026, 8, 1) + timedelta(days=days)), OCTOBER_31)
    assert working is not None
    assert (working.result, working.operand("days_late")) == (D(score), D(days) if days else None)
    assert Fraction(working.result) == lateness([(each.days, Fraction(each.score)) for each in LATE], days)


@pytest.mark.parametrize(
    "steps",
    [
        (Lateness(0, D(1)),),
        (Lateness(5, D("0.5")), Lateness(5, D("0.4"))),
        (Lateness(5, D("0.5")), Lateness(9, D("0.6"))),
    ],
)
def test_steps_of_lateness_that_do_not_fall_are_refused(steps):
    with pytest.raises(BookError, match="late: expected days that rise from 1 and scores from 1 down"):
        check_late(steps)


def test_a_milestone_that_is_not_done_is_overdue_from_the_day_after():
    goal = objective(milestone(due=date(2026, 10, 30)))
    for as_of, applied in ((date(2026, 10, 30), ()), (OCTOBER_31, ("overdue",))):
        working = scored(goal, as_of=as_of).key_results[0].working
        assert working is not None
        assert working.applied == applied


def test_done_counts_from_the_day_it_was_first_said_and_not_taken_back():
    goal = objective(milestone())
    days = [(1, True), (5, False), (9, True), (20, True)]
    said = [check_in(date(2026, 10, day), is_done=is_done, name="launch") for day, is_done in days]
    assert key_values(goal, {}, {}, said, OCTOBER_31)["o/launch"].done_on == date(2026, 10, 9)
    assert key_values(goal, {}, {}, said, date(2026, 10, 5))["o/launch"].done_on is None


def test_the_newest_check_in_up_to_the_day_counts_in_whichever_order_they_stand():
    goal = objective(key_result())
    said = [
        check_in(date(2026, 10, 31), "130"),
        check_in(date(2026, 11, 1), "140"),
        check_in(date(2026, 10, 2), "110"),
    ]
    known = key_values(goal, {}, {}, said, OCTOBER_31)["o/growth"]
    assert (known.value, known.check_in) == (D(130), said[0])
    result = scored(goal, {"o/growth": known}).key_results[0]
    assert (result.checked_on, result.checked_by, result.comment) == ("2026-10-31", "A. Ruiz", "said so")


def test_a_kpi_is_worked_out_over_the_days_so_far_by_its_own_formula():
    goal = objective(
        key_result("cost", Way.KPI, "10", "5", "50", of="cost"),
        key_result("posts", Way.MEASURE, "0", "40", "50", of="posts"),
    )
    measures = {"spend": D(900), "leads": D(120), "posts": D(13)}
    result = scored(goal, key_values(goal, KPIS, measures, [], OCTOBER_31, {"spend": "money"}))
    cost, posts = result.key_results
    assert (cost.current, cost.progress, cost.score) == (D("7.5"), D("0.5"), D("0.5"))
    assert cost.formula == "spend / leads"
    assert [(item.name, item.value, item.unit) for item in cost.measures] == [
        ("spend", 900, "money"),
        ("leads", 120, "count"),
    ]
    assert (posts.score, result.score) == (D("0.33"), D("0.42"))  # (0.5 + 0.33) / 2 = 0.415, half up


@pytest.mark.parametrize(
    ("measures", "reason"),
    [({}, Reason.NO_DATA), ({"spend": D(5), "leads": D(0)}, Reason.ZERO_DENOMINATOR)],
)
def test_a_key_result_without_a_value_is_left_out_and_the_other_weights_make_up_for_it(measures, reason):
    goal = objective(
        key_result("cost", Way.KPI, "10", "5", "20", of="cost"),
        key_result("growth", weight="60"),
        milestone(weight="20"),
    )
    values = key_values(goal, KPIS, measures, [check_in(OCTOBER_31, "125")], OCTOBER_31)
    result = scored(goal, values)
    cost, growth, launch = result.key_results
    assert (cost.current, cost.progress, cost.score, cost.working, cost.reason) == (
        None,
        None,
        None,
        None,
        reason,
    )
    assert [item.effective_weight for item in (cost, growth, launch)] == [0, 75, 25]
    assert result.score == D("0.38")  # 0.375


def test_an_objective_without_any_value_is_not_available():
    goal = objective(key_result())
    result = scored(goal, key_values(goal, {}, {}, [], OCTOBER_31))
    assert (result.score, result.band) == (None, Band.NOT_AVAILABLE)
    assert result.key_results[0].reason is Reason.NOT_REPORTED


@pytest.mark.parametrize(
    ("ambition", "value", "band"),
    [
        ("committed", "150", Band.GREEN),
        ("committed", "149", Band.AMBER),
        ("committed", "135", Band.AMBER),
        ("committed", "134", Band.RED),
        ("aspirational", "135", Band.GREEN),
        ("aspirational", "134", Band.AMBER),
        ("aspirational", "120", Band.AMBER),
        ("aspirational", "119", Band.RED),
    ],
)
def test_what_is_expected_of_an_objective_depends_on_its_ambition(ambition, value, band):
    goal = objective(key_result(), ambition=Ambition(ambition))
    assert scored(goal, {"o/growth": KeyValue(D(value))}).band is band


@pytest.mark.parametrize(
    ("as_of", "elapsed", "is_there"),
    [
        (date(2026, 9, 30), None, False),
        (date(2026, 10, 1), 1, True),
        (OCTOBER_31, 31, True),
        (date(2026, 12, 31), 92, True),
        (date(2027, 1, 1), None, False),
    ],
)
def test_an_objective_is_shown_on_the_days_of_its_period(as_of, elapsed, is_there):
    results = score_objectives([objective(key_result())], {}, as_of)
    assert [(result.elapsed_days, result.days) for result in results] == ([(elapsed, 92)] if is_there else [])


def test_an_objective_says_which_key_result_it_serves():
    parent = replace(objective(key_result()), id="company", team_id="board")
    child = objective(key_result(), parent="company/growth")
    served = alignments([parent, child], {"board": both("Board"), "eu-brand": both("Brand")})
    assert set(served) == {"o"}
    results = score_objectives([parent, child], {}, OCTOBER_31, served)
    assert results[0].supports is None
    assert results[1].supports is not None
    assert (results[1].supports.team_name, results[1].supports.key_result_id) == (both("Board"), "growth")


def test_a_card_with_objectives_survives_the_way_to_json_and_one_without_keeps_its_hash(inputs):
    goal = objective(key_result(weight="60", scores=STEEP), milestone(weight="40"))
    said = [check_in(OCTOBER_31, "125"), check_in(OCTOBER_31, is_done=True, name="launch")]
    results = score_objectives([goal], key_values(goal, KPIS, {}, said, OCTOBER_31), OCTOBER_31)
    plain = score_card(inputs(), 1)
    card = score_card(inputs(objectives=results), 1)
    assert from_json(to_json(card)) == card
    assert '"objectives"' not in to_json(plain)
    assert content_hash(replace(card, objectives=())) == content_hash(plain)
    assert (card.total, card.areas) == (plain.total, plain.areas)

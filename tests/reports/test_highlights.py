"""The sentences on page 1 name the lines and the numbers of the card, and nothing that it does not say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.presenter import present
from reports.presenting.highlights import highlights
from reports.presenting.lost_points import lost_points, to_a_tenth
from reports.presenting.reader import reader_of
from scoring.drivers.note import DriverPart, DriversNote
from scoring.period import Period
from scoring.scorecard import Mix
from scoring.working import HistoryPoint, Working

BEFORE = "2026-09"


def told(card, room=3):
    return highlights(card, reader_of(card), room)


def line(card, kpi_id, **changed):
    """The card with other values in one line."""
    areas = tuple(
        replace(area, results=tuple(replace(r, **changed) if r.kpi_id == kpi_id else r for r in area.results))
        for area in card.areas
    )
    return replace(card, areas=areas)


def steady(card):
    """The card with nothing lost, gained or moved."""
    for result in card.results:
        past = (HistoryPoint(BEFORE, result.actual, Decimal(1)),)
        card = line(card, result.kpi_id, points=result.effective_weight, history=past)
    return card


@pytest.fixture
def card(make_card):
    return steady(make_card())


def test_where_nothing_was_lost_gained_or_moved_nothing_is_told(card):
    assert told(card) == ()


def test_most_points_lost_are_those_below_the_weights(card):
    first, second, third, *_ = (result.kpi_id for result in card.results)
    weights = {result.kpi_id: result.effective_weight for result in card.results}
    for kpi_id, lost in ((first, "1.26"), (second, "2.5"), (third, "0.9")):
        card = line(card, kpi_id, points=weights[kpi_id] - Decimal(lost))
    reader = reader_of(card)
    assert told(card) == (
        f"Most points were lost by {reader.kpi(second)}: 2.5 of {weights[second]}; then by "
        f"{reader.kpi(first)}: 1.3 of {weights[first]}.",
    )


def test_less_than_a_twentieth_of_a_point_is_nothing(card):
    weight = card.results[0].effective_weight
    assert told(line(card, card.results[0].kpi_id, points=weight - Decimal("0.04"))) == ()
    (sentence,) = told(line(card, card.results[0].kpi_id, points=weight - Decimal("0.05")))
    assert "0.1 of" in sentence
    assert "then" not in sentence


def test_what_was_gained_is_named_with_its_points(card):
    best = card.results[3]
    won = line(card, best.kpi_id, points=best.effective_weight + 1)
    name = reader_of(card).kpi(best.kpi_id)
    assert told(won) == (
        f"Most was gained by {name}: {best.effective_weight + 1}.0 points with a weight of {best.effective_weight}.",
    )


@pytest.mark.parametrize(
    ("direction", "now", "sentence"),
    [
        ("higher", "0", "worsened most against September: 0 after 100."),
        ("higher", "90", "worsened most against September: 90 after 100."),
        ("lower", "110", "worsened most against September: 110 after 100."),
        ("lower", "90", "improved most against September: 90 after 100."),
        ("range", "90", None),
        ("higher", "100", None),
    ],
)
def test_what_moved_most_is_told_by_which_way_is_better(card, direction, now, sentence):
    moved = line(
        card,
        "mql_count",
        direction=direction,
        actual=Decimal(now),
        history=(HistoryPoint(BEFORE, Decimal(100), Decimal(99)),),
    )
    assert told(moved) == (() if sentence is None else (f"Marketing qualified leads {sentence}",))


def test_what_began_at_zero_or_was_unknown_moved_by_no_part_of_it(card):
    for past in (None, Decimal(0)):
        moved = line(card, "mql_count", actual=Decimal(5), history=(HistoryPoint(BEFORE, past, Decimal(4)),))
        assert told(moved) == ()


def test_what_had_no_target_before_is_not_compared_with_perhaps_other_days(card):
    moved = line(card, "mql_count", actual=Decimal(5), history=(HistoryPoint(BEFORE, Decimal(9), None),))
    assert told(moved) == ()


@pytest.mark.parametrize(("past", "now"), [("0.0041", "0.004"), ("0.001", "62.5")])
def test_a_movement_that_the_printed_values_do_not_show_is_not_told(card, past, now):
    """`€0.00` as what it was says nothing of how much it moved."""
    point = HistoryPoint(BEFORE, Decimal(past), Decimal(4))
    assert told(line(card, "cost_per_lead", actual=Decimal(now), history=(point,))) == ()


def test_a_year_to_date_is_not_compared_with_that_of_the_period_before(card):
    result = card.by_kpi["mql_count"]
    moved = line(card, "mql_count", actual=result.actual + 9)
    assert len(told(moved)) == 1
    to_date = Working("cumulative", (), (), Decimal(1))
    assert told(line(moved, "mql_count", target_workings=(to_date,))) == ()


def test_points_that_a_veto_or_a_gate_sets_are_not_told_as_lost(card):
    lost = line(card, "mql_count", points=Decimal(0))
    assert told(line(lost, "mql_count", set_to=Decimal(0))) == ()
    assert told(replace(lost, overruled_by="roas")) == ()


def test_a_total_that_is_not_the_sum_of_these_points_says_nothing_of_them(card):
    lost = line(card, "mql_count", points=Decimal(0))
    assert len(told(lost)) == 1
    assert told(replace(lost, mix=Mix(None, (), None))) == ()


def test_page_1_has_at_most_as_many_as_there_is_room(make_card):
    card = make_card()
    assert len(told(card, 3)) == 3
    assert told(card, 1) == told(card, 3)[:1]
    view = present(card)
    assert view.highlights == (told(card) if view.density == "roomy" else ())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_points_that_is_told_can_be_found_on_the_card(make_card, language):
    card = make_card(language=language)
    lost = lost_points(card)
    worst = card.by_kpi[max(lost, key=lost.__getitem__)]
    sentence = told(card)[0]
    assert worst.name.to(language) in sentence
    assert str(to_a_tenth(lost[worst.kpi_id])) in sentence
    assert Period.parse(card.period).shift(-1) == Period.parse(BEFORE)


def test_what_moved_most_is_told_with_what_is_behind_it(card):
    parts = DriverPart("ad_spend", Decimal("5.1344")), DriverPart("leads", Decimal("-9.2426"))
    note = DriversNote(BEFORE, Decimal("-4.1082"), ("key",), parts, ())
    point = HistoryPoint(BEFORE, Decimal("61.5525"), Decimal(56))
    moved = line(card, "cost_per_lead", actual=Decimal("57.4443"), history=(point,), drivers=note)
    assert told(moved) == (
        "Cost per lead improved most against September: €57.44 after €61.55. Behind it: Ad spend +5.1344, Leads −9.2426.",
    )
    alone = replace(note, measures=parts[:1])
    assert told(line(moved, "cost_per_lead", drivers=alone)) == (
        "Cost per lead improved most against September: €57.44 after €61.55.",
    )
    point, parts = (
        HistoryPoint(BEFORE, Decimal("0.418"), Decimal(1)),
        (replace(parts[0], effect=Decimal("-0.023")), parts[0]),
    )
    share = line(
        card,
        "mql_to_sql_rate",
        actual=Decimal("0.395"),
        history=(point,),
        drivers=replace(note, measures=parts),
    )
    assert "39.5% after 41.8%. Behind it, in percentage points: Ad spend −2.30" in told(share)[0]

"""The sentences on page 1 name the lines and the numbers of the card, and nothing that it does not say."""

from __future__ import annotations

import re
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
from scoring.working import HistoryPoint, Unlike, Working

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
    shown = [present(make_card(lines=lines)) for lines in (9, 16, 18)]
    assert [(view.density, len(view.highlights)) for view in shown] == [
        ("roomy", 3),
        ("full", 1),
        ("crowded", 0),
    ]
    assert shown[1].highlights == told(card, 1)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_points_that_is_told_can_be_found_on_the_card(make_card, language):
    card = make_card(language=language)
    lost = lost_points(card)
    worst = card.by_kpi[max(lost, key=lost.__getitem__)]
    sentence = told(card)[0]
    assert worst.name.to(language) in sentence
    assert str(to_a_tenth(lost[worst.kpi_id])) in sentence
    assert Period.parse(card.period).shift(-1) == Period.parse(BEFORE)


# --- the chain of factors ---------------------------------------------------------------------------


def part(name, effect, moved):
    return DriverPart(name, Decimal(effect), moved=Decimal(moved))


def note_of(*parts):
    change = sum((each.effect for each in parts), Decimal(0))
    return DriversNote(BEFORE, change, ("key",), parts, ())


def costing(card, past, now, *parts, kpi_id="cost_per_lead", target="61.45", lost="1.5", **changed):
    """The card with a line that was `past`, is `now` and costs points, and the parts of its change."""
    weight = card.by_kpi[kpi_id].effective_weight
    said = {
        "actual": Decimal(now),
        "target": Decimal(target),
        "points": weight - Decimal(lost),
        "history": (HistoryPoint(BEFORE, Decimal(past), Decimal(56)),),
        "drivers": note_of(*parts),
    }
    return line(card, kpi_id, **{**said, **changed})


SPEND_FELL, LEADS_FELL = part("ad_spend", "-1.0893", "-1200"), part("leads", "6.0324", "-27")
SPEND_ROSE, LEADS_ROSE = part("ad_spend", "5.1344", "900"), part("leads", "-9.2426", "31")


@pytest.mark.parametrize(
    ("language", "past", "now", "parts", "sentence"),
    [
        (
            "en", "61.5469", "66.49", (SPEND_FELL, LEADS_FELL),
            "Cost per lead missed its target by 8.2%. Against September it went from €61.55 to €66.49, because Leads fell "
            "(+€6.03); that Ad spend fell (−€1.09) did not make up for it.",
        ),
        (
            "en", "68.1082", "64", (SPEND_ROSE, LEADS_ROSE),
            "Cost per lead missed its target by 4.1%. Against September it went from €68.11 to €64.00, because Leads rose "
            "(−€9.24); that Ad spend rose (+€5.13) undid a part of it.",
        ),
        (
            "en", "60.4576", "66.49", (replace(LEADS_FELL, name="ad_spend", moved=Decimal(3)), part("leads", 0, 0)),
            "Cost per lead missed its target by 8.2%. Against September it went from €60.46 to €66.49, because Ad spend "
            "rose (+€6.03).",
        ),
        (
            "en", "58", "66.49", (part("ad_spend", "2.49", 1), part("leads", "6.00", -1)),
            "Cost per lead missed its target by 8.2%. Against September it went from €58.00 to €66.49, because Leads fell "
            "(+€6.00) and Ad spend rose (+€2.49).",
        ),
        (
            "zh_CN", "61.5469", "66.49", (SPEND_FELL, LEADS_FELL),
            "单条线索成本未达目标，相差 8.2%。与9月相比由 €61.55 变为 €66.49，原因是线索数下降（+€6.03）；广告花费下降（−€1.09）未能抵消。",
        ),
        (
            "zh_CN", "68.1082", "64", (SPEND_ROSE, LEADS_ROSE),
            "单条线索成本未达目标，相差 4.1%。与9月相比由 €68.11 变为 €64.00，得益于线索数上升（−€9.24）；广告花费上升（+€5.13）抵消了一部分。",
        ),
        (
            "zh_CN", "58", "66.49", (part("ad_spend", "2.49", 1), part("leads", "6.00", -1)),
            "单条线索成本未达目标，相差 8.2%。与9月相比由 €58.00 变为 €66.49，原因是线索数下降（+€6.00）、广告花费上升（+€2.49）。",
        ),
    ],
)  # fmt: skip
def test_the_costliest_kpi_says_why_it_missed_its_target(make_card, language, past, now, parts, sentence):
    card = costing(steady(make_card(language=language)), past, now, *parts)
    lost, why = told(card)
    assert why == sentence
    # what moved most is told there already
    assert lost.startswith({"en": "Most points were lost", "zh_CN": "失分最多"}[language])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_parts_that_are_printed_sum_to_the_change_that_is_printed(make_card, language):
    thirds = (part("ad_spend", "0.3349", 2), part("leads", "0.3349", -1), part("mqls", "0.3302", 1))
    card = costing(steady(make_card(language=language)), "64.9949", "65.9949", *thirds)
    numbers = [Decimal(each) for each in re.findall(r"€([\d.]+)", told(card)[1])]
    past, now, *parts = numbers
    assert (past, now) == (Decimal("64.99"), Decimal("65.99"))
    assert sum(parts) == now - past
    assert len(parts) == 3


def test_percentages_are_missed_and_moved_by_points(card):
    shares = (part("sqls", "-0.0312", -9), part("mqls", "0.0102", -12))
    shown = costing(card, "0.416", "0.395", *shares, kpi_id="mql_to_sql_rate", target="0.42")
    assert told(shown)[1] == (
        "MQL to SQL rate missed its target by 2.5 percentage points. Against September it went from 41.6% to 39.5%, "
        "because Sales qualified leads fell (−3.1 percentage points); that Marketing qualified leads fell (+1.0 "
        "percentage points) did not make up for it."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"drivers": None},
        {"drivers": note_of(LEADS_FELL)},
        # it cannot be said which way a measure went
        {"drivers": note_of(SPEND_FELL, replace(LEADS_FELL, moved=None))},
        {"drivers": note_of(SPEND_FELL, replace(LEADS_FELL, moved=Decimal(0)))},
        {"target": Decimal(67)},
        {"target": Decimal("66.489")},
        {"target": None, "target_low": Decimal(1), "target_high": Decimal(2)},
        {"target": Decimal(0)},
        {"points": Decimal(7)},
        {"history": (HistoryPoint(BEFORE, Decimal("61.5469"), Decimal(1), unlike=(Unlike.LACKING_DATA,)),)},
        {"history": (HistoryPoint(BEFORE, Decimal("61.5469"), None),)},
        {
            "history": (
                HistoryPoint(BEFORE, Decimal("61.5469"), Decimal(1)),
                HistoryPoint("2026-10", Decimal("66.49"), Decimal(1), unlike=(Unlike.PART_PERIOD,)),
            )
        },
        {"target_workings": (Working("cumulative", (), (), Decimal(1)),)},
    ],
)
def test_where_the_chain_is_not_known_or_the_periods_are_unlike_nothing_is_told_of_it(card, changed):
    whole = costing(card, "61.5469", "66.49", SPEND_FELL, LEADS_FELL)
    assert any("missed" in sentence for sentence in told(whole))
    assert not any("missed" in sentence for sentence in told(line(whole, "cost_per_lead", **changed)))


def test_parts_too_small_to_be_seen_with_their_sign_are_not_told(card):
    small = (part("ad_spend", "0.004", 1), part("leads", "0.004", -1), part("mqls", "-0.003", -1))
    assert not any("missed" in sentence for sentence in told(costing(card, "65.996", "66.001", *small)))


def test_of_several_the_one_that_cost_most_points_is_told(card):
    cheap = costing(card, "61.5469", "66.49", SPEND_FELL, LEADS_FELL, lost="0.5")
    both = costing(
        cheap, "0.416", "0.395", part("sqls", "-0.0312", -9), part("mqls", "0.0102", -12), kpi_id="mql_to_sql_rate",
        target="0.42",
    )  # fmt: skip
    assert [sentence.startswith("MQL to SQL rate missed") for sentence in told(both)] == [False, True, False]


def test_what_moved_most_is_told_with_what_is_behind_it(card):
    moved = costing(card, "61.5525", "57.4443", SPEND_ROSE, LEADS_ROSE, target="62.5", lost="0")
    assert told(moved) == (
        "Cost per lead improved most against September: €57.44 after €61.55. Behind it: Leads rose (−€9.24) and Ad "
        "spend rose (+€5.13).",
    )
    alone = costing(card, "61.5525", "57.4443", LEADS_ROSE, target="62.5", lost="0")
    assert told(alone) == ("Cost per lead improved most against September: €57.44 after €61.55.",)

"""What moved a figure, as the pages say it: in both languages, and whatever a campaign is called."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenting.drivers import LONGEST, change_steps, drivers_view
from reports.presenting.reader import reader_of
from scoring.drivers.note import DriverPart, DriversNote
from tests.printed.structure import structure

D = Decimal
NOTE = DriversNote(
    base="2026-09",
    change=D("-4.1082"),
    by=("campaign", "key"),
    measures=(DriverPart("ad_spend", D("5.1344")), DriverPart("leads", D("-9.2426"))),
    members=(
        DriverPart("Performance EU", D("-9.2426")),
        DriverPart("Search", D("3.5")),
        DriverPart("", D("1.6344")),
    ),
    others=13,
)
RATES = DriversNote(
    base="2026-09",
    change=D("-0.000071"),
    by=("channel",),
    measures=(DriverPart("sessions", D("-0.000195")), DriverPart("web_conversions", D("0.000124"))),
    members=(
        DriverPart("Paid Search", D("-0.000111"), D("-0.000013"), D("-0.000098")),
        DriverPart("Email", D("0.00004"), D("0.00003"), D("0.00001")),
    ),
)


@pytest.fixture
def noted(make_card, change):
    """A card with these notes in two of its lines."""

    def build(money=NOTE, language="en"):
        card = change(make_card(language=language), "cost_per_lead", drivers=money)
        return change(card, "web_conversion_rate", drivers=RATES)

    return build


def said(card, kpi_id):
    result, reader = card.by_kpi[kpi_id], reader_of(card)
    return [(step.label, step.text) for step in change_steps(result, reader)], drivers_view(result, reader)


def test_amounts_and_percentages_sum_as_they_are_printed(noted):
    card = noted()
    steps, view = said(card, "cost_per_lead")
    assert steps == [("Since September 2026", "−€4.1082 = Ad spend +5.1344, Leads −9.2426")]
    assert (view.by, view.columns) == ("By member", ("Change",))
    assert view.rows == (
        ("Performance EU", ("−9.2426",)),
        ("Search", ("+3.5000",)),
        ("13 others", ("+1.6344",)),
    )
    steps, view = said(card, "web_conversion_rate")
    assert steps == [
        (
            "Since September 2026",
            "−0.0071 percentage points = Sessions −0.0195, Web conversions +0.0124",
        )
    ]
    assert (view.by, view.columns) == ("By channel", ("Change", "by mix", "by rate"))
    assert view.rows[0] == ("Paid Search", ("−0.0111", "−0.0013", "−0.0098"))


def test_a_reader_of_chinese_reads_the_same(noted):
    card = noted(language="zh_CN")
    steps, view = said(card, "cost_per_lead")
    assert steps == [("较2026年9月", "−€4.1082 = 广告花费 +5.1344、线索数 −9.2426")]
    assert (view.by, view.columns, view.rows[-1]) == ("按组成", ("变动",), ("其余 13 项", ("+1.6344",)))
    steps, view = said(card, "web_conversion_rate")
    assert "−0.0071 个百分点 = " in steps[0][1]
    assert (view.by, view.columns) == ("按渠道", ("变动", "结构影响", "比率影响"))


def test_a_card_that_does_not_ask_says_nothing(make_card):
    assert said(make_card(), "cost_per_lead") == ([], None)


def test_one_measure_and_one_member_are_the_change_itself(noted):
    alone = (DriverPart("Performance EU", D(24)),)
    card = noted(DriversNote("2026-09", D("24"), ("key",), (DriverPart("leads", D(24)),), alone))
    assert said(card, "cost_per_lead") == ([("Since September 2026", "+€24.00")], None)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("<b>50 %</b> & more", "<b>50 %</b> & more"),
        ("Lost \ue000 and \u0001", "Lost ? and ?"),
        ("x" * 300, "x" * (LONGEST - 1) + "…"),
        ("=SUM(A1)", "=SUM(A1)"),
    ],
)
def test_names_from_sources_are_drawn_as_texts(noted, name, printed):
    hostile = DriverPart(name, D("-4.1082"))
    card = noted(DriversNote("2026-09", D("-4.1082"), ("account",), (), (hostile, DriverPart("B", D(0)))))
    _, view = said(card, "cost_per_lead")
    assert (view.by, view.rows[0][0]) == ("By account", printed)


def test_the_table_has_heads_for_its_rows_and_columns(noted):
    html = page_html(noted())
    table = re.search(r'<table class="drivers">.*?</table>', html)[0]
    assert table.count('<th scope="col"') == 2
    assert table.count('<th scope="row">') == 3


def test_the_steps_above_it_are_a_list_beside_it(noted):
    """They were one element without a kind, which a reader of screens runs together."""
    beside = []
    for cell in structure(render_pdf(noted())).all("TD"):
        kinds = [each.kind for each in cell.inner]
        if "Table" in kinds:
            beside.append((kinds, len(cell.inner[0].all("LI"))))
    assert beside == [(["L", "Table"], 5), (["L", "Table"], 5)]


@pytest.mark.parametrize("mark", ["\u202e", "\u202d", "\u202b", "\u2067", "\u2069"])
def test_a_name_that_would_turn_the_text_around_it_is_shown_with_its_code(noted, mark):
    hostile = DriverPart(f"Spring {mark}00.5− <i>", D("-4.1082"))
    card = noted(DriversNote("2026-09", D("-4.1082"), ("campaign",), (), (hostile, DriverPart("B", D(0)))))
    html = page_html(card)
    assert f"Spring \\u{ord(mark):04x}00.5− &lt;i&gt;" in html
    assert mark not in html

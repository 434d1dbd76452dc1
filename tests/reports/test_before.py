"""The period before and the same one a year before, pale in the table of page 1."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.page import page_html
from reports.presenter import present
from scoring.working import HistoryPoint


def rows_of(card) -> dict[str, tuple[str, ...]]:
    return {row.name: row.before for area in present(card).areas for row in area.rows}


@pytest.mark.parametrize(
    ("language", "headings"), [("en", ("Sep 26", "Oct 25")), ("zh_CN", ("26年9月", "25年10月"))]
)
def test_both_stand_beside_actual_and_target(make_card, change, history, language: str, headings) -> None:
    values = [Decimal(at) for at in range(400, 413)]
    card = change(make_card(language, lines=3), "mql_count", history=history(values, None))
    view = present(card)
    assert view.before == headings
    assert rows_of(card)[view.areas[0].rows[0].name] == ("411", "400")
    assert ">411<br/>400<" in page_html(card)


def test_a_kpi_without_such_a_value_has_a_dash(make_card, change, history) -> None:
    known = [None] * 11 + [Decimal(411), Decimal(412)]
    card = change(make_card(lines=2), "mql_count", history=history(known, None))
    assert next(iter(rows_of(card).values())) == ("411", "–")


def test_a_card_that_knows_neither_has_no_column(make_card) -> None:
    card = make_card(lines=2, months=1)
    assert present(card).before == ()
    assert 'class="before"' not in page_html(card)
    only_now = replace(card, areas=card.areas)
    assert set(rows_of(only_now).values()) == {()}


def test_a_year_has_one_period_before(make_card, change) -> None:
    points = (HistoryPoint("2025", Decimal(7), None), HistoryPoint("2026", Decimal(8), None))
    card = change(replace(make_card(lines=1, months=1), period="2026"), "mql_count", history=points)
    assert present(card).before == ("2025",)
    assert list(rows_of(card).values()) == [("7",)]


def test_a_page_without_room_for_the_column_has_none(make_card) -> None:
    card = make_card(lines=11, findings=6)
    assert present(card).density == "roomy"
    assert present(card).before == ()
    assert present(replace(card, certificate=replace(card.certificate, findings=()))).highlights

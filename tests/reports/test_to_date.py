"""The year to date, pale on page 1 and worked out behind it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from itertools import product

import pytest

from reports.attached import attached
from reports.page import page_html
from reports.presenter import present
from reports.tables.further import YEAR
from scoring.to_date import YearToDate
from scoring.working import MeasureValue, Reason


def year(actual="4021", lacking=(), **changed) -> YearToDate:
    measures = (MeasureValue("mqls", Decimal(actual)),)
    said = {"first": "2026-01-01", "actual": Decimal(actual), "measures": measures, "lacking": lacking}
    return YearToDate(**{**said, **changed})


def rows_of(card) -> dict[str, str]:
    return {row.kpi_id: row.year for area in present(card).areas for row in area.rows}


def steps_of(card, label) -> dict[str, str]:
    details = (item for area in present(card).areas for item in area.details)
    return {item.kpi_id: step.text for item in details for step in item.steps if step.label == label}


@pytest.mark.parametrize(
    ("language", "first", "heading", "text"),
    [
        ("en", "2026-01-01", "Year to date", "from 1 January 2026 on: Marketing qualified leads = 4,021"),
        (
            "en",
            "2026-04-01",
            "Fiscal year to date",
            "from 1 April 2026 on: Marketing qualified leads = 4,021",
        ),
        ("zh_CN", "2026-01-01", "本年累计", "自2026年1月1日起：市场合格线索数 = 4,021"),
        ("zh_CN", "2026-04-01", "财年累计", "自2026年4月1日起：市场合格线索数 = 4,021"),
    ],
)
def test_it_stands_on_page_1_and_in_the_working(make_card, change, language, first, heading, text) -> None:
    card = change(make_card(language, lines=3), "mql_count", year_to_date=year(first=first))
    view = present(card)
    assert (view.year_heading, view.year_note) == (heading, "")
    assert list(rows_of(card).values()) == ["4,021", "–", "–"]
    assert steps_of(card, heading) == {"mql_count": text}
    assert f">{heading}</th>" in page_html(card)


def test_months_of_which_data_are_missing_are_named(make_card, change) -> None:
    lacking = ("2025-11", "2025-12", "2026-01", "2026-04")
    card = change(make_card(lines=3), "mql_count", year_to_date=year(lacking=lacking))
    assert rows_of(card)["mql_count"] == "4,021*"
    named = "Nov 25–Jan 26, Apr 26"
    assert present(card).year_note == f"* In the year to date data are missing: {named}."
    assert steps_of(card, "Year to date")["mql_count"].endswith(f" = 4,021; data are missing: {named}")
    assert '<p class="year-note">' in page_html(card)


def test_a_ratio_is_worked_out_from_the_sums(make_card, change) -> None:
    sums = (MeasureValue("sqls", Decimal(1400)), MeasureValue("mqls", Decimal(4021)))
    rate = year(actual=Decimal(1400) / 4021, measures=sums)
    card = change(make_card(lines=3), "mql_to_sql_rate", year_to_date=rate)
    assert rows_of(card)["mql_to_sql_rate"] == "34.8%"
    assert steps_of(card, "Year to date")["mql_to_sql_rate"] == (
        "from 1 January 2026 on: Sales qualified leads ÷ Marketing qualified leads = 1,400 ÷ 4,021 ≈ 34.81721%"
    )


def test_one_without_a_value_says_why_and_alone_makes_no_column(make_card, change) -> None:
    unknown = YearToDate("2026-01-01", None, (), Reason.NO_DATA, ("2026-02",))
    card = change(make_card(lines=3), "mql_count", year_to_date=unknown)
    assert present(card).year_heading == ""
    assert steps_of(card, "Year to date") == {
        "mql_count": "from 1 January 2026 on: no data; data are missing: Feb 26"
    }


def test_a_card_without_it_has_no_column(make_card) -> None:
    card = make_card(lines=3)
    assert (present(card).year_heading, present(card).year_note) == ("", "")
    assert "with-year" not in page_html(card)
    assert "year-note" not in page_html(card)


def test_a_page_without_room_for_the_column_has_none(make_card, change) -> None:
    tight = change(make_card(lines=11, findings=6), "mql_count", year_to_date=year())
    assert present(tight).year_heading == ""
    assert steps_of(tight, "Year to date")


def test_where_both_are_too_much_the_periods_before_stand_alone(make_card, change) -> None:
    lacks = year(lacking=("2026-02",))
    sizes = product(range(5, 12), range(7))
    cards = (
        change(make_card(lines=at, findings=more), "mql_count", year_to_date=lacks) for at, more in sizes
    )
    found = {(bool(view.before), bool(view.year_heading)) for view in map(present, cards)}
    assert found == {(True, True), (True, False), (False, False)}


def test_kpis_csv_says_it_with_all_its_digits(make_card, change) -> None:
    card = change(
        make_card(lines=3), "mql_count", year_to_date=year(actual="4021.123456", lacking=("2026-02",))
    )
    first, second, _ = csv.DictReader(io.StringIO(kpis_of(card)))
    assert [first[name] for name in YEAR] == ["2026-01-01", "4021.123456", "2026-02"]
    assert [second[name] for name in YEAR] == ["", "", ""]
    assert "outlook" not in kpis_of(card)
    assert not any(name in kpis_of(make_card(lines=3)) for name in YEAR)


def kpis_of(card) -> str:
    (file,) = (file for file in attached(card) if file.name == "kpis.csv")
    return file.content.decode("utf-8-sig")

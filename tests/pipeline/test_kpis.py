"""The KPI dictionary in the terminal."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from book import load_book
from scoring.aims import Absolute, Basis, Cumulative, Growth, Milestone, Range
from scoring.errors import UsageError
from scoring.kpi import Unit
from settings import ROOT
from terminal.dictionary import print_kpi, print_kpis
from tests.book.books import VALID
from tests.pipeline.command import here
from tests.pipeline.test_refusals import refused

TODAY = date(2026, 10, 31)


def printed(show, *arguments, width=200):
    out = io.StringIO()
    show(*arguments, console=Console(file=out, width=width))
    return out.getvalue()


@pytest.fixture(scope="module")
def book():
    return load_book(VALID)


def rows_of(text):
    """The table's rows as cells, the lines of a row together."""
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]
    return {cells[0]: cells[1:] for cells in lines if cells[0]}


def test_the_list_has_every_kpi_with_both_names_and_the_teams_of_the_day(book):
    text = printed(print_kpis, book, TODAY)
    rows = rows_of(text)
    assert text.startswith("KPIs (4)")
    assert rows["cost_per_click"][:3] == ["money", "lower", "ad_spend / ad_clicks"]
    assert {"Cost per click", "单次点击成本", "Product promotion · 产品推广"} <= {*rows}
    assert set(book.kpis) <= set(rows)


def test_a_team_is_listed_while_its_target_is_valid_and_not_on_the_day_it_ends(book):
    last = max(target.valid_until for target in book.targets if target.kpi_id == "clicks")
    assert rows_of(printed(print_kpis, book, date(2026, 10, 31)))["clicks"][3] == "north"
    assert rows_of(printed(print_kpis, book, last))["clicks"][3] == ""


def test_one_kpi_is_printed_whole(book):
    text = printed(print_kpi, book, "nps", TODAY)
    kpi = book.kpis["nps"]
    for part in (kpi.description, kpi.why, kpi.name):
        assert part.en in text
        assert part.zh_CN in text
    assert "(Promoters − Detractors) ÷ Answers to the recommendation question × 100" in text
    assert "nps_promoters (Promoters · 推荐者数): sum, count, fct_survey_response" in text
    assert "bands: bands from 0, score 0; from 0.8, score 80; from 1, score 100" in text
    assert "complete 1 day after the period" in text
    assert "2027-06-30" in text


def test_no_text_is_cut_off_in_a_narrow_terminal():
    book = load_book(ROOT / "config")
    for kpi in book.kpis.values():
        text = printed(print_kpi, book, kpi.id, TODAY, width=60)
        squeezed = re.sub(r"[│\s]", "", text)
        for part in (kpi.description, kpi.why):
            assert re.sub(r"\s", "", part.zh_CN) in squeezed, kpi.id
        assert "…" not in text


def test_a_percentage_is_shown_as_one_and_a_deprecated_kpi_says_since_when(tmp_path):
    config = shutil.copytree(VALID, tmp_path / "config")
    path = config / "kpis" / "clicks.yaml"
    path.write_text(path.read_text("utf-8") + "deprecated_on: 2027-01-01\n", "utf-8")
    book = load_book(config)
    assert "on 2027-01-01" in printed(print_kpi, book, "clicks", TODAY)
    assert "deprecated on 2027-01-01" in printed(print_kpis, book, TODAY)
    shipped = load_book(ROOT / "config")
    assert "eu-performance (month): target 43.5 %, weight 10" in printed(
        print_kpi, shipped, "mql_to_sql_rate", TODAY
    )


@pytest.mark.parametrize(
    ("unit", "aim", "number", "told"),
    [
        (Unit.COUNT, Absolute(), "1200.5", "target 1,200.5"),
        (Unit.MONEY, Growth(Basis.PREVIOUS_PERIOD), "-0.1", "-10 % over the previous period"),
        (Unit.PERCENT, Range(Decimal("0.95"), Decimal("1.05")), None, "95 % to 105 %"),
        (Unit.DAYS, Milestone(date(2026, 12, 1)), None, "done by 2026-12-01"),
        (Unit.COUNT, Cumulative(), "9000", "9,000 from 1 January on"),
    ],
)
def test_every_kind_of_target_is_told_in_its_words(book, unit, aim, number, told):
    kpi = replace(book.kpis["clicks"], unit=unit)
    row = next(target for target in book.targets if target.kpi_id == "clicks" and target.is_valid_on(TODAY))
    target = replace(row, aim=aim, target=None if number is None else Decimal(number))
    changed = replace(book, kpis={"clicks": kpi}, targets=(target,))
    assert f"north (month): {told}, weight 40, until 2027-01-01" in printed(
        print_kpi, changed, "clicks", TODAY
    )


def test_an_unknown_kpi_is_refused_with_those_there_are(book):
    with pytest.raises(
        UsageError, match="expected one of clicks, cost_per_click, nps, responses, found 'np'"
    ):
        print_kpi(book, "np", TODAY)


def test_the_command_needs_no_home_and_refuses_what_it_does_not_know(tmp_path):
    done = here("kpis", config=VALID, home=tmp_path / "home")
    assert (done.code, done.err) == (0, "")
    assert "单次点击成本" in done.out
    assert refused(here("kpis", "np", config=VALID, home=tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_the_dictionary_is_listed_without_any_book(tmp_path):
    done = here("kpis", "--dictionary", config=tmp_path / "none", home=tmp_path / "home")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Dictionary (38)")
    assert "cost_per_lead" in done.out
    assert max(map(len, done.out.splitlines())) <= 80

"""Every actual and every score of every team, month and KPI, against a naive recomputation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal import enter_form, write_form
from archive.cards import CardRef
from etl.sources import registry
from example.appraise import SHEETS, fill
from example.truth import facts
from ledger import migrate_ledger
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from pipeline.steps.measure import measure
from pipeline.steps.score import score
from reports.published import Version, card_page
from scoring.aims import ABSOLUTE, Cumulative
from scoring.fiscal import FiscalCalendar
from scoring.fiscal_years import FiscalYears
from scoring.kpi import Target
from scoring.period import Cadence, Period
from scoring.targets.terms import from_their_first_day
from settings import ROOT
from tests.e2e.conftest import NOW
from tests.e2e.okr_oracle import Goals
from tests.e2e.oracle import Oracle, tenths, worked_out
from tests.publishing.read_back import check_numbers
from warehouse import Rollup, create_schema, measure_catalog, period_measures

MONTHS = Period(2026, 10).window(24)
OCTOBER = (2026, 10)
CLOSE = Fraction(1, 10**24)


@pytest.fixture(scope="module")
def oracle():
    said = {(team, OCTOBER): {said.kpi_id: said.cells for said in rows} for team, rows in SHEETS.items()}
    return Oracle(ROOT / "config", facts(), said)


@pytest.fixture(scope="module")
def site(site_of, exports, tmp_path_factory):
    """An installation with all 24 months loaded and measured."""
    site = site_of(tmp_path_factory.mktemp("home"), exports)
    create_schema(site.warehouse)
    migrate_ledger(site.settings.ledger_url)
    form = tmp_path_factory.mktemp("forms") / "october.xlsx"
    write_form(site, MONTHS[23], (), form, print)
    fill(form)
    enter_form(site, form, now=NOW, say=print)
    for period in (MONTHS[11], MONTHS[23]):
        for source in site.book.source_names:
            extract(site, period, source, now=NOW).or_raise()
            load(site, period, source, now=NOW).or_raise()
        measure(site, period)
    return site


@pytest.fixture(scope="module")
def cards(site):
    """The drafted card of every team and month, by both."""
    store = site.cards
    drafted = [store.read_card(CardRef.parse(name)) for month in MONTHS for name in score(site, month)]
    return {(card.team_id, card.period): card for card in drafted}


def test_every_measure_of_every_team_and_month_agrees_used_by_a_kpi_or_not(site, oracle):
    found = {}
    for (team, month, name), value in period_measures(site.warehouse, MONTHS).items():
        found.setdefault((team, (month.year, month.number)), {})[name] = Fraction(value)
    assert found == {key: sums for key, sums in oracle.sums.items() if sums}
    fed = {fact for source in site.book.source_names for fact in registry()[source].facts}
    expected = {name for name, spec in measure_catalog().items() if spec.fact in fed}
    assert {name for sums in found.values() for name in sums} == expected


def month_of(card):
    return int(card.period[:4]), int(card.period[5:])


def test_there_is_a_card_for_every_team_and_month_that_has_targets(cards, oracle):
    expected = {
        (team, str(month))
        for team in oracle.teams
        for month in MONTHS
        if oracle.lines(team, (month.year, month.number))
    }
    assert set(cards) == expected
    assert len(cards) == 240


def test_every_actual_attainment_and_score_agrees(cards, oracle):
    compared = 0
    for (team, _), card in cards.items():
        lines = oracle.lines(team, month_of(card))
        assert {line.kpi_id for line in card.results} == set(lines)
        for line in card.results:
            naive = lines[line.kpi_id]
            where = f"{team} {card.period} {line.kpi_id}"
            target = line.target if line.target_low is None else (line.target_low, line.target_high)
            assert line.weight == naive.weight, where
            assert same_target(target, naive.target), where
            assert same(line.actual, naive.actual), where
            assert same(line.attainment, naive.attainment), where
            assert (line.score is None) == (naive.score is None), where
            assert naive.score is None or Fraction(line.score) == naive.score, where
            compared += line.score is not None
    assert compared > 1500


def test_the_year_to_date_is_that_of_the_sums_of_all_months_of_the_year(site, oracle):
    asking, compared = replace(site, book=replace(site.book, year_to_date=True)), 0
    for card in map(site.cards.read_card, map(CardRef.parse, score(asking, MONTHS[23]))):
        months = [oracle.sums.get((card.team_id, (2026, month)), {}) for month in range(1, 11)]
        for line in filter(lambda line: line.year_to_date, card.results):
            year, sums = line.year_to_date, {}
            for name in (each.name for each in year.measures):
                known = [of_month[name] for of_month in months if name in of_month]
                is_last = measure_catalog()[name].rollup is Rollup.LAST
                sums |= {name: known[-1] if is_last else sum(known)} if known else {}
            assert {each.name: each.value for each in year.measures if each.value is not None} == sums
            assert same(year.actual, worked_out(line.formula, sums)), f"{card.team_id} {line.kpi_id}"
            compared += 1
    assert compared > 50


def same(value, naive):
    """Equal but for the 34 digits that a quotient is held with."""
    if value is None or naive is None:
        return value is naive
    return abs(Fraction(value) - naive) <= CLOSE * max(1, abs(naive))


def same_target(target, naive):
    """Equal as `same`, both ends of a range for themselves."""
    if isinstance(target, tuple):
        return all(map(same, target, naive))
    return same(target, naive)


def test_every_total_agrees_and_so_does_every_month_of_the_history(cards, oracle):
    for (team, _), card in cards.items():
        total = oracle.total(team, month_of(card))
        assert (None if card.total is None else Fraction(card.total)) == total
        assert card.total_history[-1].actual == card.total
    last = Period(2026, 10)
    for team in oracle.teams:
        card = cards[team, str(last)]
        for line in card.results:
            for point, month in zip(line.history, last.window(13), strict=True):
                naive = oracle.lines(team, (month.year, month.number)).get(line.kpi_id)
                if naive is not None:
                    assert same(point.actual, naive.actual), f"{team} {month} {line.kpi_id}"
        for point, month in zip(card.total_history, last.window(13), strict=True):
            assert Fraction(point.actual) == oracle.total(team, (month.year, month.number))


def test_every_number_of_each_page_of_an_archive_is_the_cards(cards):
    version = Version(1, "page.html", date(2026, 11, 3), ())
    compared = sum(check_numbers(card_page(card, [version], None), card) for card in cards.values())
    assert compared > 8_000


def test_the_example_shows_every_state(cards, oracle):
    october = [card for card in cards.values() if card.period == "2026-10"]
    assert {str(card.band) for card in october} == {"green", "amber", "red"}
    assert {str(card.certificate.status) for card in october} == {"final", "provisional"}
    assert any(line.score is None for card in october for line in card.results)
    assert {card.language for card in october} == {"en", "zh_CN"}
    in_october = {
        row["kpi"] for row in oracle.targets if row["valid_until"] > "2026-10-31" >= row["valid_from"]
    }
    assert {line.kpi_id for card in october for line in card.results} == in_october


def test_a_fiscal_quarter_agrees(site, oracle):
    """August to October 2026: every measure, and a card of the example's KPIs with a phased fiscal year."""
    august = FiscalCalendar.of_months(8)
    quarter = Period.parse("FY2026-08-Q1")
    found = period_measures(site.warehouse, [quarter])
    months = [(2026, number) for number in (8, 9, 10)]
    summed = {}
    for team in oracle.teams:
        for month in months:
            for name, value in oracle.sums[team, month].items():
                is_last = measure_catalog()[name].rollup is Rollup.LAST
                summed[team, name] = value if is_last else summed.get((team, name), 0) + value
    assert {(team, name): Fraction(value) for (team, _, name), value in found.items()} == summed

    until = date(2027, 8, 1)
    aims = {"sales_revenue": ("950000", Cumulative(phases=tuple(map(Decimal, (20, 20, 25, 35)))))}
    aims |= {"roas": ("5", ABSOLUTE), "csat": ("0.9", ABSOLUTE)}
    rows = [
        Target(
            "eu-commerce", kpi, quarter.start, until, Decimal(number), Decimal(weight), "board", "plan", aim
        )
        for (kpi, (number, aim)), weight in zip(aims.items(), (40, 30, 30), strict=True)
    ]
    rows = from_their_first_day([replace(row, per=Cadence.FISCAL_QUARTER) for row in rows], august)
    book = replace(site.book, targets=rows, fiscal_years=FiscalYears(august))
    (name,) = score(replace(site, book=book), quarter, ("eu-commerce",))
    card = site.cards.read_card(CardRef.parse(name))

    sums = {name: value for (team, name), value in summed.items() if team == "eu-commerce"}
    total = Fraction(0)
    for line, target in zip(card.results, (Fraction(190000), Fraction(5), Fraction(9, 10)), strict=True):
        kpi = oracle.kpis[line.kpi_id]
        actual = Fraction(eval(kpi["formula"], {}, dict(sums)))  # noqa: S307
        assert same(line.actual, actual)
        assert Fraction(line.target) == target
        naive_score = tenths(oracle._score(kpi["rule"], actual, target, actual / target))
        assert Fraction(line.score) == naive_score
        total += Fraction(line.weight) * naive_score / 100
    assert Fraction(card.total) == tenths(total)


def test_every_objective_agrees(cards, oracle):
    goals = Goals(ROOT / "config", oracle)
    ways, states = set(), set()
    for (team, _), card in cards.items():
        naive = goals.of(team, month_of(card))
        assert [objective.objective_id for objective in card.objectives] == sorted(naive)
        for objective in card.objectives:
            results = naive[objective.objective_id]
            for item in objective.key_results:
                expected = results[item.key_result_id]
                where = f"{card.period} {objective.objective_id}/{item.key_result_id}"
                assert same(item.current, expected.current), where
                assert same(item.progress, expected.progress), where
                assert (None if item.score is None else Fraction(item.score)) == expected.score, where
                ways.add(item.way)
            score = goals.score(objective.objective_id, results)
            assert (None if objective.score is None else Fraction(objective.score)) == score
            states.add((objective.ambition, str(objective.band)))
    assert ways == {"kpi", "measure", "milestone", "check_in"}
    assert states >= {
        ("committed", "amber"),
        ("committed", "red"),
        ("aspirational", "green"),
        ("aspirational", "amber"),
    }


def test_an_objective_that_serves_another_says_so(cards):
    (objective,) = cards["eu-brand", "2026-10"].objectives
    assert objective.supports is not None
    assert (objective.supports.objective_id, objective.supports.team_name.en) == (
        "q4_direct_sales",
        "E-Commerce Europe",
    )
    assert cards["eu-trade", "2026-10"].objectives == ()

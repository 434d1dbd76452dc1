"""A question about some days opens the files of their months alone, and its answer is the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from lake import duckdb, lake_at
from lake.pruning import months_asked, needed
from scoring.period import Period
from tests.lake.orders import orders
from tests.warehouse.conftest import OCTOBER, slice_of
from warehouse import (
    Ownership,
    create_schema,
    open_warehouse,
    period_measures,
    replace_measures,
    replace_slices,
    source_rows,
)
from warehouse.asking import Question
from warehouse.auditing import audit_counts
from warehouse.checks import check
from warehouse.facts import fact_catalog
from warehouse.measure_rows import wide
from warehouse.sql_files import WRITTEN_IN, sql_file, sql_files

__all__ = ["slice_of"]

OWNED = [Ownership("social_listening", "acme", "*", "eu", Decimal(1))]
WINDOW = {"start": date(2026, 9, 30), "end": date(2026, 10, 2)}


def mentions(slice_of, month):
    days = [*month.days()]
    rows = [
        {"owner_key": "*", "activity_date": day, "topic": "t", "own_mentions": day.day, "market_mentions": 99}
        for day in (days[0], days[-1])
    ]
    return slice_of("social_listening", {"fct_mention_daily": rows}, month=month)


@pytest.fixture(params=["tables", "lake"])
def warehouse(request, tmp_path, slice_of):
    at = lake_at(tmp_path / "lake") if request.param == "lake" else None
    made = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", **({"facts_of": at} if at else {}))
    months = OCTOBER.shift(1).window(4)
    create_schema(made, months)
    replace_slices(made, [mentions(slice_of, month) for month in months])
    return made


def test_the_days_at_the_ends_of_months_are_counted_as_in_tables(warehouse):
    months = OCTOBER.window(2)
    replace_measures(warehouse, months, OWNED, "EUR")
    found = period_measures(warehouse, months)
    assert {period: found["eu", period, "own_mentions"] for period in months} == {months[0]: 31, OCTOBER: 32}


@pytest.mark.parametrize("warehouse", ["lake"], indirect=True)
def test_measures_open_the_files_of_their_months_alone(warehouse, monkeypatch):
    opened = []

    def answering(asked, values, relations, of=duckdb.answer):
        # a check of all facts at once opens all their files
        if relations.files.keys() == {"fct_mention_daily"}:
            opened.extend(relations.files["fct_mention_daily"])
        return of(asked, values, relations)

    monkeypatch.setattr(duckdb, "answer", answering)
    replace_measures(warehouse, [OCTOBER], OWNED, "EUR")
    assert [file.parent.name for file in opened] == ["2026-10"]


def accounts(slice_of, month, names):
    """An account of each of the names, each with one day's mentions, and the rates of the month."""
    for number, entity in enumerate(names, 1):
        row = {"owner_key": "k", "activity_date": month.start, "topic": "t", "own_mentions": number}
        fact = {"fct_mention_daily": [row | {"market_mentions": 99}]}
        yield slice_of("social_listening", fact, entity=entity, month=month)


def files_of(warehouse, monkeypatch, asked):
    """The accounts whose files were opened while something was asked, by fact."""
    opened = {}

    def answering(question, values, relations, of=duckdb.answer):
        for fact, files in relations.files.items():
            opened.setdefault(fact, []).extend(file.parent.name for file in files)
        return of(question, values, relations)

    monkeypatch.setattr(duckdb, "answer", answering)
    return asked(), opened


@pytest.fixture
def several(tmp_path, slice_of):
    """September and October of three accounts: the first of `eu`, the second half of it, the third of nobody."""
    made = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(tmp_path / "lake"))
    create_schema(made, OCTOBER.window(2))
    for month in OCTOBER.window(2):
        replace_slices(made, [*accounts(slice_of, month, ("a", "b", "c"))])
    half = Decimal("0.5")
    owned = [
        Ownership("social_listening", "a", "*", "eu", Decimal(1)),
        Ownership("social_listening", "b", "*", "eu", half),
        Ownership("social_listening", "b", "*", "us", half),
    ]
    replace_measures(made, OCTOBER.window(2), owned, "EUR")
    return made


@pytest.mark.parametrize(
    ("team", "found", "files"),
    [("eu", [1, 2], 2), ("us", [2], 1), ("unassigned", [3], 3), ("nobody", [], 0)],
)
def test_a_teams_rows_are_looked_for_in_its_accounts_alone(several, monkeypatch, team, found, files):
    days = OCTOBER.start, OCTOBER.end
    rows, opened = files_of(several, monkeypatch, lambda: source_rows(several, "own_mentions", days, team))
    assert [row.value for row in rows] == found
    assert opened["fct_mention_daily"] == ["2026-10"] * files


def test_checks_of_a_month_open_its_files_alone(several, monkeypatch):
    with several.opened() as connection:
        window = {"start": OCTOBER.start, "end": OCTOBER.end}
        found, opened = files_of(
            several,
            monkeypatch,
            lambda: several.facts.ask(connection, check("unowned_rows"), window).all(),
        )
    assert [(row.entity, row.activity_date) for row in found] == [("c", OCTOBER.start)]
    assert opened["fct_mention_daily"] == ["2026-10"] * 3


@pytest.mark.parametrize("name", ["missing_rates", "foreign_accounts", "used_currencies"])
def test_checks_of_amounts_ask_about_facts_with_amounts_in_their_days(name):
    asked = months_asked(check(name), WINDOW)
    facts = {table.name for table in check(name).tree.find_all(exp.Table)} & fact_catalog().keys()
    assert facts - {"fct_fx_rate"} == {fact.name for fact in fact_catalog().values() if fact.amounts}
    assert {"fct_ad_daily", "fct_budget"} <= asked.keys()


@pytest.mark.parametrize("name", ["unowned_rows", "owner_keys", "days_with_rows"])
def test_checks_of_slices_ask_about_each_fact_in_their_months(name):
    assert months_asked(check(name), WINDOW).keys() == fact_catalog().keys()


def test_a_team_that_is_only_mentioned_bounds_nothing():
    rows = {"dim_ownership": pa.table({"source": ["s"], "entity": ["a"], "team_id": ["eu"]})}
    for condition, accounts in (
        ("team_id = :team", {("s", "a")}),
        ("team_id = :team or share = 1", None),
        ("not team_id = :team", None),
        ("owner_key = :team", None),
    ):
        said = f"select * from rows_owned where {condition}"
        question = Question(sqlglot.parse_one(said, read=WRITTEN_IN))
        assert needed(question, {"team": "eu"}, rows).accounts == accounts


@pytest.fixture
def selected(monkeypatch):
    """How many files of a fact each select opened."""
    found = []

    def selecting(statement, relations, of=duckdb.select):
        found.extend(map(len, relations.files.values()))
        return of(statement, relations)

    monkeypatch.setattr(duckdb, "select", selecting)
    return found


@pytest.mark.parametrize("warehouse", ["lake"], indirect=True)
def test_a_load_is_held_against_its_own_file_alone(warehouse, selected):
    assert [*audit_counts(warehouse, OCTOBER.window(2))] == []
    assert selected == [1, 1]


@pytest.mark.parametrize("warehouse", ["lake"], indirect=True)
def test_a_load_is_compared_with_the_other_months_of_its_account_alone(warehouse, selected, slice_of):
    for entity in ("one", "two"):
        replace_slices(warehouse, [slice_of("sales", {"fct_sale": orders("1", "2")}, entity=entity)])
    assert selected == [1, 1]


def test_a_window_within_months_asks_for_whole_months():
    asked = months_asked(wide(sql_file("measures", "ad_daily")), WINDOW)
    whole = (date(2026, 9, 1), WINDOW["end"])
    assert asked == {"fct_ad_daily": whole, "fct_fx_rate": whole}
    assert months_asked(wide(sql_file("measures", "ad_daily")), {}) == {}


def test_a_lead_may_be_won_in_a_month_after_its_own():
    assert "fct_lead" not in months_asked(wide(sql_file("measures", "lead")), WINDOW)


@pytest.mark.parametrize(
    "condition",
    [
        "activity_date >= :start",
        "activity_date >= :start or activity_date < :end",
        "activity_date >= :end and activity_date < :start",
        "activity_date >= :start and slice_month < :end",
        "owner_key >= :start and owner_key < :end",
        "not (activity_date >= :start and activity_date < :end)",
        "activity_date >= :start and activity_date <= :end",
        "true",
    ],
)
def test_what_does_not_bound_the_days_of_a_fact_opens_all_its_files(condition):
    said = f"select 1 from fct_mention_daily where {condition}"
    assert months_asked(Question(sqlglot.parse_one(said, read=WRITTEN_IN)), WINDOW) == {}


def test_one_select_without_a_window_opens_all_files_of_its_fact():
    bounded = "select 1 from fct_mention_daily where activity_date >= :start and activity_date < :end"
    alone, both = (
        Question(sqlglot.parse_one(text, read=WRITTEN_IN))
        for text in (bounded, f"{bounded} union all select 1 from fct_mention_daily")
    )
    assert months_asked(alone, WINDOW) == {"fct_mention_daily": (Period(2026, 9).start, WINDOW["end"])}
    assert months_asked(both, WINDOW) == {}


def test_the_day_of_another_table_bounds_nothing():
    said = """
        select 1 from fct_mention_daily cross join days where activity_date >= :start and activity_date < :end
    """
    assert months_asked(Question(sqlglot.parse_one(said, read=WRITTEN_IN)), WINDOW) == {}


def test_most_facts_with_days_are_asked_by_month():
    asked = {file.name for file in sql_files("measures") if len(months_asked(wide(file), WINDOW)) > 0}
    assert {"ad_daily", "web_daily", "search_daily", "page_daily", "mention_daily"} <= asked

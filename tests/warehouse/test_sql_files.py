"""What every SQL file must declare, and whether it is true of real data."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
import sqlalchemy as sa
import sqlglot
from sqlglot import exp

from book import load_book
from etl.account import Account
from etl.exports import Folder, Origin
from etl.sources import registry
from scoring.period import Period
from scoring.spans import days_of
from settings import ROOT
from tests.etl.samples import land
from tests.warehouse.conftest import NOW
from warehouse import (
    Content,
    Ownership,
    Provenance,
    Slice,
    SliceLoad,
    create_schema,
    measure_catalog,
    open_warehouse,
    replace_measures,
    replace_slices,
    source_rows,
    span_measures,
    summed,
)
from warehouse.asking import question, said
from warehouse.facts import fact_catalog
from warehouse.member_rows import MemberRows
from warehouse.postgres.warehouse import PostgresWarehouse
from warehouse.sql_files import parse, sql_files

FOLDERS = ("schema", "measures", "checks", "rollups", "rows")
FILES = [(folder, file) for folder in FOLDERS for file in sql_files(folder)]
MONTHS = Period(2026, 10).window(2)


ELSEWHERE = {
    "search_console": "Date,Clicks,Impressions,CTR,Position\n2026-10-31,7,300,2.33%,3\n2026-09-30,1,90,1.1%,9\n",
    "mailchimp": "Unique Id,Title,Send Date,Total Recipients,Successful Deliveries,Unique Opens,Unique Clicks,"
    "Unsubscribes,Total Orders,Total Revenue\n"
    "a1,Lamps,2026-10-31,100,99,40,7,1,2,10.55\na2,Bells,2026-09-30,50,50,9,0,0,0,0\n",
    "jira": "Issue key,Summary,Created,Due date,Resolved\n"
    "M-1,Old,2026-09-30,2026-10-01,2026-10-01\nM-2,New,2026-10-05,2026-10-31,\n",
}
"""Exports of platforms that the example company does not have."""


@pytest.fixture(scope="module")
def loads(exports, tmp_path_factory):
    """Two real months of every account, and of a few more."""
    accounts = [(each, None) for each in load_book(ROOT / "config").accounts]
    accounts += [
        (Account(source, "one", "USD", "UTC", files=("*",)), text.encode())
        for source, text in ELSEWHERE.items()
    ]
    loads = []
    for account, text in accounts:
        source = registry()[account.source]
        for month in MONTHS:
            found = [] if text else source.extract(account, month, Origin(Folder(exports)))
            contents = [text] if text else [file.content for file in found]
            files = land(tmp_path_factory.mktemp("landed"), contents)
            conformed = source.read(files, account, month)
            which = Slice(account.source, account.entity, month)
            loads.append(
                SliceLoad(
                    which, Content("1", "1", "", ""), Provenance("export", "UTC", NOW), (), conformed, NOW
                )
            )
    return loads


def filled(url, loads):
    warehouse = open_warehouse(url)
    create_schema(warehouse, MONTHS)
    replace_slices(warehouse, loads)
    elsewhere = [Ownership(source, "one", "*", "eu-brand", Decimal(1)) for source in ELSEWHERE]
    replace_measures(warehouse, MONTHS, [*load_book(ROOT / "config").ownership, *elsewhere], "EUR")
    return warehouse


@pytest.fixture(scope="module")
def loaded(loads, tmp_path_factory):
    """A warehouse of them, with their measures."""
    return filled(f"duckdb:///{tmp_path_factory.mktemp('w')}/w.duckdb", loads)


@pytest.mark.parametrize(("folder", "file"), FILES, ids=[f"{folder}/{file.name}" for folder, file in FILES])
def test_every_file_says_its_grain_and_kind_and_is_one_statement(folder, file):
    assert file.listed("grain")
    assert file.field("kind")
    assert parse(file)
    assert not file.text.splitlines()[0].startswith("-- grain"), "the first line says what it is"


@pytest.mark.parametrize(("folder", "file"), FILES, ids=[f"{folder}/{file.name}" for folder, file in FILES])
def test_every_file_can_be_said_to_postgresql(folder, file):
    text = said(question(folder, file.name), PostgresWarehouse.translated)
    assert sqlglot.parse_one(text, read="postgres")


@pytest.mark.parametrize("name", fact_catalog())
def test_no_two_rows_of_a_fact_share_its_grain(loaded, name):
    assert_grain(loaded, f"select * from {name}", fact_catalog()[name].grain)


@pytest.mark.parametrize("file", sql_files("measures"), ids=lambda file: file.name)
def test_no_two_rows_of_a_measure_file_share_its_grain(loaded, file):
    text = said(question("measures", file.name), loaded.translated)
    assert_grain(loaded, text, file.listed("grain"))


@pytest.mark.parametrize("file", sql_files("measures"), ids=lambda file: file.name)
def test_a_measure_file_has_every_measure_that_it_declares(loaded, file):
    window = {"start": MONTHS[0].start, "end": MONTHS[-1].end}
    with loaded.opened() as connection:
        result = connection.execute(sa.text(said(question("measures", file.name), loaded.translated)), window)
        assert {*file.listed("grain"), *file.measures} <= set(result.keys())


@pytest.mark.parametrize("file", sql_files("rows"), ids=lambda file: file.name)
def test_no_two_rows_of_a_row_file_share_its_grain(loaded, file):
    assert_grain(loaded, said(question("rows", file.name), loaded.translated), file.listed("grain"))


def test_only_measures_that_are_no_sums_of_rows_have_a_row_file_beside_their_own():
    by_team = [file.name for file in sql_files("measures") if "team_id" in file.listed("grain")]
    assert [file.name for file in sql_files("rows")] == by_team


SPANS = (
    days_of(MONTHS[-1]),
    # a week that begins in one month and ends in the other
    days_of(Period.parse("2026-W40")),
)


@pytest.mark.parametrize("measure", measure_catalog())
def test_the_rows_of_every_measure_sum_to_it_for_every_team_over_a_month_and_a_week(loaded, measure):
    measured, members = span_measures(loaded, SPANS), MemberRows(loaded)
    teams = {team_id for team_id, _, name in measured if name == measure}
    assert teams
    for team_id in teams:
        for days in SPANS:
            rows = source_rows(loaded, measure, days, team_id)
            assert summed(rows) == measured.get((team_id, days, measure), 0), (team_id, days)
            by_member = members.read((team_id,), measure, days)
            assert _by_member(by_member) == _by_member(rows)
            assert len(by_member) <= len(rows)


def _by_member(rows):
    """What rows add up to, by what tells members apart."""
    sums = defaultdict(Decimal)
    for row in rows:
        names = (row.names.get(name) for name in ("campaign_id", "campaign_name", "channel"))
        sums[row.source, row.entity, row.owner_key, *names] += row.part
    return {member: value for member, value in sums.items() if value}


def test_the_rows_of_every_measure_are_the_same_on_a_server(loaded, loads, postgres):
    october = days_of(MONTHS[-1])
    # a lead or a task of September can have come further in October
    needed = [
        load
        for load in loads
        if load.slice.month == MONTHS[-1] or load.slice.source in ("hubspot", "jira", "fx_rates")
    ]
    server = filled(postgres.new_database(), needed)
    for measure in measure_catalog():
        for team_id in ("eu-export", "eu-brand", "cn-commerce"):
            here, there = (source_rows(engine, measure, october, team_id) for engine in (loaded, server))
            assert there == here, (measure, team_id)


def test_rows_name_their_currency_rate_and_share(loaded):
    october = days_of(MONTHS[-1])
    rows = [
        row
        for team in ("eu-performance", "eu-export", "cn-performance")
        for row in source_rows(loaded, "ad_spend", october, team)
    ]
    assert rows
    assert {row.currency_code for row in rows} > {"EUR"}
    for row in rows:
        assert abs(row.amount * row.rate - row.value) <= Decimal("0.0000005")
        assert set(row.names) == {"campaign_id", "campaign_name", "ad_group_id", "ad_group_name"}


def assert_grain(warehouse, query, grain):
    window = {"start": MONTHS[0].start, "end": MONTHS[-1].end} if ":start" in query else {}
    columns = ", ".join(grain)
    text = f"select count(*), (select count(*) from (select distinct {columns} from q)) from q"
    with warehouse.opened() as connection:
        rows, distinct = connection.execute(sa.text(f"with q as ({query}) {text}"), window).one()
    assert rows > 0
    assert rows == distinct


def test_every_fact_has_a_source_and_every_measure_a_fact(loaded):
    fed = {fact for source in registry().values() for fact in source.facts}
    assert fed == set(fact_catalog())
    assert {spec.fact for spec in measure_catalog().values()} <= fed


def test_facts_name_their_columns_in_one_order(loaded):
    for fact in fact_catalog().values():
        names = [column.name for column in fact.columns]
        assert names[:4] == ["source", "entity", "slice_month", "owner_key"]
        assert fact.dated in names


def test_a_fact_with_a_currency_says_which_columns_are_amounts_in_it():
    for fact in fact_catalog().values():
        names = {column.name for column in fact.columns}
        assert bool(fact.amounts) == ("currency_code" in names and not fact.is_everybodys), fact.name


@pytest.mark.parametrize("file", sql_files("checks"), ids=lambda file: file.name)
def test_a_check_lists_no_facts_by_hand(file):
    named = [table.name for table in parse(file).find_all(exp.Table) if table.name in fact_catalog()]
    assert len([name for name in named if not fact_catalog()[name].is_everybodys]) <= 1


def test_no_statement_uses_floating_point():
    for _, file in FILES:
        kinds = {node.this for node in parse(file).find_all(exp.DataType)}
        assert not kinds & {exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT}, file.name

"""The tables of scores in the warehouse say what the ledger says, on each engine, and heal by themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
import yaml

from auditing.everything import audit
from ledger import migrate_ledger
from pipeline.steps.issue import enter
from pipeline.steps.tabulate import tabulate
from reports.tables import Issued, star_of
from scoring.canonical import from_json
from settings import ROOT
from tests.pipeline.conftest import NOW
from tests.pipeline.test_status import issue
from warehouse import create_schema
from warehouse.scores import FACTS_AND_DIMENSIONS, audit_scores


def table(site, name):
    """The rows of a table, as dictionaries."""
    with site.warehouse.opened() as connection:
        return [dict(row) for row in connection.execute(sa.text(f"select * from {name}")).mappings()]


def change(site, statement):
    """Do something to the warehouse that no program does."""
    with site.warehouse.transaction() as connection:
        connection.execute(sa.text(statement))


def findings(site):
    """What `verify --all` says of the tables."""
    return [finding.found for finding in audit(site).findings if finding.where == "tables of scores"]


@pytest.fixture
def site(issued):
    return issued.open()


@pytest.fixture
def on_one_database(unsent, postgres, tmp_path):
    """The ledger and the warehouse as two schemas of one database, with the cards of October."""
    url = str(postgres.new_database())
    found = replace(
        unsent.open(), settings=replace(unsent.open().settings, warehouse_url=url, ledger_url=url)
    )
    migrate_ledger(url)
    create_schema(found.warehouse)
    return found


def enter_again(unsent, site, *, revision=1, **changes):
    """Enter the cards of October into another ledger, as the step `issue` does."""
    for one in unsent.issues():
        card = replace(from_json(one.card_json), revision=revision, **changes)
        enter(site, card, (), now=NOW)


def test_a_run_leaves_a_row_for_each_card_and_each_line(site):
    cards = {one.id: from_json(one.card_json) for one in site.ledger.latest_revisions()}
    totals = {row["issue_id"]: row for row in table(site, "fct_total")}
    assert set(totals) == set(cards)
    for number, card in cards.items():
        assert (totals[number]["total"], totals[number]["grade"]) == (card.total, card.grade)
        assert totals[number]["is_current"]
    scores = {(row["issue_id"], row["kpi_id"]): row for row in table(site, "fct_score")}
    expected = {(number, line.kpi_id): line for number, card in cards.items() for line in card.results}
    assert set(scores) == set(expected)
    for key, line in expected.items():
        assert (scores[key]["score"], scores[key]["weight"]) == (line.score, line.weight)
    assert {row["kpi_id"] for row in table(site, "dim_kpi")} == {kpi_id for _, kpi_id in expected}
    assert {row["team_id"] for row in table(site, "dim_team")} == {"north", "south"}


def test_nobodys_pay_or_name_is_in_them(site):
    columns = {name for each in FACTS_AND_DIMENSIONS for name in table(site, each)[0]}
    assert not [name for name in columns if "pay" in name or "manager" in name or "mail" in name]
    card = from_json(site.ledger.latest_revisions()[0].card_json)
    values = {
        str(value) for each in FACTS_AND_DIMENSIONS for row in table(site, each) for value in row.values()
    }
    assert card.manager_name not in values


def test_a_revision_takes_the_place_of_the_one_before(issued):
    issue(issued, revision=2, total=Decimal("77.7"))
    site = issued.open()
    assert tabulate(site) == 1
    rows = {(row["team_id"], row["revision"]): row for row in table(site, "fct_total")}
    assert {key: row["is_current"] for key, row in rows.items()} == {
        ("north", 1): False,
        ("north", 2): True,
        ("south", 1): True,
    }
    assert rows["north", 2]["total"] == Decimal("77.7")
    lines = {(row["team_id"], row["revision"], row["is_current"]) for row in table(site, "fct_score")}
    assert lines == {("north", 1, False), ("north", 2, True), ("south", 1, True)}
    assert {row["issue_id"] for row in table(site, "dim_team")} == {
        rows[key]["issue_id"] for key in (("north", 2), ("south", 1))
    }
    assert findings(site) == []


def test_it_may_be_repeated(site):
    before = {name: table(site, name) for name in FACTS_AND_DIMENSIONS}
    assert [tabulate(site), tabulate(site, anew=True)] == [0, 2]
    after = {name: table(site, name) for name in FACTS_AND_DIMENSIONS}
    assert {name: sorted(map(str, rows)) for name, rows in after.items()} == {
        name: sorted(map(str, rows)) for name, rows in before.items()
    }


def test_what_is_behind_is_found_and_the_next_run_brings_it_up(issued):
    site = issued.open()
    change(site, "delete from fct_total where team_id = 'north'")
    assert findings(site) == [
        "fct_total: 1 row not as issued, 0 of no issue",
    ]
    issued.run(send=False)
    assert findings(issued.open()) == []


def test_a_changed_number_is_found_and_written_anew(command, issued):
    site = issued.open()
    change(site, "update fct_score set score = score + 1 where team_id = 'north'")
    change(site, "update dim_kpi set unit = 'furlong'")
    said = command(issued, "verify", "--all")
    assert said.code == 4
    assert "fct_score: 3 rows not as issued, 3 of no issue; run `scorewright ledger tabulate`" in said.out
    done = command(issued, "ledger", "tabulate")
    assert (done.code, done.out) == (0, "tabulated: 2 issues\n")
    assert findings(issued.open()) == []


def test_tables_of_another_ledger_are_written_anew(site):
    change(site, "update fct_total set issue_id = 99 where team_id = 'north'")
    assert tabulate(site) == 2
    assert findings(site) == []


def test_a_warehouse_without_the_tables_keeps_nobody_from_issuing(issued):
    site = issued.open()
    for name in FACTS_AND_DIMENSIONS:
        change(site, f"drop table {name}")
    assert (tabulate(site), findings(site)) == (0, [])


def test_a_rebuilt_warehouse_has_them(command, issued):
    assert command(issued, "rebuild").code == 0
    site = issued.open()
    assert len(table(site, "fct_total")) == 2
    assert findings(site) == []


def test_on_one_database_they_are_written_with_the_issue(unsent, on_one_database):
    site = on_one_database
    enter_again(unsent, site)
    assert [row["team_id"] for row in table(site, "fct_total")] == ["north", "south"]
    enter_again(unsent, site, revision=2, grade="Z")
    assert sorted((row["revision"], row["is_current"]) for row in table(site, "fct_total")) == [
        (1, False),
        (1, False),
        (2, True),
        (2, True),
    ]
    assert tabulate(site) == 0
    assert tabulate(site, anew=True) == 4
    assert findings(site) == []


def test_an_issue_that_is_refused_leaves_no_row(unsent, on_one_database, monkeypatch):
    def killed(point):
        if point == "issue.entered":
            raise RuntimeError("killed")

    monkeypatch.setattr("ledger.store.reach", killed)
    with pytest.raises(RuntimeError, match="killed"):
        enter_again(unsent, on_one_database)
    assert table(on_one_database, "fct_total") == []
    assert on_one_database.ledger.revisions() == ()


def test_a_number_too_large_for_a_column_is_missing_and_others_are_rounded_half_up(unsent):
    card = from_json(unsent.issues()[0].card_json)
    area = card.areas[0]
    line = replace(area.results[0], actual=Decimal("1e20"), attainment=Decimal("0.1234567890123456785"))
    changed = replace(card, areas=(replace(area, results=(line,)),))
    (row,) = star_of([(Issued(1, NOW, True, changed), "h")])["fct_score"]
    assert (row["actual"], row["attainment"]) == (None, Decimal("0.123456789012345679"))


def test_the_check_counts_what_is_strange(site):
    with site.warehouse.opened() as connection:
        nothing = {name: [] for name in FACTS_AND_DIMENSIONS}
        assert len([*audit_scores(connection, nothing)]) == 4


# --- the how-to ------------------------------------------------------------------------------------

HOW_TO = (ROOT / "docs/how-to/query-the-scores.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", HOW_TO, re.DOTALL)
GRANTS = next(query for query in QUERIES if "grant" in query)


def answers(site):
    """What the queries of the how-to answer, in order."""
    with site.warehouse.opened() as connection:
        return [
            [dict(row) for row in connection.execute(sa.text(query)).mappings()]
            for query in QUERIES
            if query is not GRANTS
        ]


def test_the_queries_of_the_how_to_answer_as_they_stand(unsent, on_one_database):
    site = on_one_database
    enter_again(unsent, site)
    enter_again(unsent, site, revision=2, total=Decimal("70"))
    totals, lost, restated, wide = answers(site)
    assert [(row["team_id"], row["total"], row["change"]) for row in totals] == [
        ("north", 70, None),
        ("south", 70, None),
    ]
    assert [row["lost"] for row in lost] == sorted((row["lost"] for row in lost), reverse=True)
    assert [(row["team_id"], row["revision"], row["total_now"]) for row in restated] == [
        ("north", 2, 70),
        ("south", 2, 70),
    ]
    assert len(wide) == len([row for row in table(site, "fct_score") if row["is_current"]]) > 2
    with site.warehouse.transaction() as connection:
        for statement in GRANTS.split(";")[:-1]:
            connection.execute(sa.text(statement))
        may_read = sa.text("select has_table_privilege('scores_reader', :name, 'select')")
        names = ("warehouse.fct_total", "warehouse.fct_score", "warehouse.load_record")
        allowed = [connection.execute(may_read, {"name": name}).scalar_one() for name in names]
        is_usage = sa.text("select has_schema_privilege('scores_reader', 'ledger', 'usage')")
        assert (allowed, connection.execute(is_usage).scalar_one()) == ([True, True, False], False)


def test_they_answer_on_duckdb_as_well(site):
    totals, lost, restated, wide = answers(site)
    assert (len(totals), len(restated)) == (2, 0)
    assert len(lost) == min(10, len(table(site, "fct_score")))
    assert {row["certificate"] for row in wide} == {"final"}


def test_the_source_for_dbt_names_columns_that_are_there(site):
    (block,) = re.findall(r"```yaml\n(.*?)```", HOW_TO, re.DOTALL)
    (source,) = yaml.safe_load(block)["sources"]
    assert {each["name"] for each in source["tables"]} == set(FACTS_AND_DIMENSIONS)
    for each in source["tables"]:
        assert {column["name"] for column in each["columns"]} <= set(table(site, each["name"])[0])

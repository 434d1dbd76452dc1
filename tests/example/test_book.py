"""The company's book fits its data: everything is owned, every team's card adds up."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from example.company import ACCOUNTS
from example.truth import Facts
from scoring.aims import Kind
from scoring.rules import RULES

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def teams() -> dict[str, Any]:
    """config/teams.yaml as it is written."""
    book: dict[str, Any] = yaml.safe_load((CONFIG / "teams.yaml").read_text(encoding="utf-8"))
    return book


@pytest.fixture(scope="module")
def targets() -> list[dict[str, str]]:
    """All target rows of all years."""
    rows: list[dict[str, str]] = []
    for path in sorted((CONFIG / "targets").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += csv.DictReader(lines)
    return rows


@pytest.fixture(scope="module")
def shares(teams: dict[str, Any]) -> dict[tuple[str, str, str], Decimal]:
    """How much of each source, entity and key is owned."""
    owned: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for team in teams.values():
        for part in team["owns"]:
            for key in part["keys"]:
                owned[part["source"], part["entity"], key] += Decimal(part.get("share", "1"))
    return owned


def owner_keys(truth: Facts) -> set[tuple[str, str, str]]:
    """Source, entity and owner key of everything but the exchange rates, which belong to all."""
    facts: dict[str, Any] = {name: rows for name, rows in truth.items() if name != "fx_quote"}
    return {(row.source, row.entity, row.owner_key) for rows in facts.values() for row in rows}


def test_the_shares_of_every_key_sum_to_one(shares: dict[tuple[str, str, str], Decimal]) -> None:
    assert {key: share for key, share in shares.items() if share != 1} == {}


def test_every_row_of_every_fact_has_an_owner(
    truth: Facts, shares: dict[tuple[str, str, str], Decimal]
) -> None:
    keys = owner_keys(truth)
    assert {key for key in keys if key not in shares and (*key[:2], "*") not in shares} == set()


def test_no_team_owns_a_key_that_never_occurs(
    truth: Facts, shares: dict[tuple[str, str, str], Decimal]
) -> None:
    assert {key for key in shares if key[2] != "*"} - owner_keys(truth) == set()


def test_the_book_names_the_accounts_that_the_company_has() -> None:
    sources = yaml.safe_load((CONFIG / "sources.yaml").read_text(encoding="utf-8"))
    named = {
        (source, account["entity"]) for source, entry in sources.items() for account in entry["accounts"]
    }
    assert named == {(account.source, account.entity) for account in ACCOUNTS}


def test_the_weights_of_every_team_sum_to_100_on_every_day(targets: list[dict[str, str]]) -> None:
    day = date(2024, 11, 1)
    while day < date(2027, 1, 1):
        valid = [row for row in targets if row["valid_from"] <= day.isoformat() < row["valid_until"]]
        # of the same KPI, the row that was agreed on last
        newest = {
            (row["team"], row["kpi"]): int(row["weight"])
            for row in sorted(valid, key=lambda row: row.get("agreed_on") or "")
        }
        sums: Counter[str] = Counter()
        for (team, _), weight in newest.items():
            sums[team] += weight
        assert set(sums.values()) == {100}, day
        assert len(sums) == 10
        # weights only ever change with the month
        day = (day + timedelta(days=31)).replace(day=1)


def test_the_dictionary_has_more_than_is_used_and_every_team_has_6_to_14(
    targets: list[dict[str, str]],
) -> None:
    kpis = defaultdict(set)
    for row in targets:
        kpis[row["team"]].add(row["kpi"])
    assert {path.stem for path in (CONFIG / "kpis").glob("*.yaml")} > set().union(*kpis.values())
    assert all(6 <= len(of_team) <= 14 for of_team in kpis.values())


def test_managers_are_written_to_at_example_domains_in_both_languages(teams: dict[str, Any]) -> None:
    managers = [team["manager"] for team in teams.values()]
    assert all(manager["email"].endswith(".example") for manager in managers)
    languages = Counter(manager["language"] for manager in managers)
    assert languages["zh_CN"] >= 3
    assert languages["en"] >= 3


def test_the_book_scores_october_by_every_rule_and_every_kind_of_target(
    targets: list[dict[str, str]],
) -> None:
    in_force = [row for row in targets if row["valid_from"] <= "2026-10-31" < row["valid_until"]]
    kpis = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (CONFIG / "kpis").glob("*.yaml")}
    assert {kpis[row["kpi"]]["rule"]["name"] for row in in_force} == set(RULES)
    assert {row.get("kind") or "absolute" for row in in_force} == set(Kind)

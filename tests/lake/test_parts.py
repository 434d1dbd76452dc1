"""Measures of some accounts at a time are those of all at once, to the last digit."""

from __future__ import annotations

import random
from math import inf

import pytest
import sqlalchemy as sa

from lake import duckdb, lake_at
from lake.files import FactFile
from lake.parts import in_parts
from scoring.errors import DataError
from scoring.period import Period
from tests.warehouse import invented
from warehouse import Slice, create_schema, open_warehouse, replace_measures, replace_slices

OCTOBER = Period(2026, 10)
SEEDS = range(3)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A warehouse with invented rows of every fact in a lake, by seed."""
    folder = tmp_path_factory.mktemp("parts")
    made = {}
    for seed in SEEDS:
        made[seed] = open_warehouse(
            f"duckdb:///{folder / f'{seed}.duckdb'}", facts_of=lake_at(folder / str(seed))
        )
        create_schema(made[seed], invented.MONTHS)
        replace_slices(made[seed], invented.loads(random.Random(seed)))
    return made


def measured(warehouse, seed):
    """The daily values, or why there are none."""
    try:
        replace_measures(warehouse, invented.MONTHS, invented.ownership(random.Random(seed)), "EUR")
    except DataError as error:
        return str(error)
    with warehouse.opened() as connection:
        asked = "select activity_date, team_id, measure, value from measure_daily"
        return sorted(connection.execute(sa.text(asked)).all())


@pytest.mark.parametrize("seed", SEEDS)
def test_account_by_account_is_all_at_once(filled, monkeypatch, seed):
    asked = []

    def answering(question, values, relations, of=duckdb.answer):
        asked.append(question)
        return of(question, values, relations)

    monkeypatch.setattr(duckdb, "answer", answering)
    found = {}
    for most in (inf, 1):
        asked.append(most)
        monkeypatch.setattr(duckdb, "AT_ONCE_BYTES", most)
        found[most] = measured(filled[seed], seed)
    assert found[1] == found[inf]
    assert len(found[1]) > 20
    at_once, by_account = asked[: asked.index(1)], asked[asked.index(1) :]
    # two accounts of most facts
    assert len(by_account) > len(at_once)


def file_of(fact, source, entity, size, month=OCTOBER):
    return FactFile(fact, Slice(source, entity, month), f"{entity}{month}{size}", size)


def named(parts):
    return [sorted(file.slice.entity for file in part) for part in parts]


def test_a_part_has_whole_accounts_and_the_rates():
    rates = file_of("fct_fx_rate", "fx_rates", "ecb", 1000)
    september = file_of("fct_ad_daily", "google_ads", "a", 40, OCTOBER.shift(-1))
    others = [file_of("fct_ad_daily", "google_ads", entity, 40) for entity in "abcd"]
    files = dict.fromkeys([rates, september, *others])
    assert named(in_parts(files, inf)) == [["a", "a", "b", "c", "d", "ecb"]]
    assert named(in_parts(files, 81)) == [["a", "a", "ecb"], ["b", "c", "ecb"], ["d", "ecb"]]
    assert named(in_parts(files, 1)) == [["a", "a", "ecb"], *([entity, "ecb"] for entity in "bcd")]


def test_what_has_no_files_is_one_part_all_the_same():
    assert [*in_parts({}, 10)] == [{}]
    rates = {file_of("fct_fx_rate", "fx_rates", "ecb", 1000): None}
    assert [*in_parts(rates, 10)] == [rates]

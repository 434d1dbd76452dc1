"""Accounts are held against each other at a cost that grows with their number, not with its square."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa

from etl.account import OwnerKeys
from etl.quality.before_loading import Neighbours
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse import Content, LoadedFile, Slice, SliceLoad, beside, replace_slices
from warehouse.beside import Beside

OCTOBER = Period(2026, 10)


def as_of(load: SliceLoad, sha256: str) -> SliceLoad:
    """The load of a file with other bytes."""
    content = Content(sha256, "1", "schema", "account")
    return replace(load, content=content, files=(LoadedFile("a.csv", sha256, load.files[0].rows),))


@pytest.fixture
def ads_of(slice_of):
    """A slice of ads of an account: its file's bytes, and its campaign unless it is named as its account."""

    def build(entity, sha256, campaign=None):
        row = {"campaign_id": campaign or entity, "owner_key": entity}
        return as_of(slice_of("google_ads", {"fct_ad_daily": [row]}, entity=entity), sha256)

    return build


def neighbours_of(warehouse, source, entities, kind=OwnerKeys.IDS):
    return Neighbours(Beside(warehouse.facts, source, [OCTOBER]), dict.fromkeys(entities, frozenset()), kind)


def enter(warehouse, neighbours, load):
    """Load a slice as the step does: held against all others before it goes in."""

    def check(connection, read):
        neighbours.beside.begin(connection, read.slice.entity)
        neighbours.refuse_foreign(connection, read)

    replace_slices(warehouse, [load], check)


@pytest.fixture
def counted(warehouse, monkeypatch):
    """What a call costs: statements sent, and load records read."""

    def run(call):
        statements, records = [], []
        read = beside.record_of
        monkeypatch.setattr(beside, "record_of", lambda row: records.append(row) or read(row))

        def listener(*told):
            statements.append(told[2])

        sa.event.listen(warehouse.engine, "before_cursor_execute", listener)
        call()
        sa.event.remove(warehouse.engine, "before_cursor_execute", listener)
        monkeypatch.setattr(beside, "record_of", read)
        return len(statements), len(records)

    return run


def test_twice_the_accounts_cost_twice_the_statements_and_records(warehouse, ads_of, counted):
    def load_all(count, version):
        entities = [f"{count:02}-{number:02}" for number in range(count)]
        source = neighbours_of(warehouse, "google_ads", entities)
        for entity in entities:
            enter(warehouse, source, ads_of(entity, f"{version} {entity}"))

    for count in (2, 4, 8):
        load_all(count, "first")
    again = [counted(partial(load_all, count, "second")) for count in (2, 4, 8)]
    (few, _), (more, _), (most, _) = again
    assert most - more == 2 * (more - few)
    # all that are loaded, once; then each account's own once more after it was loaded
    assert [records for _, records in again] == [14 + count - 1 for count in (2, 4, 8)]


def test_what_another_process_loads_meanwhile_is_noticed(warehouse, ads_of):
    mine, theirs = (neighbours_of(warehouse, "google_ads", ("a", "b", "c")) for _ in range(2))
    enter(warehouse, mine, ads_of("a", "1"))
    enter(warehouse, theirs, ads_of("b", "2"))
    with pytest.raises(BadFileError, match="found the bytes that b was loaded from"):
        enter(warehouse, mine, ads_of("c", "2"))
    enter(warehouse, theirs, ads_of("b", "3"))
    enter(warehouse, mine, ads_of("c", "2"))


def test_own_loads_are_known_to_those_that_follow(warehouse, ads_of):
    source = neighbours_of(warehouse, "google_ads", ("a", "b", "c"))
    enter(warehouse, source, ads_of("a", "1", "shared"))
    with pytest.raises(BadFileError, match="found the campaign shared of a"):
        enter(warehouse, source, ads_of("b", "2", "shared"))
    with pytest.raises(BadFileError, match="found the bytes that a was loaded from"):
        enter(warehouse, source, ads_of("b", "1"))
    # an account that had the wrong file gives back what was never its own
    enter(warehouse, source, ads_of("a", "4"))
    enter(warehouse, source, ads_of("b", "1", "shared"))
    with pytest.raises(BadFileError, match="found the campaign shared of b"):
        enter(warehouse, source, ads_of("c", "5", "shared"))


@pytest.mark.parametrize("others", [1, 30])
def test_orders_are_asked_for_by_id_where_others_have_many_more(warehouse, slice_of, others, monkeypatch):
    monkeypatch.setattr("etl.quality.before_loading.IDS_AT_A_TIME", 2)

    def sales(entity, ids, sha256):
        rows = [{"order_id": each, "order_date": date(2026, 10, 1), "owner_key": "Shop"} for each in ids]
        return as_of(slice_of("sales", {"fct_sale": rows}, entity=entity), sha256)

    source = neighbours_of(warehouse, "sales", ("a", "b"), OwnerKeys.NAMES)
    enter(warehouse, source, sales("a", ["1", "2", "3", *(f"o{n}" for n in range(others))], "1"))
    assert source.beside.rows_of_others(Slice("sales", "b", OCTOBER), "fct_sale") == 0
    with pytest.raises(BadFileError, match="mostly rows of a, such as order_id 1"):
        enter(warehouse, source, sales("b", ["1", "9", "3"], "2"))
    assert source.beside.rows_of_others(Slice("sales", "b", OCTOBER), "fct_sale") == others + 3
    enter(warehouse, source, sales("b", ["1", "9", "8"], "3"))

"""Facts in a lake: a file for each slice, exchanged with its load record, and none lost without a word."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from disk import modified, write_atomically
from disk.objects import object_path
from lake import copies, lake_at, tidying
from lake.tidying import tidy
from scoring.errors import DataError, UsageError
from tests.lake.orders import orders
from tests.warehouse.conftest import OCTOBER, rates_of, slice_of
from warehouse import (
    Ownership,
    audit_files,
    audit_records,
    create_schema,
    loading,
    open_warehouse,
    period_measures,
    replace_measures,
    replace_slices,
    source_rows,
)

__all__ = ["rates_of", "slice_of"]

OWNED = [Ownership("sales", "acme", "*", "eu", Decimal(1))]
NOW = datetime.now(UTC)


@pytest.fixture(params=["folder", "store"])
def place(request, tmp_path):
    """Where the files are: a folder, and an object store."""
    if request.param == "folder":
        return tmp_path / "lake"
    return object_path(request.getfixturevalue("object_store").new_place(), "SCOREWRIGHT_LAKE")


@pytest.fixture
def warehouse(place, tmp_path):
    made = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(made, [OCTOBER])
    return made


@pytest.fixture
def sales(slice_of):
    """A slice of orders of these amounts."""

    def build(*amounts, content="1"):
        return slice_of("sales", {"fct_sale": orders(*amounts)}, content=content)

    return build


def filled(tmp_path, sales, *amounts):
    """A warehouse and its lake in a folder, after a load of each amount in the place of the one before."""
    place = tmp_path / "lake"
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    for number, amount in enumerate(amounts, 1):
        replace_slices(warehouse, [sales(amount, content=str(number))])
    return warehouse, place


def files_of(place):
    return sorted(str(path) for path in place.glob("fct_sale/2026-10/*.parquet"))


def revenue(warehouse):
    replace_measures(warehouse, [OCTOBER], OWNED, "EUR")
    return period_measures(warehouse, [OCTOBER]).get(("eu", OCTOBER, "sales_revenue"))


def rows_behind(warehouse):
    days = (OCTOBER.start, OCTOBER.end)
    return [row.value for row in source_rows(warehouse, "sales_revenue", days, "eu")]


def test_what_is_loaded_is_measured_and_traced(warehouse, place, sales):
    replace_slices(warehouse, [sales("10", "2.5")])
    assert len(files_of(place)) == 1
    assert revenue(warehouse) == Decimal("12.5")
    assert rows_behind(warehouse) == [Decimal(10), Decimal("2.5")]
    assert audit_files(warehouse) == []
    assert audit_records(warehouse) == []


def test_a_slice_that_is_replaced_counts_once(warehouse, place, sales):
    replace_slices(warehouse, [sales("10", "2.5")])
    replace_slices(warehouse, [sales("7", content="2")])
    # both files are there: somebody may be reading the first
    assert len(files_of(place)) == 2
    assert revenue(warehouse) == 7


def test_the_same_rows_are_the_same_file(warehouse, place, sales):
    replace_slices(warehouse, [sales("10")])
    first = files_of(place)
    replace_slices(warehouse, [sales("11", content="2")])
    replace_slices(warehouse, [sales("10", content="3")])
    assert first[0] in files_of(place)
    assert len(files_of(place)) == 2


def test_a_slice_without_rows_has_no_file(warehouse, place, sales):
    replace_slices(warehouse, [sales("10")])
    replace_slices(warehouse, [sales(content="2")])
    assert rows_behind(warehouse) == []


def test_what_a_failed_load_has_written_does_not_count(warehouse, place, sales, monkeypatch):
    replace_slices(warehouse, [sales("10")])
    monkeypatch.setattr(loading, "write_records", failing)
    with pytest.raises(ValueError, match="stopped"):
        replace_slices(warehouse, [sales("99", content="2")])
    assert len(files_of(place)) == 2
    assert revenue(warehouse) == 10


def failing(connection, loads):
    raise ValueError("stopped")


def test_a_lost_file_is_named_wherever_it_is_needed(warehouse, tmp_path, place, sales):
    replace_slices(warehouse, [sales("10")])
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    file.unlink(missing_ok=True)
    (fault,) = audit_files(warehouse)
    assert str(file) in fault
    assert fault.endswith("with the rows of sales/acme 2026-10, found none")
    forget_copies()
    with pytest.raises(DataError, match=r"found none; run `scorewright rebuild`"):
        revenue(warehouse)


def forget_copies():
    """As a process that begins."""
    for copy in copies.folder().iterdir():
        copy.unlink()


def test_a_changed_byte_is_found(warehouse, place, sales):
    replace_slices(warehouse, [sales("10")])
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (file.write if hasattr(file, "write") else file.write_bytes)(bytes(content))
    (fault,) = audit_files(warehouse)
    assert "found other bytes" in fault
    forget_copies()
    with pytest.raises(DataError, match=r"expected the bytes that it is named by, found others; run"):
        revenue(warehouse)


@pytest.mark.parametrize("name", ["amount=9/lake", "l*k", "l?k", "la[ck]e", "la{k,c}e", "la'k e", "**"])
def test_the_name_of_the_lake_is_neither_pattern_nor_column(name, tmp_path, sales):
    """A copy beside it has a name that such a pattern would fit, too."""
    place = tmp_path / name
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    replace_slices(warehouse, [sales("10")])
    shutil.copytree(place, tmp_path / "lak")
    assert revenue(warehouse) == 10
    assert rows_behind(warehouse) == [10]


def test_a_file_of_a_store_is_fetched_once_and_old_copies_make_room(
    object_store, tmp_path, sales, monkeypatch
):
    place = object_path(object_store.new_place(), "SCOREWRIGHT_LAKE")
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    replace_slices(warehouse, [sales("10")])
    forget_copies()
    assert revenue(warehouse) == revenue(warehouse)
    (kept,) = copies.folder().iterdir()
    replace_slices(warehouse, [sales("11", content="2")])
    monkeypatch.setattr(copies, "MOST_BYTES", 0)
    revenue(warehouse)
    (newer,) = copies.folder().iterdir()
    assert newer.name != kept.name


def test_a_file_of_another_size_is_not_read(tmp_path, sales):
    warehouse, place = filled(tmp_path, sales, "10")
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(
        DataError, match=r"expected the \d+ bytes with the rows of sales/acme 2026-10, found \d+"
    ):
        revenue(warehouse)


def test_unnamed_files_are_removed_a_day_after_they_were_found(tmp_path, sales):
    warehouse, place = filled(tmp_path, sales, "10")
    assert tidy(warehouse, place, NOW) == ([], [])
    (old,) = place.glob("fct_sale/2026-10/*.parquet")
    os.utime(old, (0, 0))
    replace_slices(warehouse, [sales("11", content="2")])
    assert tidy(warehouse, place, NOW) == ([], [old])
    assert tidy(warehouse, place, NOW + timedelta(hours=23)) == ([], [old])
    assert tidy(warehouse, place, NOW + timedelta(hours=24)) == ([old], [])
    assert revenue(warehouse) == 11


def test_a_file_that_is_needed_again_stays(tmp_path, sales):
    warehouse, place = filled(tmp_path, sales, "10", "11")
    tidy(warehouse, place, NOW)
    replace_slices(warehouse, [sales("10", content="3")])
    removed, left = tidy(warehouse, place, NOW + timedelta(days=2))
    assert len(removed) + len(left) == 1
    assert revenue(warehouse) == 10


def replaced(tmp_path, sales):
    """A warehouse of which an older file is no more named, and was found so."""
    warehouse, place = filled(tmp_path, sales, "10", "11")
    _, (old,) = tidy(warehouse, place, NOW)
    os.utime(old, (0, 0))
    return warehouse, place, old


def test_a_file_that_a_load_names_while_it_is_tidied_stays(tmp_path, sales, monkeypatch):
    warehouse, place, old = replaced(tmp_path, sales)

    def loading_meanwhile(path):
        replace_slices(warehouse, [sales("10", content="3")])
        return modified(path) - timedelta(days=9)

    monkeypatch.setattr(tidying, "modified", loading_meanwhile)
    assert tidy(warehouse, place, NOW + timedelta(days=2)) == ([], [])
    assert old.exists()
    assert revenue(warehouse) == 10


def test_what_others_keep_there_is_let_be(tmp_path, sales):
    warehouse, place, old = replaced(tmp_path, sales)
    names = (f"other/2026-10/{'a' * 64}.parquet", "fct_sale/finance.parquet", "fct_sale/2026-10/mine.parquet")
    for name in names:
        write_atomically(place / name, b"of others")
        os.utime(place / name, (0, 0))
    assert tidy(warehouse, place, NOW + timedelta(days=2)) == ([old], [])
    assert tidy(warehouse, place, NOW + timedelta(days=9)) == ([], [])
    assert all((place / name).exists() for name in names)


@pytest.mark.parametrize(
    "notes", ["", "{", "[]", "null", "7", '{"a": "soon"}', '{"a": "2026-10-01T00:00:00"}']
)
def test_notes_that_cannot_be_read_let_the_wait_begin_anew(notes, tmp_path, sales):
    warehouse, place, old = replaced(tmp_path, sales)
    (place / "unnamed.json").write_text(notes, "utf-8")
    assert tidy(warehouse, place, NOW + timedelta(days=2)) == ([], [old])
    assert tidy(warehouse, place, NOW + timedelta(days=3)) == ([old], [])


def test_a_trial_reads_the_real_lake_and_writes_beside_it(tmp_path, sales):
    place, trial = tmp_path / "lake", tmp_path / "trial"
    address = f"duckdb:///{tmp_path / 'w.duckdb'}"
    warehouse = open_warehouse(address, facts_of=lake_at(place))
    create_schema(warehouse)
    replace_slices(warehouse, [sales("10")])
    before = files_of(place)
    tried = open_warehouse(address, facts_of=lake_at(trial, beneath=place))
    assert revenue(tried) == 10
    replace_slices(tried, [sales("11", content="2")])
    assert revenue(tried) == 11
    assert files_of(place) == before
    assert len(files_of(trial)) == 1


@pytest.mark.parametrize("moved", ["into a lake", "out of it"])
def test_facts_are_never_in_two_places(tmp_path, moved):
    address = f"duckdb:///{tmp_path / 'w.duckdb'}"
    places = [open_warehouse(address), open_warehouse(address, facts_of=lake_at(tmp_path / "lake"))]
    before, after = places if moved == "into a lake" else reversed(places)
    create_schema(before)
    with pytest.raises(
        UsageError, match=r"expected its facts where SCOREWRIGHT_LAKE says, .*scorewright rebuild"
    ):
        create_schema(after)


def test_an_empty_lake_answers(warehouse):
    with warehouse.opened() as connection:
        counted = sa.select(sa.func.count()).select_from(sa.table("fct_sale"))
        assert warehouse.facts.ask(connection, counted).scalar_one() == 0

"""Facts in a lake: a file for each slice, exchanged with its load record, and none lost without a word."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from disk.objects import object_path
from lake import copies, lake_at
from lake.tidying import tidy
from scoring.errors import DataError, UsageError
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
        rows = [
            {
                "owner_key": "*",
                "order_id": f"o{n}",
                "order_date": date(2026, 10, 1 + n),
                "amount": Decimal(amount),
                "currency_code": "EUR",
            }
            for n, amount in enumerate(amounts)
        ]
        return slice_of("sales", {"fct_sale": rows}, content=content)

    return build


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
    assert "found none; run `scorewright rebuild`" in fault
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
    if hasattr(file, "write"):
        forget_copies()
        with pytest.raises(DataError, match=r"expected the bytes that it is named by, found others; run"):
            revenue(warehouse)


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
    place = tmp_path / "lake"
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    replace_slices(warehouse, [sales("10")])
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(
        DataError, match=r"expected the \d+ bytes with the rows of sales/acme 2026-10, found \d+"
    ):
        rows_behind(warehouse)


def test_unnamed_files_are_removed_a_day_after_they_were_found(tmp_path, sales):
    place = tmp_path / "lake"
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    replace_slices(warehouse, [sales("10")])
    assert tidy(warehouse, place, NOW) == ([], [])
    (old,) = place.glob("fct_sale/2026-10/*.parquet")
    os.utime(old, (0, 0))
    replace_slices(warehouse, [sales("11", content="2")])
    assert tidy(warehouse, place, NOW) == ([], [old])
    assert tidy(warehouse, place, NOW + timedelta(hours=23)) == ([], [old])
    assert tidy(warehouse, place, NOW + timedelta(hours=24)) == ([old], [])
    assert revenue(warehouse) == 11


def test_a_file_that_is_needed_again_stays(tmp_path, sales):
    place = tmp_path / "lake"
    warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=lake_at(place))
    create_schema(warehouse)
    for content, amount in enumerate(("10", "11")):
        replace_slices(warehouse, [sales(amount, content=str(content))])
    tidy(warehouse, place, NOW)
    replace_slices(warehouse, [sales("10", content="3")])
    removed, left = tidy(warehouse, place, NOW + timedelta(days=2))
    assert len(removed) + len(left) == 1
    assert revenue(warehouse) == 10


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

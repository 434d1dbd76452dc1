"""Spark computes with a lake, as Sail does: the same figures, and a sentence for whatever can go wrong."""

from __future__ import annotations

import socket
from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
import sqlalchemy as sa

from disk.objects import object_path
from lake import lake_at
from lake.relations import Relations
from scoring.errors import DataError
from tests.lake.orders import orders
from tests.spark_servers import free_port, sail
from tests.warehouse.conftest import OCTOBER, rates_of, slice_of
from warehouse import (
    Ownership,
    audit_files,
    audit_records,
    create_schema,
    open_warehouse,
    period_measures,
    replace_measures,
    replace_slices,
    source_rows,
)

__all__ = ["rates_of", "slice_of"]

OWNED = [Ownership("sales", "ac'me \\ 世", "*", "eu", Decimal(1))]


@pytest.fixture(scope="module")
def server(tmp_path_factory, object_store):
    with sail(
        tmp_path_factory.mktemp("sail"), {**object_store.environment, "AWS_ALLOW_HTTP": "true"}
    ) as running:
        yield running


@pytest.fixture(params=["folder", "a=b c'd 世", "store"])
def place(request, tmp_path):
    """Where the files are: a folder, one whose name could be read otherwise, and an object store."""
    if request.param != "store":
        return tmp_path / request.param / "lake"
    return object_path(request.getfixturevalue("object_store").new_place(), "SCOREWRIGHT_LAKE")


@pytest.fixture
def made(tmp_path, server):
    """A warehouse with its facts in the lake at a place, by the server or another."""

    def build(place, address=None):
        facts_of = lake_at(place, address or server.address)
        warehouse = open_warehouse(f"duckdb:///{tmp_path / 'w.duckdb'}", facts_of=facts_of)
        create_schema(warehouse, [OCTOBER])
        return warehouse

    return build


@pytest.fixture
def sales(slice_of):
    """A slice of orders of these amounts, of an account whose name no SQL would like."""

    def build(*amounts, content="1"):
        rows = orders(*amounts, named="o'{} \\n")
        return slice_of("sales", {"fct_sale": rows}, content=content, entity="ac'me \\ 世")

    return build


def revenue(warehouse):
    replace_measures(warehouse, [OCTOBER], OWNED, "EUR")
    return period_measures(warehouse, [OCTOBER]).get(("eu", OCTOBER, "sales_revenue"))


def rows_behind(warehouse):
    return source_rows(warehouse, "sales_revenue", (OCTOBER.start, OCTOBER.end), "eu")


def counted(warehouse):
    """How many orders there are, whoever owns them."""
    with warehouse.opened() as connection:
        asked = sa.select(sa.func.count()).select_from(sa.table("fct_sale"))
        return warehouse.facts.ask(connection, asked).scalar_one()


def test_what_is_loaded_is_measured_and_traced(made, place, sales):
    warehouse = made(place)
    replace_slices(warehouse, [sales("10", "2.5")])
    assert revenue(warehouse) == Decimal("12.5")
    rows = rows_behind(warehouse)
    assert [row.value for row in rows] == [Decimal(10), Decimal("2.5")]
    assert [row.names["order_id"] for row in rows] == ["o'0 \\n", "o'1 \\n"]
    assert audit_records(warehouse) == []
    replace_slices(warehouse, [sales("7", content="2")])
    assert revenue(warehouse) == 7


def test_a_lake_without_files_answers(made, tmp_path):
    warehouse = made(tmp_path / "lake")
    assert counted(warehouse) == 0


def test_a_sum_of_counts_that_passes_64_bits_is_refused(made, tmp_path, slice_of):
    """Sail would go on below zero without a word."""
    warehouse = made(tmp_path / "lake")
    day = {"owner_key": "*", "activity_date": date(2026, 10, 5), "own_mentions": 1}
    rows = [{**day, "topic": topic, "market_mentions": 10**18 - 1} for topic in "abcdefghij"]
    owned = [Ownership("social_listening", "acme", "*", "eu", Decimal(1))]
    replace_slices(warehouse, [slice_of("social_listening", {"fct_mention_daily": rows})])
    with pytest.raises(DataError, match=r"^lake: expected an answer by Spark at .*9999999999999999990"):
        replace_measures(warehouse, [OCTOBER], owned, "EUR")


@pytest.mark.parametrize("asked", ["server", "cluster"])
def test_a_lost_file_is_named_and_so_is_a_changed_one(made, tmp_path, sales, request, asked):
    place = tmp_path / "lake"
    warehouse = made(place, request.getfixturevalue(asked).address)
    replace_slices(warehouse, [sales("10", "2.5")])
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    (fault,) = audit_files(warehouse)
    assert str(file) in fault
    with pytest.raises(
        DataError, match=r"^lake .*: expected the bytes that it is named by, found others; run `"
    ):
        counted(warehouse)
    file.write_bytes(b"\0" * len(content))
    with pytest.raises(
        DataError, match=r"^lake .*: expected the bytes that it is named by, found others; run `"
    ):
        counted(warehouse)
    file.unlink()
    with pytest.raises(DataError, match=r"found none; run `scorewright rebuild`"):
        counted(warehouse)
    # what is there for us may not be there for Spark
    with pytest.raises(DataError, match=f"^lake.*{file.name}"):
        warehouse.facts.computer.select("select count(*) from fct_sale", Relations({"fct_sale": [file]}, {}))


def test_a_file_that_a_store_has_lost_is_told(made, object_store, sales):
    place = object_path(object_store.new_place(), "SCOREWRIGHT_LAKE")
    warehouse = made(place)
    replace_slices(warehouse, [sales("10")])
    (file,) = place.glob("fct_sale/2026-10/*.parquet")
    file.unlink(missing_ok=True)
    with pytest.raises(DataError) as refusal:
        counted(warehouse)
    assert str(refusal.value).startswith(
        f"lake {file}: expected a file that Spark can read, found none there; "
    )


def test_a_server_that_is_away_is_told(made, tmp_path, sales, monkeypatch):
    monkeypatch.setattr("lake.spark.RETRIES", 0)
    port = free_port()
    warehouse = made(tmp_path / "lake", f"sc://127.0.0.1:{port}/;user_id=me;token=s3cret")
    with pytest.raises(DataError) as refusal:
        counted(warehouse)
    said = str(refusal.value)
    assert said.startswith(f"lake: expected an answer by Spark at 127.0.0.1:{port}, found ")
    assert said.endswith("; start it, or correct SCOREWRIGHT_SPARK, then run again.")
    assert "s3cret" not in said


def test_what_does_not_answer_is_given_up(made, tmp_path, monkeypatch):
    monkeypatch.setattr("lake.spark.PATIENCE_MINUTES", 0.2 / 60)
    monkeypatch.setattr("lake.spark.TO_STOP_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Thread(target=silent.accept, daemon=True).start()
        warehouse = made(tmp_path / "lake", f"sc://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(DataError, match=r"^lake: expected an answer within .* give it more workers"):
            counted(warehouse)


@pytest.mark.parametrize(
    "said", ["internal error: task context not found for operation", "Exception deserializing response!"]
)
def test_a_question_whose_answer_is_lost_is_asked_again(made, tmp_path, sales, monkeypatch, said):
    """Sail loses some now and then where several ask at once."""
    refusal = pytest.importorskip("pyspark.errors.exceptions.connect").SparkConnectGrpcException
    asking = pytest.importorskip("pyspark.sql.connect.session").SparkSession.sql
    warehouse = made(tmp_path / "lake")
    replace_slices(warehouse, [sales("10")])
    revenue(warehouse)
    told = [said] * 2

    def forgetful(session, *asked, **values):
        if told:
            raise refusal(told.pop())
        return asking(session, *asked, **values)

    monkeypatch.setattr("lake.spark.SparkSession.sql", forgetful)
    assert [row.value for row in rows_behind(warehouse)] == [Decimal(10)]
    told += ["internal error: something else"]
    with pytest.raises(
        DataError, match=r"^lake: expected an answer by Spark .* internal error: something else"
    ):
        rows_behind(warehouse)


def test_a_server_of_another_age_is_refused(made, tmp_path, sales, monkeypatch):
    monkeypatch.setattr("lake.spark.SparkSession.version", "3.5.1")
    warehouse = made(tmp_path / "lake")
    with pytest.raises(
        DataError, match=r"^lake: expected a server of Spark 4 or newer, found 3\.5\.1; name another"
    ):
        counted(warehouse)

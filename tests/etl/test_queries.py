"""Tables of somebody's warehouse as a source."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq
import pytest

from etl.account import Account
from etl.exports import Folder, Origin
from etl.queries import received
from scoring.errors import BadFileError, UsageError
from scoring.period import Period

OCTOBER = Period(2026, 10)
QUERY = "select day, campaign, cost, shown from spend where day >= :start and day < :end"


@pytest.fixture
def origin(tmp_path):
    """A database with some spend of two months."""
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table spend (day date, campaign text, cost decimal(10, 4), shown bigint)")
        connection.execute(
            "insert into spend values ('2026-10-02', 'b', 1.5, null), ('2026-10-01', 'a', 20.25, 7),"
            " ('2026-09-30', 'a', 99, 1)"
        )
    return Origin(Folder(tmp_path), 1, {"theirs": f"duckdb:///{path}"})


def asking(query=QUERY, connection="theirs"):
    return Account("google_ads", "acme", "EUR", "UTC", (), query=query, connection=connection)


def test_a_query_is_asked_for_the_month_and_answered_in_one_order(origin):
    (file,) = received(asking(), OCTOBER, origin)
    assert file.name == "theirs 2026-10.parquet"
    assert pq.read_table(io.BytesIO(file.content)).to_pylist() == [
        {"day": date(2026, 10, 1), "campaign": "a", "cost": Decimal("20.2500"), "shown": 7},
        {"day": date(2026, 10, 2), "campaign": "b", "cost": Decimal("1.5000"), "shown": None},
    ]


def test_the_same_rows_in_another_order_are_the_same_bytes(origin):
    one, other = (
        received(asking(f"{QUERY} order by day {way}"), OCTOBER, origin)[0].content for way in ("asc", "desc")
    )
    assert one == other


def test_a_month_without_rows_has_nothing(origin):
    assert received(asking(), OCTOBER.shift(1), origin) is None


def test_a_query_that_fails_says_what_the_database_said(origin):
    with pytest.raises(BadFileError, match=r"theirs 2026-10.parquet: expected a query .*nowhere"):
        received(asking("select * from nowhere"), OCTOBER, origin)


def test_more_than_is_let_in_is_refused(origin):
    query = "select repeat('x', 1000) as long from range(6000)"
    with pytest.raises(BadFileError, match="an answer of at most 4 MB"):
        received(asking(query), OCTOBER, origin)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "set SCOREWRIGHT_CONNECTION_THEIRS"),
        ("postgresql://u:s3cret-word@host:port/x", "found something else"),
        ("snowflake://u:s3cret-word@host/x", "has a dialect for, found snowflake"),
    ],
)
def test_a_connection_that_cannot_be_used_is_refused_without_its_secret(tmp_path, address, said):
    known = {} if address is None else {"theirs": address}
    with pytest.raises(UsageError, match=said) as raised:
        received(asking(), OCTOBER, Origin(Folder(tmp_path), 1, known))
    assert "s3cret" not in str(raised.value)

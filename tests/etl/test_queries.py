"""Tables of somebody's warehouse as a source."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from etl.account import Account
from etl.exports import Folder, Origin
from etl.formats.library import formats_of
from etl.formats.source import sources_of
from etl.landing import LandedFile
from etl.queries import received
from scoring.errors import BadFileError, UsageError
from scoring.period import Period

OCTOBER = Period(2026, 10)
HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/query-a-warehouse.md"
ORDER = (
    "'A-1' as order_id, date '2026-10-05' as order_date, 'web' as channel, 9.5 as amount, 'EUR' as currency"
)
FULL = f"select {ORDER}, 'K-1' as customer_id, 'DE' as country_code, true as new_customer"
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


def loaded(origin, folder, query, **options):
    """What the source makes of the answer; a book's formats lie in `folder`."""
    whose = Account("sales", "shop", "EUR", "UTC", (), options=options, query=query, connection="theirs")
    (file,) = received(whose, OCTOBER, origin)
    path = folder / "landed"
    path.write_bytes(file.content)
    landed = LandedFile(file.name, sha256(file.content).hexdigest(), len(file.content), path)
    return sources_of(formats_of(folder))["sales"].read([landed], whose, OCTOBER)


def test_all_columns_that_an_answer_lacks_are_named_at_once(origin, tmp_path):
    with pytest.raises(BadFileError) as raised:
        loaded(origin, tmp_path, f"select {ORDER}")
    said = str(raised.value)
    assert said.startswith("the answer to the query of sales/shop (theirs 2026-10.parquet): expected")
    assert "'Country', 'Customer' and 'New customer' among its columns, for 'order list' of sales" in said
    assert 'name them in the query (… as "Country")' in said


def test_an_answer_of_something_else_is_called_an_answer_too(origin, tmp_path):
    with pytest.raises(BadFileError, match=r"the answer to the query .* the columns of a format of sales"):
        loaded(origin, tmp_path, "select 1 as some, 2 as others")


def test_names_of_columns_may_have_underscores_for_blanks(origin, tmp_path):
    (row,) = loaded(origin, tmp_path, FULL).tables["fct_sale"].to_pylist()
    assert (row["order_id"], row["order_date"], row["amount"]) == ("A-1", date(2026, 10, 5), Decimal("9.5"))
    assert (row["customer_id"], row["country_code"], row["is_new_customer"]) == ("K-1", "DE", True)


def test_the_format_of_the_how_to_reads_orders_of_nobody_and_says_so(origin, tmp_path):
    (text,) = re.findall(r"```yaml\n(like: sales_orders_en\n.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    (tmp_path / "sales_orders_plain.yaml").write_text(text, "utf-8")
    found = loaded(origin, tmp_path, f"select {ORDER}", format="sales_orders_plain")
    (row,) = found.tables["fct_sale"].to_pylist()
    assert (row["customer_id"], row["country_code"], row["is_new_customer"]) == ("(none)", "ZZ", False)
    assert found.findings == ("no_new_customers",)

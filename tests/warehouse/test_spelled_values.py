"""Values are given to DuckDB as SQL, so that its driver does not import pandas."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from warehouse.duckdb import DuckDBWarehouse

VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.dates(),
    st.none(),
)
KINDS = {str: "varchar", int: "bigint", bool: "boolean", date: "date", type(None): "varchar"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    return DuckDBWarehouse.in_file(tmp_path_factory.mktemp("spelled") / "w.duckdb", 1)


@given(values=st.lists(VALUES, min_size=1, max_size=5))
def test_a_value_comes_back_as_it_was_given(warehouse, values):
    asked = ", ".join(f"cast(:v{place} as {KINDS[type(value)]})" for place, value in enumerate(values))
    given_ = {f"v{place}": value for place, value in enumerate(values)}
    with warehouse.opened() as connection:
        assert tuple(connection.execute(sa.text(f"select {asked}"), given_).one()) == tuple(values)


@pytest.mark.parametrize("text", ["'; drop table kept; --", "\\", "$1", ":v", "?", "a\0'b", "''", "%s", "中"])
def test_no_value_becomes_a_part_of_a_statement(warehouse, text):
    kept = sa.table("kept", sa.column("value"), sa.column("said"))
    with warehouse.opened() as connection:
        connection.exec_driver_sql("create or replace table kept (value varchar, said varchar default '$1')")
        connection.execute(sa.insert(kept).values(value=text))
        found = connection.execute(sa.select(kept).where(kept.c.value == text, kept.c.said != "?")).all()
        assert found == [(text, "$1")]
        connection.execute(sa.delete(kept).where(kept.c.value == text))
        assert connection.execute(sa.select(kept)).all() == []


def test_what_sql_cannot_spell_alike_is_left_to_the_driver(warehouse):
    with warehouse.opened() as connection:
        answer = connection.execute(sa.text("select typeof(:v), :v"), {"v": Decimal("1.50")}).one()
    assert answer[0].startswith("DECIMAL")
    assert str(answer[1]) == "1.50"


def test_no_question_imports_pandas(tmp_path):
    said = f"""
import sys
from datetime import date
from pathlib import Path
from scoring.period import Period
from warehouse.duckdb import DuckDBWarehouse
from warehouse.reading import contents_in, load_records
from warehouse.schema import create_schema
warehouse = DuckDBWarehouse.in_file(Path({str(tmp_path / "w.duckdb")!r}), 1)
create_schema(warehouse)
october = Period.parse("2026-10")
assert contents_in(warehouse, [october]) == {{}} and load_records(warehouse, [october], "ads") == []
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")

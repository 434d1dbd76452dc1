"""What is sent in binary is what stands in the table, to the last digit, for every type of facts and measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Context, Decimal

import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.postgres import Server
from warehouse.facts import fact_catalog
from warehouse.postgres.binary_copy import END, START, binary_rows

LARGEST, LARGEST_MEASURE = 10**18 - 1, 10**28 - 1
SCALES = (0, 1, 4, 6, 10, 16)
WIDE = Context(prec=40)
TYPES = {
    pa.string(): ("text", st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    pa.date32(): ("date", st.dates()),
    pa.int64(): ("bigint", st.integers(-(2**63), 2**63 - 1)),
    pa.bool_(): ("boolean", st.booleans()),
    **{
        pa.decimal128(18, scale): (
            f"numeric(18, {scale})",
            st.integers(-LARGEST, LARGEST).map(lambda number, scale=scale: Decimal(number).scaleb(-scale)),
        )
        for scale in SCALES
    },
    pa.decimal128(28, 10): (
        "numeric(28, 10)",
        st.integers(-LARGEST_MEASURE, LARGEST_MEASURE).map(lambda number: Decimal(number).scaleb(-10, WIDE)),
    ),
}
ROWS = st.lists(st.tuples(*(st.none() | values for _, values in TYPES.values())), max_size=30)


@pytest.fixture(scope="module")
def connection(postgres: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.new_database(), autocommit=True) as opened:
        columns = ", ".join(f"c{place} {name}" for place, (name, _) in enumerate(TYPES.values()))
        opened.execute(f"create table target (place int generated always as identity, {columns})")
        yield opened


def sent_and_read(connection, batch):
    names = ", ".join(batch.schema.names)
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        with cursor.copy(f"copy target ({names}) from stdin (format binary)") as copy:
            copy.write(START)
            copy.write(binary_rows(batch))
            copy.write(END)
        return cursor.execute(f"select {names} from target order by place").fetchall()


def batch_of(rows):
    columns = zip(*rows, strict=True) if rows else [()] * len(TYPES)
    arrays = [pa.array(values, kind) for kind, values in zip(TYPES, columns, strict=True)]
    return pa.record_batch(arrays, names=[f"c{place}" for place in range(len(arrays))])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS, first=st.integers(0, 3))
def test_every_value_of_every_type_arrives(connection, rows, first):
    """Also of a part of a batch, which begins in the middle of its memory."""
    assert sent_and_read(connection, batch_of(rows).slice(first)) == rows[first:]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("number", [0, 1, -1, 9999, 10_000, -10_000, 10**17, LARGEST, -LARGEST])
def test_decimals_at_the_borders_of_their_digits(connection, number, scale):
    value = Decimal(number).scaleb(-scale)
    place = [*TYPES].index(pa.decimal128(18, scale))
    batch = pa.record_batch([pa.array([value], pa.decimal128(18, scale))], names=[f"c{place}"])
    ((found,),) = sent_and_read(connection, batch)
    assert (found, found.as_tuple().exponent) == (value, -scale)


@pytest.mark.parametrize(
    "number", [0, 1, -1, 10**10 - 1, 10**10, -(10**10), 10**18, LARGEST_MEASURE, -LARGEST_MEASURE]
)
def test_measures_at_the_borders_of_their_halves(connection, number):
    value = Decimal(number).scaleb(-10, WIDE)
    place = [*TYPES].index(pa.decimal128(28, 10))
    batch = pa.record_batch([pa.array([value], pa.decimal128(28, 10))], names=[f"c{place}"])
    assert sent_and_read(connection, batch) == [(value,)]


def test_rows_in_which_nothing_is_missing(connection):
    row = ("", date(1, 1, 1), 0, False, *[Decimal(0)] * (len(SCALES) + 1))
    rows = [
        row,
        ("ü 中文 🚲", date(9999, 12, 31), -1, True, *[Decimal(1).scaleb(-s) for s in (*SCALES, 10)]),
    ]
    assert sent_and_read(connection, batch_of(rows)) == rows


def test_every_column_of_every_fact_can_be_sent():
    for fact in fact_catalog().values():
        arrays = [pa.nulls(2, column.type) for column in fact.columns]
        batch = pa.record_batch(arrays, names=[column.name for column in fact.columns])
        assert binary_rows(batch).size == 2 * (2 + 4 * len(arrays)), fact.name


@pytest.mark.parametrize(
    "kind", [pa.float64(), pa.decimal128(21, 2), pa.decimal128(18, 17), pa.timestamp("us"), pa.large_string()]
)
def test_another_type_is_refused(kind):
    with pytest.raises(TypeError, match="found "):
        binary_rows(pa.record_batch([pa.nulls(1, kind)], names=["x"]))

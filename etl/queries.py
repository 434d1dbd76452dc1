"""Tables of somebody's warehouse as a source: a query is asked, and its answer lands like an export.

Any database that SQLAlchemy has a dialect for will do. The answer is kept as Parquet, its rows in one order,
so that the same rows are the same bytes and nothing is loaded twice.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from disk.address import HIDDEN, parsed, without_options, without_secrets
from etl.account import Account, ExportFile
from etl.exports import Origin, find_exports
from etl.reading.door import MEGABYTE
from scoring.errors import BadFileError, UsageError
from scoring.period import Period

_AT_A_TIME = 20_000


def received(account: Account, month: Period, origin: Origin) -> tuple[ExportFile, ...] | None:
    """The account's data of the month: files, the answer to its query, or what is pulled from its platform.

    None where there is none.
    """
    if account.platform is not None and origin.pull is not None:
        return origin.pull(account, month)
    if account.query is None:
        return find_exports(account, month, origin)
    return ask(account, month, origin.connections, origin.most_megabytes)


def ask(
    account: Account, month: Period, connections: Mapping[str, str], most_megabytes: int
) -> tuple[ExportFile, ...] | None:
    """The answer to the account's query for the month, None where it has no rows.

    `:start` and `:end` of the query are the month's first day and the first day after it. Raises `UsageError`
    for a connection that is not known, and `BadFileError` for a query that fails or answers too much.
    """
    name = f"{account.connection} {month}.parquet"
    url = _url(account, connections)
    try:
        table = _answer(account, month, url, name, most_megabytes)
    except sa.exc.SQLAlchemyError as error:
        raise BadFileError(
            name,
            expected="a query that the database can answer",
            found=_reason(error, url),
            hint=f"correct `query` or the connection of {account.name} and rerun",
        ) from None
    if not table.num_rows:
        return None
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd", version="2.6")
    return (ExportFile(name, content.getvalue()),)


def _url(account: Account, connections: Mapping[str, str]) -> sa.URL:
    address = connections.get(str(account.connection))
    if address is None:
        raise UsageError(
            f"{account.name}: expected the address of its connection "
            f"{account.connection!r}, found none; set SCOREWRIGHT_CONNECTION_{_variable(account)}."
        )
    url = parsed(address)
    if url is None:
        raise UsageError(
            f"SCOREWRIGHT_CONNECTION_{_variable(account)}: expected the address of a database such as "
            "postgresql+psycopg://user@host/name, found something else; correct it."
        )
    return url


def _variable(account: Account) -> str:
    return str(account.connection).upper().replace("-", "_")


def _answer(account: Account, month: Period, url: sa.URL, name: str, most_megabytes: int) -> pa.Table:
    engine = _engine(url)
    try:
        with engine.connect().execution_options(stream_results=True) as connection:
            query = sa.text(str(account.query))
            known = {"start": month.start, "end": month.end}
            asked = {key: value for key, value in known.items() if key in query.compile().params}
            result = connection.execute(query, asked)
            batches = _batches(result, name, most_megabytes)
            return _in_order(pa.concat_tables(batches, promote_options="permissive"))
    finally:
        engine.dispose()


def _engine(url: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(url)
    except sa.exc.NoSuchModuleError:
        raise UsageError(
            f"connection: expected a database that SQLAlchemy has a dialect for, found {url.drivername}; "
            "install its package beside Scorewright."
        ) from None
    except ImportError as error:
        raise UsageError(
            f"connection: expected the driver of {url.drivername}, found none ({error.name}); "
            "install it beside Scorewright."
        ) from None


def _batches(result: sa.CursorResult[Any], name: str, most_megabytes: int) -> Iterator[pa.Table]:
    names, size = list(result.keys()), 0
    yield pa.table({column: pa.array([], pa.null()) for column in names})
    for rows in result.partitions(_AT_A_TIME):
        batch = pa.table({column: _column(rows, at) for at, column in enumerate(names)})
        size += batch.nbytes
        if size > most_megabytes * MEGABYTE * 4:  # what is landed is packed to about a quarter
            raise BadFileError(
                name,
                expected=f"an answer of at most {most_megabytes * 4:,} MB",
                found="more",
                hint="ask for fewer columns or sums by day, or raise SCOREWRIGHT_MAX_EXPORT_MB, and rerun",
            )
        yield batch


def _column(rows: Any, at: int) -> pa.Array:
    values = [row[at] for row in rows]
    try:
        return pa.array(values)
    except pa.ArrowException:  # values of several types, or of one that Arrow does not know
        return pa.array([*map(_text, values)], pa.string())


def _text(value: object) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _in_order(table: pa.Table) -> pa.Table:
    """The rows in the order of all their columns: a database gives them in any."""
    keys = {f"{at}": pc.fill_null(column.cast(pa.string()), "") for at, column in enumerate(table.columns)}
    order = pc.sort_indices(pa.table(keys), sort_keys=[(key, "ascending") for key in keys])
    return table.take(order).combine_chunks().replace_schema_metadata(None)


def _reason(error: sa.exc.SQLAlchemyError, url: sa.URL) -> str:
    """What the database said, without any secret of its address: some drivers repeat what they are given."""
    said = without_secrets(" ".join(str(getattr(error, "orig", None) or error).split()), url)
    for secret in without_options(url)[1].values():
        said = said.replace(secret, HIDDEN)
    return said[:300]

"""A seal beside each row: what changes a row without the program changes it unseen by nobody.

A row's seal is made anew in the transaction that writes the row. It is over what the database holds, so
a column that a later version adds, and that an old row has nothing in, leaves the seal as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select

from ledger.tables import (
    approvals,
    bounces,
    confirmations,
    deliveries,
    documents,
    issues,
    judgements,
    notices,
    restatements,
    row_seals,
)
from scoring.errors import DataError

SEALED = (issues, documents, confirmations, deliveries, judgements, restatements, approvals, bounces, notices)
"""The tables whose rows are sealed; each has an `id`."""


def seal(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """Seal the rows of a table that were just written."""
    seals = dict(_rows(connection, table, which))
    if not seals:
        return
    of_table = row_seals.c.table_name == table.name
    connection.execute(delete(row_seals).where(of_table, row_seals.c.row_id.in_(seals)))
    connection.execute(
        insert(row_seals),
        [{"table_name": table.name, "row_id": row_id, "sha256": sha256} for row_id, sha256 in seals.items()],
    )


def refuse_changed(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    """Raise `DataError` where a row that is about to be written is not what was written last.

    Writing it would seal it anew, and nobody would ever find what was changed in it. The rows are locked, so
    that on a server no other process writes them between their reading and that of their seals.
    """
    now = dict(_rows(connection, table, which, alone=True))
    of_rows = row_seals.c.table_name == table.name, row_seals.c.row_id.in_(now)
    known = connection.execute(select(row_seals.c.row_id, row_seals.c.sha256).where(*of_rows))
    changed = sorted(now.items() - set(map(tuple, known)))
    if changed:
        raise DataError(
            f"ledger: expected row {changed[0][0]} of {table.name} as it was written, found it changed; "
            "restore the ledger from a backup, and see `scorewright verify --all` for what else is changed."
        )


def seals_of(connection: Connection, table: Table) -> Mapping[int, str]:
    """What the seal of each row of a table would be, by the row's id."""
    return dict(_rows(connection, table, table.c.id.is_not(None)))


def kept_seals(connection: Connection, table: Table) -> Mapping[int, str]:
    """The seals that were made when the rows of a table were written."""
    query = select(row_seals).where(row_seals.c.table_name == table.name)
    return {row.row_id: row.sha256 for row in connection.execute(query)}


def _rows(
    connection: Connection, table: Table, which: ColumnElement[bool], *, alone: bool = False
) -> Iterator[tuple[int, str]]:
    query = select(table).where(which)
    for row in connection.execute(query.with_for_update() if alone else query).mappings():
        said = {name: _plain(value) for name, value in row.items() if value is not None}
        spelled = json.dumps([table.name, said], ensure_ascii=False, sort_keys=True)
        yield row["id"], hashlib.sha256(spelled.encode()).hexdigest()


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value

"""What people entered for KPIs, within a transaction: adding it and finding what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select

from ledger.records import Entry, EntryKind
from ledger.seals import seal
from ledger.tables import judgements


def newest_entries(connection: Connection, periods: Sequence[str], team_id: str) -> tuple[Entry, ...]:
    """The entry that counts for each period, KPI and kind, in this order."""
    key = (judgements.c.period, judgements.c.kpi_id, judgements.c.kind)
    of_team = and_(judgements.c.team_id == team_id, judgements.c.period.in_(periods))
    newest = select(*key, func.max(judgements.c.number).label("number")).where(of_team).group_by(*key)
    last = newest.subquery()
    query = (
        select(judgements)
        .join(
            last,
            and_(*(judgements.c[name] == last.c[name] for name in ("period", "kpi_id", "kind", "number"))),
        )
        .where(of_team)
        .order_by(*key)
    )
    return tuple(_entry(row) for row in connection.execute(query))


def enter(connection: Connection, entry: Entry) -> bool:
    """Add an entry; False if it already counts, or its form entered it before.

    An `IntegrityError` means that another process entered something meanwhile.
    """
    said_before = [
        *connection.execute(select(judgements).where(_same_key(entry)).order_by(judgements.c.number))
    ]
    if any(row.form_sha256 == entry.form_sha256 for row in said_before):
        return False
    if said_before and (said_before[-1].value, said_before[-1].comment) == (entry.value, entry.comment):
        return False
    values = {**asdict(entry), "kind": entry.kind.value, "number": len(said_before) + 1}
    connection.execute(insert(judgements).values(**values))
    seal(connection, judgements, and_(_same_key(entry), judgements.c.number == values["number"]))
    return True


def _same_key(entry: Entry) -> ColumnElement[bool]:
    return and_(
        judgements.c.period == entry.period,
        judgements.c.team_id == entry.team_id,
        judgements.c.kpi_id == entry.kpi_id,
        judgements.c.kind == entry.kind.value,
    )


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    values = dict(row._mapping)
    del values["id"], values["number"]
    return Entry(**{**values, "kind": EntryKind(values["kind"])})

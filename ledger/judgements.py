"""What people entered for KPIs, within a transaction: adding it and finding what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select

from ledger.records import Entry, EntryKind
from ledger.seals import seal
from ledger.tables import judgements


def newest_entries(
    connection: Connection, periods: Sequence[str], teams: Collection[str]
) -> dict[str, tuple[Entry, ...]]:
    """The entry that counts for each period, KPI and kind, in this order, by team."""
    names = ("team_id", "period", "kpi_id", "kind")
    key = [judgements.c[name] for name in names]
    wanted = and_(judgements.c.team_id.in_(teams), judgements.c.period.in_(periods))
    newest = select(*key, func.max(judgements.c.number).label("number")).where(wanted).group_by(*key)
    last = newest.subquery()
    same = and_(*(judgements.c[name] == last.c[name] for name in (*names, "number")))
    rows = connection.execute(select(judgements).join(last, same).where(wanted).order_by(*key))
    return {team_id: tuple(found) for team_id, found in groupby(map(_entry, rows), attrgetter("team_id"))}


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

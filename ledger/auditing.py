"""The ledger held against itself: its file, its tables, its chain of issues and the seal of each row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, text

from disk.address import shown
from disk.findings import Finding
from ledger.chain import broken_links
from ledger.connection import engine_for, reading
from ledger.issues import revisions
from ledger.migrating import migrate_ledger
from ledger.seals import SEALED, kept_seals, seals_of
from ledger.store import Ledger

FROM_BACKUP = "restore the ledger from a backup: what it holds exists nowhere else"
_SCHEMA = "select type, name, sql from sqlite_master where name not like 'sqlite_%'"


@dataclass(frozen=True, slots=True)
class AuditedLedger:
    """How many issues and rows were looked at, and what of them is not as it was written."""

    issues: int
    rows: int
    findings: Sequence[Finding]


def audit_ledger(ledger: Ledger) -> AuditedLedger:
    """Hold every issue against the chain and every row against its seal; raises what the database refuses."""
    where = f"ledger {shown(ledger.engine.url)}"
    with reading(ledger.engine) as connection:
        found = [
            *_of_file(connection),
            *_of_chain(connection),
            *(fault for table in SEALED for fault in _of_rows(connection, table.name)),
        ]
        issues = revisions(connection, None)
        rows = sum(len(seals_of(connection, table)) for table in SEALED)
    return AuditedLedger(len(issues), rows, [Finding(where, fault, FROM_BACKUP) for fault in found])


def _of_file(connection: Connection) -> Iterator[str]:
    """A server looks after its own pages and tables; SQLite does so only where it is asked."""
    if connection.dialect.name != "sqlite":
        return
    for pragma in ("integrity_check", "foreign_key_check"):
        for row in connection.execute(text(f"pragma {pragma}")).all()[:3]:
            if tuple(row) != ("ok",):
                yield f"its file is damaged ({' '.join(str(row[0]).split())})"
    expected, found = _fresh_schema(), _schema(connection)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield f"its {name} is not what the program made"


def _of_chain(connection: Connection) -> Iterator[str]:
    for issue in broken_links(revisions(connection, None)):
        yield (
            f"issue {issue.id} ({issue.name}) does not follow from those before it: "
            "it or one of them was changed or taken away"
        )


def _of_rows(connection: Connection, name: str) -> Iterator[str]:
    table = next(table for table in SEALED if table.name == name)
    now, kept = seals_of(connection, table), kept_seals(connection, table)
    for row_id in sorted(now.keys() | kept.keys()):
        if row_id not in now:
            yield f"row {row_id} of {name} is gone"
        elif now[row_id] != kept.get(row_id):
            yield f"row {row_id} of {name} is not what was written"


@cache
def _fresh_schema() -> Mapping[str, str]:
    """What the migrations make; they take longer than all else that is looked at in a small ledger."""
    with TemporaryDirectory(prefix="scorewright-verify-") as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.sqlite'}"
        migrate_ledger(url)
        with reading(engine_for(url)) as connection:
            return _schema(connection)


def _schema(connection: Connection) -> dict[str, str]:
    """The statements behind tables and triggers, however a version of SQLite sets quotes and blanks."""
    rows = connection.execute(text(_SCHEMA))
    return {f"{row.type} {row.name}": re.sub(r'[\s"]+', " ", row.sql or "") for row in rows}

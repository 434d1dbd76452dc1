"""All that an installation knows, as JSON: warehouse, ledger and files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.faults.place import Place

_TIMES = ("loaded_at", "landed_at", "landing_seal", "issued_at")
"""When something happened: as it was for one place, but not the same in a run that was killed before."""


def dump(place: Place) -> dict[str, Any]:
    """Every row of every table and the hash of every file that has its final name."""
    site = place.open()
    with site.warehouse.opened() as connection:
        tables = _tables(connection)
        tables["damaged"] = [{"fault": fault} for fault in site.warehouse.facts.damaged(connection)]
    with site.ledger.engine.connect() as connection:
        ledger = _tables(connection)
    return {"warehouse": tables, "ledger": ledger, "files": _files(place.home)}


def timeless(tables: dict[str, list[dict[str, str]]]) -> dict[str, list[str]]:
    """The rows of a dump's tables as texts without times, to compare with another place."""
    return {
        name: sorted(str({key: value for key, value in row.items() if key not in _TIMES}) for row in rows)
        for name, rows in tables.items()
    }


def _tables(connection: sa.Connection) -> dict[str, list[dict[str, str]]]:
    tables = {}
    for name in sorted(filter(_is_whole, sa.inspect(connection).get_table_names())):
        rows = connection.execute(sa.text(f"select * from {name}")).mappings()
        tables[name] = sorted(({key: str(row[key]) for key in row} for row in rows), key=str)
    return tables


def _is_whole(table: str) -> bool:
    """Not one of the parts of a fact, whose rows are those of the fact."""
    return re.search(r"_(\d{4}_\d{2}|other)$", table) is None


def _files(home: Path) -> dict[str, str]:
    """Cards, landing and mails; a hidden file is a draft that nothing reads."""
    found = {}
    for folder in ("scorecards", "landing", "outbox"):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[str(path.relative_to(home))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found

"""Removes files of a lake that no slice names any more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from disk import Place, contents_of, files_below, modified, remove, write_atomically
from lake.facts import named_files
from warehouse import Warehouse
from warehouse.facts import fact_catalog

KEPT_FOR = timedelta(days=1)
"""So long a file stays after it was found unnamed: whoever began to read before may still need it."""

_NOTES = "unnamed.json"


def tidy(warehouse: Warehouse, lake: Place, now: datetime) -> tuple[list[Place], list[Place]]:
    """Remove the files that were found unnamed a day before `now` (with its zone), and still are.

    Returns those removed, and those that stay for now. A file is unnamed if the warehouse says of no slice
    that its rows are in it: it was replaced, or whoever wrote it was killed before its transaction ended.
    """
    unnamed, known = _unnamed(warehouse, lake), _noted(lake)
    # one that was written again may be of a transaction that has not ended yet
    since = {name: max(known.get(name, now), modified(place)) for name, place in unnamed.items()}
    left = {name: str(moment) for name, moment in since.items() if now - moment < KEPT_FOR}
    removed = [unnamed[name] for name in unnamed if name not in left]
    for place in removed:
        remove(place)
    write_atomically(lake / _NOTES, json.dumps(left, indent=1).encode())
    return removed, [unnamed[name] for name in left]


def _unnamed(warehouse: Warehouse, lake: Place) -> Mapping[str, Place]:
    """The files that no slice needs, by their names in the lake."""
    with warehouse.opened() as connection:
        named = {file.at(lake) for file in named_files(connection, fact_catalog())}
    files = (place for place in files_below(lake) if place.name.endswith(".parquet"))
    return {str(place).removeprefix(f"{lake}/"): place for place in files if place not in named}


def _noted(place: Place) -> Mapping[str, datetime]:
    notes = place / _NOTES
    if not notes.exists():
        return {}
    said = json.loads(next(iter(contents_of([notes]))))
    return {name: datetime.fromisoformat(first) for name, first in said.items()}

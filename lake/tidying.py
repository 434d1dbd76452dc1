"""Removes files of a lake that no slice names any more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from disk import Place, contents_of, files_below, modified, remove, write_atomically
from lake.facts import named_files
from warehouse import Warehouse
from warehouse.engine import FACT_FILES
from warehouse.facts import fact_catalog

KEPT_FOR = timedelta(days=1)
"""So long a file stays after it was found unnamed: whoever began to read before may still need it."""

_NOTES = "unnamed.json"
_NOTED = TypeAdapter(dict[str, datetime])
_AT_ONCE = 200
"""So many are removed while loads wait."""


def tidy(warehouse: Warehouse, lake: Place, now: datetime) -> tuple[list[Place], list[Place]]:
    """Remove the files that were found unnamed a day before `now` (with its zone), and still are.

    Returns those removed, and those that stay for now. A file is unnamed if the warehouse says of no slice
    that its rows are in it: it was replaced, or whoever wrote it was killed before its transaction ended.
    What is not named as a file of facts is let be.
    """
    unnamed, known = _unnamed(warehouse, lake), _noted(lake)
    # one that was written again may be of a transaction that has not ended yet
    since = {name: max(known.get(name, now), modified(place)) for name, place in unnamed.items()}
    left = {name: str(moment) for name, moment in since.items() if now - moment < KEPT_FOR}
    removed = [*_removed(warehouse, lake, [unnamed[name] for name in unnamed if name not in left])]
    write_atomically(lake / _NOTES, json.dumps(left, indent=1).encode())
    return removed, [unnamed[name] for name in left]


def _removed(warehouse: Warehouse, lake: Place, places: list[Place]) -> Iterator[Place]:
    """Remove the files, but for one that a load has named again by now; no load ends meanwhile."""
    for start in range(0, len(places), _AT_ONCE):
        with warehouse.transaction() as connection:
            warehouse.lock_table(connection, FACT_FILES)
            named = {file.at(lake) for file in named_files(connection, fact_catalog())}
            for place in _others(places[start : start + _AT_ONCE], named):
                remove(place)
                yield place


def _others(places: Iterable[Place], named: set[Place]) -> Iterator[Place]:
    return (place for place in places if place not in named)


def _unnamed(warehouse: Warehouse, lake: Place) -> Mapping[str, Place]:
    """The files that no slice needs, by their names in the lake."""
    with warehouse.opened() as connection:
        named = {file.at(lake) for file in named_files(connection, fact_catalog())}
    found = {str(place).removeprefix(f"{lake}/"): place for place in _others(files_below(lake), named)}
    return {name: place for name, place in found.items() if _is_of_facts(name)}


def _is_of_facts(name: str) -> bool:
    """Whether a name in the lake is one that a load gives: others may keep files there, too."""
    fact, _, rest = name.partition("/")
    return fact in fact_catalog() and re.fullmatch(r"\d{4}-\d{2}/[0-9a-f]{64}\.parquet", rest) is not None


def _noted(place: Place) -> Mapping[str, datetime]:
    """Since when each file was found unnamed; where that cannot be read, all waiting begins anew."""
    notes = place / _NOTES
    if not notes.exists():
        return {}
    try:
        known = _NOTED.validate_json(next(iter(contents_of([notes]))))
    except ValidationError:
        return {}
    return {name: moment for name, moment in known.items() if moment.tzinfo}

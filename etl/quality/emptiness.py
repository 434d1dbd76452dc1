"""A month that had rows must not silently lose them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from scoring.errors import BadFileError
from warehouse import LoadRecord, Slice, SliceLoad


def refuse_emptied(load: SliceLoad, records: Iterable[LoadRecord]) -> None:
    """Raise `BadFileError` if the slice would lose all rows of a fact that it has now.

    Fewer rows are allowed: platforms do withdraw rows.
    """
    before = _rows_of(load.slice, records)
    for fact, table in load.conformed.tables.items():
        if before.get(fact) and not table.num_rows:
            raise BadFileError(
                ", ".join(map(attrgetter("name"), load.files)),
                expected=f"rows of {load.slice}, which has {before[fact]} in {fact} now",
                found="none",
                hint="export it again and rerun; if the month is really empty, run with --allow-empty",
            )


def _rows_of(which: Slice, records: Iterable[LoadRecord]) -> Mapping[str, int]:
    """How many rows of each fact a slice has now."""
    facts = {(record.source, record.entity, record.month): record.facts for record in records}
    return facts.get((which.source, which.entity, which.month), {})

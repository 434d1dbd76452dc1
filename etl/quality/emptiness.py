"""A month that had rows must not silently lose them all."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.errors import BadFileError
from warehouse import LoadRecord, SliceLoad


def refuse_emptied(load: SliceLoad, records: Iterable[LoadRecord]) -> None:
    """Raise `BadFileError` if the slice would lose all rows of a fact that it has now.

    Fewer rows are allowed: platforms do withdraw rows.
    """
    which = load.slice
    before = {(record.source, record.entity, record.month): record for record in records}
    record = before.get((which.source, which.entity, which.month))
    for fact, table in load.conformed.tables.items():
        rows = record.facts.get(fact, 0) if record else 0
        if rows and not table.num_rows:
            raise BadFileError(
                ", ".join(file.name for file in load.files),
                expected=f"rows of {which}, which has {rows} in {fact} now",
                found="none",
                hint="export it again and rerun; if the month is really empty, run with --allow-empty",
            )

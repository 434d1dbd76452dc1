"""The rows of several teams together, as those that a department's card adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from scoring.spans import Days
from warehouse.engine import Warehouse
from warehouse.tracing import SourceRow, source_rows


def rows_of_teams(
    warehouse: Warehouse, measure: tuple[str, Days], team_ids: Iterable[str]
) -> tuple[SourceRow, ...]:
    """The rows of a measure that any of the teams has, each once and with their shares of it together."""
    found: dict[tuple[object, ...], SourceRow] = {}
    for team_id in team_ids:
        # two rows of one team may be alike in everything
        alike = Counter[tuple[object, ...]]()
        for row in source_rows(warehouse, *measure, team_id):
            key = (*_told_apart(row), alike[_told_apart(row)])
            alike[_told_apart(row)] += 1
            known = found.get(key)
            found[key] = row if known is None else replace(known, share=known.share + row.share)
    return tuple(sorted(found.values(), key=attrgetter("source", "entity", "day", "owner_key")))


def _told_apart(row: SourceRow) -> tuple[object, ...]:
    """What makes it another row, whoever has a share of it."""
    return row.source, row.entity, row.owner_key, row.day, *row.names.items(), row.value

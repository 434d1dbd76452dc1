"""Refused exports, remembered by slice: what stands on one must not look as if nothing newer had come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from scoring.period import Period
from warehouse.engine import Warehouse
from warehouse.recording import is_slice
from warehouse.records import Slice

_COLUMNS = ("source", "entity", "slice_month", "step", "reason", "sentence", "refused_at")
REFUSAL = sa.table("refusal", *map(sa.column, _COLUMNS))


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A slice whose newest export was refused by a step, `extract` or `load`.

    `sentence` is the whole error; `reason` says what is wrong without any cell of the file, for a card.
    """

    slice: Slice
    step: str
    reason: str
    sentence: str


def refusals(warehouse: Warehouse, months: Collection[Period]) -> list[Refusal]:
    """The refusals of slices of `months`, in the order of slices; none where there is no warehouse yet."""
    if not warehouse.exists():
        return []
    with warehouse.opened() as connection:
        # made by a program that knew none of them
        if REFUSAL.name not in warehouse.table_names(connection):
            return []
        query = sa.select(REFUSAL).where(REFUSAL.c.slice_month.in_([month.start for month in months]))
        rows = connection.execute(query).all()
    return sorted(map(_refusal, rows))


def _refusal(row: Any) -> Refusal:
    which = Slice(row.source, row.entity, Period.containing(row.slice_month))
    return Refusal(which, row.step, row.reason, row.sentence)


def note_refusals(
    warehouse: Warehouse, step: str, known: Collection[Refusal], found: Iterable[Refusal], at: datetime
) -> None:
    """Remember what `step` refused `at` (with its zone), and forget what of `known` it did not refuse.

    `known` is what it refused before of the slices it looked at. Writes nothing where nothing is new, so that
    steps which only read do not wait for one another.
    """
    known, wanted = set(known), set(found)
    if known != wanted:
        _replace(
            warehouse, step, {each.slice for each in known | wanted}, [_row(each, at) for each in wanted]
        )


def _replace(
    warehouse: Warehouse, step: str, slices: Iterable[Slice], rows: Sequence[dict[str, object]]
) -> None:
    with warehouse.transaction("refusals") as connection:
        for which in slices:
            connection.execute(sa.delete(REFUSAL).where(is_slice(which), REFUSAL.c.step == step))
        if rows:
            connection.execute(sa.insert(REFUSAL), rows)


def _row(refusal: Refusal, at: datetime) -> dict[str, object]:
    return {
        "source": refusal.slice.source,
        "entity": refusal.slice.entity,
        "slice_month": refusal.slice.month.start,
        "step": refusal.step,
        "reason": refusal.reason,
        "sentence": refusal.sentence,
        "refused_at": at.astimezone(UTC).replace(tzinfo=None),
    }

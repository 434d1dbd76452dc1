"""Check-ins held against the key results that they speak of, and against each other."""

from __future__ import annotations

from collections.abc import Iterator

from book.fault import Fault
from book.files.check_ins import CheckInRow
from book.files.draft import Draft
from book.files.okr_shapes import KeyResultShape
from scoring.okr.agreed import Way
from scoring.period import Period


def lint_check_ins(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in okrs/check-ins.csv."""
    seen: set[tuple[str, str, object]] = set()
    for row in draft.okrs.check_ins:
        if row.objective_id not in draft.okrs.ids:
            yield row.fault(f"objective: expected one of okrs/, found {row.objective_id!r}; correct it")
            continue
        entry = draft.okrs.objectives.get(row.objective_id)
        if entry is None:
            continue
        key_result = entry.shape.key_results.get(row.key_result_id)
        if key_result is None:
            known = ", ".join(entry.shape.key_results)
            yield row.fault(f"key_result: expected one of {known}, found {row.key_result_id!r}; correct it")
        elif row.check_in is not None:
            yield from _said(row, key_result)
            yield from _day(row, entry.shape.period)
            slot = (row.objective_id, row.key_result_id, row.check_in.on)
            if slot in seen:
                yield row.fault(
                    f"{row.check_in.ref}: expected one check-in a day, found another on {row.check_in.on}; "
                    "leave the last word of the day"
                )
            seen.add(slot)


def _said(row: CheckInRow, key_result: KeyResultShape) -> Iterator[Fault]:
    """A milestone is done or not; a number is reported where nothing else measures it."""
    ways = key_result.ways()
    name = f"{row.objective_id}/{row.key_result_id}"
    if len(ways) != 1 or row.check_in is None:
        return
    if ways[0] in (Way.KPI, Way.MEASURE):
        yield row.fault(
            f"{name}: expected a key result with check_in or milestone, found one with {ways[0]}, "
            "whose number is measured; remove the row"
        )
    elif ways[0] is Way.MILESTONE and not row.is_done_said:
        yield row.fault("done: expected yes or no for a milestone, found nothing; fill it in")
    elif ways[0] is Way.CHECK_IN and row.is_done_said:
        yield row.fault("done: expected nothing where a number is reported, found it filled in; empty it")


def _day(row: CheckInRow, period: Period) -> Iterator[Fault]:
    """On any other day it would never count: a card shows the objectives of its last day."""
    if row.check_in is not None and row.check_in.on not in period:
        yield row.fault(f"on: expected a day of {period}, found {row.check_in.on}; give the day it is about")

"""Checks check-ins against their key results, and against each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from book.fault import Fault
from book.files.check_ins import CheckInRow
from book.files.draft import Draft
from book.files.okr_shapes import KeyResultShape, ObjectiveShape
from scoring.okr.agreed import Way
from scoring.okr.known import CheckIn
from scoring.period import Period


def lint_check_ins(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in okrs/check-ins.csv."""
    seen: set[tuple[str, str, date]] = set()
    for row in draft.okrs.check_ins:
        if row.objective_id not in draft.okrs.ids:
            yield row.fault(f"objective: expected one of okrs/, found {row.objective_id!r}; correct it")
        elif row.objective_id in draft.okrs.objectives:
            yield from _of_objective(row, draft.okrs.objectives[row.objective_id].shape, seen)


def _of_objective(
    row: CheckInRow, objective: ObjectiveShape, seen: set[tuple[str, str, date]]
) -> Iterator[Fault]:
    key_result = objective.key_results.get(row.key_result_id)
    if key_result is None:
        known = ", ".join(objective.key_results)
        yield row.fault(f"key_result: expected one of {known}, found {row.key_result_id!r}; correct it")
    elif row.check_in is not None:
        yield from _said(row, key_result)
        yield from _day(row, row.check_in, objective.period)
        yield from _doubled(row, row.check_in, seen)


def _said(row: CheckInRow, key_result: KeyResultShape) -> Iterator[Fault]:
    """A milestone is done or not; a number is reported if nothing else measures it."""
    match key_result.ways():
        case ((Way.KPI | Way.MEASURE) as way,):
            yield row.fault(
                f"{row.objective_id}/{row.key_result_id}: expected a key result with check_in or milestone, "
                f"found one with {way}, whose number is measured; remove the row"
            )
        case (Way.MILESTONE,) if not row.is_done_said:
            yield row.fault("done: expected yes or no for a milestone, found nothing; fill it in")
        case (Way.CHECK_IN,) if row.is_done_said:
            yield row.fault("done: expected nothing if a number is reported, found it filled in; empty it")


def _day(row: CheckInRow, check_in: CheckIn, period: Period) -> Iterator[Fault]:
    """On any other day it would never count: a card shows the objectives of its last day."""
    if check_in.on not in period:
        yield row.fault(f"on: expected a day of {period}, found {check_in.on}; give the day it is about")


def _doubled(row: CheckInRow, check_in: CheckIn, seen: set[tuple[str, str, date]]) -> Iterator[Fault]:
    slot = (check_in.objective_id, check_in.key_result_id, check_in.on)
    if slot in seen:
        yield row.fault(
            f"{check_in.ref}: expected one check-in a day, found another on {check_in.on}; "
            "keep the last one of the day"
        )
    seen.add(slot)

"""The known value of a key result on a day: a measured number, or a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile

from scoring.formula import Formula
from scoring.kpi import Kpi
from scoring.okr.agreed import KeyResult, Objective, Way
from scoring.working import MeasureValue, Reason


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What `by` reported for one key result on a day: a number, or whether a milestone is done, or both."""

    objective_id: str
    key_result_id: str
    on: date
    value: Decimal | None
    is_done: bool
    comment: str
    by: str

    @property
    def ref(self) -> str:
        """The key result's name in the whole book."""
        return f"{self.objective_id}/{self.key_result_id}"


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The current value with where it comes from, or the reason why there is none.

    `done_on` is the day on which a milestone was first reported done, and not withdrawn since.
    """

    value: Decimal | None = None
    reason: Reason | None = None
    formula: str = ""
    measures: tuple[MeasureValue, ...] = ()
    check_in: CheckIn | None = None
    done_on: date | None = None


def key_values(
    objective: Objective,
    kpis: Mapping[str, Kpi],
    measures: Mapping[str, Decimal],
    check_ins: Iterable[CheckIn],
    as_of: date,
    units: Mapping[str, str] | None = None,
) -> dict[str, KeyValue]:
    """The value of each key result by its ref.

    `measures` are the team's from the objective's first day to `as_of`, both included; of the check-ins
    those up to `as_of` count. `units` says which measures are not plain counts.
    """
    said = _said_by_ref(check_ins, as_of)
    values = {}
    for key_result in objective.key_results:
        ref, formula = objective.ref(key_result), _formula(key_result, kpis)
        if formula is None:
            values[ref] = _reported(key_result, said.get(ref, []))
        else:
            values[ref] = _measured(formula, measures, units or {})
    return values


def _formula(key_result: KeyResult, kpis: Mapping[str, Kpi]) -> str | None:
    """What measures the key result; None where people report it."""
    match key_result.way:
        case Way.KPI:
            return kpis[key_result.of].formula
        case Way.MEASURE:
            return key_result.of
    return None


def _said_by_ref(check_ins: Iterable[CheckIn], as_of: date) -> Mapping[str, list[CheckIn]]:
    """The check-ins of each key result up to `as_of`, the newest last."""
    said: dict[str, list[CheckIn]] = {}
    for check_in in sorted(check_ins, key=lambda row: row.on):
        if check_in.on <= as_of:
            said.setdefault(check_in.ref, []).append(check_in)
    return said


def _measured(formula: str, measures: Mapping[str, Decimal], units: Mapping[str, str]) -> KeyValue:
    parsed = Formula.parse(formula)
    shown = tuple(MeasureValue(name, measures.get(name), units.get(name, "count")) for name in parsed.names)
    value = parsed.evaluate(measures)
    if isinstance(value, Reason):
        return KeyValue(reason=value, formula=formula, measures=shown)
    return KeyValue(value, formula=formula, measures=shown)


def _reported(key_result: KeyResult, said: list[CheckIn]) -> KeyValue:
    """The newest check-in; a milestone that is done without a number has full progress."""
    if not said:
        return KeyValue(reason=Reason.NOT_REPORTED)
    newest, done_on = said[-1], _done_since(said)
    value = key_result.target if newest.value is None and done_on is not None else newest.value
    return KeyValue(
        value,
        reason=Reason.NOT_REPORTED if value is None else None,
        check_in=newest,
        done_on=done_on,
    )


def _done_since(said: Sequence[CheckIn]) -> date | None:
    """The first day of those on which it was said to be done and never taken back since."""
    done = list(takewhile(lambda check_in: check_in.is_done, reversed(said)))
    return done[-1].on if done else None

"""Objectives and key results as a card prints them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.text import LocalText
from scoring.working import Band, Cutoffs, MeasureValue, Reason, Working


@dataclass(frozen=True, slots=True)
class KeyResultResult:
    """A key result on the card's last day; `start`, `target` and `current` are in its unit.

    `progress` (1 = at the target, unrounded, without limits) is how far it has come; `score` (0 to 1,
    rounded once) is what that is worth. `of` names the KPI or measure behind it.
    """

    key_result_id: str
    name: LocalText
    way: str
    of: str
    unit: str
    decimals: int
    weight: Decimal
    effective_weight: Decimal
    start: Decimal
    target: Decimal
    current: Decimal | None
    progress: Decimal | None
    score: Decimal | None
    reason: Reason | None
    working: Working | None
    formula: str = ""
    measures: tuple[MeasureValue, ...] = ()
    checked_on: str | None = None
    checked_by: str = ""
    comment: str = ""

    @property
    def is_late(self) -> bool:
        """Whether it is a milestone that was done after its day."""
        return self.working is not None and "late" in self.working.applied

    @property
    def is_overdue(self) -> bool:
        """Whether it is a milestone that is still open after its day."""
        return self.working is not None and "overdue" in self.working.applied


@dataclass(frozen=True, slots=True)
class Alignment:
    """The key result, perhaps of another team, that an objective serves."""

    team_name: LocalText
    objective_id: str
    objective_name: LocalText
    key_result_id: str
    key_result_name: LocalText


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """An objective on the card's last day, after `elapsed_days` of its `days`.

    `score` is the weighted mean of its key results' scores, rounded once; None if none has one.
    """

    objective_id: str
    name: LocalText
    ambition: str
    period: str
    elapsed_days: int
    days: int
    cutoffs: Cutoffs
    score: Decimal | None
    band: Band
    supports: Alignment | None
    key_results: tuple[KeyResultResult, ...]

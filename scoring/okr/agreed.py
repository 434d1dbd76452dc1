"""Objectives and key results as agreed: what a team wants to move, and how far.

A KPI keeps the business healthy; a key result moves it. A key result's score is not its progress
(分数不是进度): the two are computed separately, in `scoring.okr.key_result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from scoring.anchors import Anchor
from scoring.arithmetic import EXACT
from scoring.errors import BookError
from scoring.kpi import Unit
from scoring.period import Period
from scoring.text import LocalText
from scoring.working import Cutoffs


class Ambition(StrEnum):
    """Whether an objective is a full promise, or set so high that most of it is a success."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"


CUTOFFS = {
    Ambition.COMMITTED: Cutoffs(green=Decimal(1), amber=Decimal("0.7")),
    Ambition.ASPIRATIONAL: Cutoffs(green=Decimal("0.7"), amber=Decimal("0.4")),
}


class Way(StrEnum):
    """Where a key result's number comes from.

    `kpi`: a KPI's formula over the objective's days so far; `measure`: one measure over them;
    `milestone`: done or not, by a day; `check_in`: a number that somebody reports.
    """

    KPI = "kpi"
    MEASURE = "measure"
    MILESTONE = "milestone"
    CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class Lateness:
    """From so many `days` late on a milestone is worth `score`."""

    days: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class KeyResult:
    """One thing that shows whether the objective is reached.

    `start` and `target` are in `unit`; the way between them may rise or fall. `of` names the KPI or
    measure; `due` is a milestone's day. `scores`, from 0 to 1, are empty where the score is the progress. A
    milestone without numbers of its own goes from 0 to 100 %; `late` are steps of what it is worth once it is
    late, 1 without any.
    """

    id: str
    name: LocalText
    weight: Decimal
    way: Way
    start: Decimal = Decimal(0)
    target: Decimal = Decimal(1)
    unit: Unit = Unit.PERCENT
    decimals: int = 0
    of: str = ""
    due: date | None = None
    scores: tuple[Anchor, ...] = ()
    late: tuple[Lateness, ...] = ()

    def worth(self, days_late: int) -> Decimal:
        """What a milestone is worth that was done so many days late; in time where that is 0."""
        reached = [step.score for step in self.late if step.days <= days_late]
        return reached[-1] if reached else Decimal(1)


def check_late(steps: Sequence[Lateness]) -> None:
    """Raise `BookError` unless the later a milestone is, the less it is worth."""
    for before, after in pairwise((Lateness(0, Decimal(1)), *steps)):
        if after.days <= before.days or after.score > before.score:
            raise BookError(
                f"late: expected days that rise from 1 and scores from 1 down that never rise, found "
                f"{after.days} days ({after.score}) after {before.days} ({before.score})."
            )


@dataclass(frozen=True, slots=True)
class Objective:
    """What a team wants to reach in a period; `parent` is the key result that it serves, by its ref."""

    id: str
    name: LocalText
    team_id: str
    period: Period
    ambition: Ambition
    key_results: tuple[KeyResult, ...]
    parent: str | None = None

    def ref(self, key_result: KeyResult) -> str:
        """The key result's name in the whole book, such as `q4_voice/followers`."""
        return f"{self.id}/{key_result.id}"


def line_of(start: Decimal, target: Decimal, scores: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    """The line from the value to the score: 0 at the start, then through every anchor.

    Without anchors it ends with 1 at the target. Raises `BookError` if start and target are equal, or the
    anchors do not lead from one to the other up to a score of 1.
    """
    if start == target:
        raise BookError(f"target: expected another number than the start, found {target} for both.")
    line = (Anchor(start, Decimal(0)), *(scores or (Anchor(target, Decimal(1)),)))
    _check_way(start, target, line)
    if line[-1].score != 1:
        raise BookError(f"scores: expected a last score of 1, found {line[-1].score}.")
    return line


def _check_way(start: Decimal, target: Decimal, line: tuple[Anchor, ...]) -> None:
    for before, after in pairwise(line):
        onwards = EXACT.multiply(after.at - before.at, target - start)
        if onwards <= 0 or after.score < before.score:
            raise BookError(
                f"scores: expected values that go from {start} towards {target} with scores that never "
                f"fall, found {after.at} ({after.score}) after {before.at} ({before.score})."
            )

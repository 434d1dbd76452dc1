"""From the shape of an objective to the value that is scored."""

from __future__ import annotations

from typing import Any

from book.files.okr_shapes import KeyResultShape, ObjectiveShape
from scoring.anchors import Anchor
from scoring.okr.agreed import KeyResult, Lateness, Objective


def objective_of(shape: ObjectiveShape) -> Objective:
    """The objective of a sound book."""
    return Objective(
        id=shape.id,
        name=shape.name.value(),
        team_id=shape.team,
        period=shape.period,
        ambition=shape.ambition,
        key_results=tuple(key_result_of(key_id, item) for key_id, item in shape.key_results.items()),
        parent=shape.parent,
    )


def key_result_of(key_id: str, shape: KeyResultShape) -> KeyResult:
    """The key result; a milestone without numbers goes from 0 to 100 %."""
    return KeyResult(
        id=key_id,
        name=shape.name.value(),
        weight=shape.weight,
        way=shape.ways()[0],
        decimals=shape.decimals,
        of=shape.kpi or shape.measure or "",
        due=shape.milestone,
        scores=anchors_of(shape),
        late=late_of(shape),
        **_numbers_of(shape),
    )


def _numbers_of(shape: KeyResultShape) -> dict[str, Any]:
    """The numbers that it states; a key result itself knows what the others are."""
    stated = {"start": shape.start, "target": shape.target, "unit": shape.unit}
    return {name: value for name, value in stated.items() if value is not None}


def anchors_of(shape: KeyResultShape) -> tuple[Anchor, ...]:
    """The score's own line; empty if the score is the progress."""
    return tuple(Anchor(anchor.at, anchor.score) for anchor in shape.scores or ())


def late_of(shape: KeyResultShape) -> tuple[Lateness, ...]:
    """What a milestone is worth once it is late; empty if as much as in time."""
    return tuple(Lateness(step.days, step.score) for step in shape.late or ())

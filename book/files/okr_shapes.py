"""The shape of okrs/<id>.yaml: one objective with its key results."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from book.files.fields import Day, Id, Name, Number, PeriodName, Some, Whole
from book.files.shapes import NameShape, Shape
from scoring.kpi import Unit
from scoring.okr.agreed import Ambition, Way


class AnchorShape(Shape):
    """What a key result is worth at a value."""

    at: Number
    score: Annotated[Number, Field(ge=0, le=1)]


class LatenessShape(Shape):
    """What a milestone is worth from so many days late on."""

    days: Whole
    score: Annotated[Number, Field(ge=0, le=1)]


class KeyResultShape(Shape):
    """One key result, valued by one of `kpi`, `measure`, `milestone` and `check_in`."""

    name: NameShape
    weight: Annotated[Number, Field(gt=0, le=100)]
    kpi: Name | None = None
    measure: Name | None = None
    milestone: Day | None = None
    check_in: Name | None = None
    start: Number | None = None
    target: Number | None = None
    unit: Unit | None = None
    decimals: Annotated[Whole, Field(ge=0, le=6)] = 0
    scores: Annotated[tuple[AnchorShape, ...], Some] | None = None
    late: Annotated[tuple[LatenessShape, ...], Some] | None = None

    def ways(self) -> tuple[Way, ...]:
        """What it is valued by; exactly one in a sound book."""
        return tuple(way for way in Way if getattr(self, way) is not None)


class ObjectiveShape(Shape):
    """okrs/<id>.yaml"""

    id: Id
    name: NameShape
    team: Name
    period: PeriodName
    ambition: Ambition
    parent: Name | None = None
    key_results: Annotated[dict[Id, KeyResultShape], Some]

"""What a card says of the drivers of one of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DriverPart:
    """What a measure or a member did to a figure, in the KPI's unit; `mix` and `rate` if it has a rate.

    `name` is the measure's id, or what the source calls the member; empty for all others together. A measure
    `moved` by so much itself, in its own unit.
    """

    name: str
    effect: Decimal
    mix: Decimal | None = None
    rate: Decimal | None = None
    moved: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DriversNote:
    """What moved a figure since the period `base`: parts that sum to `change`, by measure and by member.

    `by` says what the members are. The largest are named, and so many `others` added up at the end.
    """

    base: str
    change: Decimal
    by: tuple[str, ...]
    measures: tuple[DriverPart, ...]
    members: tuple[DriverPart, ...]
    others: int = 0

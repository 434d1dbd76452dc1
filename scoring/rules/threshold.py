"""A rule asked the other way round: the least attainment that a score needs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least attainment that will do; where `is_open`, anything above it, but not itself."""

    at: Decimal
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Unsolvable:
    """A rule's word that no attainment decides its score, and why."""

    why: str


Solution = Threshold | Unsolvable | None
"""None where the rule can be solved, and no attainment reaches the score."""

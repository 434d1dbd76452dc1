"""The inverse of a rule: the lowest attainment that a score needs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Threshold:
    """The lowest attainment that is enough; if `is_open`, anything above it, but not itself."""

    at: Decimal
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Unsolvable:
    """Why a rule's score does not depend on an attainment."""

    why: str


Solution = Threshold | Unsolvable | None
"""None if the rule can be solved but no attainment reaches the score."""

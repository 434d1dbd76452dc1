"""The book's choices about scores."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.scorecard import Band


@dataclass(frozen=True, slots=True)
class ScoringPolicy:
    """Digits of a score, the cut-offs of the status, and what a KPI without a score does to the total.

    `not_available` is `exclude`: the other weights scale up to the card's agreed sum.
    """

    digits: int
    green: Decimal
    amber: Decimal
    not_available: str

    def band(self, score: Decimal | None) -> Band:
        """The status of a score; a score on a cut-off has reached it."""
        if score is None:
            return Band.NOT_AVAILABLE
        if score >= self.green:
            return Band.GREEN
        return Band.AMBER if score >= self.amber else Band.RED

"""The points that lines cost or bring beyond their weights, as page 1 and the mail tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from reports.presenting.reader import Reader
from scoring.arithmetic import round_half_up
from scoring.scorecard import Scorecard

_DIGITS = 1


def lost_points(card: Scorecard) -> Mapping[str, Decimal]:
    """What is missing by KPI of the points that a score of 100 brings, below zero where it brings more.

    What a veto takes from other lines counts for the veto. A line that has no points is left out.
    """
    lost: dict[str, Decimal] = defaultdict(Decimal)
    for result in card.results:
        if result.points is not None:
            lost[result.overruled_by or result.kpi_id] += result.effective_weight - result.points
    return lost


def costliest_first(lost: Mapping[str, Decimal]) -> list[str]:
    """The KPIs by what they cost as it is told; those that cost the same in the order of the card."""
    return sorted(lost, key=lambda kpi_id: to_a_tenth(lost[kpi_id]), reverse=True)


def to_a_tenth(points: Decimal) -> Decimal:
    """Points as they are told: of less than a twentieth nobody is told."""
    return round_half_up(points, _DIGITS)


def told(points: Decimal, reader: Reader) -> str:
    """Points in words, to a tenth."""
    return reader.figures.number(points, _DIGITS)

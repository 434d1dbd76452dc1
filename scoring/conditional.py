"""What counts only if other KPIs score enough: KPIs, areas, and points on top of the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.text import LocalText

Scores = Mapping[str, Decimal]
"""The system's scores by KPI, of those that are asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A KPI of the card, and the score that it is held against."""

    kpi_id: str
    score: Decimal

    def is_known(self, scores: Scores) -> bool:
        """Whether the KPI has a score."""
        return self.kpi_id in scores

    def is_reached(self, scores: Scores) -> bool:
        """Whether it scores as much; a score on the edge does."""
        return scores[self.kpi_id] >= self.score


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """The KPIs of an area, or one, count as `at_most` so much unless all that is asked is reached."""

    asked: tuple[Asked, ...]
    at_most: Decimal
    kpi_id: str | None = None
    area: str | None = None

    def is_over(self, kpi_id: str, area: str) -> bool:
        """Whether it is about a KPI of an area."""
        return kpi_id == self.kpi_id or area == self.area

    def closed_by(self, scores: Scores) -> Asked | None:
        """The first KPI that scores less than is asked; one without a score is not asked."""
        missed = (each for each in self.asked if each.is_known(scores) and not each.is_reached(scores))
        return next(missed, None)


@dataclass(frozen=True, slots=True)
class Extra:
    """Points on top of the total if all that is asked is reached; below 0 a penalty if all of it is missed.

    `teams` are those that it is for, all where there are none.
    """

    name: LocalText
    points: Decimal
    asked: tuple[Asked, ...]
    teams: frozenset[str] = frozenset()

    def is_for(self, teams: Mapping[str, str]) -> bool:
        """Whether a card can have it, by the KPIs that it has and whose they are."""
        named = (teams.get(each.kpi_id, "") for each in self.asked)
        return all(team_id and team_id in (self.teams or (team_id,)) for team_id in named)

    @property
    def is_bonus(self) -> bool:
        """Whether it adds to the total."""
        return self.points > 0

    def is_given(self, scores: Scores) -> bool:
        """Whether it counts; without a score of a KPI nothing is known of it."""
        return all(each.is_known(scores) and each.is_reached(scores) is self.is_bonus for each in self.asked)


@dataclass(frozen=True, slots=True)
class AskedResult:
    """What was asked of a KPI, and what it scores, if it has a score."""

    kpi_id: str
    asked: Decimal
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class ExtraResult:
    """Points on top of a card's total, given or not, with what they depend on."""

    name: LocalText
    points: Decimal
    is_given: bool
    asked: tuple[AskedResult, ...]


def points_of(extras: Iterable[ExtraResult]) -> Decimal:
    """The sum of the points that are given."""
    return sum((extra.points for extra in extras if extra.is_given), Decimal(0))

"""What every rule declares: how it scores, how it is solved, its parameters, and what it fits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from scoring.cells import InCells
from scoring.formula import Formula
from scoring.rules.case import Case, Needs
from scoring.rules.parameters import Parameters
from scoring.rules.threshold import Solution, Threshold
from scoring.working import Reason, Working


class Scope(StrEnum):
    """What a veto sets to its value."""

    KPI = "kpi"
    AREA = "area"
    CARD = "card"


class Rule(ABC):
    """A scoring rule with its parameters read.

    `needs` is what it scores; `parameters` are the operands of its working that it brings itself. A rule that
    `is_two_sided` deducts points for too much as well as too little, so only the direction range fits it, and
    it scores a single target from both sides.
    """

    __slots__ = ()

    needs: ClassVar[Needs]
    parameters: ClassVar[Parameters]
    is_two_sided: ClassVar[bool] = False

    @property
    @abstractmethod
    def best(self) -> Decimal:
        """The most it can score."""

    @abstractmethod
    def score(self, case: Case) -> Working | Reason:
        """The unrounded score and its working; a `Reason` if an input is missing."""

    @abstractmethod
    def solve(self, score: Decimal) -> Solution:
        """The lowest attainment whose unrounded score is at least `score`; None if none reaches it.

        `Unsolvable` if the score does not depend on an attainment.
        """

    @property
    @abstractmethod
    def in_cells(self) -> InCells | None:
        """The unrounded score as a formula of a spreadsheet, see `scoring.cells`; None if there is none.

        Besides its settings it may name `{attainment}`, `{actual}`, `{held_against}` (the target, or the end
        of a range that is nearest), `{events}`, `{level}` and measures as `{measure:leads}`.
        """

    def furthest(self, score: Decimal, ends: tuple[Decimal, Decimal], *, is_above: bool) -> Decimal | None:
        """The actual furthest from a range, on one side of it, that scores enough; None if none does."""
        threshold = self.solve(score)
        if not isinstance(threshold, Threshold) or not 0 < threshold.at <= 1:
            return None
        low, high = ends
        return high / threshold.at if is_above else low * threshold.at

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas over measures that the rule itself has, in place of the KPI's."""
        return ()

    @property
    def names(self) -> tuple[str, ...]:
        """The measures in the rule's own formulas, each once."""
        return tuple(dict.fromkeys(name for formula in self.formulas for name in formula.names))

    @property
    def stated_target(self) -> Decimal | None:
        """The only target that a row may state for a rule that scores none; None for any."""
        return None

    @property
    def contradictions(self) -> tuple[tuple[str, str], ...]:
        """The pairs of its conditions that cannot hold together."""
        return ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The levels that an appraiser chooses from, in the order of the book."""
        return ()

    @property
    def veto(self) -> tuple[Scope, Decimal] | None:
        """What it sets to which value if its working applied `veto`; None for other rules."""
        return None


@dataclass(frozen=True, slots=True)
class Kind:
    """A rule before its parameters are read: its name in the book, its class and its reader."""

    name: str
    rule: type[Rule]
    parse: Callable[[Mapping[str, object]], Rule]

"""The book's choices about scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import chain

from scoring.conditional import Asked, Extra, OnlyIf
from scoring.distribution import NOTHING_ASKED, Distribution
from scoring.fiscal import Naming
from scoring.grading import GradeTable
from scoring.mix import Shares
from scoring.paper import Paper
from scoring.pay import Gate, Pay
from scoring.period import Cadence
from scoring.scorecard import StatusWord
from scoring.targets.terms import PartPeriods, TargetChange
from scoring.working import Band, Cutoffs


class NotAvailable(StrEnum):
    """What a KPI without a score does to the card.

    `exclude`: it is left out and the other weights scale up; `equal_parts`: it is left out and the others
    share its weight in equal parts; `zero`: it counts as 0; `hold`: it is left out, and the card is held
    until a person has checked it.
    """

    EXCLUDE = "exclude"
    EQUAL_PARTS = "equal_parts"
    ZERO = "zero"
    HOLD = "hold"


class RefusedFile(StrEnum):
    """What a refused export file does to the cards that stand on it."""

    HOLD = "hold"
    PROVISIONAL = "provisional"


class MissingSource(StrEnum):
    """What the lack of a necessary source does to the cards that stand on it."""

    PROVISIONAL = "provisional"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class AppraisalShares:
    """The shares of the system's, the person's own and the superior's score in a line, in percent.

    `cap` is the highest mark that a person may give, on the scale where 100 is on target.
    """

    system: Decimal
    self_: Decimal
    superior: Decimal
    cap: Decimal


@dataclass(frozen=True, slots=True)
class ScoringPolicy:
    """Digits of a score, the cut-offs of the status, and what a KPI without a score does to the card.

    `refused_file` is what a refused export does to the cards that stand on it, `missing_source` what the lack
    of one of the `necessary` sources does. `fiscal_named` says by which years fiscal years are named.
    `target_change` says which target scores a period within which it changes, `in_part` how a team is scored
    that has targets for only some of its days.

    The total sums scores that are rounded to `digits` already, unless `sum_unrounded` says otherwise;
    either way it is itself rounded once, and held between `total_limits`, the least and the most. `only_if`
    are gates of KPIs and areas, `extras` points on top of the total, `status_words` the book's own.
    `mixes` says of which lengths of period the total also counts the periods within (see `scoring.mix`),
    `distribution` how grades are to be spread. Cards of departments with fewer than `ranked_from` totals say
    no rank, and none does where that is None. Results of a status in `commented` are to be commented on. A
    card `has_workbook` if the book asks for it, and is laid out for its `paper`;
    `archive` is the address where cards are published.
    """

    digits: int
    green: Decimal
    amber: Decimal
    not_available: NotAvailable = NotAvailable.EXCLUDE
    sum_unrounded: bool = False
    grades: GradeTable | None = None
    pay: Pay | None = None
    pay_gate: Gate | None = None
    total_limits: tuple[Decimal, Decimal] | None = None
    only_if: tuple[OnlyIf, ...] = ()
    extras: tuple[Extra, ...] = ()
    status_words: tuple[StatusWord, ...] = ()
    target_change: TargetChange = TargetChange.LATEST
    in_part: PartPeriods | None = None
    mixes: Mapping[Cadence, Shares] = field(default_factory=dict)
    appraisal: AppraisalShares | None = None
    refused_file: RefusedFile = RefusedFile.HOLD
    missing_source: MissingSource = MissingSource.PROVISIONAL
    necessary: frozenset[str] = frozenset()
    fiscal_named: Naming = Naming.BOTH
    distribution: Distribution = NOTHING_ASKED
    ranked_from: int | None = None
    commented: tuple[Band, ...] = ()
    has_workbook: bool = False
    paper: Paper = "A4"
    archive: str | None = None

    @property
    def grade_names(self) -> tuple[str, ...]:
        """The grades from the lowest up."""
        return () if self.grades is None else tuple(grade.name for grade in self.grades.grades)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """All scores that something depends on."""
        return (*_asked_by(self.only_if), *_asked_by(self.extras))

    @property
    def cutoffs(self) -> Cutoffs:
        """The cut-offs as a card shows them."""
        return Cutoffs(self.green, self.amber)

    def band(self, score: Decimal | None) -> Band:
        """The status of a score; a score on a cut-off has reached it."""
        return self.cutoffs.band(score)


def _asked_by(conditional: Iterable[OnlyIf | Extra]) -> Iterable[Asked]:
    return chain.from_iterable(each.asked for each in conditional)

"""The scorecard as a value: everything a report prints, frozen.

Canonical JSON and the content hash are in `scoring.canonical`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.calibration import Calibration
from scoring.cells import InCells
from scoring.comments import Action, CommentNote
from scoring.conditional import ExtraResult, OnlyIf, points_of
from scoring.drivers.note import DriversNote
from scoring.evidence import Certificate, EntryEvidence, RateEvidence, SourceEvidence
from scoring.fiscal import Naming
from scoring.marks import Appraisal
from scoring.okr.result import ObjectiveResult
from scoring.outlook import Outlook
from scoring.paper import Paper
from scoring.ranking import Rank
from scoring.restatement import RestatementNote
from scoring.spans import AnySpan
from scoring.targets.effective import span_worked_out
from scoring.text import Language, LocalText
from scoring.to_date import YearToDate
from scoring.weights import printed_weights
from scoring.working import Band, Cutoffs, HistoryPoint, MeasureValue, Reason, Working


@dataclass(frozen=True, slots=True)
class KpiResult:
    """One line of the card.

    `attainment` is a fraction (1 = on target), unrounded; `score` is on a scale where 100 is on target,
    rounded half-up to the book's digits exactly once; `points` = weight x score / 100. All four numbers are
    None when the KPI is not available, and then `reason` says why. `weight` is the agreed weight;
    `effective_weight` is after scaling for excluded KPIs. `exact_score` is only set if the book's totals sum
    unrounded scores. `target` is what the period was scored by; `target_workings` says how it was worked out
    if it is not the agreed number itself, in order. If the target is a range, `target` is None and its ends
    are `target_low` and `target_high`. `weight_working` is set if the weight was averaged over days. `set_to`
    is what counts in the total instead of the score because of a veto of the KPI `overruled_by`, or of the
    closed `gate`. `comment` is what people say about the result, `drivers` what moved it since the
    period before. `year_to_date` and `outlook`, which is of days that are not over, are there if the
    book asks for them.
    """

    kpi_id: str
    name: LocalText
    description: LocalText
    formula: str
    unit: str
    decimals: int
    direction: str
    weight: Decimal
    effective_weight: Decimal
    target: Decimal | None
    actual: Decimal | None
    attainment: Decimal | None
    score: Decimal | None
    points: Decimal | None
    band: Band
    reason: Reason | None
    working: Working | None
    attainment_method: str
    baseline: Decimal | None
    measures: tuple[MeasureValue, ...]
    history: tuple[HistoryPoint, ...]
    exact_score: Decimal | None = None
    target_low: Decimal | None = None
    target_high: Decimal | None = None
    target_workings: tuple[Working, ...] = ()
    weight_working: Working | None = None
    set_to: Decimal | None = None
    overruled_by: str | None = None
    why: LocalText | None = None
    owner: LocalText | None = None
    gate: Working | None = None
    comment: CommentNote | None = None
    drivers: DriversNote | None = None
    year_to_date: YearToDate | None = None
    outlook: Outlook | None = None

    @property
    def counted(self) -> Decimal | None:
        """What goes into the total: the score, or the unrounded one if the book sums those.

        A veto over the area, or a closed gate, sets it to a value instead.
        """
        if self.set_to is not None:
            return self.set_to
        return self.score if self.exact_score is None else self.exact_score

    @property
    def span(self) -> AnySpan | None:
        """The days of its figures, where they are not those of the period: because of what its target is."""
        return span_worked_out(self.target_workings)

    @property
    def has_money(self) -> bool:
        """Whether amounts were added up, for which exchange rates were used."""
        return any(measure.unit == "money" for measure in self.measures)

    @property
    def target_range(self) -> tuple[Decimal, Decimal] | None:
        """Both ends of the target; None where it is no range."""
        if self.target_low is None or self.target_high is None:
            return None
        return self.target_low, self.target_high


@dataclass(frozen=True, slots=True)
class AreaResult:
    """A business area of the card with its subtotal: `score` = 100 x points / effective weight.

    `overruled_by` is the KPI whose veto set it; its lines then bring in the veto's value.
    """

    area_id: str
    name: LocalText
    weight: Decimal
    points: Decimal | None
    score: Decimal | None
    band: Band
    results: tuple[KpiResult, ...]
    overruled_by: str | None = None


@dataclass(frozen=True, slots=True)
class MixPart:
    """What the periods of one length contribute to a mixed total: `share` percent of their mean.

    `totals` are the rounded totals of the periods within, the mean is not rounded.
    """

    cadence: str
    share: Decimal
    totals: tuple[HistoryPoint, ...]
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Mix:
    """How the total of a long period was mixed from those within it (see `scoring.mix`).

    `own` is the total that the period itself has, and has a part in the mix only if the book says so.
    """

    own: Decimal | None
    parts: tuple[MixPart, ...]
    result: Decimal | None


@dataclass(frozen=True, slots=True)
class StatusWord:
    """The book's own word for a status."""

    band: Band
    word: LocalText


@dataclass(frozen=True, slots=True)
class LineInCells:
    """A line of the card as formulas: how its attainment and its score are worked out.

    `unrounded` is the score before it was rounded. A formula is None where the line has none: then its number
    stands there as it is.
    """

    kpi_id: str
    attainment: InCells | None = None
    score: InCells | None = None
    unrounded: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PayInCells:
    """The pay coefficient as a formula, rounded to `digits`.

    If one of the scores of `asked` is below `lowest_score` it is at most `at_most`; if it `counts_0`, KPIs
    without a score are asked as well, and have 0.
    """

    coefficient: InCells | None
    digits: int
    asked: tuple[str, ...] = ()
    counts_0: bool = False
    lowest_score: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CardInCells:
    """What a workbook needs to work a card out again, beside what the card says anyway.

    `digits` are those of a score; the total sums unrounded scores if `sums_unrounded`. `gates` are all that
    the book has, closed or not, `grade` is the formula of the grade of `{total}`.
    """

    digits: int
    lines: tuple[LineInCells, ...]
    sums_unrounded: bool = False
    gates: tuple[OnlyIf, ...] = ()
    grade: InCells | None = None
    pay: PayInCells | None = None


@dataclass(frozen=True, slots=True)
class MadeBefore:
    """The teams whose figures were added up in an earlier period, where they were others than now."""

    period: str
    teams: tuple[LocalText, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One team's scorecard of one period. `total` is None when no KPI is available.

    `grade` and `pay` (the coefficient with its working) are there where the book has them, unless an
    appraisal still waits for marks. `overruled_by` is the KPI whose veto set the total. `total_limits`
    are the least and the most that the book lets a total be, `extras` the points on top of it, given or not.
    `status_words` are the book's own, if it has any.
    `mix` is there where the total also counts the shorter periods within.
    `not_available` is what the book lets a KPI without a score do (see `scoring.policy`).
    `restatements` tells which earlier cards of the team were restated since the one before this.
    `load_state` is a hash of the loads that the period's own figures were read from. `fiscal_named` says by
    which years fiscal years are named. `made_of` are the teams whose figures the card adds up, if it is of
    several, and `made_before` those of earlier periods in which they were others. `calibration` is
    what a person decided about the grade, `rank` the place in the department when the card was made.
    `uncommented` are the KPIs that people are asked to comment on and have not;
    `actions` are the steps that earlier cards named. `in_cells` is what its workbook is made of, if the book
    asks for one. Its pages are laid out for `paper`; `archive` is the address of where its page is published.
    """

    schema_version: int
    organisation: LocalText
    period: str
    team_id: str
    team_name: LocalText
    manager_name: str
    language: Language
    currency_code: str
    cutoffs: Cutoffs
    grade: str | None
    pay: Working | None
    revision: int
    total: Decimal | None
    total_weight: Decimal
    band: Band
    areas: tuple[AreaResult, ...]
    total_history: tuple[HistoryPoint, ...]
    certificate: Certificate
    rates: tuple[RateEvidence, ...]
    sources: tuple[SourceEvidence, ...]
    not_available: str = "exclude"
    mix: Mix | None = None
    objectives: tuple[ObjectiveResult, ...] = ()
    appraiser_name: str | None = None
    reviewer_name: str | None = None
    appraisal: Appraisal | None = None
    entries: tuple[EntryEvidence, ...] = ()
    overruled_by: str | None = None
    total_limits: tuple[Decimal, Decimal] | None = None
    extras: tuple[ExtraResult, ...] = ()
    status_words: tuple[StatusWord, ...] = ()
    restatements: tuple[RestatementNote, ...] = ()
    load_state: str | None = None
    fiscal_named: Naming = Naming.BOTH
    made_of: tuple[LocalText, ...] = ()
    made_before: tuple[MadeBefore, ...] = ()
    calibration: Calibration | None = None
    rank: Rank | None = None
    uncommented: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    in_cells: CardInCells | None = None
    paper: Paper = "A4"
    archive: str | None = None

    @property
    def grade_by_score(self) -> str | None:
        """The grade before anybody decided on it."""
        return self.grade if self.calibration is None else self.calibration.by_score

    @property
    def is_rescaled(self) -> bool:
        """Whether a line counts with another weight than was agreed."""
        return any(result.effective_weight != result.weight for result in self.results)

    @property
    def extra_points(self) -> Decimal:
        """The sum of the points on top that are given."""
        return points_of(self.extras)

    @property
    def results(self) -> tuple[KpiResult, ...]:
        """All lines of the card, area by area."""
        return tuple(result for area in self.areas for result in area.results)

    @property
    def printed_weights(self) -> Mapping[str, Decimal]:
        """The agreed weights by KPI, with the digits they are printed with, which add up as they do."""
        printed = printed_weights([result.weight for result in self.results])
        return {result.kpi_id: weight for result, weight in zip(self.results, printed, strict=True)}

    @property
    def by_kpi(self) -> Mapping[str, KpiResult]:
        """The lines by the ids of their KPIs."""
        return {result.kpi_id: result for result in self.results}

    def source_name(self, source: str) -> LocalText | None:
        """What a source is called; None for one that no figure of the card is from."""
        return next((item.source_name for item in self.sources if item.source == source), None)

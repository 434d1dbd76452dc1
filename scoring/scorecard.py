"""The scorecard as a value: everything a report prints, frozen.

Canonical JSON and the content hash are in `scoring.canonical`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from scoring.text import Language, LocalText

Whose = Literal["self", "superior"]
"""Who gives a mark in an appraisal."""


class Band(StrEnum):
    """Status of a score; shown as colour, shape and word."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_AVAILABLE = "not_available"


class Reason(StrEnum):
    """Why a number is not available."""

    NO_DATA = "no_data"
    ZERO_DENOMINATOR = "zero_denominator"
    UNRANKED = "unranked"
    NO_TARGET = "no_target"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"


class CertificateStatus(StrEnum):
    """How far the data behind a card can be trusted."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Operand:
    """A named number (or word) that went into a score, such as `actual` or `cap`."""

    name: str
    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Working:
    """How a score came about: enough to print it in any language and to redo it by hand.

    `applied` names what bounded the result (`cap`, `floor`), in order of application.
    """

    rule: str
    operands: tuple[Operand, ...]
    applied: tuple[str, ...]
    result: Decimal


@dataclass(frozen=True, slots=True)
class Mark:
    """A score that a person gave, on the scale where 100 is on target; `said_on` is an ISO date."""

    score: Decimal
    comment: str
    said_by: str
    said_on: str


@dataclass(frozen=True, slots=True)
class AppraisedLine:
    """The three scores of a KPI that counts in the appraisal; `system` is as the card scored it.

    `is_given`: people already spoke, by events or a level, or a veto set it: the system's score stands
    for all three. `appraised` (unrounded) is None while a mark is missing.
    """

    kpi_id: str
    weight: Decimal
    system: Decimal
    is_given: bool
    self_mark: Mark | None
    superior_mark: Mark | None
    appraised: Decimal | None


@dataclass(frozen=True, slots=True)
class MissingMark:
    """A mark that an appraisal waits for."""

    kpi_id: str
    whose: Whose


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How system, self and superior make up the total, with their shares in percent.

    `total` is None while marks are missing: the card then prints the system's total and has neither
    grade nor pay.
    """

    system_share: Decimal
    self_share: Decimal
    superior_share: Decimal
    system_total: Decimal
    total: Decimal | None
    lines: tuple[AppraisedLine, ...]
    missing: tuple[MissingMark, ...]


@dataclass(frozen=True, slots=True)
class EntryEvidence:
    """What somebody said of a KPI in the period, and the form it came by (file name and sha256)."""

    kpi_id: str
    kind: str
    value: str
    comment: str
    said_by: str
    said_on: str
    form_name: str
    form_sha256: str


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """A measure rolled up over the period for the team; None where there is no data.

    `unit` is `count` or `money`, the latter in the reporting currency.
    """

    name: str
    value: Decimal | None
    unit: str = "count"


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One period of a KPI's (or the total's) past, as known when the card was made.

    Where a range is the target, `target` is its low end and `target_high` the other.
    """

    period: str
    actual: Decimal | None
    target: Decimal | None
    target_high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KpiResult:
    """One line of the card.

    `attainment` is a fraction (1 = on target), unrounded; `score` is on a scale where 100 is
    on target, rounded half-up to the book's digits exactly once; `points` = weight x score / 100.
    All four numbers are None when the KPI is not available, and then `reason` says why.
    `weight` is the agreed weight; `effective_weight` is after scaling for excluded KPIs.
    `exact_score` is there only where the book's totals sum unrounded scores.
    `target` is what the period was scored by; `target_workings` says how it came about where it is not
    the agreed number itself, in order. Where a range is the target, `target` is None and the two ends are
    `target_low` and `target_high`. `weight_working` is there where the weight was averaged over days.
    `set_to` is what a veto of the KPI `overruled_by` brings into the total instead of the score.
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

    @property
    def counted(self) -> Decimal | None:
        """What goes into the total: the score, or the unrounded one where the book sums those.

        A veto over the area sets it to a value instead.
        """
        if self.set_to is not None:
            return self.set_to
        return self.score if self.exact_score is None else self.exact_score


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
class Finding:
    """One thing the gate noticed about the data, such as a missing day.

    `code` is from a closed list (`missing_days`, `missing_slice`, `unowned_rows`, ...);
    `days` are ISO dates; `kpi_ids` are the lines of this card that it touches, `key_results` those of
    its objectives, such as `q4_voice/followers`.
    """

    code: str
    source: str
    entity: str
    days: tuple[str, ...]
    kpi_ids: tuple[str, ...]
    key_results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """The data certificate on page 1."""

    status: CertificateStatus
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """A landed file that a slice was loaded from."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """Which landed files one source's numbers of the period came from."""

    source: str
    source_name: LocalText
    entity: str
    period: str
    currency_code: str | None
    files: tuple[FileEvidence, ...]


@dataclass(frozen=True, slots=True)
class RateEvidence:
    """An exchange rate of the period: reporting currency units for one unit of `currency_code`."""

    currency_code: str
    first_rate: Decimal
    last_rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class MixPart:
    """What the periods of one length bring into a mixed total: `share` percent of their mean.

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
class Cutoffs:
    """From which score on a status is green, and from which amber."""

    green: Decimal
    amber: Decimal


@dataclass(frozen=True, slots=True)
class KeyResultResult:
    """A key result on the card's last day; `start`, `target` and `current` are in its unit.

    `progress` (1 = at the target, unrounded, without limits) is how far it has come; `score` (0 to 1,
    rounded once) is what that is worth. `of` names the KPI or measure behind it.
    """

    key_result_id: str
    name: LocalText
    way: str
    of: str
    unit: str
    decimals: int
    weight: Decimal
    effective_weight: Decimal
    start: Decimal
    target: Decimal
    current: Decimal | None
    progress: Decimal | None
    score: Decimal | None
    reason: Reason | None
    working: Working | None
    formula: str = ""
    measures: tuple[MeasureValue, ...] = ()
    checked_on: str | None = None
    checked_by: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The key result, perhaps of another team, that an objective serves."""

    team_name: LocalText
    objective_id: str
    objective_name: LocalText
    key_result_id: str
    key_result_name: LocalText


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """An objective on the card's last day, after `elapsed_days` of its `days`.

    `score` is the weighted mean of its key results' scores, rounded once; None where none has one.
    """

    objective_id: str
    name: LocalText
    ambition: str
    period: str
    elapsed_days: int
    days: int
    cutoffs: Cutoffs
    score: Decimal | None
    band: Band
    supports: Alignment | None
    key_results: tuple[KeyResultResult, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One team's scorecard of one period. `total` is None when no KPI is available.

    `grade` and `pay` (the coefficient with its working) are there where the book has them, unless an
    appraisal still waits for marks. `overruled_by` is the KPI whose veto set the total.
    `mix` is there where the total also counts the shorter periods within.
    `not_available` is what the book lets a KPI without a score do (see `scoring.policy`).
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

    @property
    def results(self) -> tuple[KpiResult, ...]:
        """All lines of the card, area by area."""
        return tuple(result for area in self.areas for result in area.results)

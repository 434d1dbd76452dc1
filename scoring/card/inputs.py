"""All inputs of a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.calibration import Decided
from scoring.comments import Comment
from scoring.evidence import EntryEvidence, Finding, RateEvidence, SourceEvidence
from scoring.known import Judgement
from scoring.kpi import Area, Kpi, Target
from scoring.okr.result import ObjectiveResult
from scoring.outlook import Ahead
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.restatement import RestatementNote
from scoring.text import Language, LocalText
from scoring.to_date import ToDate


@dataclass(frozen=True, slots=True)
class CardInputs:
    """One team's period, ready to be scored.

    `measures` holds the team's own by period and name, `judgements` what people said of it by period
    and KPI id, `entries` who said it for this period; `history` is how many periods the card looks back
    on, its own included; `measure_units` says which measures are not plain counts; `objectives` are
    scored already, on the last day of the period; `restatements` tells of earlier cards; `load_state`
    names the state of the data that all of it was read at; `of_others` are earlier periods in which
    somebody else was in charge, whose totals are no business of this manager; `made_of` are the names of the
    teams whose measures were added up, `parted` the periods of which one of them had only a part,
    `made_then` the names of other teams that were added up in an earlier period; `lacking` are the KPIs of
    which a period lacks some of the data;
    `decided` is what a person decided about the grade, `comments` what was said about results of the team;
    `to_date` is there where the card shows the year to date, `ahead` where it looks ahead.
    """

    organisation: LocalText
    team_id: str
    team_name: LocalText
    manager_name: str
    language: Language
    currency_code: str
    period: Period
    kpis: Mapping[str, Kpi]
    areas: tuple[Area, ...]
    targets: tuple[Target, ...]
    measures: Mapping[tuple[Period, str], Decimal]
    policy: ScoringPolicy
    findings: tuple[Finding, ...]
    rates: tuple[RateEvidence, ...]
    sources: tuple[SourceEvidence, ...]
    history: int
    judgements: Mapping[tuple[Period, str], Judgement] = field(default_factory=dict)
    measure_units: Mapping[str, str] = field(default_factory=dict)
    objectives: tuple[ObjectiveResult, ...] = ()
    appraiser_name: str | None = None
    reviewer_name: str | None = None
    entries: tuple[EntryEvidence, ...] = ()
    restatements: tuple[RestatementNote, ...] = ()
    load_state: str | None = None
    of_others: frozenset[Period] = frozenset()
    made_of: tuple[LocalText, ...] = ()
    parted: frozenset[Period] = frozenset()
    made_then: Mapping[Period, tuple[LocalText, ...]] = field(default_factory=dict)
    lacking: Mapping[Period, frozenset[str]] = field(default_factory=dict)
    decided: Decided | None = None
    comments: tuple[Comment, ...] = ()
    to_date: ToDate | None = None
    ahead: Ahead | None = None

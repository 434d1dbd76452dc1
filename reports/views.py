"""What the templates print: every text finished, every number formatted, every order decided."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reports.figures import Figure


@dataclass(frozen=True, slots=True)
class Status:
    """A status as colour (by `key`), shape and word."""

    key: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Change:
    """The total against the month before; no arrow where there is nothing to compare with."""

    arrow: str
    text: str


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI in the table of page 1."""

    name: str
    status: Status
    actual: Figure
    target: Figure
    attainment: str
    weight: str
    score: str
    sparkline: Markup
    bullet: Markup | None
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One labelled line of a working."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class KpiDetail:
    """A KPI with its working; `effective_weight` is empty where it is the agreed one."""

    name: str
    status: Status
    target: Figure
    actual: Figure
    attainment: str
    weight: str
    effective_weight: str
    score: str
    points: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """A business area with its subtotal; `veto` names the KPI whose veto set it."""

    name: str
    status: Status
    score: str
    weight: str
    points: str
    rows: tuple[KpiRow, ...]
    details: tuple[KpiDetail, ...]
    veto: str


@dataclass(frozen=True, slots=True)
class AppraisedRow:
    """A KPI with its three scores; `notes` are who gave them and what they wrote."""

    name: str
    weight: str
    system: str
    own: str
    superior: str
    appraised: str
    notes: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class AppraisalView:
    """The appraisal; `pending` names each mark that is missing, `steps` are the sum."""

    lead: str
    rows: tuple[AppraisedRow, ...]
    pending: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Somebody who signs."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """A small chart with its heading."""

    name: str
    status: Status
    chart: Markup


@dataclass(frozen=True, slots=True)
class CertificateView:
    """The data certificate: `shown` stands on page 1, `findings` is all of them."""

    key: str
    word: str
    sentence: str
    shown: tuple[str, ...]
    more: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """What a KPI means; `notes` say why it matters and who answers for it."""

    kpi_id: str
    name: str
    description: str
    formula: str
    direction: str
    notes: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A source file."""

    name: str
    rows: str
    digest: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """An account of a source with the files its numbers came from."""

    name: str
    account: str
    currency: str
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class RateView:
    """An exchange rate at both ends of the month."""

    pair: str
    first: str
    last: str
    source: str


@dataclass(frozen=True, slots=True)
class KeyResultView:
    """A key result with its working; no bar where there is no progress."""

    name: str
    start: Figure
    current: Figure
    target: Figure
    bar: Markup | None
    progress: str
    weight: str
    score: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """An objective with its key results; `supports` is empty where it is aligned to none."""

    name: str
    facts: str
    expected: str
    supports: str
    status: Status
    ring: Markup | None
    key_results: tuple[KeyResultView, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class RestatedRow:
    """A KPI of an earlier card with its score before and after."""

    name: str
    old: str
    new: str
    delta: str
    cause: str


@dataclass(frozen=True, slots=True)
class RestatedCard:
    """An earlier card that was restated; `note` stands where no KPI moved."""

    title: str
    facts: str
    rows: tuple[RestatedRow, ...]
    note: str


@dataclass(frozen=True, slots=True)
class RestatedView:
    """Earlier cards that were restated: `lines` and `more` on page 1, `mail` as sentences, all in `cards`."""

    lines: tuple[Step, ...]
    more: str
    mail: tuple[str, ...]
    cards: tuple[RestatedCard, ...]


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """The whole report in the reader's language."""

    html_lang: str
    title: str
    created: str
    density: str
    organisation: str
    team: str
    manager: str
    period: str
    trend_caption: str
    revision: str
    short_hash: str
    trace: str
    total: str
    status: Status
    reward: str
    mix: str
    appraisal_note: str
    veto_note: str
    appraisal: AppraisalView | None
    signatures: tuple[SignatureView, ...]
    entered: tuple[Step, ...]
    change: Change
    total_trend: Markup
    areas: tuple[AreaView, ...]
    total_steps: tuple[Step, ...]
    certificate: CertificateView
    trends: tuple[TrendView, ...]
    definitions: tuple[DefinitionView, ...]
    sources: tuple[SourceView, ...]
    rates: tuple[RateView, ...]
    method: tuple[Step, ...]
    rescaled: bool
    objectives: tuple[ObjectiveView, ...]
    objectives_line: str
    restated: RestatedView | None

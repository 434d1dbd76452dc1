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
class Heading:
    """Whose card of which period a document is about; `created` is an ISO date, `days` a note on it.

    `teams` says of how many its figures are, if of several."""

    html_lang: str
    title: str
    created: str
    organisation: str
    team: str
    period: str
    days: str
    teams: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The total in short, with the issue that says so; a note is empty where there is nothing to note.

    `page` is the address of that issue's page in the archive, if there is one.
    """

    revision: str
    short_hash: str
    total: str
    status: Status
    change: Change
    veto_note: str
    appraisal_note: str
    mix: str
    conditional_note: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI in the table of page 1; `turns` where a new page begins with it; `before` are earlier values.

    `year` is the year to date.
    """

    kpi_id: str
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
    turns: bool = False
    before: tuple[str, ...] = ()
    year: str = ""


@dataclass(frozen=True, slots=True)
class WorkingStep:
    """One labelled line of a working."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DriversView:
    """What the largest members did to a figure: rows of a name and as many numbers as there are columns."""

    by: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class KpiDetail:
    """A KPI with its working and what is said of it; `effective_weight` is empty if it is the agreed one."""

    kpi_id: str
    name: str
    status: Status
    target: Figure
    actual: Figure
    attainment: str
    weight: str
    effective_weight: str
    score: str
    points: str
    steps: tuple[WorkingStep, ...]
    comment: tuple[WorkingStep, ...]
    drivers: DriversView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotal:
    """A business area with its subtotal; `veto` names the KPI whose veto set it."""

    name: str
    status: Status
    score: str
    weight: str
    points: str
    veto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView(Subtotal):
    """The same with its lines."""

    rows: tuple[KpiRow, ...]
    details: tuple[KpiDetail, ...]


@dataclass(frozen=True, slots=True)
class AreaScore:
    """A business area in the mail."""

    name: str
    status: Status
    score: str


@dataclass(frozen=True, slots=True)
class AppraisedRow:
    """A KPI with its three scores; `notes` are who gave them and what they wrote."""

    name: str
    weight: str
    system: str
    own: str
    superior: str
    appraised: str
    notes: tuple[WorkingStep, ...]


@dataclass(frozen=True, slots=True)
class AppraisalView:
    """The appraisal; `pending` names each mark that is missing, `steps` are the sum."""

    lead: str
    rows: tuple[AppraisedRow, ...]
    pending: tuple[str, ...]
    steps: tuple[WorkingStep, ...]


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Somebody who signs."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """A small chart with its heading; `unlike` says which periods cannot be read like the others."""

    name: str
    status: Status
    chart: Markup
    unlike: tuple[str, ...] = ()


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
    steps: tuple[WorkingStep, ...]


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
    steps: tuple[WorkingStep, ...]


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
class ActionRow:
    """A step that an earlier card named, and what became of it; `is_late` where it is due and not done."""

    name: str
    period: str
    step: str
    owner: str
    due: str
    state: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class RestatedView:
    """Earlier cards that were restated: `lines` and `more` on page 1, all of them in `cards`."""

    lines: tuple[WorkingStep, ...]
    more: str
    cards: tuple[RestatedCard, ...]


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """The small print: what the KPIs mean, where the data came from, how scores are worked out.

    `trace` says how a figure is followed down to its rows, `crossing` how the rates were made, if they are
    not those of their source.
    """

    trace: str
    definitions: tuple[DefinitionView, ...]
    sources: tuple[SourceView, ...]
    entered: tuple[WorkingStep, ...]
    rates: tuple[RateView, ...]
    crossing: str
    method: tuple[WorkingStep, ...]


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """The whole report in the reader's language, in the order of its pages.

    `density` is how tightly page 1 is set, `before` the earlier periods in its table, which has a column of
    the year to date if that has a heading, and a `year_note` below if one is incomplete; `rescaled` where a
    KPI counts with another weight than agreed; `figures_room` is how wide the columns of targets and actuals
    are in the workings, in mm.
    """

    heading: Heading
    headline: Headline
    density: str
    before: tuple[str, ...]
    year_heading: str
    year_note: str
    manager: str
    trend_caption: str
    total_trend: Markup
    unlike: tuple[str, ...]
    reward: str
    areas: tuple[AreaView, ...]
    highlights: tuple[str, ...]
    objectives_line: str
    actions: tuple[ActionRow, ...]
    restated: RestatedView | None
    certificate: CertificateView
    rescaled: bool
    figures_room: float
    total_steps: tuple[WorkingStep, ...]
    appraisal: AppraisalView | None
    signatures: tuple[SignatureView, ...]
    objectives: tuple[ObjectiveView, ...]
    trends: tuple[TrendView, ...]
    reference: ReferenceView

    @property
    def has_unlike(self) -> bool:
        """Whether a trend has periods that cannot be read like the others."""
        return any(trend.unlike for trend in self.trends)


@dataclass(frozen=True, slots=True)
class FocusLine:
    """A KPI that needs somebody: actual and target, what it costs, and the next step that people named.

    The last two are empty where there is no such thing.
    """

    name: str
    figures: str
    cost: str
    step: str


@dataclass(frozen=True, slots=True)
class FocusGroup:
    """The KPIs of a status; `also` are the names of those without a line."""

    status: Status
    lines: tuple[FocusLine, ...]
    also: str


@dataclass(frozen=True, slots=True)
class FocusView:
    """Where to begin, empty where no KPI costs a point, and the KPIs that need somebody by their status.

    `in_short` names them on one line, for what phones show of a mail beside its subject.
    """

    first: str
    groups: tuple[FocusGroup, ...]
    in_short: str


@dataclass(frozen=True, slots=True)
class MailView:
    """What the mail says; `restated` is a sentence for each earlier card that was restated."""

    heading: Heading
    headline: Headline
    focus: FocusView
    areas: tuple[AreaScore, ...]
    restated: tuple[str, ...]
    certificate: CertificateView

"""The shape of each YAML file of the book, one pydantic model per file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from book.files.dictionary import standard_areas
from book.files.fields import (
    ArchiveAddress,
    CardLink,
    ChannelKind,
    ChatKind,
    ConnectionName,
    CurrencyCode,
    Cutoff,
    Daily,
    Day,
    Domain,
    Email,
    Entity,
    ExportPattern,
    Id,
    LaterDue,
    MonthlyDue,
    Name,
    Number,
    Percent,
    Share,
    Some,
    Text,
    TimeZone,
    WeeklyDue,
    Whole,
    in_every_language,
)
from book.files.fiscal_year import Month, YearEnd, end_of, month_number
from scoring.closing import DEFAULT_CLOSE_DAY, LAST_CLOSE_DAY
from scoring.distribution import Bound, Distribution, GradeShare, distribution_of
from scoring.due import DueTime
from scoring.fiscal import MONTHS, FiscalCalendar, Naming
from scoring.fiscal_years import FiscalYears
from scoring.kpi import Direction, Method, RuleSpec, Unit
from scoring.paper import Paper
from scoring.period import Cadence
from scoring.policy import MissingSource, NotAvailable, RefusedFile
from scoring.targets.terms import PartPeriod, TargetChange
from scoring.text import LANGUAGES, Language, LocalText

DECIMALS: Mapping[str, str] = {
    Unit.COUNT: "0",
    Unit.MONEY: "2",
    Unit.PERCENT: "1",
    Unit.RATIO: "2",
    Unit.INDEX: "1",
    Unit.DAYS: "0",
}
"""The digits of a KPI that states none, by its unit."""

PROPORTIONAL: Mapping[str, Any] = {"name": "proportional", "cap": "120", "floor": "0"}
"""The rule of a KPI that states none; where a range is best, `WITHIN`."""

WITHIN: Mapping[str, Any] = {
    "name": "tolerance",
    "limits": [
        {"up_to": "0.05", "score": "100"},
        {"up_to": "0.1", "score": "80"},
        {"up_to": "0.2", "score": "50"},
        {"score": "0"},
    ],
}


class Shape(BaseModel):
    """A part of a file: unknown keys are refused, and it is frozen after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextShape(Shape):
    """A text in the languages of the book; a plain text is the same in all of them."""

    is_name: ClassVar[bool] = False
    en: Text = ""
    zh_CN: Text = ""  # noqa: N815 - the name of the locale

    @model_validator(mode="before")
    @classmethod
    def _spread(cls, value: Any) -> Any:
        return in_every_language(value, is_name=cls.is_name)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.languages:
            raise ValueError(f"a text in one of {', '.join(LANGUAGES)}")
        return self

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages it is given in."""
        return tuple(language for language in LANGUAGES if getattr(self, language))

    @property
    def is_plain(self) -> bool:
        """Whether it is the same in every language, as a plain text is."""
        return self.en == self.zh_CN

    def value(self) -> LocalText:
        """The text as the domain knows it; a missing language has the text of the other one."""
        return LocalText(self.en or self.zh_CN, self.zh_CN or self.en)


class NameShape(TextShape):
    """A name in the languages of the book."""

    is_name: ClassVar[bool] = True
    en: Name = ""
    zh_CN: Name = ""  # noqa: N815 - the name of the locale


class SenderShape(Shape):
    """The sender of the mails."""

    name: Name
    address: Email


class MailShape(Shape):
    """What the mails say beside the card, where answers and returned mails go, and how many mails there are.

    `objections` is how many working days there are to object to a card; `passphrases` are the names of what
    locks the documents, by address, `*` for everybody else.
    """

    reply_to: SenderShape | None = None
    contact: TextShape | None = None
    objections: Annotated[Whole, Field(ge=1, le=60)] | None = None
    returned_to: Email | None = None
    together: bool = False
    passphrases: dict[Name, ConnectionName] = Field(default_factory=dict)


class ApproverShape(Shape):
    """Somebody who may approve cards; `user` is their user in Airflow, the address where it is not said."""

    name: Name
    email: Email
    user: Name | None = None


class ApprovalShape(Shape):
    """Whether a card goes out only after a second person approved it, and who may."""

    required: bool = True
    approvers: Annotated[tuple[ApproverShape, ...], Some]


class AllowedShape(Shape):
    """Where cards may go: domains of mail addresses and kinds of channels; all, where it is not said."""

    domains: Annotated[tuple[Domain, ...], Some] | None = None
    channels: Annotated[tuple[ChannelKind, ...], Some] | None = None


class AreaShape(NameShape):
    """A business area; the points it is worth on a card, and the most it may give."""

    points: Annotated[Number, Field(gt=0)] | None = None
    cap: Annotated[Number, Field(gt=0)] | None = None


def _standard_areas() -> dict[str, AreaShape]:
    return {area_id: AreaShape.model_validate(name) for area_id, name in standard_areas().items()}


def _pdf_first(documents: tuple[str, ...]) -> tuple[str, ...]:
    """Mails and links name the PDF as a card's first document."""
    if documents not in (("pdf",), ("pdf", "workbook")):
        raise ValueError("[pdf] or [pdf, workbook]")
    return documents


class OrganisationShape(Shape):
    """organisation.yaml"""

    name: NameShape
    languages: Annotated[tuple[Language, ...], Some] | None = None
    currency_code: CurrencyCode
    uses: tuple[Name, ...] = ()
    areas: Annotated[dict[Id, AreaShape], Some] = Field(default_factory=_standard_areas)
    departments: dict[Id, NameShape] = Field(default_factory=dict)
    sender: SenderShape
    mail: MailShape = MailShape()
    approval: ApprovalShape | None = None
    allowed: AllowedShape = AllowedShape()
    card_link: CardLink | None = None
    documents: Annotated[tuple[Literal["pdf", "workbook"], ...], AfterValidator(_pdf_first)] = ("pdf",)
    paper: Paper = "A4"
    archive: ArchiveAddress | None = None


LongestHours = Annotated[Whole, Field(ge=1, le=1000)]


class MonthlyShape(Shape):
    """When the monthly run is due, until when it waits, and after how many hours it is told to be late."""

    due: MonthlyDue = DueTime(3, time(6), is_working_day=False)
    deadline: MonthlyDue | None = None
    longest_hours: LongestHours | None = None


class WeeklyShape(Shape):
    """The same for the weekly run."""

    due: WeeklyDue = DueTime(1, time(7), is_working_day=False)
    deadline: WeeklyDue | None = None
    longest_hours: LongestHours | None = None


class PeriodsShape(Shape):
    """The same for periods that may begin on any day, which have a run only where the book says when."""

    due: LaterDue
    deadline: LaterDue | None = None
    longest_hours: LongestHours | None = None


class DailyShape(Shape):
    """When something is done on every day; only the scheduler reads it."""

    due: Daily


class FiscalYearShape(Shape):
    """The organisation's own years: of whole months, or of weeks that end about the end of a month."""

    begins: Month | None = None
    weeks: Literal["4-4-5", "4-5-4", "5-4-4"] | None = None
    ends: YearEnd | None = None
    week_53: Annotated[Whole, Field(ge=1, le=MONTHS)] | None = None
    named: Naming = Naming.BOTH

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        is_of_weeks = self.weeks is not None and self.ends is not None
        if is_of_weeks is (self.begins is not None) or (self.weeks is None) is not (self.ends is None):
            raise ValueError("either begins, or weeks and ends")
        return self

    def value(self) -> FiscalYears:
        """The years as the domain knows them."""
        if self.weeks is None or self.ends is None:
            return FiscalYears(FiscalCalendar.of_months(month_number(self.begins or "january")), self.named)
        week_53 = self.week_53 or MONTHS
        weeks = FiscalCalendar.of_weeks(self.weeks.replace("-", ""), *end_of(self.ends), week_53)
        return FiscalYears(weeks, self.named)


CYCLES: Mapping[str, Cadence] = {
    "monthly": Cadence.MONTH,
    "weekly": Cadence.WEEK,
    "quarterly": Cadence.QUARTER,
    "yearly": Cadence.YEAR,
    "fiscal_monthly": Cadence.FISCAL_MONTH,
    "fiscal_quarterly": Cadence.FISCAL_QUARTER,
    "fiscal_yearly": Cadence.FISCAL_YEAR,
    "spans": Cadence.SPAN,
}
"""What calendar.yaml calls the runs of each length of period."""


class CalendarShape(Shape):
    """calendar.yaml"""

    time_zone: TimeZone
    history_months: Annotated[Whole, Field(ge=2, le=36)] = 13
    year_to_date: bool = False
    forecast: bool = False
    close_day: Annotated[Whole, Field(ge=1, le=LAST_CLOSE_DAY)] = DEFAULT_CLOSE_DAY
    monthly: MonthlyShape = MonthlyShape()
    weekly: WeeklyShape = WeeklyShape()
    quarterly: PeriodsShape | None = None
    yearly: PeriodsShape | None = None
    fiscal_monthly: PeriodsShape | None = None
    fiscal_quarterly: PeriodsShape | None = None
    fiscal_yearly: PeriodsShape | None = None
    spans: PeriodsShape | None = None
    ingest: DailyShape | None = None
    watch: DailyShape | None = None
    holidays: tuple[Day, ...] = ()
    made_up: tuple[Day, ...] = ()
    missing_source: MissingSource = MissingSource.PROVISIONAL
    tell: tuple[Email, ...] = ()
    fiscal_year: FiscalYearShape | None = None

    @property
    def fiscal_years(self) -> FiscalYears:
        """The organisation's own years; without a calendar where they are those of everybody."""
        return FiscalYears() if self.fiscal_year is None else self.fiscal_year.value()

    @property
    def cycles(self) -> dict[Cadence, MonthlyShape | WeeklyShape | PeriodsShape]:
        """When the cards of each length of period are due, of those that have runs."""
        said = {cadence: getattr(self, name) for name, cadence in CYCLES.items()}
        return {cadence: cycle for cadence, cycle in said.items() if cycle is not None}


class GradeShape(Shape):
    """A grade and the total it starts at."""

    name: Name
    start: Annotated[Number, Field(alias="from", ge=0)]


class AppraisalShape(Shape):
    """How an appraised score is made up, in percent; `cap` is the highest mark that a person may give."""

    system: Percent
    self_: Annotated[Percent, Field(alias="self")]
    superior: Percent
    cap: Annotated[Number, Field(ge=100, le=1000)] = Decimal(120)


class TotalShape(Shape):
    """The least and the most that a total can be."""

    floor: Annotated[Number, Field(ge=0, lt=100)] = Decimal(0)
    cap: Annotated[Number, Field(ge=100)]


AboveZero = Annotated[Number, Field(gt=0)]


class AskedShape(Shape):
    """A KPI that something depends on: that it scores `from` so much on, or for a penalty `below` it."""

    kpi: Name
    start: Annotated[AboveZero | None, Field(alias="from")] = None
    below: AboveZero | None = None

    @property
    def scores(self) -> dict[str, Decimal]:
        """What it states of the two."""
        stated = {"from": self.start, "below": self.below}
        return {name: score for name, score in stated.items() if score is not None}


class GateShape(Shape):
    """A KPI, or those of an area, that count as `at_most` so much unless other KPIs score enough."""

    kpi: Name | None = None
    area: Name | None = None
    only_if: Annotated[tuple[AskedShape, ...], Some]
    at_most: Annotated[Number, Field(ge=0)] = Decimal(0)


class ExtraShape(Shape):
    """Points on top of a total, below 0 a penalty, on what they depend and for which teams."""

    name: NameShape
    points: Number
    only_if: Annotated[tuple[AskedShape, ...], Some]
    teams: tuple[Id, ...] = ()


class StatusesShape(Shape):
    """The book's own words for statuses."""

    green: NameShape | None = None
    amber: NameShape | None = None
    red: NameShape | None = None


class GradeShareShape(Shape):
    """A grade, and the share of teams that are to have it, in one of four ways."""

    grade: Name
    exactly: Percent | None = None
    at_most: Percent | None = None
    at_least: Percent | None = None
    about: Percent | None = None

    @model_validator(mode="after")
    def _one_of_all(self) -> Self:
        if len(self._said) != 1:
            raise ValueError("one of exactly, at_most, at_least and about")
        return self

    @property
    def _said(self) -> list[tuple[Bound, Decimal]]:
        stated = ((bound, getattr(self, bound)) for bound in Bound)
        return [(bound, percent) for bound, percent in stated if percent is not None]

    def value(self) -> GradeShare:
        """The share as the domain knows it."""
        ((bound, percent),) = self._said
        return GradeShare(self.grade, percent, bound)


class DistributionShape(Shape):
    """How grades are to be spread over the teams of a department, or of the whole company."""

    way: Literal["guided", "forced"]
    within: Literal["department", "company"] = "department"
    shares: Annotated[tuple[GradeShareShape, ...], Some]

    def value(self, grades: Sequence[str]) -> Distribution:
        """The same over these grades, which rise; raises `BookError` for shares of others."""
        return distribution_of(
            [share.value() for share in self.shares],
            grades,
            is_forced=self.way == "forced",
            by_department=self.within == "department",
        )


class RankShape(Shape):
    """From how many teams with a total on a department's cards say their rank."""

    at_least: Annotated[Whole, Field(ge=3)] = 3


class GradingShape(Shape):
    """grading.yaml"""

    digits: Annotated[Whole, Field(ge=0, le=4)] = 1
    green: Cutoff = Decimal(95)
    amber: Cutoff = Decimal(80)
    not_available: NotAvailable = NotAvailable.EXCLUDE
    refused_file: RefusedFile = RefusedFile.HOLD
    total_of: Literal["rounded", "unrounded"] = "rounded"
    total: TotalShape | None = None
    statuses: StatusesShape = StatusesShape()
    gates: tuple[GateShape, ...] = ()
    extras: tuple[ExtraShape, ...] = ()
    grades: Annotated[tuple[GradeShape, ...], Some] | None = None
    pay: dict[str, Any] | None = None
    distribution: DistributionShape | None = None
    rank: RankShape | None = None
    comments: Literal["red", "amber"] | None = None
    """Up to which status people are asked to comment on a result."""
    target_change: TargetChange = TargetChange.LATEST
    part_period: PartPeriod = PartPeriod.WHOLE
    mix: dict[Cadence, dict[Cadence, Number]] = Field(default_factory=dict)
    appraisal: AppraisalShape | None = None

    @property
    def grade_names(self) -> list[str]:
        """The grades from the lowest up."""
        return [grade.name for grade in self.grades or ()]


# fmt: off
Encoding = Literal[
    "utf-8", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "gb18030", "big5", "cp932", "cp949",
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "cp850", "cp852", "cp866", "cp874", "koi8-r", "mac-roman",
    "iso-8859-2", "iso-8859-4", "iso-8859-5", "iso-8859-7", "iso-8859-8",
    "iso-8859-9", "iso-8859-13", "iso-8859-15", "iso-8859-16",
]
# fmt: on


class AccountShape(Shape):
    """One account of a source."""

    entity: Entity
    currency_code: CurrencyCode | None = None
    time_zone: TimeZone | None = None
    files: tuple[ExportPattern, ...] = ()
    query: Text | None = None
    """Instead of files: what is asked of the database that `connection` names, with `:start` and `:end`."""
    platform: Id | None = None
    """Or the platform that is pulled from, by the name of its YAML file."""
    connection: ConnectionName | None = None
    printed_as: Name | None = None
    format: Name | None = None
    """The format of its exports, where their header fits several."""
    encoding: Encoding | None = None
    numbers: Literal["english", "german", "french", "swiss", "indian"] | None = None
    days: Literal["day_first", "month_first"] | None = None
    whole_month: bool = False
    """Whether exports that do not say which days they are of are of exactly their month."""
    words: dict[Id, dict[Id, tuple[Text, ...]]] = Field(default_factory=dict)
    """Its own words for the values of a field, such as the stages that are won."""
    counted: tuple[Text, ...] = ()
    """The kinds of results that count, where its exports have several."""
    quarantine: Annotated[Whole, Field(ge=0, le=1000)] = 0
    largest_drop: Percent = Decimal(80)


class SourceShape(Shape):
    """One source of sources.yaml."""

    name: NameShape | None = None
    necessary: bool = False
    accounts: Annotated[tuple[AccountShape, ...], Some]


class ManagerShape(Shape):
    """A team's manager; `formerly` are names that the same person had on cards issued before."""

    name: Name
    email: Email
    language: Language | None = None
    formerly: tuple[Name, ...] = ()


class PersonShape(Shape):
    """A person who signs a team's card but does not receive it."""

    name: Name


class AppraiserShape(PersonShape):
    """The manager's superior; with an address they are reminded of marks that are missing."""

    email: Email | None = None


class OwnedShape(Shape):
    """A part of an account that a team owns."""

    source: Name
    entity: Name
    keys: Annotated[tuple[Name, ...], Some] = ("*",)
    share: Share = Decimal(1)


class CopyShape(Shape):
    """Somebody who gets a team's cards beside its manager."""

    name: Name
    email: Email


class DelegateShape(CopyShape):
    """Somebody who gets what is mailed on some days: beside the manager, or `instead`."""

    start: Annotated[Day, Field(alias="from")]
    until: Day
    instead: bool = False


class GroupShape(Shape):
    """A chat group that reads of a team's cards.

    `connection` is the name that its webhook is set up under; `readers` are the team's own people, or others.
    """

    channel: ChatKind
    connection: ConnectionName
    readers: Literal["team", "others"] = "others"
    file: bool = False


MadeOf = Annotated[tuple[Name, ...], Some]
"""The teams that a team is made of, or the departments whose teams these are."""


class TeamChangeShape(Shape):
    """What is different in a team from a day on: only what it names, up to the day before `until`."""

    start: Annotated[Day, Field(alias="from")]
    until: Day | None = None
    name: NameShape | None = None
    department: Id | None = None
    manager: ManagerShape | None = None
    owns: Annotated[tuple[OwnedShape, ...], Some] | None = None
    of: MadeOf | None = None
    appraiser: AppraiserShape | None = None
    reviewer: PersonShape | None = None
    copies: tuple[CopyShape, ...] | None = None
    groups: tuple[GroupShape, ...] | None = None


class TeamShape(Shape):
    """One team of teams.yaml: as it was at first, and what has changed since."""

    name: NameShape
    department: Id | None = None
    manager: ManagerShape
    owns: Annotated[tuple[OwnedShape, ...], Some] | None = None
    of: MadeOf | None = None
    appraiser: AppraiserShape | None = None
    reviewer: PersonShape | None = None
    copies: tuple[CopyShape, ...] = ()
    delegates: tuple[DelegateShape, ...] = ()
    groups: tuple[GroupShape, ...] = ()
    changes: tuple[TeamChangeShape, ...] = ()


class AttainmentShape(Shape):
    """How attainment is worked out; only the method `baseline` has a baseline.

    `at_zero` is what an actual of 0 attains by the method `quotient` where lower is better.
    """

    method: Method = Method.QUOTIENT
    baseline: Number | None = None
    at_zero: Annotated[Number, Field(ge=1)] | None = None


def kpi_defaults(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a KPI that states only id, formula, unit and direction has for the rest."""
    rule = WITHIN if content.get("direction") == Direction.RANGE else PROPORTIONAL
    name, decimals = _name_of(content.get("id")), DECIMALS.get(str(content.get("unit")), "0")
    return {"rule": rule, "decimals": decimals} | ({} if name is None else {"name": name})


def _name_of(kpi_id: Any) -> str | None:
    """`cost_per_lead` as `Cost per lead`."""
    return kpi_id.replace("_", " ").capitalize() if isinstance(kpi_id, str) and kpi_id else None


class KpiShape(Shape):
    """kpis/<id>.yaml"""

    id: Id
    name: NameShape
    description: TextShape | None = None
    why: TextShape | None = None
    owner: NameShape | None = None
    area: Name
    unit: Unit
    decimals: Annotated[Whole, Field(ge=0, le=6)]
    direction: Direction
    formula: Name | None = None
    attainment: AttainmentShape = AttainmentShape()
    rule: dict[str, Any]
    lag_days: Annotated[Whole, Field(ge=0, le=366)] | None = None
    review_date: Day | None = None
    deprecated_on: Day | None = None
    drivers: bool = False

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, content: Any) -> Any:
        return {**kpi_defaults(content), **content} if isinstance(content, dict) else content

    def rule_spec(self) -> RuleSpec:
        """The `rule:` entry: its name, and all else as parameters."""
        params = {key: value for key, value in self.rule.items() if key != "name"}
        return RuleSpec(str(self.rule.get("name", "")), params)

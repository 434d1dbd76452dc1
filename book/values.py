"""From a sound draft to the values that the steps work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from book.files.dictionary import source_name
from book.files.draft import Draft
from book.files.languages import languages_of
from book.files.shapes import (
    AccountShape,
    AllowedShape,
    AppraisalShape,
    ApprovalShape,
    AskedShape,
    CalendarShape,
    CopyShape,
    DelegateShape,
    ExtraShape,
    GateShape,
    GradeShape,
    GradingShape,
    GroupShape,
    KpiShape,
    MailShape,
    ManagerShape,
    NameShape,
    OrganisationShape,
    OwnedShape,
    SourceShape,
    StatusesShape,
    TeamChangeShape,
    TeamShape,
    TextShape,
)
from book.model import (
    Allowed,
    Approver,
    Approving,
    Book,
    Delegate,
    Group,
    Mailbox,
    Mailing,
    Manager,
    Owned,
    Team,
    TeamChange,
    domain_of,
)
from book.okr_values import objective_of
from etl.account import Account
from etl.sources import fx_rates
from scoring.conditional import Asked, Extra, OnlyIf
from scoring.distribution import NOTHING_ASKED, Distribution
from scoring.due import Calendar, Cycle
from scoring.errors import BookError
from scoring.fiscal import FiscalCalendar
from scoring.formula import Formula
from scoring.grading import GradeTable, grade_table
from scoring.kpi import Area, Attainment, Kpi, RuleSpec
from scoring.okr.agreed import Objective
from scoring.okr.known import CheckIn
from scoring.pay import gate_of, pay_of
from scoring.policy import AppraisalShares, ScoringPolicy
from scoring.rules import rule_of
from scoring.scorecard import StatusWord
from scoring.spans import by_fiscal_year
from scoring.targets.terms import PartPeriod, PartPeriods, from_their_first_day
from scoring.text import Language, LocalText
from scoring.working import Band
from warehouse import adds_up

F = TypeVar("F")
Shape = TypeVar("Shape")
Value = TypeVar("Value")


def book_of(draft: Draft) -> Book:
    """The book of a draft without faults; raises `BookError` if a whole file is missing."""
    organisation = _readable(draft.organisation)
    calendar = _readable(draft.calendar)
    years, languages = calendar.fiscal_years, languages_of(draft)
    fiscal = years.calendar
    return Book(
        organisation=organisation.name.value(),
        currency_code=organisation.currency_code,
        time_zone=calendar.time_zone,
        **_looked_at(calendar),
        close_day=calendar.close_day,
        calendar=_calendar(calendar),
        sender=Mailbox(organisation.sender.name, organisation.sender.address),
        areas=_areas(organisation),
        kpis={kpi_id: _kpi(entry.kpi, fiscal) for kpi_id, entry in draft.kpis.items()},
        teams=tuple(_team(team_id, shape, languages[0]) for team_id, shape in draft.teams.items()),
        targets=from_their_first_day(draft.targets.targets, fiscal),
        policy=replace(
            _policy(_readable(draft.grading), calendar, draft.sources),
            has_workbook="workbook" in organisation.documents,
            paper=organisation.paper,
            archive=organisation.archive,
        ),
        accounts=tuple(_accounts(draft.sources, calendar.time_zone, organisation.currency_code)),
        source_names={source: _source_name(source, shape) for source, shape in draft.sources.items()},
        departments=_departments(organisation),
        objectives=_objectives(draft),
        check_ins=_check_ins(draft),
        languages=languages,
        approving=_approving(organisation.approval),
        mailing=_mailing(organisation.mail),
        allowed=_allowed(organisation.allowed),
        card_link=organisation.card_link,
        sources=draft.known_sources,
        fiscal_years=years,
        decided=tuple(row.value(years) for row in draft.decisions),
        comments=tuple(row.value(years) for row in draft.comments),
    )


def _areas(organisation: OrganisationShape) -> tuple[Area, ...]:
    return tuple(Area(area_id, name.value()) for area_id, name in organisation.areas.items())


def _departments(organisation: OrganisationShape) -> dict[str, LocalText]:
    return {department: name.value() for department, name in organisation.departments.items()}


def _approving(shape: ApprovalShape | None) -> Approving:
    if shape is None:
        return Approving()
    approvers = (Approver(each.name, each.email, each.user or each.email) for each in shape.approvers)
    return Approving(shape.required, tuple(approvers))


def _mailing(shape: MailShape) -> Mailing:
    return Mailing(
        reply_to=None if shape.reply_to is None else (shape.reply_to.name, shape.reply_to.address),
        contact=None if shape.contact is None else shape.contact.value(),
        objection_days=shape.objections,
        returned_to=shape.returned_to,
        together=shape.together,
        passphrases=shape.passphrases,
    )


def _allowed(shape: AllowedShape) -> Allowed:
    return Allowed(
        None if shape.domains is None else frozenset(map(domain_of, shape.domains)), shape.channels
    )


def _objectives(draft: Draft) -> tuple[Objective, ...]:
    return tuple(objective_of(entry.shape) for entry in draft.okrs.objectives.values())


def _check_ins(draft: Draft) -> tuple[CheckIn, ...]:
    return tuple(row.check_in for row in draft.okrs.check_ins if row.check_in is not None)


def _readable(file: F | None) -> F:
    if file is None:
        raise BookError("book: expected organisation.yaml, calendar.yaml and grading.yaml to be readable.")
    return file


def _calendar(shape: CalendarShape) -> Calendar:
    return Calendar(
        shape.time_zone,
        {cadence: Cycle(said.due, said.deadline) for cadence, said in shape.cycles.items()},
        frozenset(shape.holidays),
        frozenset(shape.made_up),
    )


def _looked_at(shape: CalendarShape) -> dict[str, Any]:
    """Which other days a card shows beside its own."""
    return {name: getattr(shape, name) for name in ("history_months", "year_to_date", "forecast")}


def _policy(
    shape: GradingShape, calendar: CalendarShape, sources: Mapping[str, SourceShape]
) -> ScoringPolicy:
    return ScoringPolicy(
        digits=shape.digits,
        green=shape.green,
        amber=shape.amber,
        not_available=shape.not_available,
        refused_file=shape.refused_file,
        missing_source=calendar.missing_source,
        necessary=frozenset(source for source, said in sources.items() if said.necessary),
        sum_unrounded=shape.total_of == "unrounded",
        grades=_built(shape.grades, _grades),
        pay=_built(shape.pay, pay_of),
        pay_gate=_built(shape.pay, gate_of),
        total_limits=None if shape.total is None else (shape.total.floor, shape.total.cap),
        **_said_besides(shape),
        target_change=shape.target_change,
        in_part=_in_part(shape.part_period, _calendar(calendar)),
        mixes=shape.mix,
        appraisal=_built(shape.appraisal, _shares),
        fiscal_named=calendar.fiscal_years.naming,
    )


def _built(shape: Shape | None, build: Callable[[Shape], Value]) -> Value | None:
    """What `build` makes of what the book says; None where it says nothing."""
    return None if shape is None else build(shape)


def _in_part(how: PartPeriod, calendar: Calendar) -> PartPeriods | None:
    counts = {PartPeriod.CALENDAR_DAYS: _every_day, PartPeriod.WORKING_DAYS: calendar.is_working}
    return PartPeriods(counts[how]) if how in counts else None


def _every_day(day: date) -> bool:
    return True


def _said_besides(shape: GradingShape) -> dict[str, Any]:
    """What only some books say."""
    return {
        "only_if": tuple(map(_only_if, shape.gates)),
        "extras": tuple(map(_extra, shape.extras)),
        "status_words": _status_words(shape.statuses),
        "distribution": _distribution(shape),
        "commented": _commented(shape),
        "ranked_from": None if shape.rank is None else shape.rank.at_least,
    }


def _distribution(shape: GradingShape) -> Distribution:
    said = shape.distribution
    return NOTHING_ASKED if said is None else said.value(shape.grade_names)


def _commented(shape: GradingShape) -> tuple[Band, ...]:
    """The statuses that are to be commented on, the worst first."""
    bands = (Band.RED, Band.AMBER)
    return () if shape.comments is None else bands[: 1 + bands.index(Band(shape.comments))]


def _status_words(shape: StatusesShape) -> tuple[StatusWord, ...]:
    return tuple(StatusWord(Band(name), word.value()) for name, word in shape if word is not None)


def _only_if(shape: GateShape) -> OnlyIf:
    return OnlyIf(_all_asked(shape.only_if), shape.at_most, shape.kpi, shape.area)


def _extra(shape: ExtraShape) -> Extra:
    return Extra(shape.name.value(), shape.points, _all_asked(shape.only_if), frozenset(shape.teams))


def _all_asked(shapes: Sequence[AskedShape]) -> tuple[Asked, ...]:
    return tuple(Asked(shape.kpi, shape.start or shape.below or Decimal(0)) for shape in shapes)


def _grades(shapes: Sequence[GradeShape]) -> GradeTable:
    return grade_table([(grade.name, grade.start) for grade in shapes])


def _shares(shape: AppraisalShape) -> AppraisalShares:
    return AppraisalShares(shape.system, shape.self_, shape.superior, shape.cap)


def _accounts(sources: Mapping[str, SourceShape], time_zone: str, reporting: str) -> Iterator[Account]:
    """Every account of every source; `time_zone` is that of accounts that state none,
    `reporting` the currency of the cards."""
    for source, shape in sources.items():
        for account in shape.accounts:
            yield Account(
                source=source,
                entity=account.entity,
                currency_code=account.currency_code,
                time_zone=account.time_zone or time_zone,
                files=account.files,
                query=account.query,
                connection=account.connection,
                platform=account.platform,
                options=_options(account),
                printed_as=account.printed_as,
                quarantine=account.quarantine,
                largest_drop=account.largest_drop,
                crossed_to=_crossed_to(source, account, reporting),
            )


def _crossed_to(source: str, account: AccountShape, reporting: str) -> str | None:
    """The reporting currency, where it is not the one that a table of exchange rates is given in."""
    is_crossed = source == fx_rates.NAME and reporting != (account.currency_code or fx_rates.BASE)
    return reporting if is_crossed else None


def _options(account: AccountShape) -> dict[str, object]:
    """What the account says of how its exports are read; only what it says."""
    said = {
        name: getattr(account, name)
        for name in ("format", "encoding", "numbers", "days", "whole_month", "words", "counted")
    }
    return {name: value for name, value in said.items() if value}


def _source_name(source: str, shape: SourceShape) -> LocalText:
    return source_name(source) if shape.name is None else shape.name.value()


def _team(team_id: str, shape: TeamShape, language: Language) -> Team:
    return Team(
        id=team_id,
        delegates=tuple(map(_delegate, shape.delegates)),
        changes=tuple(
            TeamChange(change.start, change.until, _fields(change, language))
            for change in sorted(shape.changes, key=lambda change: change.start)
        ),
        **_fields(shape, language),
    )


def _fields(shape: TeamShape | TeamChangeShape, language: Language) -> dict[str, Any]:
    """What the shape says of a team, by the fields of `Team`; of a change, what it names.

    `language` is that of a manager who has none.
    """
    of_manager: Callable[[Any], object] = partial(_manager, language=language)
    kinds = {**_OF_A_TEAM, "manager": of_manager}
    said = {name: getattr(shape, name) for name in kinds}
    return {name: kinds[name](part) for name, part in said.items() if part is not None}


def _manager(shape: ManagerShape, language: Language) -> Manager:
    return Manager(shape.name, shape.email, shape.language or language, formerly=shape.formerly)


def _owned(shape: OwnedShape) -> Owned:
    return Owned(shape.source, shape.entity, shape.keys, shape.share)


def _copy(shape: CopyShape) -> Mailbox:
    return Mailbox(shape.name, shape.email)


_OF_A_TEAM: Mapping[str, Callable[[Any], object]] = {
    "name": NameShape.value,
    "department": str,
    "owns": lambda owns: tuple(map(_owned, owns)),
    "of": tuple,
    "appraiser": lambda shape: Mailbox(shape.name, shape.email or ""),
    "reviewer": attrgetter("name"),
    "groups": lambda groups: tuple(map(_group, groups)),
    "copies": lambda copies: tuple(map(_copy, copies)),
}
"""How each field that a change can name becomes that of a team; a manager's needs the language, too."""


def _group(shape: GroupShape) -> Group:
    return Group(shape.channel, shape.connection, is_of_team=shape.readers == "team", has_file=shape.file)


def _delegate(shape: DelegateShape) -> Delegate:
    return Delegate(Mailbox(shape.name, shape.email), shape.start, shape.until, shape.instead)


def _kpi(shape: KpiShape, fiscal: FiscalCalendar | None) -> Kpi:
    said, formula = shape.rule_spec(), by_fiscal_year(shape.formula or "", fiscal)
    rule = RuleSpec(said.name, _by_fiscal_year(said.params, fiscal))
    return Kpi(
        id=shape.id,
        name=shape.name.value(),
        description=_text(shape.description) or LocalText("", ""),
        why=_text(shape.why),
        owner=_text(shape.owner),
        area=shape.area,
        unit=shape.unit,
        decimals=shape.decimals,
        direction=shape.direction,
        formula=formula,
        rule=rule,
        lag_days=shape.lag_days,
        review_date=shape.review_date,
        attainment=Attainment(**dict(shape.attainment)),
        deprecated_on=shape.deprecated_on,
        drivers=shape.drivers,
        adds_up=bool(formula) and adds_up(Formula.parse(formula)),
        adding_up=frozenset(formula.text for formula in rule_of(rule).formulas if adds_up(formula)),
    )


def _by_fiscal_year(value: Any, fiscal: FiscalCalendar | None) -> Any:
    """Parameters of a rule; years to date in their conditions count from the fiscal year's first day."""
    match value:
        case str():
            return by_fiscal_year(value, fiscal)
        case Mapping():
            return {key: _by_fiscal_year(part, fiscal) for key, part in value.items()}
        case list() | tuple():
            return type(value)(_by_fiscal_year(part, fiscal) for part in value)
    return value


def _text(shape: TextShape | None) -> LocalText | None:
    return None if shape is None else shape.value()

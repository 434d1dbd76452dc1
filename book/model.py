"""The organisation's book as values: the checked content of `config/`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain, filterfalse, pairwise
from operator import attrgetter
from typing import Any, Protocol, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from etl.account import Account
from etl.sources import Source, registry
from etl.sources.fx_rates import BASE
from ledger import CHATS, MAIL, Issue, Recipient
from scoring.addresses import one_spelling, with_ascii_domain
from scoring.calibration import Decided
from scoring.closing import DEFAULT_CLOSE_DAY, is_closed
from scoring.comments import Comment
from scoring.due import Calendar
from scoring.errors import UsageError
from scoring.fiscal_years import FiscalYears
from scoring.kpi import Area, Kpi, Target
from scoring.okr.agreed import Objective
from scoring.okr.known import CheckIn
from scoring.period import Cadence, Period
from scoring.policy import ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.spans import Since
from scoring.targets.terms import Terms, targets_of
from scoring.text import LANGUAGES, Language, LocalText
from warehouse import Ownership


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an e-mail address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Manager:
    """Who receives a team's scorecard, and in which language; `others` are addresses besides the mail's."""

    name: str
    email: str
    language: Language
    others: Mapping[str, str] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name that cards of this person carry."""
        return frozenset((self.name, *self.formerly))

    def is_same(self, other: Manager) -> bool:
        """Whether both are one person: under a name that the person had, or with the same address."""
        return not self.names.isdisjoint(other.names) or self.email == other.email

    @property
    def addresses(self) -> Mapping[str, str]:
        """The manager's addresses, by kind of channel."""
        return {"mail": self.email, **self.others}


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group that reads of a team's cards: its platform, and the name that its webhook is set up under.

    Where it `is_of_team`, only the team's own people are in it; `has_file` is whether it gets the documents.
    """

    channel: str
    name: str
    is_of_team: bool = False
    has_file: bool = False

    @property
    def recipient(self) -> Recipient:
        """The group as the ledger knows it."""
        return Recipient(self.channel, self.name)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where cards may go: domains of mail addresses, as servers spell them, and kinds of channels.

    None allows all.
    """

    domains: frozenset[str] | None = None
    channels: tuple[str, ...] | None = None

    def is_open_to(self, recipient: Recipient) -> bool:
        """Whether something may be sent to that recipient."""
        if self.channels is not None and recipient.channel not in self.channels:
            return False
        return recipient.channel != MAIL or self.has_domain(recipient.address)

    def has_domain(self, address: str) -> bool:
        """Whether a mail may go to that address."""
        return self.domains is None or domain_of(address) in self.domains


def domain_of(address: str) -> str:
    """The domain of a mail address, or of nothing but a domain, as servers spell it; in small letters."""
    return with_ascii_domain(f"@{address.rpartition('@')[2]}")[1:].lower()


@dataclass(frozen=True, slots=True)
class Owned:
    """The part of an account that a team owns: some owner keys (`*` = the rest), with a share."""

    source: str
    entity: str
    keys: tuple[str, ...]
    share: Decimal


@dataclass(frozen=True, slots=True)
class Delegate:
    """Who gets what is mailed from `start` until the day before `until`: beside the manager, or `instead`."""

    mailbox: Mailbox
    start: date
    until: date
    instead: bool


class Span(Protocol):
    """Days from `start` on, until the day before `until` where there is one."""

    @property
    def start(self) -> date:
        """The first day."""
        ...

    @property
    def until(self) -> date | None:
        """The first day that no longer counts; None where there is no end."""
        ...


def holds_on(span: Span, day: date) -> bool:
    """Whether it is in force on the day."""
    return span.start <= day and (span.until is None or day < span.until)


def turns_of(spans: Iterable[Span]) -> Iterator[date]:
    """The days on which one of them begins or ends."""
    for span in spans:
        yield span.start
        if span.until is not None:
            yield span.until


@dataclass(frozen=True, slots=True)
class TeamChange:
    """What is different in a team from `start` on, until the day before `until`, by the fields of `Team`."""

    start: date
    until: date | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Team:
    """A team that gets a scorecard. The appraiser is its manager's superior, the reviewer checks both.

    The team is as it was at first; `changes` say what has been different since, the later ones before the
    earlier. `copies` get the manager's mail, too; `groups` read of the card in a chat. The address of the
    appraiser may be empty. Instead of owning anything a team may be made `of` others, named one by one or by
    the ids of their departments: its card adds theirs up.
    """

    id: str
    name: LocalText
    manager: Manager
    owns: tuple[Owned, ...] = ()
    of: tuple[str, ...] = ()
    department: str | None = None
    appraiser: Mailbox | None = None
    reviewer: str | None = None
    copies: tuple[Mailbox, ...] = ()
    delegates: tuple[Delegate, ...] = ()
    groups: tuple[Group, ...] = ()
    changes: tuple[TeamChange, ...] = ()

    @property
    def appraiser_name(self) -> str | None:
        """Who appraises the team's cards; None where nobody does."""
        return None if self.appraiser is None else self.appraiser.name

    @property
    def addresses(self) -> Iterator[str]:
        """Every address that its cards are ever mailed to."""
        changes = [change.fields for change in self.changes]
        managers = (self.manager, *(fields["manager"] for fields in changes if "manager" in fields))
        yield from (manager.email for manager in managers)
        copies = chain(self.copies, *(fields.get("copies", ()) for fields in changes))
        yield from (mailbox.address for mailbox in (*copies, *(each.mailbox for each in self.delegates)))

    def on(self, day: date) -> Team:
        """The team as it is on that day, without its changes."""
        fields: dict[str, Any] = {"changes": ()}
        for change in self.changes:
            if holds_on(change, day):
                fields |= change.fields
        return replace(self, **fields)

    def groups_by(self, kinds: Collection[str]) -> tuple[Recipient, ...]:
        """The team's chat groups that are reached by channels of these kinds."""
        return tuple(group.recipient for group in self.groups if group.channel in kinds)

    def in_period(self, period: Period) -> Team:
        """The team as a card of the period has it: as on its last day, with all that it owned on any day."""
        days = [period.start, *(day for day in self.turns if day in period)]
        owns = chain.from_iterable(self.on(day).owns for day in days)
        return replace(self.on(period.last_day), owns=tuple(dict.fromkeys(owns)))

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which something changes, in order."""
        return tuple(sorted(set(turns_of(self.changes))))


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may approve cards, and which user of Airflow that is."""

    name: str
    address: str
    user: str

    def is_manager(self, manager: Manager) -> bool:
        """Whether it is this manager, by any of their names or the address."""
        names = (name.casefold() for name in manager.names)
        return self.name.casefold() in names or one_spelling(self.address) == one_spelling(manager.email)


@dataclass(frozen=True, slots=True)
class Approving:
    """Whether a card is sent only after somebody approved it, and who may."""

    is_required: bool = False
    approvers: tuple[Approver, ...] = ()

    def approver(self, name: str) -> Approver:
        """The approver of that name; raises `UsageError` for somebody who may not approve."""
        return _one_of({approver.name: approver for approver in self.approvers}, name)

    def of_user(self, user: str) -> Approver:
        """The approver who is that user of Airflow; raises `UsageError` for a user who may not approve."""
        return _one_of({approver.user: approver for approver in self.approvers}, user)

    def of_team(self, team: Team) -> tuple[Approver, ...]:
        """Those who may approve the team's card: not its own manager."""
        return tuple(one for one in self.approvers if not one.is_manager(team.manager))


def _one_of(approvers: Mapping[str, Approver], wanted: str) -> Approver:
    if wanted not in approvers:
        raise UsageError(
            f"approver: expected one of {', '.join(approvers)}, found {wanted!r}; those who may approve "
            "stand in organisation.yaml."
        )
    return approvers[wanted]


@dataclass(frozen=True, slots=True)
class Mailing:
    """How the cards' mails go out, and what they say beside the card.

    Answers go to `reply_to` (name, address), mails that come back to `returned_to`, both to the sender where
    they are None. `objection_days` are working days. With `together` a reader of several teams gets one mail.
    `passphrases` are the names of those that lock the documents, by address; `*` is everybody else.
    """

    reply_to: tuple[str, str] | None = None
    contact: LocalText | None = None
    objection_days: int | None = None
    returned_to: str | None = None
    together: bool = False
    passphrases: Mapping[str, str] = field(default_factory=dict)

    def passphrase_of(self, address: str) -> str | None:
        """The name of what locks the documents that go to this address; None where they go in clear."""
        return self.passphrases.get(address, self.passphrases.get("*"))


_ENDED = 12


class _OfATeam(Protocol):
    @property
    def team_id(self) -> str: ...


R = TypeVar("R", bound=_OfATeam)


def _by_team(rows: Iterable[R]) -> Mapping[str, tuple[R, ...]]:
    """The rows of each team, in their order."""
    found: defaultdict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[row.team_id].append(row)
    return {team_id: tuple(some) for team_id, some in found.items()}


@dataclass(frozen=True)
class Book:
    """Everything an organisation has agreed on. `time_zone` is the zone of its months.

    `languages` are those its texts are in, the first one for managers who have none of their own;
    `close_day` is the day of the following month on which a month is closed, `calendar` says when runs are
    due, `sha256` is that of all files. `allowed` says where cards may go, `card_link` where they are
    opened, with `{period}` and `{file}`; `decided` are the grades that people decided on, `comments`
    what they said about results. `year_to_date` is whether cards show it, `forecast` whether
    they look ahead.
    """

    organisation: LocalText
    currency_code: str
    time_zone: str
    history_months: int
    sender: Mailbox
    areas: tuple[Area, ...]
    kpis: Mapping[str, Kpi]
    teams: tuple[Team, ...]
    targets: tuple[Target, ...]
    policy: ScoringPolicy
    accounts: tuple[Account, ...]
    source_names: Mapping[str, LocalText]
    departments: Mapping[str, LocalText]
    objectives: tuple[Objective, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    close_day: int = DEFAULT_CLOSE_DAY
    calendar: Calendar = field(default_factory=partial(Calendar, "UTC"))
    languages: tuple[Language, ...] = LANGUAGES
    approving: Approving = Approving()
    mailing: Mailing = Mailing()
    allowed: Allowed = Allowed()
    card_link: str | None = None
    fiscal_years: FiscalYears = field(default_factory=FiscalYears)
    year_to_date: bool = False
    forecast: bool = False
    decided: tuple[Decided, ...] = ()
    comments: tuple[Comment, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=registry, compare=False)
    sha256: str = field(default="", compare=False)

    @cached_property
    def accounts_by_key(self) -> Mapping[tuple[str, str], Account]:
        """Every account by its source and its entity."""
        return {(account.source, account.entity): account for account in self.accounts}

    def accounts_of(self, source: str) -> tuple[Account, ...]:
        """The accounts of one source; raises `UsageError` for a source the book does not have."""
        if source not in self.source_names:
            raise UsageError(f"source: expected one of {', '.join(self.source_names)}, found {source!r}.")
        return tuple(account for account in self.accounts if account.source == source)

    def keys_of(self, account: Account) -> frozenset[str]:
        """The owner keys of an account that any team names, without `*`."""
        return frozenset(
            owned.owner_key
            for owned in self.ownership
            if (owned.source, owned.entity) == (account.source, account.entity) and owned.owner_key != "*"
        )

    def keys_by_entity(self, source: str) -> dict[str, frozenset[str]]:
        """The owner keys of each account of a source, see `keys_of`."""
        keys: dict[str, set[str]] = {account.entity: set() for account in self.accounts_of(source)}
        for owned in self.ownership:
            if owned.source == source and owned.owner_key != "*" and owned.entity in keys:
                keys[owned.entity].add(owned.owner_key)
        return {entity: frozenset(of_entity) for entity, of_entity in keys.items()}

    def account(self, source: str, entity: str) -> Account:
        """One account; raises `UsageError` if the book does not (or no longer) have it."""
        if (source, entity) not in self.accounts_by_key:
            self.accounts_of(source)
            raise UsageError(
                f"account: expected an account of {source} that sources.yaml has, found {entity!r}; "
                "enter it there again, or remove its data."
            )
        return self.accounts_by_key[source, entity]

    @property
    def rates_base(self) -> str | None:
        """What tables of exchange rates are given in, where they are crossed to the reporting currency."""
        bases = (each.currency_code or BASE for each in self.accounts if each.crossed_to)
        return ", ".join(sorted({*bases})) or None

    def is_closed(self, period: Period, moment: datetime) -> bool:
        """Whether `period` was closed at `moment` (a time with its zone): a change is then a restatement."""
        return is_closed(period, self.close_day, self.today(moment))

    def today(self, moment: datetime) -> date:
        """The organisation's own day at `moment` (a time with its zone)."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def groups(self) -> tuple[Recipient, ...]:
        """Every chat group that a team has, had or will have."""
        said = chain.from_iterable(
            (team.groups, *(change.fields.get("groups", ()) for change in team.changes))
            for team in self.teams
        )
        return tuple(dict.fromkeys(group.recipient for groups in said for group in groups))

    @cached_property
    def readers(self) -> frozenset[str]:
        """Every address that cards are mailed to, whenever that is."""
        return frozenset(chain.from_iterable(team.addresses for team in self.teams))

    def group_of(self, card: Scorecard, recipient: Recipient) -> Group | None:
        """The group that is to read of the card; one that the book no longer has is told the least.

        None for a recipient that is no group.
        """
        if recipient.channel not in CHATS:
            return None
        team = self.team_in(card.team_id, Period.parse(card.period))
        known = {group.recipient: group for group in team.groups}
        return known.get(recipient, Group(recipient.channel, recipient.address))

    def address_of(self, issue: Issue) -> str | None:
        """Where people open an issued card; None where the book does not say."""
        if self.card_link is None:
            return None
        file = issue.documents[0].name
        return self.card_link.replace("{period}", quote(issue.period)).replace("{file}", quote(file))

    def period(self, text: str) -> Period:
        """The period that the organisation calls so; raises `UsageError` for what is none."""
        return self.fiscal_years.period(text)

    def own_period(self, text: str) -> Period:
        """The same to make cards of; raises `UsageError` for one of another fiscal year than the book's."""
        return self.fiscal_years.own_period(text)

    def ended(self, cadence: Cadence, day: date) -> list[Period]:
        """The last twelve periods of that length that ended before `day`, the newest first.

        Of free spans those that anybody has targets for.
        """
        if cadence is Cadence.SPAN:
            ended = (span for span in self._spans if span.end <= day)
            return sorted(ended, key=attrgetter("end", "start"), reverse=True)[:_ENDED]
        fiscal = self.fiscal_years.calendar if cadence.startswith("fiscal") else None
        return [*reversed(Period.containing(day, cadence, fiscal).shift(-1).window(_ENDED))]

    @cached_property
    def _spans(self) -> frozenset[Period]:
        rows = (row for row in self.targets if row.per is Cadence.SPAN)
        return frozenset(Period.of_days(row.valid_from, row.valid_until - timedelta(days=1)) for row in rows)

    def teams_in(self, period: Period) -> tuple[Team, ...]:
        """Every team as a card of the period has it."""
        return tuple(self._with_its_members(team.in_period(period), period) for team in self.teams)

    def _with_its_members(self, team: Team, period: Period) -> Team:
        """A team made of others with all that these own."""
        if not team.of:
            return team
        owns = chain.from_iterable(member.owns for member in self.members(team.id, period))
        return replace(team, owns=tuple(dict.fromkeys(owns)))

    def team_in(self, team_id: str, period: Period) -> Team:
        """One team as a card of the period has it."""
        return self._with_its_members(self.by_id[team_id].in_period(period), period)

    def manager_in(self, team_id: str, period: Period) -> Manager:
        """Who leads the team on the period's last day."""
        return self.by_id[team_id].on(period.last_day).manager

    @cached_property
    def by_id(self) -> Mapping[str, Team]:
        """Every team by its id, in the order of the book."""
        return {team.id: team for team in self.teams}

    def members(self, team_id: str, period: Period) -> tuple[Team, ...]:
        """The teams that a team is made of on the period's last day, each once; none if it is made of none.

        A name that is a department's means all teams that it has on that day, but for those made of others.
        """
        of = self._named_in(team_id, period.last_day)
        owning = (team.in_period(period) for team in self._owning) if of else ()
        return tuple(filter(partial(self._is_named, of), owning))

    def owned_in(self, team_id: str, period: Period, month: Period) -> tuple[Owned, ...]:
        """What the team owned in a month, or the teams of which it is made in the `period` did."""
        made_of = [member.id for member in self.members(team_id, period)] or [team_id]
        owned = (self.by_id[each].in_period(month).owns for each in made_of)
        return tuple(dict.fromkeys(chain.from_iterable(owned)))

    def _named_in(self, team_id: str, day: date) -> tuple[str, ...]:
        """The names in a team's `of` on that day; none of a team that the book does not have."""
        return self.by_id[team_id].on(day).of if team_id in self.by_id else ()

    def _is_named(self, of: tuple[str, ...], team: Team) -> bool:
        return team.department in of or (team.id in of and team.id not in self.departments)

    @cached_property
    def _owning(self) -> tuple[Team, ...]:
        """The teams that own something themselves."""
        return tuple(filterfalse(attrgetter("of"), self.teams))

    @cached_property
    def ownership(self) -> tuple[Ownership, ...]:
        """Which team owns which part of which account, from which day until which."""
        return tuple(
            Ownership(owned.source, owned.entity, key, team.id, owned.share, start, until)
            for team in self.teams
            for start, until in pairwise((date.min, *team.turns, date.max))
            for owned in team.on(start).owns
            for key in owned.keys
        )

    def agreed(self, team_id: str, period: Period) -> tuple[Terms, ...]:
        """The targets that score a team's `period`: those in force, in the order of the book."""
        key = team_id, period
        if key not in self._agreed:
            targets = self.targets_by_team.get(team_id, ())
            self._agreed[key] = targets_of(targets, period, self.policy.target_change, self.policy.in_part)
        return self._agreed[key]

    def own_days(self, period: Period) -> dict[str, Since]:
        """The days of each team that has a card of only a part of the period; of those that own something."""
        if self.policy.in_part is None:
            return {}
        if period not in self._own_days:
            first = chain.from_iterable(self.agreed(team.id, period)[:1] for team in self._owning)
            own = {terms.row.team_id: terms.own_days for terms in first}
            self._own_days[period] = {team_id: days for team_id, days in own.items() if days is not None}
        return self._own_days[period]

    @cached_property
    def targets_by_team(self) -> Mapping[str, tuple[Target, ...]]:
        """The rows of targets of each team, in the order of the book."""
        return _by_team(self.targets)

    @cached_property
    def objectives_by_team(self) -> Mapping[str, tuple[Objective, ...]]:
        """The objectives of each team, in the order of the book."""
        return _by_team(self.objectives)

    @cached_property
    def comments_by_team(self) -> Mapping[str, tuple[Comment, ...]]:
        """What was said about the results of each team, in the order of the book."""
        return _by_team(self.comments)

    @cached_property
    def months_behind(self) -> dict[Period, list[Period]]:
        """The months behind the figures of the periods that were asked about; see `book.history`."""
        return {}

    @cached_property
    def _agreed(self) -> dict[tuple[str, Period], tuple[Terms, ...]]:
        return {}

    @cached_property
    def _own_days(self) -> dict[Period, dict[str, Since]]:
        return {}

"""Invented histories of two teams: people come and go, data come late, months are run again.

A history is made by its seed alone. It keeps its own idea of who is in charge, worked out from what it wrote
into the book and by none of the product's code, and reads every mail that went out against it.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import yaml
from rich.console import Console

from pipeline.run import RunOptions, run
from pipeline.site import Site
from publishing.publish import Wanted, publish
from publishing.readers import reader_called
from scoring.canonical import from_json
from scoring.errors import BookError, UsageError
from scoring.period import Period
from terminal.card import print_card
from tests.pipeline.conftest import Place
from tests.pipeline.exports import ads, answers, rates

TEAMS = ("north", "south")
MONTHS = (Period(2026, 9), Period(2026, 10), Period(2026, 11))
NOBODY = 41_000
CANARY = re.compile(r"GQ(\d{4})|41[,.]?(00[01]\.\d{2})")
"""Each point of a total has a grade and a coefficient of its own, which nothing else looks like."""

_NAMES = ("Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal")


@dataclass(frozen=True)
class Person:
    """Somebody with an address that stays and a name that may change."""

    number: int
    name: str
    formerly: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"p{self.number}@lantern.example"

    @property
    def manager(self) -> dict[str, object]:
        said = {"name": self.name, "email": self.email, "language": ("en", "zh_CN")[self.number % 2]}
        return {**said, **({"formerly": [*self.formerly]} if self.formerly else {})}

    @property
    def mailbox(self) -> dict[str, object]:
        return {"name": self.name, "email": self.email}


@dataclass(frozen=True)
class Change:
    """What is different from a day on: another manager, or other copies."""

    start: date
    until: date | None
    manager: Person | None = None
    copies: tuple[Person, ...] | None = None

    @property
    def entry(self) -> dict[str, object]:
        said: dict[str, object] = {"from": self.start}
        said |= {} if self.until is None else {"until": self.until}
        said |= {} if self.manager is None else {"manager": self.manager.manager}
        return said | ({} if self.copies is None else {"copies": [one.mailbox for one in self.copies]})


@dataclass(frozen=True)
class Delegate:
    """Who stands in on the days from `start` on."""

    person: Person
    start: date
    until: date
    instead: bool

    @property
    def entry(self) -> dict[str, object]:
        return {**self.person.mailbox, "from": self.start, "until": self.until, "instead": self.instead}


@dataclass(frozen=True)
class People:
    """The people of a team as the book has them at some moment."""

    manager: Person
    copies: tuple[Person, ...]
    delegates: tuple[Delegate, ...]
    changes: tuple[Change, ...] = ()

    def in_charge(self, period: Period) -> Person:
        """The manager of the period's last day."""
        day = period.end - timedelta(days=1)
        found = [one.manager for one in self._on(day) if one.manager is not None]
        return found[-1] if found else self.manager

    def copied(self, period: Period) -> tuple[Person, ...]:
        """Those who get a copy of the period's card."""
        day = period.end - timedelta(days=1)
        found = [one.copies for one in self._on(day) if one.copies is not None]
        return found[-1] if found else self.copies

    def standing_in(self, today: date) -> tuple[Delegate, ...]:
        """Those who get what is mailed on a day."""
        return tuple(one for one in self.delegates if one.start <= today < one.until)

    def _on(self, day: date) -> Iterator[Change]:
        for one in sorted(self.changes, key=lambda one: one.start):
            if one.start <= day and (one.until is None or day < one.until):
                yield one


@dataclass(frozen=True)
class Mail:
    """A mail that went out, and the book and day of then."""

    team: str
    period: Period
    to: str
    text: str
    people: People
    day: date


Read = Callable[[bytes], str]
"""How the text of an attachment is read."""


@dataclass
class History:
    """One history in a place of its own; `read` reads the documents that are attached."""

    place: Place
    seed: int
    read: Read = bytes.decode
    mails: list[Mail] = field(default_factory=list)
    books: list[dict[str, People]] = field(default_factory=list)
    refused: int = 0
    revisions: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.people = {team: self._first(team) for team in TEAMS}
        self._grading()

    def live(self) -> None:
        """From September's cards to the last rerun in December."""
        for number, month in enumerate(MONTHS[: self.chance.choice((2, 2, 3))]):
            self._export(month)
            self._step(month, datetime(2026, month.number + 1, 3, 5, tzinfo=UTC))
            for _ in range(self.chance.randrange(2)):
                again = self.chance.choice(MONTHS[: number + 1])
                self._step(again, datetime(2026, month.number + 1, 20, 5, tzinfo=UTC))
        issued = self.place.open().ledger.revisions(None)
        self.revisions = sum(issue.revision > 1 for issue in issued)

    def told(self, team: str, period: Period) -> set[str]:
        """What any revision of a card says of grade and pay: the points of its total."""
        issued = self.place.open().ledger.revisions(str(period))
        cards = (from_json(issue.card_json) for issue in issued if issue.team_id == team)
        return {canary for card in cards if card.grade for canary in canaries(card.grade)}

    def _step(self, period: Period, now: datetime) -> None:
        """Late data, a change of people, and a run, which a book that contradicts what was issued ends."""
        for month in MONTHS:
            if month.end <= now.date() and self.chance.random() < 0.6:
                self._export(month)
        self.books.append(dict(self.people))
        if self.chance.random() < 0.7:
            team = self.chance.choice(TEAMS)
            self.people[team] = self._changed(self.people[team], now.date())
        teams = () if self.chance.random() < 0.7 else (self.chance.choice(TEAMS),)
        # whoever wrote what contradicts an issued card takes it back, as far as it needs
        for people in (self.people, *reversed(self.books)):
            self.people = dict(people)
            try:
                self._run(period, teams, now)
                return
            except BookError:
                self.refused += 1

    def _run(self, period: Period, teams: tuple[str, ...], now: datetime) -> None:
        self._write_people()
        there = set((self.place.home / "outbox").glob("*.eml"))
        try:
            run(self.place.open(), RunOptions(period, teams), now=lambda: now, say=lambda _: None)
        finally:
            for path in sorted(set((self.place.home / "outbox").glob("*.eml")) - there):
                self.mails.append(self._mail(path, now.date()))

    def _mail(self, path: Path, day: date) -> Mail:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        period, team, *_ = str(mail["Message-ID"]).strip("<>").split(".")
        parts = [f"{name}: {value}" for name, value in mail.items()]
        for part in mail.walk():
            if part.get_content_maintype() == "text" and not part.is_attachment():
                parts.append(part.get_content())
            elif part.is_attachment():
                parts += [str(part.get_filename()), self.read(part.get_payload(decode=True))]
        to = re.search(r"[^<\s]+@[^>\s]+", str(mail["To"]))
        assert to is not None
        return Mail(team, Period.parse(period), to[0], "\n".join(parts), self.people[team], day)

    def _first(self, team: str) -> People:
        manager, other, third = self.chance.sample(range(len(_NAMES)), 3)
        copies = (self._person(other),) if self.chance.random() < 0.4 else ()
        delegates = (self._delegate(third, date(2026, 10, 1)),) if self.chance.random() < 0.3 else ()
        people = People(self._person(manager), copies, delegates)
        # mostly somebody else is known to come, on the first of a month or within it
        if self.chance.random() < 0.7:
            start = self.chance.choice((date(2026, 10, 1), date(2026, 11, 1), date(2026, 10, 17)))
            change = Change(start, None, manager=self._person(self.chance.randrange(len(_NAMES))))
            people = replace(people, changes=(change,))
        return people

    def _person(self, number: int) -> Person:
        return Person(number, f"{_NAMES[number]} Berg")

    def _delegate(self, number: int, near: date) -> Delegate:
        start = near + timedelta(days=self.chance.randrange(-5, 40))
        until = start + timedelta(days=self.chance.randrange(1, 40))
        return Delegate(self._person(number), start, until, self.chance.random() < 0.5)

    def _changed(self, people: People, today: date) -> People:
        """One thing more in the book: mostly of the days around, sometimes of a month that was issued."""
        start = today + timedelta(days=self.chance.randrange(-60, 30))
        until = start + timedelta(days=self.chance.randrange(10, 60)) if self.chance.random() < 0.2 else None
        number = self.chance.randrange(len(_NAMES))
        match self.chance.randrange(6):
            case 0:
                return replace(people, delegates=(*people.delegates, self._delegate(number, today)))
            case 1:
                copies = (self._person(number),)
                return replace(people, changes=(*people.changes, Change(start, until, copies=copies)))
            case 2:
                there = people.in_charge(Period.containing(start))
                renamed = Person(there.number, f"{there.name}-New", (there.name, *there.formerly))
                return replace(people, changes=(*people.changes, Change(start, None, manager=renamed)))
            case _:
                manager = self._person(number)
                return replace(people, changes=(*people.changes, Change(start, until, manager=manager)))

    def _write_people(self) -> None:
        path = self.place.root / "config/teams.yaml"
        book = yaml.safe_load(path.read_text("utf-8"))
        for team, people in self.people.items():
            book[team]["manager"] = people.manager.manager
            book[team]["copies"] = [one.mailbox for one in people.copies]
            book[team]["delegates"] = [one.entry for one in people.delegates]
            book[team]["changes"] = [one.entry for one in sorted(people.changes, key=lambda one: one.start)]
        path.write_text(yaml.safe_dump(book, allow_unicode=True, sort_keys=False), "utf-8")

    def _grading(self) -> None:
        path = self.place.root / "config/grading.yaml"
        grading = yaml.safe_load(path.read_text("utf-8"))
        grading["grades"] = [{"name": f"GQ{point:04d}", "from": point} for point in range(160)]
        tiers = [{"from": point, "coefficient": f"{NOBODY + point / 100:.2f}"} for point in range(160)]
        grading["pay"] = {"method": "bands", "digits": 2, "tiers": tiers}
        path.write_text(yaml.safe_dump(grading), "utf-8")

    def _export(self, month: Period) -> None:
        days = [day for day in month.days() if self.chance.random() < 0.9] or [month.start]
        scores = [self.chance.choice((2, 8, 9, 10, 10)) for _ in range(self.chance.randrange(6, 25))]
        texts = {
            "ads": ads(days, without={(day.day, "202") for day in days if self.chance.random() < 0.5}),
            "answers": answers(scores).replace("2026-10", str(month)).replace("\nr", f"\n{month}r"),
            "rates": rates(month=month),
        }
        for name, text in texts.items():
            (self.place.root / f"exports/{name} {month}.csv").write_text(text, "utf-8")


def canaries(text: str) -> set[str]:
    """The points whose grade or coefficient a text shows, as `0091`."""
    return {grade or f"{round(float(pay) * 100):04d}" for grade, pay in CANARY.findall(text)}


Under = dict[tuple[str, Period], int]
"""Under whom the first mail of a team's period went out."""


def _theirs(people: People, team: str, period: Period, under: Under) -> set[Period]:
    """The periods whose grade and pay the reader of a card may see: those of the same person."""
    reader = people.in_charge(period).number
    return {one for one in MONTHS if people.in_charge(one).number == under.get((team, one), reader) == reader}


def leaks(history: History) -> Iterator[str]:
    """Every mail that shows grade or pay of a period in which its card's manager was not in charge.

    Copies and delegates get what the manager gets; whoever else is written to had the card before.
    """
    told = {(team, period): history.told(team, period) for team in TEAMS for period in MONTHS}
    had: set[tuple[str, Period, str]] = set()
    under: Under = {}
    for mail in history.mails:
        which = f"{mail.period}/{mail.team} to {mail.to} on {mail.day}"
        under.setdefault((mail.team, mail.period), mail.people.in_charge(mail.period).number)
        theirs = _theirs(mail.people, mail.team, mail.period, under)
        foreign = canaries(mail.text) - set().union(*(told[mail.team, one] for one in theirs))
        if foreign:
            yield f"{which} shows {sorted(foreign)}"
        if not canaries(mail.text) & told[mail.team, mail.period]:
            yield f"{which} shows no grade of its own"
        if mail.to not in _entitled(mail) and (mail.team, mail.period, mail.to) not in had:
            yield f"{which} is nobody's"
        had.add((mail.team, mail.period, mail.to))


def terminal_leaks(history: History) -> Iterator[str]:
    """Every card of whose lines on the terminal one shows grade or pay of another person's period."""
    site, under = history.place.open(), Under()
    for mail in history.mails:
        under.setdefault((mail.team, mail.period), mail.people.in_charge(mail.period).number)
    for issue in site.ledger.latest_revisions():
        period = Period.parse(issue.period)
        # the card stays with whom it was issued to, whatever the book says by now
        reader = under[issue.team_id, period]
        theirs = [one for one in MONTHS if under.get((issue.team_id, one)) == reader]
        out = io.StringIO()
        print_card(issue.card_json, tuple, Console(file=out, width=200))
        told = set().union(*(history.told(issue.team_id, one) for one in theirs))
        foreign = canaries(out.getvalue()) - told
        if foreign:
            yield f"show {issue.period} {issue.team_id} shows {sorted(foreign)}"


def archive_leaks(history: History, root: Path) -> Iterator[str]:
    """Whatever somebody's own archive shows of another person's card: in a page, the search or a file's name.

    Also every card of theirs that it lacks, so that an archive of nothing is no good one.
    """
    site, under = history.place.open(), Under()
    for mail in history.mails:
        under.setdefault((mail.team, mail.period), mail.people.in_charge(mail.period).number)
    for number, name in enumerate(_NAMES):
        theirs = {
            (team, period)
            for (team, period), person in under.items()
            if person == history.people[team].in_charge(period).number == number
        }
        folder = root / str(number)
        _publish_for(site, f"p{number}@lantern.example", folder)
        for leak in _leaks_in(folder, theirs, history):
            yield f"the archive of {name} {leak}"


def _publish_for(site: Site, address: str, folder: Path) -> None:
    """Nothing where the book has no such manager, or no card is theirs."""
    with suppress(UsageError):
        publish(site, folder, Wanted(reader=reader_called(site, address)))


def _leaks_in(folder: Path, theirs: set[tuple[str, Period]], history: History) -> Iterator[str]:
    files = {path: history.read(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
    text = "\n".join([*files.values(), *(path.name for path in files)])
    told = set().union(*(history.told(*card) for card in theirs))
    if foreign := canaries(text) - told:
        yield f"shows {sorted(foreign)}"
    # the archive's own list of files has no text of a card, but every name
    named = {(team, month) for team in TEAMS for month in MONTHS if f"{team}-{month}-r" in text}
    if named - theirs:
        yield f"names {sorted(map(str, named - theirs))}"
    if theirs - named:
        yield f"lacks {sorted(map(str, theirs - named))}"
    others = {name for number, name in enumerate(_NAMES) if folder.name != str(number)}
    if seen := [name for name in others if f"{name} Berg" in text]:
        yield f"names {seen}"


def _entitled(mail: Mail) -> set[str]:
    standing_in = mail.people.standing_in(mail.day)
    named = [*(one.person for one in standing_in), *mail.people.copied(mail.period)]
    if not any(one.instead for one in standing_in):
        named.append(mail.people.in_charge(mail.period))
    return {one.email for one in named}

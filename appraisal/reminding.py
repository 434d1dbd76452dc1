"""Reminds superiors of the marks that they owe, at most once a day, and of nobody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from appraisal.sheets import sheet_of
from archive.letters import notice_mail
from book import Team
from book.model import Mailbox
from delivery.message import Message
from delivery.notices import mail_channel, tell
from ledger import Notice
from ledger.errors import DeliveryError
from pipeline.site import Site
from reports.forms import layout
from reports.forms.layout import FormRow
from reports.notices import Asked, Asking, marks_notice
from scoring.errors import UsageError
from scoring.period import Period
from scoring.text import LocalText, numbered


@dataclass(frozen=True, slots=True)
class Owed:
    """The names of the KPIs of a team's period that its manager's superior has given no mark for."""

    superior: Mailbox
    team: Team
    period: Period
    kpis: tuple[LocalText, ...]


def owed_in(site: Site, period: Period, teams: tuple[str, ...] = ()) -> tuple[Owed, ...]:
    """What superiors owe for a period, of the teams named or of all."""
    return tuple(_owed(site, period, teams))


def remind(site: Site, owed: Sequence[Owed], *, now: Callable[[], datetime]) -> tuple[str, ...]:
    """Mail each superior what they owe, unless they were reminded today; returns what came of it."""
    today, by_person = site.book.today(now()), defaultdict(list)
    for one in owed:
        by_person[one.superior].append(one)
    return tuple(_reminded(site, who, theirs, str(today), now) for who, theirs in by_person.items())


def refuse_unfinished(site: Site, period: Period, now: datetime) -> None:
    """Raise `UsageError` before the period is over: nobody owes marks for it yet."""
    if site.book.today(now) < period.end:
        raise UsageError(f"{period}: expected a period that is over, found one that is not; remind later.")


def _owed(site: Site, period: Period, teams: tuple[str, ...]) -> Iterator[Owed]:
    for team in site.teams(period, teams):
        kpis = tuple(row.name for row in _rows(site, period, team))
        if team.appraiser is not None and kpis:
            yield Owed(team.appraiser, team, period, kpis)


def _rows(site: Site, period: Period, team: Team) -> Iterable[FormRow]:
    """The rows of the team's form that ask for the superior's mark and have none."""
    sheet = sheet_of(site, period, team)
    return filter(_is_owed, () if sheet is None else sheet.rows)


def _is_owed(row: FormRow) -> bool:
    return layout.SUPERIOR in row.asks - row.was.keys()


def _reminded(site: Site, who: Mailbox, owed: Sequence[Owed], today: str, now: Callable[[], datetime]) -> str:
    named = f"{who.name}: {', '.join(map(_said, owed))}"
    if not who.address:
        return f"{named}; has no address in teams.yaml (`email` of `appraiser`), so nobody was mailed"
    try:
        told = tell(
            site.ledger,
            mail_channel(site.channels),
            [Notice("marks", today, who.address)],
            lambda claimed: _mail(site, who, claimed, owed, now()),
            now=now,
        )
    except DeliveryError as error:
        return f"{named}; could not be reminded: {error}"
    return f"{named}; {'reminded' if told else 'was reminded today before'}"


def _said(owed: Owed) -> str:
    return f"{numbered(len(owed.kpis), 'mark')} of {owed.team.id} {owed.period}"


def _mail(site: Site, who: Mailbox, told: Sequence[Notice], owed: Sequence[Owed], now: datetime) -> Message:
    commands = tuple(dict.fromkeys(f"scorewright appraisal form {one.period}" for one in owed))
    asking = Asking(who.name, site.book.organisation, site.book.languages[0], commands)
    asked = [Asked(one.team.name, str(one.period), one.kpis) for one in owed]
    body = marks_notice(asking, asked)
    return notice_mail(site.book, body, told, to=(who.name, who.address), at=now)

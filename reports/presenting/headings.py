"""What every document of a card begins with: whose card it is, and its total in short."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote

from reports.presenting.appraisals import appraisal_note
from reports.presenting.conditional import conditional_note
from reports.presenting.mixes import mix_text
from reports.presenting.reader import Reader
from reports.presenting.unlike import with_why
from reports.presenting.vetoes import veto_note
from reports.views import Change, Heading, Headline
from reports.wording import msgid
from scoring.canonical import content_hash
from scoring.fiscal import FiscalCalendar
from scoring.period import Cadence, Period
from scoring.scorecard import Scorecard

SCORECARD = msgid("Marketing scorecard: %(team)s, %(period)s")
HASH_SHOWN = 10


def heading_of(card: Scorecard, reader: Reader, title: str = SCORECARD, **values: object) -> Heading:
    """Whose card of which period it is; `title` is a message that may name both, and `values`."""
    team, period = card.team_name.to(card.language), reader.figures.periods.long(card.period)
    return Heading(
        html_lang=reader.words.html_lang,
        title=reader.words.say(title, team=team, period=period, **values),
        # a date derived from the card: the clock would give other bytes each time
        created=Period.parse(card.period).end.isoformat(),
        organisation=card.organisation.to(card.language),
        team=team,
        period=period,
        days=days_note(card, reader),
        teams=_teams_note(card, reader),
    )


def _teams_note(card: Scorecard, reader: Reader) -> str:
    """How many teams' figures it adds up; nothing where it is one team's own."""
    if not card.made_of:
        return ""
    return reader.words.count("the sum of %(number)s team", "the sum of %(number)s teams", len(card.made_of))


def days_note(card: Scorecard, reader: Reader) -> str:
    """Which days a period has that its name does not say, or what a week 53 is held against."""
    period = Period.parse(card.period)
    if period.fiscal is not None:
        return _fiscal_note(period, period.fiscal, reader)
    before = period.a_year_before()
    if period.cadence is not Cadence.WEEK or before.number == period.number:
        return ""
    week = reader.figures.periods.long(str(before))
    return reader.words.say("held against %(week)s of the year before", week=week)


def _fiscal_note(period: Period, fiscal: FiscalCalendar, reader: Reader) -> str:
    """Its days; where its year is made of weeks, how many, and whether that year has a 53rd one."""
    days = reader.figures.periods.days_of(Period.of_days(period.start, period.last_day))
    of_weeks = fiscal.weeks_in(period.year)
    if of_weeks is None:
        return days
    weeks = (period.end - period.start).days // 7
    return reader.words.say(
        "%(days)s · %(weeks)s weeks, in a year of %(of_weeks)s", days=days, weeks=weeks, of_weeks=of_weeks
    )


def headline_of(card: Scorecard, reader: Reader) -> Headline:
    """The total with its status and change, what is to be known about it, and which issue says so."""
    return Headline(
        revision=reader.words.say("Revision %(number)s", number=card.revision),
        short_hash=short_hash(card),
        total=reader.score(card.total),
        status=reader.status(card.band),
        change=_change(card, reader),
        veto_note=veto_note(card, reader),
        appraisal_note=appraisal_note(card, reader),
        mix=mix_text(card, reader),
        conditional_note=conditional_note(card, reader),
        page=page_of(card),
    )


def page_of(card: Scorecard) -> str:
    """The address of the card's page in the archive; nothing where the book named none for it."""
    if card.archive is None:
        return ""
    name = f"{card.period}/{card.team_id}-{card.period}-r{card.revision}.html"
    return f"{card.archive.rstrip('/')}/{quote(name)}"


def short_hash(card: Scorecard) -> str:
    """The short id of the issue, known before it has a number: the first digits of the content hash."""
    return content_hash(card)[:HASH_SHOWN]


def _change(card: Scorecard, reader: Reader) -> Change:
    """The total against the period before, as that period is known now."""
    before = str(Period.parse(card.period).shift(-1))
    month = reader.figures.periods.alone(before)
    for point in card.total_history:
        if point.period == before and point.actual is not None and card.total is not None:
            change = _difference(card.total, point.actual, month, reader)
            return replace(change, text=with_why(change.text, point, reader))
    return Change("", reader.words.say("No total for %(month)s to compare with", month=month))


def _difference(total: Decimal, past: Decimal, month: str, reader: Reader) -> Change:
    if total == past:
        return Change("→", reader.words.say("unchanged against %(month)s", month=month))
    text = reader.words.say(
        "%(change)s against %(month)s (%(past)s)",
        change=reader.figures.signed(total - past, reader.score_digits),
        month=month,
        past=reader.score(past),
    )
    return Change("↑" if total > past else "↓", text)

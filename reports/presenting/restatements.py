"""Earlier cards that were restated: in short on page 1 and in the mail, in full on a page of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter

from reports.figures import NOTHING
from reports.presenting.reader import Reader
from reports.views import RestatedCard, RestatedRow, RestatedView, WorkingStep
from reports.wording import msgid
from scoring.restatement import Cause, LateSource, Moved, RestatedKpi, RestatementNote
from scoring.scorecard import Scorecard

CAUSES: Mapping[Cause, str] = {
    Cause.LATE_DATA: msgid("late data"),
    Cause.EXCHANGE_RATE: msgid("exchange rate"),
    Cause.TARGET: msgid("target changed"),
    Cause.RULE: msgid("rule changed"),
    Cause.ENTRY: msgid("entry changed"),
    Cause.COMMENT: msgid("comment"),
    Cause.ADDED: msgid("KPI added"),
    Cause.DROPPED: msgid("KPI dropped"),
    Cause.OTHER_KPI: msgid("follows from another KPI"),
    Cause.WORDING: msgid("wording"),
    Cause.FIX: msgid("correction of the program or of who owns the rows"),
}
WITHHELD = msgid("An earlier month of this team, of another manager, was restated.")
# characters; a Chinese one is twice as wide
NAME_ON_PAGE_1 = {"en": 36, "zh_CN": 18}
MAILED = QUIET_NAMED = 3
SOURCES_NAMED = 2


def restated_view(card: Scorecard, reader: Reader, room: int) -> RestatedView | None:
    """What the card reports about earlier ones, at most `room` of them on page 1; None if nothing.

    First come those whose total, grade, pay or scores moved, the newest period first.
    """
    if not card.restatements:
        return None
    moved, quiet = _by_movement(card.restatements)
    # what did not move is told in one line, or with what there is no room for
    hidden = len(moved[room:]) + len(quiet) if moved else 0
    return RestatedView(
        lines=(*_lines(moved, quiet, room, reader), *_withheld_line(card, reader)),
        more=_more(hidden, reader) if hidden else "",
        cards=tuple(_card(note, reader) for note in (*moved, *quiet)),
    )


def _lines(
    moved: Sequence[RestatementNote], quiet: Sequence[RestatementNote], room: int, reader: Reader
) -> Iterator[WorkingStep]:
    yield from (_line(note, reader) for note in moved[:room])
    if quiet and not moved:
        yield _quiet_line(quiet, reader)


def _withheld_line(card: Scorecard, reader: Reader) -> Iterator[WorkingStep]:
    if _withholds(card):
        yield WorkingStep("", reader.words.say(WITHHELD))


def _withholds(card: Scorecard) -> bool:
    """Whether an earlier card is another manager's, so that this one only says that there was one."""
    return any(note.is_withheld for note in card.restatements)


def lines_on_page_1(card: Scorecard, room: int) -> int:
    """How many lines `restated_view` has for page 1; the cards that did not move share one."""
    if not card.restatements:
        return 0
    moved, _ = _by_movement(card.restatements)
    return max(1, min(room, len(moved)) + _withholds(card))


def restated_sentences(card: Scorecard, reader: Reader) -> tuple[str, ...]:
    """For the mail, the newest that moved first."""
    moved, _ = _by_movement(card.restatements)
    sentences = [_mailed(note, reader) for note in moved[:MAILED]]
    if _withholds(card):
        sentences.append(reader.words.say(WITHHELD))
    return tuple(sentences)


def cause_words(causes: Sequence[Cause], sources: Sequence[LateSource], reader: Reader) -> str:
    """`late data (Customer survey, September), exchange rate`."""
    return reader.words.listing([_cause(cause, sources, reader) for cause in causes])


def arrow(old: str, new: str) -> str:
    """`93.2 → 92.1`."""
    return f"{old} → {new}"


def moved_number(moved: Moved, reader: Reader, decimals: int) -> str:
    """The number before and after."""
    return arrow(*exact_pair(moved, decimals, reader))


def exact_pair(moved: Moved, decimals: int, reader: Reader) -> tuple[str, str]:
    """Both numbers with at most so many digits."""
    return exact_or_nothing(moved.old, decimals, reader), exact_or_nothing(moved.new, decimals, reader)


def pair_in_unit(moved: Moved, unit: str, decimals: int, reader: Reader) -> tuple[str, str]:
    """Both numbers in the unit of a KPI; with more digits where they would look the same otherwise."""
    figures = reader.figures
    old, new = figures.value(moved.old, unit, decimals).text, figures.value(moved.new, unit, decimals).text
    if moved.has_moved and old == new and moved.old is not None and moved.new is not None:
        return figures.precise(moved.old, unit, decimals), figures.precise(moved.new, unit, decimals)
    return old, new


def exact_or_nothing(value: Decimal | None, decimals: int, reader: Reader) -> str:
    """The number with at most so many digits; a dash where there is none."""
    return NOTHING if value is None else reader.figures.exact(value, decimals)


def moved_score(moved: Moved, reader: Reader) -> str:
    """The score or total before and after."""
    return arrow(reader.score(moved.old), reader.score(moved.new))


def _by_movement(
    notes: Sequence[RestatementNote],
) -> tuple[list[RestatementNote], list[RestatementNote]]:
    """Those that moved a number, and those that only have another trend or wording."""
    moved: list[RestatementNote] = []
    quiet: list[RestatementNote] = []
    for note in sorted(notes, key=attrgetter("period", "new_revision"), reverse=True):
        if not note.is_withheld:
            (moved if _has_moved(note) else quiet).append(note)
    return moved, quiet


def _has_moved(note: RestatementNote) -> bool:
    scores = (kpi.score.has_moved for kpi in note.restated)
    return any((note.total.has_moved, note.grade.has_moved, note.pay.has_moved, *scores))


def _line(note: RestatementNote, reader: Reader) -> WorkingStep:
    """`September 2026`: `total 93.2 → 92.1, grade A → B. NPS 80.0 → 75.0 (late data) and 2 more KPIs`."""
    say = reader.words.say
    text = reader.words.listing(_rewards(note, reader))
    if note.restated:
        first, others = note.restated[0], len(note.restated) - 1
        kpi = say(
            "%(kpi)s %(score)s (%(causes)s)",
            kpi=_cut(first.name.to(reader.words.language), reader),
            score=moved_score(first.score, reader),
            causes=_short_causes(first, reader),
        )
        kpi = reader.words.and_more(kpi, "%(number)s more KPI", "%(number)s more KPIs", others)
        text = say("%(summary)s; %(kpi)s", summary=text, kpi=kpi)
    return WorkingStep(reader.figures.periods.long(note.period), text)


def _rewards(note: RestatementNote, reader: Reader) -> list[str]:
    """The total, and where they moved the grade and the pay coefficient."""
    say = reader.words.say
    parts = [say("total %(change)s", change=moved_score(note.total, reader))]
    if not note.total.has_moved:
        parts = [say("total unchanged (%(total)s)", total=reader.score(note.total.new))]
    if note.grade.has_moved:
        parts.append(say(_GRADES[note.is_decided], change=_grade(note)))
    if note.pay.has_moved:
        parts.append(say("pay coefficient %(change)s", change=moved_number(note.pay, reader, 4)))
    return parts


_GRADES = {False: msgid("grade %(change)s"), True: msgid("grade %(change)s by calibration")}


def _grade(note: RestatementNote) -> str:
    return arrow(note.grade.old or NOTHING, note.grade.new or NOTHING)


def _short_causes(kpi: RestatedKpi, reader: Reader) -> str:
    words = [reader.words.say(CAUSES[cause]) for cause in kpi.causes]
    names = list(dict.fromkeys(source.name.to(reader.words.language) for source in kpi.sources))
    if names:
        words[0] = reader.words.say("%(cause)s: %(source)s", cause=words[0], source=_cut(names[0], reader))
    return words[0]


def _cause(cause: Cause, sources: Sequence[LateSource], reader: Reader) -> str:
    words = reader.words.say(CAUSES[cause])
    if cause is not Cause.LATE_DATA or not sources:
        return words
    names = [_late_source(source, reader) for source in sources[:SOURCES_NAMED]]
    hidden = len(sources) - SOURCES_NAMED
    listed = reader.words.and_more(
        reader.words.listing(names), "%(number)s more source", "%(number)s more sources", hidden
    )
    return reader.words.say("%(cause)s: %(source)s", cause=words, source=listed)


def _late_source(source: LateSource, reader: Reader) -> str:
    return reader.words.say(
        "%(source)s (%(account)s) of %(period)s",
        source=source.name.to(reader.words.language),
        account=source.entity,
        period=reader.figures.periods.long(source.period),
    )


def _cut(name: str, reader: Reader) -> str:
    room = NAME_ON_PAGE_1[reader.words.language]
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def _quiet_line(notes: Sequence[RestatementNote], reader: Reader) -> WorkingStep:
    periods = list(dict.fromkeys(reader.figures.periods.long(note.period) for note in notes))
    hidden = len(periods) - QUIET_NAMED
    text = reader.words.and_more(
        reader.words.listing(periods[:QUIET_NAMED]), "%(number)s more card", "%(number)s more cards", hidden
    )
    return WorkingStep(reader.words.say("Without a change of any score"), text)


def _more(hidden: int, reader: Reader) -> str:
    return reader.words.count(
        "and %(number)s more card, listed under “Earlier cards that were restated”",
        "and %(number)s more cards, listed under “Earlier cards that were restated”",
        hidden,
    )


def _mailed(note: RestatementNote, reader: Reader) -> str:
    """A sentence without grade and pay, which a mail does not name."""
    return reader.words.say(
        "%(period)s was restated: total %(old)s, now %(new)s.",
        period=reader.figures.periods.long(note.period),
        old=reader.score(note.total.old),
        new=reader.score(note.total.new),
    )


def _card(note: RestatementNote, reader: Reader) -> RestatedCard:
    say = reader.words.say
    rows = tuple(_row(kpi, reader) for kpi in note.restated)
    return RestatedCard(
        title=reader.figures.periods.long(note.period),
        facts=" · ".join(
            (
                say("revision %(old)s → %(new)s", old=note.old_revision, new=note.new_revision),
                *_rewards(note, reader),
            )
        ),
        rows=rows,
        note=""
        if rows
        else say("No KPI moved; the trend of an earlier month or another part of the card did."),
    )


def _row(kpi: RestatedKpi, reader: Reader) -> RestatedRow:
    return RestatedRow(
        name=kpi.name.to(reader.words.language),
        old=reader.score(kpi.score.old),
        new=reader.score(kpi.score.new),
        delta=signed_score(kpi.score.delta, reader),
        cause=cause_words(kpi.causes, kpi.sources, reader),
    )


def signed_score(delta: Decimal | None, reader: Reader) -> str:
    """How far a score moved, with its sign."""
    return NOTHING if delta is None else reader.figures.signed(delta, reader.score_digits)

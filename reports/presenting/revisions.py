"""Two revisions of one card side by side, in the card's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.elsewhere import elsewhere, spoken
from reports.presenting.findings import SentencesMoved, others_than, sentences_moved
from reports.presenting.formulas import measure_name
from reports.presenting.headings import heading_of, short_hash
from reports.presenting.reader import Reader, reader_of
from reports.presenting.restatements import (
    arrow,
    cause_words,
    exact_pair,
    moved_number,
    moved_score,
    pair_in_unit,
    signed_score,
)
from reports.views import Heading, WorkingStep
from reports.wording import msgid
from scoring.restatement import FileChange, KpiChange, Moved, PastChange, Restatement
from scoring.scorecard import Scorecard

DIGEST_SHOWN = 16
# so that it stays two pages; the terminal shows all
FILES_SHOWN, OTHERS_SHOWN = 6, 8
TITLE = msgid("What changed: %(team)s, %(period)s, %(revisions)s")
STATES: Mapping[str, str] = {
    "pending": msgid("not sent yet"),
    "sending": msgid("being sent"),
    "sent": msgid("sent"),
    "failed": msgid("not delivered"),
    "refused": msgid("not delivered"),
    "superseded": msgid("not delivered"),
    "uncertain": msgid("perhaps delivered"),
}
KINDS: Mapping[bool | None, str] = {
    True: msgid("Restatement: the period was closed when its numbers moved."),
    False: msgid("Revision: the period was still open when its numbers moved."),
    None: msgid("Comparison of two revisions that do not follow each other in the ledger."),
}


@dataclass(frozen=True, slots=True)
class Mailed:
    """The state of an earlier revision's mail to a recipient."""

    revision: int
    recipient: str
    state: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """The total, the grade or the pay."""

    name: str
    old: str
    new: str
    delta: str


@dataclass(frozen=True, slots=True)
class ChangedKpi:
    """A line that changed; `steps` are its causes and what else of it moved."""

    name: str
    actual_old: str
    actual_new: str
    score_old: str
    score_new: str
    delta: str
    steps: tuple[WorkingStep, ...]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file behind the card that changed."""

    name: str
    account: str
    old: str
    new: str
    rows: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """The whole document."""

    heading: Heading
    revisions: str
    hashes: str
    kind: str
    summary: tuple[SummaryRow, ...]
    kpis: tuple[ChangedKpi, ...]
    files: tuple[ChangedFile, ...]
    more_files: str
    past: tuple[WorkingStep, ...]
    others: tuple[WorkingStep, ...]
    mails: tuple[WorkingStep, ...]


SAID = {
    "comment/cause": msgid("Comment"),
    "comment/next_step": msgid("Next step"),
    "comment/owner": msgid("Owner"),
    "comment/due": msgid("Due"),
    "comment/by": msgid("By"),
    "comment/on": msgid("Day"),
    "formula": msgid("Formula"),
}
"""What the parts of a line are called that are no numbers; others by their paths."""


def revision_view(
    old: Scorecard,
    new: Scorecard,
    restatement: Restatement,
    mails: tuple[Mailed, ...],
    is_closed: bool | None,
) -> RevisionView:
    """Everything that the document prints."""
    reader = reader_of(new)
    say = reader.words.say
    revisions = say("Revision %(old)s → %(new)s", old=old.revision, new=new.revision)
    hidden = len(restatement.files) - FILES_SHOWN
    return RevisionView(
        heading=heading_of(new, reader, TITLE, revisions=revisions),
        revisions=revisions,
        hashes=arrow(short_hash(old), short_hash(new)),
        kind=say(KINDS[is_closed]),
        summary=tuple(_summary(restatement, reader)),
        kpis=tuple(_kpi(change, reader) for change in restatement.kpis),
        files=tuple(_file(change, new, reader) for change in restatement.files[:FILES_SHOWN]),
        more_files=_more(hidden, reader) if hidden > 0 else "",
        past=_limited(tuple(_past(restatement.past, reader)), reader),
        others=_limited(tuple(_others(restatement, sentences_moved(old, new, reader), new, reader)), reader),
        mails=tuple(_mail(mail, reader) for mail in mails),
    )


def _summary(found: Restatement, reader: Reader) -> Iterator[SummaryRow]:
    say, score = reader.words.say, reader.score
    total = found.total
    yield SummaryRow(
        say("Total score"), score(total.old), score(total.new), signed_score(total.delta, reader)
    )
    if found.grade.old or found.grade.new:
        yield SummaryRow(say("Grade"), found.grade.old or NOTHING, found.grade.new or NOTHING, "")
    yield from _pay_row(say("Pay coefficient"), found.pay, reader)
    yield from _pay_row(say("Pay tier from a total of"), found.pay_tier, reader)


def _pay_row(name: str, moved: Moved, reader: Reader) -> Iterator[SummaryRow]:
    """Nothing where neither card has it."""
    if moved != Moved():
        yield SummaryRow(name, *exact_pair(moved, 4, reader), _signed(moved.delta, 4, reader))


def _kpi(change: KpiChange, reader: Reader) -> ChangedKpi:
    actual = pair_in_unit(change.actual, change.unit, change.decimals, reader)
    return ChangedKpi(
        name=change.name.to(reader.words.language),
        actual_old=actual[0],
        actual_new=actual[1],
        score_old=reader.score(change.score.old),
        score_new=reader.score(change.score.new),
        delta=signed_score(change.score.delta, reader),
        steps=tuple(_steps(change, reader)),
    )


def _steps(change: KpiChange, reader: Reader) -> Iterator[WorkingStep]:
    yield WorkingStep(reader.words.say("Cause"), cause_words(change.causes, change.sources, reader))
    yield from _moved_in_unit(change, reader)
    yield from _moved_numbers(change, reader)
    for measure in change.measures:
        yield WorkingStep(measure_name(measure.name, reader.figures), moved_number(measure.value, reader, 6))
    for said in change.said:
        name = reader.words.say(SAID.get(said.field, said.field))
        yield WorkingStep(name, arrow(_short(spoken(said.old)), _short(spoken(said.new))))


def _moved_in_unit(change: KpiChange, reader: Reader) -> Iterator[WorkingStep]:
    """The ends of the target, and the attainment."""
    say = reader.words.say
    for name, moved, unit, decimals in (
        (say("Target"), change.target, change.unit, change.decimals),
        (say("Target, high end"), change.target_high, change.unit, change.decimals),
        (say("Attainment"), change.attainment, "percent", 2),
    ):
        if moved.has_moved:
            yield WorkingStep(name, arrow(*pair_in_unit(moved, unit, decimals, reader)))


def _moved_numbers(change: KpiChange, reader: Reader) -> Iterator[WorkingStep]:
    """What the line brings in, by which weight, and how people appraised it."""
    say = reader.words.say
    if change.points.has_moved:
        yield WorkingStep(say("Points"), moved_number(change.points, reader, 3))
    if change.weight.has_moved:
        yield WorkingStep(say("Weight"), moved_number(change.weight, reader, 4))
    if change.appraised.has_moved:
        yield WorkingStep(say("Appraised score"), moved_score(change.appraised, reader))


def _file(change: FileChange, card: Scorecard, reader: Reader) -> ChangedFile:
    name, period = _source_name(change.source, card, reader), reader.figures.periods.long(change.period)
    account = f"{name} ({change.entity}), {period}"
    rows = arrow(_count(change.old_rows), _count(change.new_rows))
    return ChangedFile(change.name, account, _digest(change.old_sha256), _digest(change.new_sha256), rows)


def _digest(sha256: str | None) -> str:
    return (sha256 or NOTHING)[:DIGEST_SHOWN]


def _count(rows: int | None) -> str:
    return NOTHING if rows is None else str(rows)


def _source_name(source: str, card: Scorecard, reader: Reader) -> str:
    found = card.source_name(source)
    return source if found is None else found.to(reader.words.language)


def _more(hidden: int, reader: Reader) -> str:
    return reader.words.say("and %(number)s more, which the command line lists", number=hidden)


def _limited(steps: Sequence[WorkingStep], reader: Reader) -> tuple[WorkingStep, ...]:
    """As many as there is room for, and how many more there are."""
    hidden = len(steps) - OTHERS_SHOWN
    more = (WorkingStep("…", _more(hidden, reader)),) if hidden > 0 else ()
    return (*steps[:OTHERS_SHOWN], *more)


def _past(changes: Sequence[PastChange], reader: Reader) -> Iterator[WorkingStep]:
    """Which earlier periods of which trends moved; the command line has the numbers."""
    say, periods = reader.words.say, reader.figures.periods
    moved: dict[str, list[str]] = {}
    for change in changes:
        name = say("Total score") if change.kpi_id is None else reader.kpi(change.kpi_id)
        moved.setdefault(name, []).append(periods.short(change.period))
    for name, names in moved.items():
        yield WorkingStep(name, reader.words.listing(names))


def _others(
    found: Restatement, said: SentencesMoved, card: Scorecard, reader: Reader
) -> Iterator[WorkingStep]:
    for rate in found.rates:
        name = reader.words.say("Exchange rate %(currency)s", currency=rate.currency_code)
        yield WorkingStep(
            name, reader.words.listing([moved_number(one, reader, 10) for one in (rate.first, rate.last)])
        )
    gone, come = said
    yield from (WorkingStep(reader.words.say("No longer said of the data"), one) for one in gone)
    yield from (WorkingStep(reader.words.say("Said of the data now"), one) for one in come)
    for other in elsewhere(others_than(said, found.others), card, reader):
        yield WorkingStep(other.name, arrow(_short(other.old), _short(other.new)))


def _short(text: str, room: int = 80) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def _mail(mail: Mailed, reader: Reader) -> WorkingStep:
    label = reader.words.say("Revision %(number)s", number=mail.revision)
    return WorkingStep(label, f"{mail.recipient} · {reader.words.say(STATES[mail.state])}")


def _signed(delta: Decimal | None, decimals: int, reader: Reader) -> str:
    if delta is None:
        return NOTHING
    text = reader.figures.exact(delta, decimals)
    return f"+{text}" if delta > 0 else text

"""The appraisal: three voices on each KPI, their sum, and who signs."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.appraisedrows import notes_of
from reports.presenting.conditional import extra_steps
from reports.presenting.levels import level_name
from reports.presenting.reader import POINT_DIGITS, Reader
from reports.presenting.sums import equals, weight_factor
from reports.presenting.vetoes import concluded
from reports.views import AppraisalView, AppraisedRow, FileView, SignatureView, SourceView, WorkingStep
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED, digits_of, weighted_sum
from scoring.evidence import EntryEvidence
from scoring.marks import Appraisal, AppraisedLine, Mark, MissingMark
from scoring.scorecard import Scorecard

WHOSE = {"self": msgid("own score"), "superior": msgid("superior's score")}
KINDS = {
    "events": msgid("events: %(value)s"),
    "level": msgid("level: %(value)s"),
    "done_on": msgid("done on %(value)s"),
}
"""What people enter that is no mark."""

SHOWN_DIGITS = POINT_DIGITS + 1
DIGEST_SHOWN = 12


def appraisal_note(card: Scorecard, reader: Reader) -> str:
    """What page 1 and the mail say of it; nothing where the team is not appraised.

    Where a veto set the total, no score made it, neither the system's nor people's.
    """
    appraisal = card.appraisal
    if appraisal is None or (card.overruled_by is not None and not appraisal.missing):
        return ""
    if appraisal.missing:
        return reader.words.count(
            "Appraisal pending: %(number)s mark is missing; grade and pay follow it",
            "Appraisal pending: %(number)s marks are missing; grade and pay follow them",
            len(appraisal.missing),
        )
    return reader.words.say(
        "Appraised; the system's scores alone make %(total)s", total=reader.score(appraisal.system_total)
    )


def appraisal_view(card: Scorecard, reader: Reader) -> AppraisalView | None:
    """The section; None where the team is not appraised."""
    appraisal = card.appraisal
    if appraisal is None:
        return None
    return AppraisalView(
        lead=reader.words.say(
            "A score counts %(system)s%% as the system made it, %(own)s%% as the person sees it and "
            "%(superior)s%% as the superior does. The system's score is never changed.",
            system=reader.figures.exact(appraisal.system_share, 4),
            own=reader.figures.exact(appraisal.self_share, 4),
            superior=reader.figures.exact(appraisal.superior_share, 4),
        ),
        rows=_rows(card, appraisal, reader),
        pending=tuple(_pending(mark, reader) for mark in appraisal.missing),
        steps=_sums(card, appraisal, reader),
    )


def _rows(card: Scorecard, appraisal: Appraisal, reader: Reader) -> tuple[AppraisedRow, ...]:
    results = card.by_kpi
    return tuple(_row(line, notes_of(line, appraisal, results, reader), reader) for line in appraisal.lines)


def _pending(mark: MissingMark, reader: Reader) -> str:
    return reader.words.say(
        "%(kpi)s: the %(whose)s is missing",
        kpi=reader.kpi(mark.kpi_id),
        whose=reader.words.say(WHOSE[mark.whose]),
    )


def signatures(card: Scorecard, reader: Reader) -> tuple[SignatureView, ...]:
    """Who signs: the one appraised, the appraiser and the reviewer; nobody where the book names none."""
    others = (
        (msgid("Appraiser"), card.appraiser_name),
        (msgid("Reviewer"), card.reviewer_name),
    )
    if not any(name for _, name in others):
        return ()
    signing = ((msgid("Appraised"), card.manager_name), *others)
    return tuple(SignatureView(reader.words.say(role), name) for role, name in signing if name)


def entered(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """What people entered that is no mark: events, levels, days, each with its writer and form."""
    return tuple(
        WorkingStep(reader.kpi(entry.kpi_id), _entry(entry, reader))
        for entry in card.entries
        if entry.kind in KINDS
    )


def _entry(entry: EntryEvidence, reader: Reader) -> str:
    said = reader.words.say(
        "%(what)s, by %(name)s on %(day)s (%(form)s, %(digest)s)",
        what=reader.words.say(KINDS[entry.kind], value=_value(entry.kind, entry.value, reader)),
        name=entry.said_by,
        day=_day(entry.said_on, reader),
        form=entry.form_name,
        digest=entry.form_sha256[:DIGEST_SHOWN],
    )
    return f"{said}: {entry.comment}" if entry.comment else said


def forms(card: Scorecard, reader: Reader) -> tuple[SourceView, ...]:
    """The forms that people's words came by, as the files behind a card: how much of it is from each."""
    counted = Counter((entry.form_name, entry.form_sha256) for entry in card.entries)
    if not counted:
        return ()
    files = tuple(
        FileView(name, str(count), digest[:DIGEST_SHOWN]) for (name, digest), count in counted.items()
    )
    return (SourceView(reader.words.say("Entries by people"), "", "", files),)


def _row(line: AppraisedLine, notes: tuple[WorkingStep, ...], reader: Reader) -> AppraisedRow:
    return AppraisedRow(
        name=reader.kpi(line.kpi_id),
        weight=reader.weight(line.kpi_id),
        system=_shown(line.system, reader),
        own=_mark(line.self_mark, reader),
        superior=_mark(line.superior_mark, reader),
        appraised=_shown(line.appraised, reader),
        notes=notes,
    )


def _mark(mark: Mark | None, reader: Reader) -> str:
    return NOTHING if mark is None else _shown(mark.score, reader)


def _shown(score: Decimal | None, reader: Reader) -> str:
    """With the card's digits, and more where it takes them to redo the sum."""
    if score is None:
        return NOTHING
    return reader.figures.shown(score, POINT_DIGITS) if digits_of(score) > 1 else reader.score(score)


def _sums(card: Scorecard, appraisal: Appraisal, reader: Reader) -> tuple[WorkingStep, ...]:
    """Weight × appraised score over the weights, rounded once; nothing while a mark is missing."""
    if appraisal.total is None:
        return ()
    say, figures = reader.words.say, reader.figures
    products = weighted_sum((line.weight, line.appraised or 0) for line in appraisal.lines)
    counting = sum((line.weight for line in appraisal.lines), Decimal(0))
    quotient = EXACT.divide(EXACT.multiply(products, card.total_weight), counting * HUNDRED)
    added, shown = figures.shown(products, SHOWN_DIGITS), figures.shown(quotient, SHOWN_DIGITS)
    divisor = f"{figures.exact(counting, 4)}{weight_factor(card, reader)}"
    sums = f"{added} ÷ {divisor} {equals(quotient, SHOWN_DIGITS)} {shown}"
    return (
        WorkingStep(say("Weight × appraised score, added up"), added),
        *extra_steps(card, reader),
        WorkingStep(say("Appraised total"), concluded(sums, quotient, appraisal.total, card, reader)),
    )


def _value(kind: str, value: str, reader: Reader) -> str:
    return _day(value, reader) if kind == "done_on" else level_name(value, reader)


def _day(text: str, reader: Reader) -> str:
    return reader.figures.periods.full_date(date.fromisoformat(text))

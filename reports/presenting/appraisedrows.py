"""One KPI in an appraisal: who said what of it, and how the three scores make one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from reports.presenting.conditional import gate_text
from reports.presenting.reader import POINT_DIGITS, Reader
from reports.presenting.sums import equals
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.marks import Appraisal, AppraisedLine, Mark
from scoring.rules import RULES, Needs
from scoring.scorecard import KpiResult

EVENTS = msgid("people counted the events")
DONE = msgid("people said when it was done")
BY_NEED = {Needs.EVENTS: EVENTS, Needs.LEVEL: msgid("people chose the level")}


def notes_of(
    line: AppraisedLine, appraisal: Appraisal, results: Mapping[str, KpiResult], reader: Reader
) -> tuple[WorkingStep, ...]:
    """Who gave each mark and what they wrote, then the sum, or why the system's score stands for all."""
    say = reader.words.say
    marks = ((msgid("Own"), line.self_mark), (msgid("Superior"), line.superior_mark))
    said = tuple(WorkingStep(say(whose), _note(mark, reader)) for whose, mark in marks if mark)
    if line.is_given:
        why = _why_given(results.get(line.kpi_id), reader)
        return (*said, WorkingStep("", say("%(why)s: the system's score counts for all three", why=why)))
    return (*said, *_sum(line, appraisal, reader))


def _why_given(result: KpiResult | None, reader: Reader) -> str:
    """What took the place of the marks; a line without a score is only there where it counts as zero."""
    say = reader.words.say
    if result is not None and result.set_to is not None:
        return _why_set(result, reader)
    if result is None or result.working is None:
        return say("it has no score")
    return say(_what_people_did(result.working.rule))


def _why_set(result: KpiResult, reader: Reader) -> str:
    if result.gate is not None:
        return gate_text(result.gate, reader.figures.exact(result.gate.result, 4), reader)
    return reader.words.say("vetoed by “%(kpi)s”", kpi=reader.kpi(result.overruled_by or ""))


def _what_people_did(rule: str) -> str:
    kind = RULES.get(rule)
    return DONE if kind is None else BY_NEED.get(kind.rule.needs, DONE)


def _note(mark: Mark, reader: Reader) -> str:
    day = reader.figures.periods.full_date(date.fromisoformat(mark.said_on))
    who = reader.words.say("%(name)s, %(day)s", name=mark.said_by, day=day)
    return reader.words.say("%(who)s: %(comment)s", who=who, comment=mark.comment) if mark.comment else who


def _score_of(mark: Mark | None) -> Decimal | None:
    return None if mark is None else mark.score


def _sum(line: AppraisedLine, appraisal: Appraisal, reader: Reader) -> tuple[WorkingStep, ...]:
    """`(70 × 102.6 + 10 × 100 + 20 × 92.5) ÷ 100 = 100.32`; nothing while a mark is missing."""
    if line.appraised is None:
        return ()
    added = " + ".join(_shares(line, appraisal, reader))
    result = reader.figures.shown(line.appraised, POINT_DIGITS)
    text = f"({added}) ÷ 100 {equals(line.appraised, POINT_DIGITS)} {result}"
    return (WorkingStep(reader.words.say("Appraised score"), text),)


def _shares(line: AppraisedLine, appraisal: Appraisal, reader: Reader) -> Iterator[str]:
    """`70 × 102.6` of each voice; one without a share is not waited for, and may have said nothing."""
    voices = (
        (appraisal.system_share, line.system),
        (appraisal.self_share, _score_of(line.self_mark)),
        (appraisal.superior_share, _score_of(line.superior_mark)),
    )
    for share, score in voices:
        if share and score is not None:
            yield f"{reader.figures.exact(share, 4)} × {reader.figures.exact(score, 6)}"

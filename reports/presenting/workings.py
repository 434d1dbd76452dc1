"""The working of a score, printed so that it can be redone by hand."""

from __future__ import annotations

from reports.presenting.attainments import attainment_step
from reports.presenting.conditional import gate_text
from reports.presenting.formulas import formula_in_numbers, formula_in_words, is_one_measure
from reports.presenting.reader import Reader
from reports.presenting.rulewords import score_text
from reports.presenting.sums import equals, equals_in_unit, precise
from reports.presenting.targets import target_steps
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.scorecard import KpiResult
from scoring.working import Reason, Working

REASONS = {
    Reason.NO_DATA: msgid("There is no data for this period."),
    Reason.ZERO_DENOMINATOR: msgid("The number below the division line is zero, so there is no result."),
    Reason.NEGATIVE_DENOMINATOR: msgid("What is divided by is below zero, so there is no result."),
    Reason.UNRANKED: msgid("Where lower is better, a result of zero or less cannot be ranked."),
    Reason.NO_TARGET: msgid("There is no target: what growth counts from is missing or not above zero."),
    Reason.PART_PERIOD: msgid("A part of a period is not held against a whole one."),
    Reason.NOT_DUE: msgid("It is not done yet, and not due yet."),
    Reason.NOT_REPORTED: msgid("Nobody has reported anything yet."),
}
SHORT_REASONS = {
    Reason.NO_DATA: msgid("no data"),
    Reason.ZERO_DENOMINATOR: msgid("divides by zero"),
    Reason.NEGATIVE_DENOMINATOR: msgid("divides by less than 0"),
    Reason.UNRANKED: msgid("not ranked"),
    Reason.NO_TARGET: msgid("no target"),
    Reason.PART_PERIOD: msgid("part of a period"),
    Reason.NOT_DUE: msgid("not due"),
    Reason.NOT_REPORTED: msgid("not reported"),
}
_UNCOUNTED = msgid("There are no results of a kind that counts.")
_SHORT_UNCOUNTED = msgid("none that counts")

EXACT_DIGITS = 6


def steps_of(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """Actual, attainment, score and points, each with its own sum; or why there is none."""
    if result.working is None:
        steps = (*_actual(result, reader), *target_steps(result, reader), _reason(result, reader))
        return steps if result.set_to is None else (*steps, *_points(result, reader))
    if result.attainment is None:
        return (*_done(result, reader), _score(result, result.working, reader), *_points(result, reader))
    return (
        *_actual(result, reader),
        *target_steps(result, reader),
        attainment_step(result, reader),
        _score(result, result.working, reader),
        *_points(result, reader),
    )


def reason_text(result: KpiResult, reader: Reader) -> str:
    """Why the KPI has no score, as a sentence."""
    return reader.words.say(_UNCOUNTED if _is_uncounted(result, reader) else REASONS[reason_of(result)])


def short_reason(result: KpiResult, reader: Reader) -> str:
    """The same in a word or two; nothing where there is a score."""
    if result.reason is None:
        return ""
    is_uncounted = _is_uncounted(result, reader)
    return reader.words.say(_SHORT_UNCOUNTED if is_uncounted else SHORT_REASONS[reason_of(result)])


def _is_uncounted(result: KpiResult, reader: Reader) -> bool:
    """Whether there may be results, and none of a kind that counts: that is not to be without data."""
    return result.reason is Reason.NO_DATA and result.kpi_id in reader.uncounted


def reason_of(result: KpiResult) -> Reason:
    """Why it has no score: where nothing is measured, no data means that nobody has said anything."""
    is_judged = not result.formula and not result.measures
    reason = result.reason or Reason.NO_DATA
    return Reason.NOT_REPORTED if is_judged and reason is Reason.NO_DATA else reason


def _reason(result: KpiResult, reader: Reader) -> WorkingStep:
    return WorkingStep(reader.words.say("Not available"), reason_text(result, reader))


def _actual(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    if not result.formula:
        return _done(result, reader)
    words = formula_in_words(result.formula, reader.figures)
    text = f"{words} = {formula_in_numbers(result, reader.figures)}"
    if result.actual is not None and not is_one_measure(result):
        text += f" {equals_in_unit(result, result.actual)} {precise(result, result.actual, reader)}"
    return (WorkingStep(reader.words.say("Actual"), text),)


def _done(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """How long a milestone took; nothing for a KPI that has no actual."""
    say = reader.words.say
    if result.actual is not None:
        return (WorkingStep(say("Actual"), precise(result, result.actual, reader)),)
    is_missed = result.attainment is not None
    return (WorkingStep(say("Actual"), say("not done by the day it was due")),) if is_missed else ()


def _score(result: KpiResult, working: Working, reader: Reader) -> WorkingStep:
    text = score_text(working, result.attainment, reader, lambda value: precise(result, value, reader))
    return WorkingStep(reader.words.say("Score"), text)


def _points(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    if not result.weight:
        said = reader.words.say("for information: it has no weight in the total")
        return (WorkingStep(reader.words.say("Points"), said),)
    step = _points_step(result, reader)
    return (step,) if result.set_to is None else (_set_step(result, reader), step)


def _points_step(result: KpiResult, reader: Reader) -> WorkingStep:
    weight = reader.figures.exact(result.effective_weight, 4)
    sign = "=" if result.points is None else equals(result.points, 3)
    sums = f"{weight} × {_counted(result, reader)} ÷ 100 {sign} {reader.points(result.points)}"
    return WorkingStep(reader.words.say("Points"), sums)


def _set_step(result: KpiResult, reader: Reader) -> WorkingStep:
    """What sets the line to something else than its score."""
    say, counted = reader.words.say, _counted(result, reader)
    if result.gate is not None:
        return WorkingStep(say("Gate"), gate_text(result.gate, counted, reader))
    told = say(
        "“%(kpi)s” vetoes the whole area: this line counts as %(value)s",
        kpi=reader.kpi(result.overruled_by or ""),
        value=counted,
    )
    return WorkingStep(say("Veto"), told)


def _counted(result: KpiResult, reader: Reader) -> str:
    """What goes into the total, with the digits that redo it."""
    if result.set_to is not None:
        return reader.figures.exact(result.set_to, 4)
    if result.exact_score is not None:
        return reader.figures.shown(result.exact_score, EXACT_DIGITS)
    return reader.score(result.score)

"""Objectives and key results: what is reached, how far the way is done, and how much time has passed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from reports.charts import progress_bar, score_ring
from reports.figures import NOTHING
from reports.palette import TONES
from reports.presenting.keyresults import KEY_SCORE_DIGITS, key_steps, plain_score
from reports.presenting.reader import GLYPHS, Reader
from reports.presenting.sums import equals
from reports.views import KeyResultView, ObjectiveView, Status, WorkingStep
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED, digits_of, weighted_sum
from scoring.kpi import Unit
from scoring.okr.result import KeyResultResult, ObjectiveResult
from scoring.scorecard import Scorecard
from scoring.working import Band

WORDS = {
    Band.GREEN: msgid("Reached"),
    Band.AMBER: msgid("Partly reached"),
    Band.RED: msgid("Not reached"),
    Band.NOT_AVAILABLE: msgid("Not available"),
}
NOT_YET = msgid("Not reached yet")
REACHED_LATE = msgid("Reached late")
FACTS = {
    "committed": msgid(
        "committed objective for %(period)s; %(elapsed)s of %(days)s days have passed (%(share)s)"
    ),
    "aspirational": msgid(
        "aspirational objective for %(period)s; %(elapsed)s of %(days)s days have passed (%(share)s)"
    ),
}
EXPECTED = {
    "committed": msgid("Promised whole: reached from a score of %(green)s, partly from %(amber)s."),
    "aspirational": msgid(
        "Set so high that most of it is a success: reached from a score of %(green)s, partly from %(amber)s."
    ),
}


def objectives_line(card: Scorecard, reader: Reader) -> str:
    """One line for page 1; nothing where there are no objectives."""
    if not card.objectives:
        return ""
    statuses = [(item, _status(item, reader)) for item in card.objectives]
    scores = [f"{plain_score(item.score, reader)} {s.glyph} {s.word}" for item, s in statuses]
    return reader.words.say(
        "Objectives: %(scores)s, see “Objectives and key results”", scores=reader.words.listing(scores)
    )


def objective_view(objective: ObjectiveResult, reader: Reader) -> ObjectiveView:
    """An objective with its key results, each with its working."""
    say = reader.words.say
    cutoffs = objective.cutoffs
    return ObjectiveView(
        name=objective.name.to(reader.words.language),
        facts=say(
            FACTS[objective.ambition],
            period=reader.figures.periods.long(objective.period),
            elapsed=objective.elapsed_days,
            days=objective.days,
            share=reader.figures.percent(elapsed_share(objective), 0).text,
        ),
        expected=say(
            EXPECTED[objective.ambition],
            green=plain_score(cutoffs.green, reader),
            amber=plain_score(cutoffs.amber, reader),
        ),
        supports=_supports(objective, reader),
        status=_status(objective, reader),
        ring=_ring(objective, reader),
        key_results=tuple(_key_result(item, objective, reader) for item in objective.key_results),
        steps=_total(objective, reader),
    )


def elapsed_share(objective: ObjectiveResult) -> Decimal:
    """The share of the objective's days that have passed."""
    return EXACT.divide(Decimal(objective.elapsed_days), Decimal(objective.days))


def _supports(objective: ObjectiveResult, reader: Reader) -> str:
    served = objective.supports
    if served is None:
        return ""
    language = reader.words.language
    return reader.words.say(
        "Supports “%(key_result)s” of %(team)s (%(objective)s).",
        key_result=served.key_result_name.to(language),
        team=served.team_name.to(language),
        objective=served.objective_name.to(language),
    )


def _status(objective: ObjectiveResult, reader: Reader) -> Status:
    """Before the end, red says no more than that there is still something to do."""
    is_over = objective.elapsed_days == objective.days
    words = WORDS | ({} if is_over else {Band.RED: NOT_YET}) | _late_words(objective)
    band = objective.band
    return Status(band.value, GLYPHS[band], reader.words.say(words[band]))


def _late_words(objective: ObjectiveResult) -> dict[Band, str]:
    is_late = any(item.is_late for item in objective.key_results)
    return {Band.GREEN: REACHED_LATE} if is_late else {}


def _ring(objective: ObjectiveResult, reader: Reader) -> Markup | None:
    if objective.score is None:
        return None
    label = plain_score(objective.score, reader)
    title = reader.words.say(
        "%(name)s: a score of %(score)s", name=objective.name.to(reader.words.language), score=label
    )
    desc = reader.words.say("The ring is closed at 1.")
    return score_ring(float(objective.score), label, TONES[objective.band].fill, title=title, desc=desc)


def _key_result(item: KeyResultResult, objective: ObjectiveResult, reader: Reader) -> KeyResultView:
    figures = reader.figures
    decimals = max(_agreed(item, item.start), _agreed(item, item.target))
    return KeyResultView(
        name=item.name.to(reader.words.language),
        start=figures.in_table(item.start, item.unit, decimals),
        current=figures.in_table(item.current, item.unit, decimals),
        target=figures.in_table(item.target, item.unit, decimals),
        bar=_bar(item, objective, reader),
        progress=_progress(item, objective, reader),
        weight=figures.exact(item.weight, 2),
        score=plain_score(item.score, reader),
        steps=key_steps(item, reader),
    )


def _agreed(item: KeyResultResult, value: Decimal) -> int:
    """The digits that show an agreed number as it was agreed, at most two more than the key result's own."""
    shown = value * HUNDRED if item.unit == Unit.PERCENT else value
    return min(max(item.decimals, digits_of(shown)), item.decimals + 2)


def _progress(item: KeyResultResult, objective: ObjectiveResult, reader: Reader) -> str:
    """`33.0%, behind`; how it stands to the time only while there is some left."""
    if item.progress is None:
        return NOTHING
    share = reader.figures.percent(item.progress, 1).text
    word = _pace(item, item.progress, elapsed_share(objective))
    return (
        reader.words.say("%(share)s, %(pace)s", share=share, pace=reader.words.say(word)) if word else share
    )


def _pace(item: KeyResultResult, progress: Decimal, elapsed: Decimal) -> str:
    """How it stands to the time; of a milestone past its day, that it came late, or is open."""
    if item.is_late:
        return msgid("late")
    if item.is_overdue:
        return msgid("overdue")
    if elapsed in (1, progress):
        return ""
    return msgid("ahead") if progress > elapsed else msgid("behind")


def _bar(item: KeyResultResult, objective: ObjectiveResult, reader: Reader) -> Markup | None:
    if item.progress is None:
        return None
    title = reader.words.say(
        "%(name)s: %(progress)s of the way, %(elapsed)s of the time",
        name=item.name.to(reader.words.language),
        progress=reader.figures.percent(item.progress, 1).text,
        elapsed=reader.figures.percent(elapsed_share(objective), 0).text,
    )
    desc = reader.words.say("The bar is the progress, the line is the time that has passed.")
    elapsed = float(elapsed_share(objective))
    return progress_bar(float(item.progress), elapsed, title=title, desc=desc)


def _total(objective: ObjectiveResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """The objective's score from those of its key results, with one division and one rounding."""
    scored = [(item.weight, item.score) for item in objective.key_results if item.score is not None]
    if objective.score is None:
        return ()
    say, total = reader.words.say, plain_score(objective.score, reader)
    sums = _sums(scored, reader)
    return (
        WorkingStep(
            say("Score of the objective"), say("%(sums)s; rounded: %(total)s", sums=sums, total=total)
        ),
    )


def _sums(scored: Sequence[tuple[Decimal, Decimal]], reader: Reader) -> str:
    """`(60 × 0.7 + 40 × 0.55) ÷ 100 = 0.64`, from weights and scores."""
    exact = reader.figures.exact
    products = " + ".join(f"{exact(w, 2)} × {plain_score(score, reader)}" for w, score in scored)
    counting = sum((weight for weight, _ in scored), Decimal(0))
    quotient = EXACT.divide(weighted_sum(scored), counting)
    digits = KEY_SCORE_DIGITS + 2
    shown = reader.figures.shown(quotient, digits)
    return f"({products}) ÷ {exact(counting, 2)} {equals(quotient, digits)} {shown}"

"""The working of a score, printed so that it can be redone by hand."""

from __future__ import annotations

from decimal import Decimal

from reports.figures import digits_of
from reports.presenting.formulas import formula_in_numbers, formula_in_words
from reports.presenting.reader import Reader
from reports.presenting.rulewords import PERCENT_DIGITS, percent, score_text
from reports.views import Step
from reports.wording import msgid
from scoring.scorecard import KpiResult, Reason, Working

REASONS = {
    Reason.NO_DATA: msgid("There is no data for this period."),
    Reason.ZERO_DENOMINATOR: msgid("The number below the division line is zero, so there is no result."),
    Reason.UNRANKED: msgid("Where lower is better, a result of zero or less cannot be ranked."),
}
SHORT_REASONS = {
    Reason.NO_DATA: msgid("no data"),
    Reason.ZERO_DENOMINATOR: msgid("divides by zero"),
    Reason.UNRANKED: msgid("not ranked"),
}

EXACT_DIGITS = 6


def steps_of(result: KpiResult, reader: Reader) -> tuple[Step, ...]:
    """Actual, attainment, score and points, each with its own sum; or why there is none."""
    if result.working is None:
        return (*_actual(result, reader), _reason(result, reader))
    if result.attainment is None:
        return (_score(result, result.working, reader), _points(result, reader))
    return (
        *_actual(result, reader),
        _attainment(result, reader),
        _score(result, result.working, reader),
        _points(result, reader),
    )


def reason_text(result: KpiResult, reader: Reader) -> str:
    """Why the KPI has no score, as a sentence."""
    return reader.words.say(REASONS[result.reason or Reason.NO_DATA])


def short_reason(result: KpiResult, reader: Reader) -> str:
    """The same in a word or two; nothing where there is a score."""
    return "" if result.reason is None else reader.words.say(SHORT_REASONS[result.reason])


def _reason(result: KpiResult, reader: Reader) -> Step:
    return Step(reader.words.say("Not available"), reason_text(result, reader))


def _actual(result: KpiResult, reader: Reader) -> tuple[Step, ...]:
    if not result.formula:
        return ()
    words, numbers = (
        formula_in_words(result.formula, reader.figures),
        formula_in_numbers(result, reader.figures),
    )
    text = f"{words} = {numbers}"
    is_one_measure = [measure.name for measure in result.measures] == [result.formula.strip()]
    if result.actual is not None and not is_one_measure:
        text += f" {_equals_actual(result, result.actual)} {_precise(result, result.actual, reader)}"
    return (Step(reader.words.say("Actual"), text),)


def _attainment(result: KpiResult, reader: Reader) -> Step:
    say = reader.words.say
    if result.actual is None or result.target is None or result.attainment is None:
        return Step(say("Attainment"), reader.words.say("no data"))
    sums = _attainment_sums(result, result.actual, result.target, reader)
    equals = _equals(result.attainment, PERCENT_DIGITS + 2)
    value = percent(result.attainment, reader)
    return Step(say("Attainment"), f"{sums} {equals} {value}" if sums else value)


def _attainment_sums(result: KpiResult, actual: Decimal, target: Decimal, reader: Reader) -> str:
    """The method's formula in words and in numbers; nothing for a method without words yet."""
    say = reader.words.say
    a, t = (_precise(result, value, reader) for value in (actual, target))
    is_lower = result.direction == "lower"
    if result.attainment_method == "baseline" and result.baseline is not None:
        b = _precise(result, result.baseline, reader)
        words = say("(actual − baseline) ÷ (target − baseline)")
        return f"{words} = ({a} − {b}) ÷ ({t} − {b})"
    if result.attainment_method == "complement" and is_lower:
        return say("2 − actual ÷ target") + f" = 2 − {a} ÷ {t}"
    if result.attainment_method != "quotient" or result.direction not in ("higher", "lower"):
        return ""
    if is_lower:
        return say("target ÷ actual") + f" = {t} ÷ {a}"
    return say("actual ÷ target") + f" = {a} ÷ {t}"


def _score(result: KpiResult, working: Working, reader: Reader) -> Step:
    text = score_text(working, result.attainment, reader, lambda value: _precise(result, value, reader))
    return Step(reader.words.say("Score"), text)


def _points(result: KpiResult, reader: Reader) -> Step:
    weight = reader.figures.exact(result.effective_weight, 4)
    points = reader.points(result.points)
    equals = "=" if result.points is None else _equals(result.points, 3)
    exact = result.exact_score
    score = reader.score(result.score) if exact is None else reader.figures.shown(exact, EXACT_DIGITS)
    return Step(reader.words.say("Points"), f"{weight} × {score} ÷ 100 {equals} {points}")


def _precise(result: KpiResult, value: Decimal, reader: Reader) -> str:
    return reader.figures.precise(value, result.unit, result.decimals)


def _equals_actual(result: KpiResult, actual: Decimal) -> str:
    shown = result.decimals + 4 + (2 if result.unit == "percent" else 0)
    return _equals(actual, shown)


def _equals(value: Decimal, digits: int) -> str:
    """`=` where the shown digits are all there is, `≈` where they are not."""
    return "=" if digits_of(value) <= digits else "≈"

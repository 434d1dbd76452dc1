"""The working of a score, printed so that it can be redone by hand."""

from __future__ import annotations

from decimal import Decimal

from reports.figures import digits_of
from reports.presenting.formulas import formula_in_numbers, formula_in_words
from reports.presenting.reader import Reader
from reports.views import Step
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED
from scoring.scorecard import KpiResult, Operand, Reason, Working

REASONS = {
    Reason.NO_DATA: msgid("There is no data for this month."),
    Reason.ZERO_DENOMINATOR: msgid("The number below the division line is zero, so there is no result."),
    Reason.NO_TARGET: msgid("No target was agreed for this month."),
}
SHORT_REASONS = {
    Reason.NO_DATA: msgid("no data"),
    Reason.ZERO_DENOMINATOR: msgid("divides by zero"),
    Reason.NO_TARGET: msgid("no target"),
}
OPERANDS = {
    "actual": msgid("actual"),
    "target": msgid("target"),
    "attainment": msgid("attainment"),
    "cap": msgid("cap"),
    "floor": msgid("floor"),
    "band_from": msgid("band from"),
    "band_until": msgid("band until"),
    "band_score": msgid("score of the band"),
    "open": msgid("open"),
}
IN_UNIT = frozenset({"actual", "target"})
FRACTIONS = frozenset({"attainment", "band_from", "band_until"})
ATTAINMENT_DIGITS = 4


def steps_of(result: KpiResult, reader: Reader) -> tuple[Step, ...]:
    """Actual, attainment, score and points, each with its own sum; or why there is none."""
    if result.working is None:
        return (*_actual(result, reader), _reason(result, reader))
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
    actual, target = (_precise(result, value, reader) for value in (result.actual, result.target))
    sums = {
        "higher": say("actual ÷ target") + f" = {actual} ÷ {target}",
        "lower": say("target ÷ actual") + f" = {target} ÷ {actual}",
    }
    percent = _percent(result.attainment, reader)
    equals = _equals(result.attainment, ATTAINMENT_DIGITS + 2)
    known = sums.get(result.direction)
    return Step(say("Attainment"), f"{known} {equals} {percent}" if known else percent)


def _score(result: KpiResult, working: Working, reader: Reader) -> Step:
    operands = {operand.name: operand.value for operand in working.operands}
    label = reader.words.say("Score")
    if working.rule == "proportional" and result.attainment is not None:
        return Step(label, _proportional(result.attainment, operands, working, reader))
    if working.rule == "bands" and isinstance(operands.get("band_from"), Decimal):
        return Step(label, _band(operands, working, reader))
    return Step(label, _any_rule(result, working, reader))


def _proportional(
    attainment: Decimal, operands: dict[str, Decimal | str], working: Working, reader: Reader
) -> str:
    values = {
        "sums": f"100 × {_percent(attainment, reader)}",
        "score": reader.score(working.result),
        "cap": _plain(operands.get("cap", ""), reader),
        "floor": _plain(operands.get("floor", ""), reader),
    }
    if "cap" in working.applied:
        return reader.words.say("%(sums)s, held at the cap of %(cap)s: %(score)s", **values)
    if "floor" in working.applied:
        return reader.words.say("%(sums)s, raised to the floor of %(floor)s: %(score)s", **values)
    return reader.words.say("%(sums)s, rounded: %(score)s (cap %(cap)s, floor %(floor)s)", **values)


def _band(operands: dict[str, Decimal | str], working: Working, reader: Reader) -> str:
    start, until = operands["band_from"], operands.get("band_until", "open")
    values = {
        "start": _percent(start, reader) if isinstance(start, Decimal) else start,
        "score": reader.score(working.result),
    }
    if isinstance(until, Decimal):
        values["until"] = _percent(until, reader)
        return reader.words.say("the band from %(start)s to below %(until)s scores %(score)s", **values)
    return reader.words.say("the band from %(start)s upwards scores %(score)s", **values)


def _any_rule(result: KpiResult, working: Working, reader: Reader) -> str:
    """A rule that this report has no sentence for: its name and every operand, so nothing is hidden."""
    parts = [
        f"{operand_name(item.name, reader)} {_operand(result, item, reader)}" for item in working.operands
    ]
    parts += [
        reader.words.say("held by the %(limit)s", limit=operand_name(name, reader))
        for name in working.applied
    ]
    return reader.words.say(
        "rule “%(rule)s”: %(parts)s → %(score)s",
        rule=working.rule.replace("_", " "),
        parts=reader.words.listing(parts),
        score=reader.score(working.result),
    )


def operand_name(name: str, reader: Reader) -> str:
    """An operand in words; one that has none yet is shown by its own name, legibly."""
    return reader.words.say(OPERANDS[name]) if name in OPERANDS else name.replace("_", " ")


def _operand(result: KpiResult, operand: Operand, reader: Reader) -> str:
    if isinstance(operand.value, str):
        return operand_name(operand.value, reader)
    if operand.name in IN_UNIT:
        return _precise(result, operand.value, reader)
    return _percent(operand.value, reader) if operand.name in FRACTIONS else _plain(operand.value, reader)


def _points(result: KpiResult, reader: Reader) -> Step:
    weight = reader.figures.exact(result.effective_weight, 4)
    points = reader.points(result.points)
    equals = "=" if result.points is None else _equals(result.points, 3)
    return Step(
        reader.words.say("Points"), f"{weight} × {reader.score(result.score)} ÷ 100 {equals} {points}"
    )


def _precise(result: KpiResult, value: Decimal, reader: Reader) -> str:
    return reader.figures.precise(value, result.unit, result.decimals)


def _percent(fraction: Decimal, reader: Reader) -> str:
    return reader.figures.shown(EXACT.multiply(fraction, HUNDRED), ATTAINMENT_DIGITS) + "%"


def _plain(value: Decimal | str, reader: Reader) -> str:
    return reader.figures.exact(value, 6) if isinstance(value, Decimal) else value


def _equals_actual(result: KpiResult, actual: Decimal) -> str:
    shown = result.decimals + 4 + (2 if result.unit == "percent" else 0)
    return _equals(actual, shown)


def _equals(value: Decimal, digits: int) -> str:
    """`=` where the shown digits are all there is, `≈` where they are not."""
    return "=" if digits_of(value) <= digits else "≈"

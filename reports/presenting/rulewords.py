"""How each rule came to its score, as a sentence that can be redone by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from reports.presenting.judgedwords import event_words, level_words, veto_words
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED
from scoring.working import Operand, Working

Operands = Mapping[str, Decimal | str]

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
FRACTIONS = frozenset({"attainment", "band_from", "band_until"})
PERCENT_DIGITS = 4


def score_text(
    working: Working, attainment: Decimal | None, reader: Reader, in_unit: Callable[[Decimal], str]
) -> str:
    """The working of a score in words; `in_unit` prints an actual or a target."""
    operands: dict[str, Decimal | str] = {} if attainment is None else {"attainment": attainment}
    operands |= {operand.name: operand.value for operand in working.operands}
    sentence = SENTENCES.get(working.rule)
    if sentence is None or not sentence.needs <= operands.keys():
        return any_rule(working, reader, in_unit)
    return sentence.say(operands, working, reader)


def any_rule(working: Working, reader: Reader, in_unit: Callable[[Decimal], str]) -> str:
    """A rule that this report has no sentence for: its name and every operand, so nothing is hidden."""
    parts = [
        f"{operand_name(item.name, reader)} {_operand(item, reader, in_unit)}" for item in working.operands
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


def percent(fraction: Decimal | str, reader: Reader) -> str:
    """A fraction as a percentage with up to four digits."""
    if isinstance(fraction, str):
        return fraction
    return reader.figures.shown(EXACT.multiply(fraction, HUNDRED), PERCENT_DIGITS) + "%"


def plain(value: Decimal | str, reader: Reader) -> str:
    """A number with up to six digits, or a word as it is."""
    return reader.figures.exact(value, 6) if isinstance(value, Decimal) else value


def _operand(operand: Operand, reader: Reader, in_unit: Callable[[Decimal], str]) -> str:
    if isinstance(operand.value, str):
        return operand_name(operand.value, reader)
    if operand.name in ("actual", "target"):
        return in_unit(operand.value)
    return percent(operand.value, reader) if operand.name in FRACTIONS else plain(operand.value, reader)


class _Sentence:
    """A rule's sentence and the operands that it cannot do without."""

    def __init__(self, say: Callable[[Operands, Working, Reader], str], *needs: str) -> None:
        self.say, self.needs = say, frozenset(needs)


def _proportional(operands: Operands, working: Working, reader: Reader) -> str:
    values = {
        "sums": f"100 × {percent(operands['attainment'], reader)}",
        "score": reader.score(working.result),
        "cap": plain(operands["cap"], reader),
        "floor": plain(operands["floor"], reader),
    }
    if "cap" in working.applied:
        return reader.words.say("%(sums)s, held at the cap of %(cap)s: %(score)s", **values)
    if "floor" in working.applied:
        return reader.words.say("%(sums)s, raised to the floor of %(floor)s: %(score)s", **values)
    return reader.words.say("%(sums)s, rounded: %(score)s (cap %(cap)s, floor %(floor)s)", **values)


def _bands(operands: Operands, working: Working, reader: Reader) -> str:
    values = {"start": percent(operands["band_from"], reader), "score": reader.score(working.result)}
    until = operands["band_until"]
    if isinstance(until, Decimal):
        values["until"] = percent(until, reader)
        return reader.words.say("the band from %(start)s to below %(until)s scores %(score)s", **values)
    return reader.words.say("the band from %(start)s upwards scores %(score)s", **values)


def _stairs(operands: Operands, reader: Reader) -> str:
    """`100 − 3 × 2 (3 steps of 5%)`."""
    points = operands["step_points"]
    is_down = isinstance(points, Decimal) and points.is_signed()
    worth = plain(abs(points) if isinstance(points, Decimal) else points, reader)
    steps = operands["steps"]
    shown = reader.figures.shown(steps, 4) if isinstance(steps, Decimal) else steps
    return reader.words.say(
        "%(base)s %(sign)s %(steps)s × %(points)s (steps of %(size)s off target)",
        base=plain(operands["base"], reader),
        sign="−" if is_down else "+",
        steps=shown,
        points=worth,
        size=percent(operands["step_size"], reader),
    )


def _step(operands: Operands, working: Working, reader: Reader) -> str:
    most = operands["most"]
    values = {
        "sums": _stairs(operands, reader),
        "most": plain(abs(most) if isinstance(most, Decimal) else most, reader),
        "score": reader.score(working.result),
    }
    if working.applied:
        return reader.words.say("%(sums)s, held at %(most)s points: %(score)s", **values)
    return reader.words.say("%(sums)s: %(score)s", **values)


def _base_and_bonus(operands: Operands, working: Working, reader: Reader) -> str:
    values = {
        "sums": _stairs(operands, reader),
        "points": plain(operands["points"], reader),
        "out_of": plain(operands["out_of"], reader),
        "cap": plain(operands["cap"], reader),
        "floor": plain(operands["floor"], reader),
        "score": reader.score(working.result),
    }
    return reader.words.say(
        "%(sums)s = %(points)s points (cap %(cap)s, floor %(floor)s); "
        "%(points)s ÷ %(out_of)s × 100: %(score)s",
        **values,
    )


def _piecewise_linear(operands: Operands, working: Working, reader: Reader) -> str:
    low, high = percent(operands["anchor_from"], reader), percent(operands["anchor_until"], reader)
    values = {
        "low": low,
        "low_score": plain(operands["anchor_from_score"], reader),
        "high": high,
        "high_score": plain(operands["anchor_until_score"], reader),
        "attainment": percent(operands["attainment"], reader),
        "score": reader.score(working.result),
    }
    if low == high:
        return reader.words.say("level beyond the anchor at %(low)s: %(score)s", **values)
    return reader.words.say(
        "%(low_score)s + (%(attainment)s − %(low)s) ÷ (%(high)s − %(low)s) × "
        "(%(high_score)s − %(low_score)s): %(score)s",
        **values,
    )


def _tolerance(operands: Operands, working: Working, reader: Reader) -> str:
    values = {
        "deviation": percent(operands["deviation"], reader),
        "limit": percent(operands["limit"], reader),
        "score": reader.score(working.result),
    }
    if operands["limit"] == "open":
        return reader.words.say("%(deviation)s off target, beyond every limit, scores %(score)s", **values)
    return reader.words.say("%(deviation)s off target, within %(limit)s, scores %(score)s", **values)


def _all_or_some(operands: Operands, working: Working, reader: Reader) -> str:
    told = {"condition_met": "✓", "condition_missed": "✗"}
    listed = [f"{told[item.name]} {item.value}" for item in working.operands if item.name in told]
    return reader.words.say(
        "%(met)s of %(conditions)s conditions met (%(listed)s) scores %(score)s",
        met=plain(operands["met"], reader),
        conditions=plain(operands["conditions"], reader),
        listed=reader.words.listing(listed),
        score=reader.score(working.result),
    )


SENTENCES: Mapping[str, _Sentence] = {
    "proportional": _Sentence(_proportional, "attainment", "cap", "floor"),
    "bands": _Sentence(_bands, "band_from", "band_until"),
    "step": _Sentence(_step, "base", "step_size", "step_points", "steps", "most"),
    "base_and_bonus": _Sentence(
        _base_and_bonus, "base", "step_size", "step_points", "steps", "cap", "floor", "points", "out_of"
    ),
    "piecewise_linear": _Sentence(
        _piecewise_linear,
        "attainment",
        "anchor_from",
        "anchor_from_score",
        "anchor_until",
        "anchor_until_score",
    ),
    "tolerance": _Sentence(_tolerance, "deviation", "limit"),
    "all_or_some": _Sentence(_all_or_some, "met", "conditions"),
    "event": _Sentence(event_words, "events", "base", "deduction", "floor"),
    "veto": _Sentence(veto_words, "events", "scope", "value"),
    "qualitative": _Sentence(level_words, "level", "points", "out_of"),
}

"""How each rule worked out its score, as a sentence that can be redone by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reports.presenting.operands import FRACTIONS, operand_name, percent, plain
from reports.presenting.reader import Reader
from reports.presenting.rules import SENTENCES
from scoring.working import Operand, Working


def score_text(
    working: Working, attainment: Decimal | None, reader: Reader, in_unit: Callable[[Decimal], str]
) -> str:
    """The working of a score in words; `in_unit` prints an actual or a target."""
    operands: dict[str, Decimal | str] = {} if attainment is None else {"attainment": attainment}
    operands |= working.values
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


def _operand(operand: Operand, reader: Reader, in_unit: Callable[[Decimal], str]) -> str:
    if isinstance(operand.value, str):
        return operand_name(operand.value, reader)
    if operand.name in ("actual", "target"):
        return in_unit(operand.value)
    return percent(operand.value, reader) if operand.name in FRACTIONS else plain(operand.value, reader)

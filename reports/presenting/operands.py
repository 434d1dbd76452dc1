"""The operands of a working in words: their names, fractions and plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.arithmetic import EXACT, HUNDRED

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


def operand_name(name: str, reader: Reader) -> str:
    """An operand in words; one that has none yet is shown by its own name, legibly."""
    return reader.words.say(OPERANDS[name]) if name in OPERANDS else name.replace("_", " ")


def percent(fraction: Decimal | str, reader: Reader) -> str:
    """A fraction as a percentage with up to four digits."""
    if isinstance(fraction, str):
        return fraction
    return reader.figures.shown(EXACT.multiply(fraction, HUNDRED), PERCENT_DIGITS) + "%"


def unsigned(value: Decimal | str) -> Decimal | str:
    """A number without its sign, or a word as it is."""
    return abs(value) if isinstance(value, Decimal) else value


def plain(value: Decimal | str, reader: Reader, digits: int = 6) -> str:
    """A number with up to so many digits, or a word as it is."""
    return reader.figures.exact(value, digits) if isinstance(value, Decimal) else value

"""The working of the rule `bands` in words."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.operands import Operands, percent
from reports.presenting.reader import Reader
from scoring.working import Working

NEEDS = frozenset({"band_from", "band_until"})


def words(operands: Operands, working: Working, reader: Reader) -> str:
    """The band that the attainment lies in."""
    values = {"start": percent(operands["band_from"], reader), "score": reader.score(working.result)}
    until = operands["band_until"]
    if isinstance(until, Decimal):
        values["until"] = percent(until, reader)
        return reader.words.say("the band from %(start)s to below %(until)s scores %(score)s", **values)
    return reader.words.say("the band from %(start)s upwards scores %(score)s", **values)

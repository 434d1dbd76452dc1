"""How the total of a long period was mixed from the shorter ones within it."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.reader import POINT_DIGITS, Reader
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.arithmetic import digits_of
from scoring.scorecard import Mix, MixPart, Scorecard

MANY = {"month": msgid("Months, %(share)s%%"), "quarter": msgid("Quarters, %(share)s%%")}
ONE = {"quarter": msgid("Quarter, %(share)s%%"), "year": msgid("Year, %(share)s%%")}
FISCAL = "fiscal_"


def mix_text(card: Scorecard, reader: Reader) -> str:
    """`Months, 30%: 96 · Quarters, 40%: 97 · Year, 30%: 101.5`; nothing where nothing is mixed."""
    if card.mix is None:
        return ""
    return " · ".join(f"{_length(part, reader)}: {_mean(part, reader)}" for part in card.mix.parts)


def mix_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """The totals of each length with their mean, and how the shares make one total of them."""
    mix = card.mix
    if mix is None or mix.result is None:
        return ()
    parts = tuple(WorkingStep(_length(part, reader), _totals(part, reader)) for part in mix.parts)
    return (*parts, WorkingStep(reader.words.say("Mixed total"), _sums(mix, reader)))


def _length(part: MixPart, reader: Reader) -> str:
    names = ONE if len(part.totals) == 1 else MANY
    return reader.words.say(
        names[part.cadence.removeprefix(FISCAL)], share=reader.figures.exact(part.share, 4)
    )


def _mean(part: MixPart, reader: Reader) -> str:
    """The mean with as many digits as it takes to redo the sums."""
    if part.mean is None:
        return reader.words.say("no data")
    return reader.figures.shown(part.mean, POINT_DIGITS) if digits_of(part.mean) else reader.score(part.mean)


def _totals(part: MixPart, reader: Reader) -> str:
    """`Jul 90.0, Aug 95.2, Sep 103.1; mean 96.1`."""
    names = reader.figures.periods
    told = reader.words.listing([f"{names.alone(p.period)} {reader.score(p.actual)}" for p in part.totals])
    if len(part.totals) == 1:
        return told
    return reader.words.say("%(totals)s; mean %(mean)s", totals=told, mean=_mean(part, reader))


def _sums(mix: Mix, reader: Reader) -> str:
    """`(30 × 96 + 40 × 97 + 30 × 101.5) ÷ 100; rounded: 98.1`."""
    counting = [part for part in mix.parts if part.mean is not None]
    exact = reader.figures.exact
    added = " + ".join(f"{exact(part.share, 4)} × {_mean(part, reader)}" for part in counting)
    whole = exact(sum((part.share for part in counting), Decimal(0)), 4)
    return reader.words.say(
        "%(sums)s; rounded: %(total)s", sums=f"({added}) ÷ {whole}", total=reader.score(mix.result)
    )

"""What a veto over the whole card does to its totals, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reports.presenting.reader import Reader
from scoring.arithmetic import ONE, digits_of
from scoring.scorecard import KpiResult, Scorecard


def concluded(sums: str, unrounded: Decimal, total: Decimal | None, card: Scorecard, reader: Reader) -> str:
    """The end of a total's sums: what they are rounded to, or the veto that holds them down."""
    veto = _strictest(card)
    if veto is None or not _holds(veto, unrounded, total, card):
        return _rounded(sums, unrounded, total, card, reader)
    return reader.words.say(
        "%(sums)s; held at %(total)s by the veto “%(kpi)s”",
        sums=sums,
        total=reader.score(total),
        kpi=veto.name.to(reader.words.language),
    )


def _holds(veto: KpiResult, unrounded: Decimal, total: Decimal | None, card: Scorecard) -> bool:
    """Whether the veto holds the total down, be it one that a floor had raised."""
    value = _value(veto)
    return unrounded > value or (total == value and not _is_rounded(unrounded, value, card))


def _is_rounded(unrounded: Decimal, total: Decimal, card: Scorecard) -> bool:
    return abs(total - unrounded) * 2 <= _last_digit(card)


def _rounded(sums: str, unrounded: Decimal, total: Decimal | None, card: Scorecard, reader: Reader) -> str:
    """A total that is further off than a rounding was held by a limit of the book."""
    said = {"sums": sums, "total": reader.score(total)}
    if total is None or _is_rounded(unrounded, total, card):
        return reader.words.say("%(sums)s; rounded: %(total)s", **said)
    return reader.words.say("%(sums)s; held at %(total)s, a limit of totals", **said)


def _last_digit(card: Scorecard) -> Decimal:
    """What the last digit of the card's scores counts."""
    return ONE.scaleb(-max(digits_of(number or ONE) for number in (card.total, *_scores(card))))


def _scores(card: Scorecard) -> Iterator[Decimal | None]:
    return (result.score for result in card.results)


def veto_note(card: Scorecard, reader: Reader) -> str:
    """For page 1 and the mail: which veto set the total; nothing where none did."""
    veto = card.by_kpi.get(card.overruled_by or "")
    if veto is None:
        return ""
    return reader.words.say("Set by the veto “%(kpi)s”", kpi=veto.name.to(reader.words.language))


def _strictest(card: Scorecard) -> KpiResult | None:
    """The line whose veto over the card struck with the lowest value.

    Not only where it set the total that is printed: that may be mixed, and lower anyhow.
    """
    return min(filter(_struck, card.results), key=_value, default=None)


def _struck(result: KpiResult) -> bool:
    working = result.working
    return working is not None and "veto" in working.applied and working.operand("scope") == "card"


def _value(result: KpiResult) -> Decimal:
    numbers = {} if result.working is None else result.working.numbers
    return numbers["value"]

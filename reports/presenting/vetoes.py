"""What a veto over the whole card does to its totals, in words."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.conditional import added_points
from reports.presenting.reader import Reader
from scoring.scorecard import KpiResult, Scorecard


def concluded(sums: str, unrounded: Decimal, total: Decimal | None, card: Scorecard, reader: Reader) -> str:
    """The end of a total's sums: what they are rounded to, or the veto that holds them down."""
    sums, unrounded = sums + added_points(card, reader), unrounded + card.extra_points
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
    return unrounded > value or (total == value and _is_limited(unrounded, card))


def _is_limited(unrounded: Decimal, card: Scorecard) -> bool:
    """Whether a limit of the book holds a total of so much."""
    if card.total_limits is None:
        return False
    least, most = card.total_limits
    return not least <= unrounded <= most


def _rounded(sums: str, unrounded: Decimal, total: Decimal | None, card: Scorecard, reader: Reader) -> str:
    said = {"sums": sums, "total": reader.score(total)}
    if _is_limited(unrounded, card):
        return reader.words.say("%(sums)s; held at %(total)s, a limit of totals", **said)
    return reader.words.say("%(sums)s; rounded: %(total)s", **said)


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

"""What a veto over the whole card does to its totals, in words."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.reader import Reader
from scoring.scorecard import KpiResult, Scorecard


def concluded(sums: str, unrounded: Decimal, total: Decimal | None, card: Scorecard, reader: Reader) -> str:
    """The end of a total's sums: what they are rounded to, or the veto that holds them down."""
    veto = _strictest(card)
    if veto is None or unrounded <= _value(veto):
        return reader.words.say("%(sums)s; rounded: %(total)s", sums=sums, total=reader.score(total))
    return reader.words.say(
        "%(sums)s; held at %(total)s by the veto “%(kpi)s”",
        sums=sums,
        total=reader.score(total),
        kpi=veto.name.to(reader.words.language),
    )


def veto_note(card: Scorecard, reader: Reader) -> str:
    """For page 1 and the mail: which veto set the total; nothing where none did."""
    names = (item.name for item in card.results if item.kpi_id == card.overruled_by)
    name = next(names, None)
    if name is None:
        return ""
    return reader.words.say("Set by the veto “%(kpi)s”", kpi=name.to(reader.words.language))


def _strictest(card: Scorecard) -> KpiResult | None:
    """The line whose veto over the card struck with the lowest value.

    Not only where it set the total that is printed: that may be mixed, and lower anyhow.
    """
    return min((item for item in card.results if _struck(item)), key=_value, default=None)


def _struck(result: KpiResult) -> bool:
    working = result.working
    return working is not None and "veto" in working.applied and working.operand("scope") == "card"


def _value(result: KpiResult) -> Decimal:
    operands = () if result.working is None else result.working.operands
    values = (item.value for item in operands if item.name == "value")
    return next(value for value in values if isinstance(value, Decimal))

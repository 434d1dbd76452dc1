"""The period mix: a total of a long period that also counts the shorter ones within it.

Such as month 30 %, quarter 40 %, year 30 %: the mean of the twelve monthly totals, the mean of the four
quarterly ones, and the year's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, round_half_up, weighted_sum
from scoring.errors import BookError
from scoring.period import Cadence
from scoring.scorecard import Mix, MixPart
from scoring.working import HistoryPoint

Shares = Mapping[Cadence, Decimal]
"""Percent of the total by length of period; they sum to 100."""

# weeks cross months, so they are parts of nothing
_WITHIN: Mapping[Cadence, tuple[Cadence, ...]] = {
    Cadence.QUARTER: (Cadence.MONTH, Cadence.QUARTER),
    Cadence.YEAR: (Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR),
    Cadence.FISCAL_QUARTER: (Cadence.MONTH, Cadence.FISCAL_MONTH, Cadence.FISCAL_QUARTER),
    Cadence.FISCAL_YEAR: (
        Cadence.MONTH,
        Cadence.FISCAL_MONTH,
        Cadence.FISCAL_QUARTER,
        Cadence.FISCAL_YEAR,
    ),
}


def check_shares(cadence: Cadence, shares: Shares) -> None:
    """Raise `BookError` unless these shares can make the total of a period of `cadence`."""
    if cadence not in _WITHIN:
        raise BookError(
            f"mix: expected {' or '.join(_WITHIN)}, which have periods within, found {cadence.value!r}."
        )
    for part in shares:
        if part not in _WITHIN[cadence]:
            raise BookError(
                f"mix.{cadence}: expected {', '.join(_WITHIN[cadence])}, found {part.value!r}; "
                "only whole periods within it can count."
            )
    _check_sum(cadence, shares)


def _check_sum(cadence: Cadence, shares: Shares) -> None:
    if sum(shares.values()) != 100 or min(shares.values(), default=Decimal(0)) <= 0:
        found = ", ".join(f"{part} {share}" for part, share in shares.items()) or "none"
        raise BookError(f"mix.{cadence}: expected shares above 0 that sum to 100, found {found}.")


def mix_of(
    shares: Shares, own: Decimal | None, totals: Mapping[Cadence, Sequence[HistoryPoint]], digits: int
) -> Mix:
    """The mixed total from the rounded totals of the periods within, by their length.

    A period without a total is left out of its mean; a length without any is left out of the mix, and the
    other shares scale up. Rounded half-up to `digits`, once.
    """
    with localcontext(EXACT):
        parts = tuple(_part(cadence, share, totals.get(cadence, ())) for cadence, share in shares.items())
        return Mix(own, parts, _mixed(parts, digits))


def _mixed(parts: Sequence[MixPart], digits: int) -> Decimal | None:
    """The means by their shares; None where there is none."""
    counting = [(part.share, part.mean) for part in parts if part.mean is not None]
    whole = sum((share for share, _ in counting), Decimal(0))
    return round_half_up(weighted_sum(counting) / whole, digits) if whole else None


def _part(cadence: Cadence, share: Decimal, totals: Sequence[HistoryPoint]) -> MixPart:
    known = [point.actual for point in totals if point.actual is not None]
    mean = sum(known, Decimal(0)) / len(known) if known else None
    return MixPart(cadence.value, share, tuple(totals), mean)

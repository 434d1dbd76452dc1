"""Which of the issued cards are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from disk.nearest import did_you_mean
from ledger import Ledger
from pipeline.planning import period_range
from scoring.errors import UsageError
from scoring.period import Period

MOST_MONTHS = 120
"""A longer range cannot be a span, see `scoring.period`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Cards by period and team; None stands for all. `named` are the periods that were named one by one."""

    periods: Collection[str] | None = None
    teams: Collection[str] | None = None
    named: Sequence[str] = ()

    @classmethod
    def of(cls, periods: Sequence[str] | None, teams: Sequence[str] | None) -> Asked:
        """What the options say, such as `2026-01..2026-10`; raises what `periods_of` raises."""
        within = tuple(map(str, periods_of(periods or ())))
        named = [text for text in periods or () if ".." not in text]
        return cls(within or None, teams or None, named)

    def or_raise(self, ledger: Ledger) -> None:
        """Raise `UsageError`, with the nearest name, where no card goes by a name that was given.

        A range may hold periods that were never scored.
        """
        known = ledger.named()
        refuse_unknown("period", self.named, known.periods)
        refuse_unknown("team", self.teams or (), known.teams)


def periods_of(texts: Iterable[str]) -> tuple[Period, ...]:
    """The periods that `2026-10` and `2026-01..2026-10` name, each once, in the order given.

    A range of months is their span as well, one of days nothing else. Raises what `period_range` raises.
    """
    return tuple(dict.fromkeys(chain.from_iterable(map(_named, texts))))


def _named(text: str) -> tuple[Period, ...]:
    first, dots, last = text.partition("..")
    if first.count("-") > 1:
        return (Period.parse(text),)
    periods = period_range(first, last if dots else first)
    is_span = Period.is_span(text) and len(periods) <= MOST_MONTHS
    return (*periods, Period.parse(text)) if is_span else periods


def refuse_unknown(kind: str, named: Iterable[str], known: Collection[str]) -> None:
    """Raise `UsageError` for the first name that is not of an issued card."""
    for name in named:
        if name not in known:
            raise UsageError(
                f"{kind}: expected one that an issued card has, found {name!r}{did_you_mean(name, known)}; "
                "`scorewright cards` lists them all."
            )

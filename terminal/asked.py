"""Which of the issued cards are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from disk.nearest import did_you_mean
from ledger import Ledger
from pipeline.planning import periods_of
from scoring.errors import UsageError


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


def refuse_unknown(kind: str, named: Iterable[str], known: Collection[str]) -> None:
    """Raise `UsageError` for the first name that is not of an issued card."""
    for name in named:
        if name not in known:
            raise UsageError(
                f"{kind}: expected one that an issued card has, found {name!r}{did_you_mean(name, known)}; "
                "`scorewright cards` lists them all."
            )

"""Stretches of days, from one change of the targets to the next, on which the same rows are in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from book.files.targets import TargetRow
from scoring.kpi import Target
from scoring.period import Cadence
from scoring.targets.terms import card_of, edges_of, in_force


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days from `start` up to, not including, `end`, and the rows that make the card on them."""

    start: date
    end: date
    held: tuple[Target, ...]

    @property
    def counted(self) -> tuple[Target, ...]:
        """The rows that have a weight; others only inform."""
        return tuple(target for target in self.held if target.weight)

    @property
    def weight(self) -> Decimal:
        """The weights of its rows, summed."""
        return sum((target.weight for target in self.held), Decimal(0))


def stretches(targets: Collection[Target]) -> Iterator[Stretch]:
    """Every stretch between the first and the last day of a team's rows for one length of period."""
    for start, end in pairwise(sorted(edges_of(targets))):
        yield Stretch(start, end, tuple(in_force(targets, start).values()))


def every_stretch(targets: Iterable[Target]) -> Iterator[Stretch]:
    """The stretches of a team's rows for each length of period."""
    targets = list(targets)
    for card in dict.fromkeys(map(card_of, targets)):
        yield from stretches([target for target in targets if card_of(target) == card])


def card_name(team_id: str, per: Cadence) -> str:
    """A team's card as a fault names it: only periods other than the month are told."""
    return team_id if per is Cadence.MONTH else f"{team_id} per {per}"


def newest_of(rows: Mapping[Target, TargetRow], held: Iterable[Target]) -> TargetRow:
    """The row entered last, where a wrong sum is most likely to be corrected."""
    newest = max(held, key=lambda t: (t.known_since, t.valid_from, rows[t].file, rows[t].line))
    return rows[newest]

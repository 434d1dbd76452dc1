"""From one change of the targets to the next: the days on which the same rows are in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from book.files.targets import TargetRow
from scoring.kpi import Target
from scoring.targets.terms import in_force


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days from `start` up to, not including, `end`, and the rows that make the card on them."""

    start: date
    end: date
    held: tuple[Target, ...]


def stretches(targets: Collection[Target]) -> Iterator[Stretch]:
    """Every stretch between the first and the last day of a team's rows for one length of period."""
    edges = sorted({day for target in targets for day in (target.valid_from, target.valid_until)})
    for start, end in pairwise(edges):
        yield Stretch(start, end, tuple(in_force(targets, start).values()))


def newest_of(rows: Mapping[Target, TargetRow], held: Iterable[Target]) -> TargetRow:
    """The row that was entered last, which is where a sum of several is most likely put right."""
    newest = max(held, key=lambda t: (t.agreed_on or date.min, t.valid_from, rows[t].file, rows[t].line))
    return rows[newest]

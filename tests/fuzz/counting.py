"""What became of all cases: the counts of each kind, a line for each fault, one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.doors.watching import MOST_MEMORY, MOST_SECONDS
from tests.fuzz.adding import AGREES, DIFFERS, UNJUDGED
from tests.fuzz.children import Watched

_COLUMNS = (
    *("", "changed", "accepted", "refused", "by the net", "tracebacks", "died", "over 5 s", "over 512 MiB"),
    *("slowest, s", "by clock, s", "most, MiB", "sums agree", "differ", "unjudged"),
)


@dataclass(slots=True)
class Counts:
    """The sums of one kind of case."""

    kind: str
    items: int = 0
    words: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    unjudged: Counter[str] = field(default_factory=Counter)
    netted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slow: int = 0
    large: int = 0
    most_seconds: float = 0.0
    most_waited: float = 0.0
    most_memory: int = 0

    def add(self, watched: Watched) -> None:
        """Count a case."""
        outcome = watched.outcome
        self.items += watched.items
        self.words[outcome.word] += 1
        self.verdicts[watched.verdict] += 1
        is_slow, is_large = outcome.seconds > MOST_SECONDS, outcome.memory > MOST_MEMORY
        self.slow += is_slow
        self.large += is_large
        self.most_seconds = max(self.most_seconds, outcome.seconds)
        self.most_waited = max(self.most_waited, outcome.waited)
        self.most_memory = max(self.most_memory, outcome.memory)
        if watched.verdict == UNJUDGED:
            self.unjudged[watched.why] += 1
        if outcome.word == "refused by the net":
            self.netted[f"{watched.how}: {outcome.said.split('found ')[-1][:150]}"] += 1
        is_full = outcome.word == "refused by the net" and "more memory" in outcome.said
        if is_slow or is_large or is_full or outcome.word in _WRONG or watched.verdict == DIFFERS:
            self.faults.append(told(self.kind, watched))

    def lines(self) -> Iterator[str]:
        """The faults, what only the net at the door refused, and what could not be judged."""
        yield from self.faults
        for name, counts in (("by the net", self.netted), ("unjudged", self.unjudged)):
            yield from (f"{self.kind} {name}, {count}: {text}" for text, count in counts.most_common(20))

    @property
    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        words, verdicts = self.words, self.verdicts
        return (
            self.kind,
            *(f"{each:,}" for each in (self.items, words["read"], words["refused"])),
            *(f"{each:,}" for each in (words["refused by the net"], words["traceback"], words["died"])),
            *(str(self.slow), str(self.large), f"{self.most_seconds:.1f}", f"{self.most_waited:.1f}"),
            str(self.most_memory // 2**20),
            *(f"{verdicts[each]:,}" for each in (AGREES, DIFFERS, UNJUDGED)),
        )


_WRONG = ("traceback", "died")


def told(kind: str, watched: Watched) -> str:
    """A case and what became of it."""
    outcome = watched.outcome
    took = f"{outcome.seconds:.1f} s, {outcome.memory // 2**20} MiB"
    said = f"{outcome.word} {watched.verdict}".strip()
    return f"{kind} {watched.number} {watched.name} ({watched.how}): {said}, {took}: {watched.why or outcome.said}"


def counted(kind: str, cases: Iterable[Watched]) -> Counts:
    """The counts of all cases of a kind."""
    counts = Counts(kind)
    for watched in cases:
        counts.add(watched)
    return counts


def table(kinds: Iterable[Counts]) -> str:
    """The counts of all kinds, a line for each figure."""
    columns = list(zip(_COLUMNS, *(each.row for each in kinds), strict=True))
    widths = [max(map(len, cells)) for cells in zip(*columns, strict=True)]
    lines = (
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]) for cells in columns
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)

"""Many cases at two workers, counted by what they had in them; and weakened lines that must be found out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.adversary.processes import can_trace
from tests.faults.harness import Worker, work_off

_PROMISES = ("lost", "doubled", "silent", "stuck", "broken")
NOT_TRACED = "no system call was struck: strace is not installed, or may not trace processes here"


@dataclass
class Counts:
    """What the cases came to: by kind how many there were and in how many anything was wrong."""

    cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    faulty: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0.0

    def add(self, seed: int, found: dict[str, Any]) -> None:
        """Count a case."""
        self.cases += 1
        kinds = set(found["kinds"])
        self.kinds.update(kinds)
        self.sums.update(found["counts"])
        if found["wrong"]:
            self.faulty.update(kinds)
            self.wrong.update(said.partition(":")[0] for said in found["wrong"])
            self.faults.append(_told(seed, found))

    def table(self) -> str:
        """The counts, one a line."""
        lines = [f"{'kind':<42}{'cases':>7}{'faulty':>8}\n"]
        lines += [
            f"{kind:<42}{count:>7}{self.faulty[kind]:>8}\n" for kind, count in sorted(self.kinds.items())
        ]
        rows = {
            "cases": self.cases,
            **self.sums,
            **{name: self.wrong[name] for name in _PROMISES},
            "cases with any fault": len(self.faults),
            "seconds": round(self.seconds),
        }
        lines += [f"{name:<42}{count:>7}\n" for name, count in rows.items()]
        return "".join(lines) + (f"{self.skipped}\n" if self.skipped else "")


def _told(seed: int, found: dict[str, Any]) -> str:
    """What was wrong with a case, all that happened in it, and how to have it again."""
    parts = [
        *found["wrong"],
        *(f"  done to a store: {note}" for note in found["damages"]),
        *(f"  {end}" for end in found["ends"]),
    ]
    return "\n".join([f"seed {seed}, again by `script/faults --adversary 1 {seed}`:", *parts])


@dataclass(frozen=True)
class Staff:
    """Workers that have warmed up, which takes as long as some cases, and whether they strike system calls."""

    workers: Sequence[Worker]
    is_traced: bool


@contextmanager
def staffed(folder: Path, count: int = 2, server: str | None = None) -> Iterator[Staff]:
    """So many workers in `folder`. `server`: of a PostgreSQL that one case in eight has its stores on."""
    is_traced = can_trace()
    said = ("traced" if is_traced else "untraced", *([server] if server else []))
    module = "tests.faults.adversary.worker"
    workers = [Worker(module, str(folder / f"worker-{number}"), *said) for number in range(count)]
    try:
        for worker in workers:
            worker.read()
        yield Staff(workers, is_traced)
    finally:
        for worker in workers:
            worker.close()


def run_adversary(
    staff: Staff, seeds: Sequence[int], watch: Callable[[Counts], None] = lambda _: None
) -> Counts:
    """Have the staff work through the cases of the seeds, and count what came of them."""
    started, counts = time.monotonic(), Counts()
    counts.skipped = "" if staff.is_traced else NOT_TRACED
    for (seed, _), found in work_off(staff.workers, [(seed, "") for seed in seeds]):
        counts.add(seed, found)
        watch(counts)
    counts.seconds = time.monotonic() - started
    return counts


def found_out(staff: Staff, lines: Sequence[str], most: int) -> Iterator[tuple[str, str | None]]:
    """Each weakened line with the fault that it was found out by in at most so many cases; None where by none."""
    cases = [(line, most) for line in lines]
    for (line, _), found in work_off([_Finder(worker) for worker in staff.workers], cases):
        yield line, found["said"]


@dataclass(frozen=True)
class _Finder:
    """A worker that tries a weakened line until it is found out."""

    worker: Worker

    def try_case(self, case: tuple[str, int]) -> dict[str, Any]:
        """The first fault of the line, and in which case that was."""
        line, most = case
        for seed in range(most):
            found = self.worker.try_case((seed, line))
            if found["wrong"]:
                return {"said": f"case {seed + 1}, {found['wrong'][0]}"}
        return {"said": None}

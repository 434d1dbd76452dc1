"""Which cases there are, worked through by two workers at once, and counted."""

from __future__ import annotations

import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress, zip_longest
from operator import not_
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tests.faults.place import STARTS

ROOT = Path(__file__).resolve().parents[2]
_SEED = 20261103
_LATE = ("score.", "render.", "issue.", "deliver.", "smtp.", "folder.")
_SINGLE_THREADED = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONPATH": str(ROOT),
}
"""A process that forks must not have threads; libraries start some when they are imported."""

Case = tuple[str, tuple[tuple[str, int], ...]]
"""A start, and the kills (point and occurrence) of the runs that die before the clean ones."""

C = TypeVar("C")
C_contra = TypeVar("C_contra", contravariant=True)


@dataclass
class Counts:
    """What all cases came to: of the `aimed` runs so many died. `faulty` are the cases in which anything was
    wrong, `faults` says what.
    """

    cases: int = 0
    aimed: int = 0
    kills: int = 0
    points: set[str] = field(default_factory=set)
    lost: int = 0
    duplicated: int = 0
    doubled: int = 0
    missing: int = 0
    uncertain: int = 0
    faulty: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def add(self, case: Case, found: dict[str, Any]) -> None:
        self.cases += 1
        self.aimed += len(case[1])
        self.kills += found["died"]
        self.points |= {point for point, _ in case[1]}
        for name in ("lost", "duplicated", "doubled", "missing", "uncertain"):
            setattr(self, name, getattr(self, name) + found[name])
        if found["faults"]:
            self.faulty += 1
            self.faults.append(f"{case}: {'; '.join(found['faults'])}")

    def table(self) -> str:
        """The counts, one a line."""
        rows = (
            ("cases", self.cases),
            ("kills", self.kills),
            ("kill points", len(self.points)),
            ("rows lost", self.lost),
            ("rows duplicated", self.duplicated),
            ("mails doubled", self.doubled),
            ("mails silently missing", self.missing),
            ("mails uncertain, and said so", self.uncertain),
            ("cases with any fault", self.faulty),
            ("seconds", round(self.seconds)),
        )
        return "".join(f"{name:<30}{value:>7}\n" for name, value in rows)


def paired(points: dict[str, list[str]]) -> list[Case]:
    """Each start undisturbed, and then each of its points at its first occurrence, in half as many cases.

    A run dies before the cards are scored and the next one afterwards: had that not mended what the first one
    left, it would not come to where it is to die. Where a start reaches the same points as an earlier one, it
    does the same, and is not killed there again.
    """
    starts = {start: _split(names) for start, names in _anew(points).items()}
    cases = [
        (start, tuple((name, 1) for name in pair if name))
        for start, (before, after) in starts.items()
        for pair in zip_longest(before, after)
    ]
    return [*((start, ()) for start in points), *cases]


def _anew(points: dict[str, list[str]]) -> dict[str, list[str]]:
    """The points of each start that it first comes to where it has left the ways of all earlier ones."""
    found: dict[str, list[str]] = {}
    for start, names in points.items():
        same = max((_in_common(names, points[earlier]) for earlier in found), default=0)
        found[start] = [name for name in dict.fromkeys(names) if names.index(name) >= same]
    return found


def _in_common(names: Sequence[str], others: Sequence[str]) -> int:
    """How many points two ways have in common before they part."""
    pairs = enumerate(zip(names, others, strict=False))
    return next((at for at, (name, other) in pairs if name != other), min(len(names), len(others)))


def _split(names: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The points before the cards are scored, and those from there on."""
    is_late = [name.startswith(_LATE) for name in names]
    return [*compress(names, map(not_, is_late))], [*compress(names, is_late)]


def plan(points: dict[str, list[str]], kills: int) -> list[Case]:
    """Each start undisturbed, and then at least `kills` kills: every point of every start at its first,
    last and middle occurrence, then at all others, then runs of which two die one after another, at
    places drawn by lot from a fixed seed.

    A start is killed only at points that its undisturbed run reaches.
    """
    undisturbed: list[Case] = [(start, ()) for start in points]
    reached = {start: Counter(names) for start, names in points.items()}
    single = [
        (start, ((name, occurrence),))
        for pick in (_first, _last, _middle, _others)
        for start, counted in reached.items()
        for name, count in counted.items()
        for occurrence in pick(count)
    ]
    cases: list[Case] = list(dict.fromkeys(single))[:kills]
    lot = random.Random(_SEED)
    # the second run may end before it comes to where it is to die, so each of these counts as one kill
    while len(cases) < kills:
        start, first = lot.choice(single)
        again = lot.choice([kill for other, kill in single if other == start])
        cases.append((start, first + again))
    return undisturbed + cases


def _first(count: int) -> Sequence[int]:
    return [1]


def _last(count: int) -> Sequence[int]:
    return [count]


def _middle(count: int) -> Sequence[int]:
    return [(count + 1) // 2]


def _others(count: int) -> Sequence[int]:
    return range(1, count + 1)


class Worker:
    """One process of a module of `tests.faults`, spoken to by lines of JSON."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | _SINGLE_THREADED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> Any:
        assert self._process.stdout is not None
        text = self._process.stdout.readline()
        if not text:
            raise RuntimeError("a worker ended; its traceback is above")
        return json.loads(text)

    def say(self, value: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def try_case(self, case: object) -> dict[str, Any]:
        self.say(case)
        found: dict[str, Any] = self.read()
        return found

    def close(self) -> None:
        """The end of its input is its end, and that of its mail server."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for cases, in memory where the system has such: a process may die, the system does not."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@dataclass
class Staff:
    """Two workers, and how many works they were given so far."""

    workers: Sequence[Worker]
    works: int = 0


@contextmanager
def staffed(folder: Path) -> Iterator[Staff]:
    """Workers with a place in `folder`; they end with the block."""
    workers = [Worker("tests.faults.worker", str(folder / f"worker-{number}")) for number in range(2)]
    try:
        yield Staff(workers)
    finally:
        for worker in workers:
            worker.close()


def run_cases(
    staff: Staff,
    choose: Callable[[dict[str, list[str]]], Sequence[Case]],
    line: str = "real",
    starts: Sequence[str] = tuple(STARTS),
    server: str | None = None,
    watch: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Work off the cases that `choose` makes of the points of each start, two workers at once, and count.

    `starts` name where the runs begin; the naive line knows only `new`. Stores are embedded unless `server` is
    the address of a PostgreSQL server. `watch` is shown the counts after each case.
    """
    started = time.monotonic()
    staff.works += 1
    for worker in staff.workers:
        worker.say({"number": staff.works, "line": line, "starts": starts, "server": server})
    counts = Counts()
    points, *_ = [worker.read() for worker in staff.workers]
    for case, found in work_off(staff.workers, choose(points)):
        counts.add(case, found)
        watch(counts)
    counts.seconds = time.monotonic() - started
    return counts


class Tries(Protocol[C_contra]):
    """Whoever can be given a case and answers with what came of it."""

    def try_case(self, case: C_contra) -> dict[str, Any]:
        """What came of it."""
        ...


def work_off(staff: Sequence[Tries[C]], cases: Sequence[C]) -> Iterator[tuple[C, dict[str, Any]]]:
    """Every case with what came of it, in the order in which the workers get done."""
    waiting: queue.SimpleQueue[C] = queue.SimpleQueue()
    for case in cases:
        waiting.put(case)
    done: queue.SimpleQueue[tuple[C, dict[str, Any]] | BaseException] = queue.SimpleQueue()

    def work(worker: Tries[C]) -> None:
        try:
            while True:
                case = waiting.get_nowait()
                done.put((case, worker.try_case(case)))
        except queue.Empty:
            return
        except BaseException as error:
            done.put(error)

    for worker in staff:
        threading.Thread(target=work, args=(worker,), daemon=True).start()
    for _ in cases:
        found = done.get()
        if isinstance(found, BaseException):
            raise found
        yield found

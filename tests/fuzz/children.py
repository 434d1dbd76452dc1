"""Child processes that are kept for many cases: each case is watched for its time and memory by itself."""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, Protocol

from processes import guarded
from tests.doors.watching import KILLED_AFTER, Outcome, inherited, peak, told

_GUARD = 2**30
"""So much more than at its start a child may take before the system stops it; what is allowed is far below."""
_WORN = 256 * 2**20
"""A child that has grown over this between cases is replaced, for its memory would be the next case's."""
# so many small files keep a disk that others use waiting
_IN_MEMORY = next((place for place in ("/dev/shm",) if os.access(place, os.W_OK)), None)  # noqa: S108
_TICKS = os.sysconf("SC_CLK_TCK")


class Case(Protocol):
    """Something changed that goes through a door."""

    name: str
    how: str

    @property
    def items(self) -> int: ...
    def put_through(self, folder: Path) -> Any: ...
    def judge(self, answer: Any) -> tuple[str, str]: ...


Make = Callable[[int, int], Case]
"""Makes the case of a number and a seed."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A case with what became of it and what an addition of its own says to that."""

    number: int
    name: str
    how: str
    items: int
    outcome: Outcome
    verdict: str = ""
    why: str = ""


def watch(make: Make, numbers: Iterable[int], seed: int, children: int = 2) -> Iterator[Watched]:
    """What becomes of the cases of the numbers, in so many children at once; in no certain order."""
    make(0, seed)  # once for all children, and before Arrow has to ask for its memory under their limit
    waiting = iter(numbers)
    kept = [child for _ in range(children) if (child := _Child.start(make, seed)).ask(waiting)]
    while kept:
        soonest = min(child.asked_at for child in kept) + KILLED_AFTER - time.monotonic()
        ready = wait([child.connection for child in kept], max(soonest, 0))
        for child in [each for each in kept if each.connection in ready or each.is_overdue]:
            kept.remove(child)
            watched, is_good = child.answer()
            yield watched
            heir = child if is_good else _Child.start(make, seed)
            if heir.ask(waiting):
                kept.append(heir)


@dataclass(slots=True)
class _Child:
    connection: Connection
    process: ForkProcess
    number: int = -1
    asked_at: float = 0.0

    @classmethod
    def start(cls, make: Make, seed: int) -> _Child:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, make, seed), daemon=True)
        process.start()
        theirs.close()
        return cls(ours, process)

    @property
    def is_overdue(self) -> bool:
        return time.monotonic() - self.asked_at > KILLED_AFTER

    def ask(self, waiting: Iterator[int]) -> bool:
        """Give it the next number; False, and its end, where there is none."""
        number = next(waiting, None)
        if number is None:
            self.end()
            return False
        self.number, self.asked_at = number, time.monotonic()
        self.connection.send(number)
        return True

    def answer(self) -> tuple[Watched, bool]:
        """What became of its case, and whether it can go on with another one."""
        with suppress(EOFError, OSError):
            if self.connection.poll():
                watched, is_good = self.connection.recv()
                if not is_good:
                    self.end()
                return watched, is_good
        waited = time.monotonic() - self.asked_at
        self.end()
        died = Outcome("died", f"exit {self.process.exitcode}", 0.0, waited, 0)
        return Watched(self.number, "?", "?", 1, died), False

    def end(self) -> None:
        with suppress(OSError):
            self.connection.send(None)
        self.process.join(0 if self.is_overdue else 5)
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(connection: Connection, make: Make, seed: int) -> None:
    """Answer one number after the other, until there is none."""
    # not of addresses: Arrow sets many of them aside that it never writes to
    most = int(Path("/proc/self/statm").read_text().split()[5]) * os.sysconf("SC_PAGE_SIZE") + _GUARD
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    before = inherited()
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY) as name, suppress(EOFError, OSError):
        while (number := connection.recv()) is not None:
            watched = _watched(make(number, seed), number, Path(name), before)
            _forget_peak("self")
            connection.send((watched, peak() - before < _WORN))
    guarded.stop()


def _watched(case: Case, number: int, folder: Path, inherited: int) -> Watched:
    answers: list[Any] = []
    for process in ("self", _apart()):
        _forget_peak(process)
    before, begun = _Used.now(), time.perf_counter()
    word, said = told(lambda: answers.append(case.put_through(folder)))
    waited, used = time.perf_counter() - begun, _Used.now()
    # one that has ended counts what its parent had when it was started
    ended = used.largest_ended if used.largest_ended > before.largest_ended else 0
    memory = max(max(peak(), ended) - inherited, peak(_apart()))
    outcome = Outcome(word, said, used.seconds - before.seconds, waited, memory)
    verdict, why = case.judge(answers[0]) if answers else ("", "")
    return Watched(number, case.name, case.how, case.items, outcome, verdict, why)


@dataclass(frozen=True, slots=True)
class _Used:
    """The seconds of computing of this process, of the one it keeps, and of those that have ended."""

    seconds: float
    largest_ended: int

    @classmethod
    def now(cls) -> _Used:
        """As it is."""
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = time.process_time() + ended.ru_utime + ended.ru_stime + _seconds_of(_apart())
        return cls(seconds, ended.ru_maxrss * 1024)


def _apart() -> int:
    """The process that a child keeps for what other libraries read, 0 where there is none."""
    kept = guarded._Kept.process
    return kept.running.pid if kept is not None else 0


def _seconds_of(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _forget_peak(process: int | str) -> None:
    """Let the most memory of a process be what it has now."""
    with suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5")

"""Changed exports through the door, each in a process of its own that is watched for time and memory."""

from __future__ import annotations

import os
import pickle
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from book import load_book
from etl.account import Account, ExportFile
from etl.exports import Folder, Origin, find_exports
from etl.sources import registry
from etl.sources.quarantining import read_slice
from processes import guarded
from scoring.period import Period
from settings import ROOT
from tests.doors.bytes_changed import TEXT
from tests.doors.watching import (
    KILLED_AFTER,
    MOST_MEMORY,
    MOST_SECONDS,
    Outcome,
    inherited,
    landed,
    peak,
    told,
)
from tests.doors.workbook_changed import WORKBOOK

OCTOBER = Period(2026, 10)


@dataclass(frozen=True, slots=True)
class Case:
    """An account of the example company, which of its files was changed, and how."""

    number: int
    account: Account
    file: str
    how: str
    files: tuple[ExportFile, ...]


@dataclass(slots=True)
class Counts:
    """The campaign's sums, and a line for each fault."""

    words: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    netted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slow: int = 0
    large: int = 0
    most_seconds: float = 0.0
    most_waited: float = 0.0
    waited_over: int = 0
    most_memory: int = 0

    def add(self, case: Case, outcome: Outcome) -> None:
        """Count a case."""
        self.words[outcome.word] += 1
        self.kinds[Path(case.file).suffix.lstrip(".")] += 1
        is_slow, is_large = outcome.seconds > MOST_SECONDS, outcome.memory > MOST_MEMORY
        self.slow += is_slow
        self.large += is_large
        self.most_seconds = max(self.most_seconds, outcome.seconds)
        self.most_waited = max(self.most_waited, outcome.waited)
        self.waited_over += outcome.waited > MOST_SECONDS
        self.most_memory = max(self.most_memory, outcome.memory)
        if outcome.word == "refused by the net":
            self.netted[f"{case.how}: {outcome.said.split('found ')[-1][:150]}"] += 1
        if outcome.word in ("traceback", "died") or is_slow or is_large:
            self.faults.append(
                f"{case.number} {case.file} ({case.how}): {outcome.word}, {outcome.seconds:.1f} s, "
                f"{outcome.memory // 2**20} MiB: {outcome.said}"
            )

    def table(self) -> str:
        """The counts, a line each."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        words = ("read", "refused", "refused by the net", "traceback", "died")
        return "".join(
            f"{text}\n"
            for text in (
                f"{sum(self.words.values())} changed files ({kinds})",
                *(f"{word}: {self.words[word]}" for word in words),
                f"over {MOST_SECONDS:.0f} s of computing: {self.slow} (the slowest took {self.most_seconds:.1f} s)",
                f"over {MOST_SECONDS:.0f} s by the clock: {self.waited_over} "
                f"(the slowest took {self.most_waited:.1f} s)",
                f"over {MOST_MEMORY // 2**20} MiB: {self.large} (the largest took {self.most_memory // 2**20} MiB)",
            )
        )


def run(exports: Path, folder: Path, numbers: Sequence[int], seed: int) -> Counts:
    """Put a case for each number through the door."""
    counts = Counts()
    for case in cases(exports, numbers, seed):
        counts.add(case, _watched(case, folder))
    return counts


def cases(exports: Path, numbers: Sequence[int], seed: int) -> Iterator[Case]:
    """The changed slices of the numbers; the same seed and number is the same case."""
    slices = _slices(exports)
    books = [each for each in slices if each[1][0].name.endswith(".xlsx")]
    for number in numbers:
        rng = Random(f"{seed} {number}")
        # a third are workbooks: few of the company's files are, but most of what can go wrong is in them
        account, files = rng.choice(books if rng.random() < 1 / 3 else slices)
        index = rng.randrange(len(files))
        content, names = files[index].content, []
        changes = WORKBOOK if files[index].name.endswith(".xlsx") else TEXT
        for change in rng.sample(changes, rng.choice((1, 1, 2))):
            with suppress(Exception):  # the second change may not fit what the first one left
                content, names = change(content, rng), [*names, change.__name__]
        changed = [*files[:index], ExportFile(files[index].name, content), *files[index + 1 :]]
        yield Case(number, account, files[index].name, " + ".join(names), tuple(changed))


def _slices(exports: Path) -> list[tuple[Account, tuple[ExportFile, ...]]]:
    accounts = load_book(ROOT / "config").accounts
    found = [(account, find_exports(account, OCTOBER, Origin(Folder(exports)))) for account in accounts]
    return [(account, files) for account, files in found if files is not None]


def _watched(case: Case, folder: Path) -> Outcome:
    """The case in a fork of this process."""
    place = folder / "exports"
    shutil.rmtree(place, ignore_errors=True)
    for file in case.files:
        path = place / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    answer = folder / "answer"
    answer.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        _answer(case, place, folder, answer)
    _, status, usage = os.wait4(child, 0)
    if answer.exists():
        return Outcome(*pickle.loads(answer.read_bytes()))  # noqa: S301 - our own
    code = os.waitstatus_to_exitcode(status)
    waited = KILLED_AFTER * (code == -signal.SIGALRM)
    return Outcome("died", f"exit {code}", usage.ru_utime + usage.ru_stime, waited, usage.ru_maxrss * 1024)


def _answer(case: Case, place: Path, folder: Path, answer: Path) -> None:
    signal.alarm(KILLED_AFTER)
    before = inherited()
    started = time.perf_counter()
    try:
        word, said = _put_through(case, place, folder)
        waited = time.perf_counter() - started
        guarded.stop()  # its memory counts when it has ended
        own, apart = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        seconds = sum(used.ru_utime + used.ru_stime for used in (own, apart))
        memory = max(peak(), apart.ru_maxrss * 1024) - before
        answer.write_bytes(pickle.dumps((word, said, seconds, waited, memory)))
    finally:
        sys.stdout.flush()
        os._exit(0)


def _put_through(case: Case, place: Path, folder: Path) -> tuple[str, str]:
    def put_through() -> None:
        files = find_exports(case.account, OCTOBER, Origin(Folder(place)))
        assert files is not None, "the files are there"
        given = [landed(file, folder / f"landed-{index}") for index, file in enumerate(files)]
        del files
        read_slice(registry()[case.account.source], given, case.account, OCTOBER)

    return told(put_through)

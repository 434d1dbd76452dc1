"""Break runs, stores and files, and print what came of it: `script/faults`.

script/faults [KILLS] [real|naive|postgresql|lake|spark]
    kill runs at the named points, 2,000 times or as often as said, and let two clean runs follow each;
    `spark` needs the environment of script/spark-test
script/faults --flip [BYTES]
    damage every file of a home, 20 bytes in each or as many as said, and hold `verify --all` to finding it
script/faults --adversary [CASES [SEED]]
    1,000 cases or as many as said, each drawn from its seed, the first from SEED (1): processes at once that
    are killed, stopped and failed at any moment and system call, exports that change, clocks that jump,
    stores that are deleted, emptied, put back and flipped. `script/faults --adversary 1 SEED` is one again
script/faults --weakened [CASES]
    the same harness on weakened programs, each until it is found out, in at most 40 cases or as many as said
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.adversary.campaign import Counts as Cases
from tests.faults.adversary.campaign import found_out, run_adversary, staffed
from tests.faults.adversary.weakened import LINES
from tests.faults.flips import flip_all, small_home
from tests.faults.harness import Counts, plan, run_cases, workplace
from tests.faults.harness import staffed as kill_staff
from tests.faults.place import SPARK, STARTS
from tests.postgres import binaries
from tests.postgres import server as postgres
from tests.spark_servers import sail


def main(kills: int = 2000, line: str = "real") -> int:
    """0 where nothing was wrong, 1 otherwise."""
    with workplace() as folder, ExitStack() as stack:
        server = None
        if line == "postgresql":
            line, server = "real", stack.enter_context(postgres()).address("").rstrip("/")
        if line == "spark":
            os.environ[SPARK] = stack.enter_context(sail(folder)).address
        starts = ["new"] if line == "naive" else [*STARTS]
        staff = stack.enter_context(kill_staff(folder))
        counts = run_cases(staff, partial(plan, kills=kills), line, starts, server, _say_progress)
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults) + counts.table())
    return int(bool(counts.faulty))


def flip(a_file: int = 20) -> int:
    """Damage every file of a small home, with so many flipped bytes in each; 0 where all were found."""
    with TemporaryDirectory(prefix="scorewright-flips-") as folder:
        counts = flip_all(small_home(Path(folder)), a_file)
    sys.stdout.write("".join(f"unseen: {one}\n" for one in counts.unseen) + f"{counts}\n")
    return int(bool(counts.unseen))


def adversary(cases: int = 1000, first: int = 1) -> int:
    """So many cases, from the seed `first` on; 0 where nothing was wrong in any."""
    with workplace() as folder, ExitStack() as stack:
        server = None
        if binaries() is None:
            sys.stderr.write("no case is on PostgreSQL: no server is installed\n")
        else:
            server = stack.enter_context(postgres()).address("").rstrip("/")
        staff = stack.enter_context(staffed(folder, min(2, cases), server))
        counts = run_adversary(staff, range(first, first + cases), _say_cases)
    sys.stdout.write(counts.table())
    return int(bool(counts.faults))


def weakened(most: int = 40) -> int:
    """0 where each weakened program was found out."""
    missed = 0
    with workplace() as folder, staffed(folder) as staff:
        for line, said in found_out(staff, LINES, most):
            sys.stdout.write(f"{line}: {said or 'NOT FOUND OUT'}\n")
            sys.stdout.flush()
            missed += said is None
    return int(missed > 0)


def _say_cases(counts: Cases) -> None:
    """Each fault at once, for a long run may be broken off."""
    for fault in counts.faults[len(_said) :]:
        _said.append(fault)
        sys.stderr.write(f"{fault}\n\n")
    if counts.cases % 20 == 0:
        sys.stderr.write(f"{counts.cases} cases, {len(counts.faults)} with a fault\n")


_said: list[str] = []


def _say_progress(counts: Counts) -> None:
    if counts.cases % 100 == 0:
        sys.stderr.write(f"{counts.kills} kills, {counts.faulty} cases with a fault\n")


_OTHERS: dict[str, Callable[..., int]] = {"--flip": flip, "--adversary": adversary, "--weakened": weakened}

if __name__ == "__main__":
    if sys.argv[1:2] in (["--help"], ["-h"]):
        sys.stdout.write(f"{__doc__}")
        sys.exit(0)
    if sys.argv[1:2] and sys.argv[1] in _OTHERS:
        sys.exit(_OTHERS[sys.argv[1]](*map(int, sys.argv[2:])))
    sys.exit(main(*(kind(text) for kind, text in zip((int, str), sys.argv[1:], strict=False))))

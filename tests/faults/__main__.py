"""`python -m tests.faults [KILLS] [real|naive|postgresql]`: kill so many runs and print what came of it.

`python -m tests.faults --flip [BYTES]` damages every file of a home instead, so many bytes in each.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.flips import flip_all, small_home
from tests.faults.harness import Counts, run_cases, workplace
from tests.faults.place import STARTS
from tests.postgres import server as postgres


def main(kills: int = 2000, line: str = "real") -> int:
    """0 where nothing was wrong, 1 otherwise."""
    with workplace() as folder, ExitStack() as stack:
        server = None
        if line == "postgresql":
            line, server = "real", stack.enter_context(postgres()).address("").rstrip("/")
        starts = ["new"] if line == "naive" else [*STARTS]
        counts = run_cases(folder, kills, line, starts, server, _say_progress)
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults) + counts.table())
    return int(bool(counts.faulty))


def flip(a_file: int = 20) -> int:
    """Damage every file of a small home, with so many flipped bytes in each; 0 where all were found."""
    with TemporaryDirectory(prefix="scorewright-flips-") as folder:
        counts = flip_all(small_home(Path(folder)), a_file)
    sys.stdout.write("".join(f"unseen: {one}\n" for one in counts.unseen) + f"{counts}\n")
    return int(bool(counts.unseen))


def _say_progress(counts: Counts) -> None:
    if counts.cases % 100 == 0:
        sys.stderr.write(f"{counts.kills} kills, {counts.faulty} cases with a fault\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--flip"]:
        sys.exit(flip(*map(int, sys.argv[2:3])))
    sys.exit(main(*(kind(text) for kind, text in zip((int, str), sys.argv[1:], strict=False))))

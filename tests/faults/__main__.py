"""`python -m tests.faults [KILLS] [real|naive|postgresql]`: kill so many runs and print what came of it."""

from __future__ import annotations

import sys
from contextlib import ExitStack

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


def _say_progress(counts: Counts) -> None:
    if counts.cases % 100 == 0:
        sys.stderr.write(f"{counts.kills} kills, {counts.faulty} cases with a fault\n")


if __name__ == "__main__":
    sys.exit(main(*(kind(text) for kind, text in zip((int, str), sys.argv[1:], strict=False))))

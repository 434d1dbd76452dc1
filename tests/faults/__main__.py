"""`python -m tests.faults [KILLS] [real|naive|postgresql]`: kill so many runs and print what came of it."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from tests.faults.harness import run_cases, workplace
from tests.postgres import server as postgres


def main(kills: int = 2000, line: str = "real") -> int:
    """0 where nothing was wrong, 1 otherwise."""
    with workplace() as folder, ExitStack() as stack:
        server = None
        if line == "postgresql":
            line, server = "real", stack.enter_context(postgres()).address("").rstrip("/")
        counts = run_cases(folder, kills, line, server)
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults) + counts.table())
    return int(bool(counts.faulty))


if __name__ == "__main__":
    sys.exit(main(*(kind(text) for kind, text in zip((int, str), sys.argv[1:], strict=False))))

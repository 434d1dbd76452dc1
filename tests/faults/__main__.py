"""`python -m tests.faults [KILLS] [real|naive]`: kill so many runs and print what came of it."""

from __future__ import annotations

import sys

from tests.faults.harness import run_cases, workplace


def main(kills: int = 2000, line: str = "real") -> int:
    """0 where nothing was wrong, 1 otherwise."""
    with workplace() as folder:
        counts = run_cases(folder, kills, line)
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults) + counts.table())
    return int(bool(counts.faulty))


if __name__ == "__main__":
    sys.exit(main(*(kind(text) for kind, text in zip((int, str), sys.argv[1:], strict=False))))

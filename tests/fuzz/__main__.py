"""`python -m tests.fuzz [CSVS] [SEED] [FIRST]`: change exports and books, and print what became of them in one table.

With `KIND NUMBER [SEED]`, such as `csvs 9467`, one case again: what it is, and what became of it.
"""

from __future__ import annotations

import sys

from tests.fuzz.campaign import KINDS, run
from tests.fuzz.children import watch
from tests.fuzz.counting import table, told


def main(csvs: int = 50_000, seed: int = 1, first: int = 0) -> int:
    """0 where nothing was wrong, 1 otherwise."""
    found = []
    for counts in run(csvs, seed, first):
        found.append(counts)
        sys.stdout.write("".join(f"{line}\n" for line in counts.lines()))
        sys.stdout.flush()
    sys.stdout.write(table(found))
    return int(any(counts.faults for counts in found))


def again(kind: str, number: int, seed: int = 1) -> int:
    """Write the bytes of a case and what became of it."""
    case = KINDS[kind].case(number, seed)
    sys.stdout.buffer.write(getattr(case, "content", b"") + b"\n")
    for watched in watch(KINDS[kind].case, [number], seed, children=1):
        sys.stdout.write(f"{told(kind, watched)}\n")
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in KINDS:
        sys.exit(again(sys.argv[1], *map(int, sys.argv[2:])))
    sys.exit(main(*map(int, sys.argv[1:])))

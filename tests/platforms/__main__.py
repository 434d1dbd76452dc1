"""Play the whole matrix, or that of some platforms, and print what came of it: `script/platform-faults`.

script/platform-faults [TIMES] [PLATFORM ...]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.platforms.behaving import BEHAVIOURS as PLATFORMS
from tests.platforms.matrix import BEHAVIOURS, PLACES, Cell, begun
from tests.platforms.standin import started

OUTCOMES = ("exact", "refused", "unnoticed", "n/a")


def main(times: int, names: list[str]) -> int:
    """0 where nothing was wrong, 1 otherwise."""
    # nothing that is written here need survive a power cut
    os.fsync = lambda _: None
    server, cells, wrong = started(), list[Cell](), list[str]()
    for _ in range(times):
        for name in names:
            with tempfile.TemporaryDirectory() as folder, begun(name, Path(folder), server) as row:
                played = [row.play(each, at) for each in BEHAVIOURS for at in (*PLACES, "elsewhere")]
                wrong += [f"{name}: {each}" for each in row.secrets()]
            cells += played
            sys.stderr.write(f"{name}: {dict(Counter(each.outcome for each in played))}\n")
    wrong += [f"{each.name}, {each.behaviour}, {each.place}: {each.wrong}" for each in cells if each.wrong]
    sys.stdout.write("".join(f"{each}\n" for each in wrong) + "".join(table(cells)))
    sys.stdout.write(f"{len(cells)} cells, {len(wrong)} wrong\n")
    return int(bool(wrong))


def table(cells: list[Cell]) -> list[str]:
    """The outcomes of each behaviour over all platforms and places."""
    counts = Counter((each.behaviour, each.outcome) for each in cells)
    head = f"{'':32}" + "".join(f"{each:>10}" for each in OUTCOMES) + "\n"
    return [
        head,
        *(
            f"{name:32}" + "".join(f"{counts[name, each]:>10}" for each in OUTCOMES) + "\n"
            for name in BEHAVIOURS
        ),
    ]


if __name__ == "__main__":
    said = sys.argv[1:]
    number = int(said.pop(0)) if said and said[0].isdecimal() else 1
    sys.exit(main(number, said or [*PLATFORMS]))

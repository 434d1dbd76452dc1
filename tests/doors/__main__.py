"""`python -m tests.doors [FILES] [SEED] [FIRST]`: put so many changed files through the door and print what became of them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from example.generate import generate
from tests.doors.harness import run


def main(files: int = 10_000, seed: int = 1, first: int = 0) -> int:
    """0 where nothing was wrong, 1 otherwise."""
    with tempfile.TemporaryDirectory() as name:
        exports = Path(name) / "example"
        generate(exports, "final")
        counts = run(exports, Path(name), range(first, first + files), seed)
    sys.stdout.write("".join(f"{fault}\n" for fault in counts.faults))
    sys.stdout.write(
        "".join(f"by the net, {count}: {text}\n" for text, count in counts.netted.most_common(20))
    )
    sys.stdout.write(counts.table())
    return int(bool(counts.faults))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

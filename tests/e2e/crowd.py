"""A process that has everything imported and forks several of the program at once: `python -m tests.e2e.crowd`.

Its argument is a folder. It takes lines of JSON, each the settings and the command lines of processes that are to
run together, and answers each with what they wrote to stderr and the codes they ended with. PDFs are the pages as
they are written.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.faults.adversary.grounds import given
from tests.faults.adversary.processes import begin, watch
from tests.faults.forks import forked
from tests.faults.place import STARTS, make
from tests.pipeline.conftest import not_laid_out


def main(root: Path) -> None:
    """Serve until the standard input ends."""
    with not_laid_out():
        for module in given(forked(lambda: _modules(root / "warm"))):
            with suppress(ImportError):
                importlib.import_module(module)
        for number, (settings, commands) in enumerate(map(json.loads, sys.stdin)):
            sys.stdout.write(json.dumps(_together(settings, commands, root / f"said-{number}")) + "\n")
            sys.stdout.flush()


def _together(
    settings: Mapping[str, str], commands: Sequence[Sequence[str]], folder: Path
) -> list[tuple[str, int]]:
    """What each process wrote to stderr, and its code."""
    running = [begin(words, settings, "right", None, folder / str(at)) for at, words in enumerate(commands)]
    return [(end.err, end.code) for end in watch(running, ())]


def _modules(folder: Path) -> list[str]:
    """Which modules a run imports."""
    make(folder, STARTS["by folder"], {}).run()
    return sorted(sys.modules)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The command as a person runs it: the installed program, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from settings import ROOT

PROGRAM = Path(sys.executable).with_name("scorewright")


@dataclass(frozen=True)
class Done:
    """How the program ended and what it said."""

    code: int
    out: str
    err: str


def surroundings(settings: Mapping[str, object]) -> dict[str, str]:
    """An environment without what the test run happens to have set; 80 columns, no terminal."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
        # the program of this checkout, also where another one is installed
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
        **{f"SCOREWRIGHT_{name.upper()}": str(value) for name, value in settings.items()},
    }


def scorewright(*arguments: object, **settings: object) -> Done:
    """Run `scorewright` with `arguments`; `settings` are the `SCOREWRIGHT_*` variables in small letters."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        env=surroundings(settings),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)

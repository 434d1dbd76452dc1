"""The command as a person runs it: the installed program in an environment of its own, or in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from settings import ROOT
from terminal.cli import main

PROGRAM = Path(sys.executable).with_name("scorewright")
_KEPT = ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Done:
    """How the program ended and what it said."""

    code: int
    out: str
    err: str


def surroundings(settings: Mapping[str, object]) -> dict[str, str]:
    """An environment without what the test run happens to have set; 80 columns, no terminal."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
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


def in_this_process(folder: Path, *arguments: object, **settings: object) -> Done:
    """The same as if it were begun in `folder`; to start a process takes longer than most commands do."""
    out, err = StringIO(), StringIO()
    with ExitStack() as stack:
        stack.enter_context(chdir(folder))
        stack.enter_context(patch.dict(os.environ, surroundings(settings), clear=True))
        stack.enter_context(patch.object(sys, "argv", ["scorewright", *map(str, arguments)]))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return Done(code, out.getvalue(), err.getvalue())


def here(*arguments: object, **settings: object) -> Done:
    """In this process and its own folder; `settings` as for `scorewright`."""
    return in_this_process(Path.cwd(), *arguments, **settings)

"""The small valid book and the broken ones, each laid over a copy of it.

`invalid-<what>/` holds the files that differ from `valid/`, `expected.txt` with the complete list of
faults, and where files are to be missing `removed.txt` with their names.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from etl.sources import registry
from scoring.rules import RULES

HERE = Path(__file__).parent
VALID = HERE / "valid"
INVALID = sorted(HERE.glob("invalid-*"))


def lay_out(broken: Path, config: Path) -> Path:
    """The valid book in the new folder `config`, broken as `broken` has it."""
    shutil.copytree(VALID, config)
    notes = ("expected.txt", "removed.txt")
    shutil.copytree(broken, config, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*notes))
    if (broken / "removed.txt").exists():
        for name in (broken / "removed.txt").read_text("utf-8").split():
            path = config / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return config


def expected_faults(broken: Path) -> list[str]:
    """The lines that the check must print, in order; what depends on the code stands in braces."""
    text = (broken / "expected.txt").read_text("utf-8")
    text = text.replace("{sources}", ", ".join(registry())).replace("{rules}", ", ".join(RULES))
    return text.splitlines()

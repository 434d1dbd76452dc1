"""What the campaigns of changed files share: the limits, what became of a file, what it took."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from etl.account import ExportFile
from etl.landing import LandedFile
from scoring.errors import BadFileError, ScorewrightError

MOST_SECONDS, MOST_MEMORY = 5.0, 512 * 2**20
KILLED_AFTER = 60
A_NEW_PROCESS = 256 * 2**20
BY_THE_NET = "a file that its reader understands"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: one word, what was said, and what it took.

    `seconds` are of computing, in all its processes: a machine that is busy otherwise makes no file slow.
    `waited` are those of the clock.
    """

    word: str
    said: str
    seconds: float
    waited: float
    memory: int


def peak(process: int | str = "self") -> int:
    """The most memory of a process since its fork, or since `forget_peak`, in bytes; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def inherited() -> int:
    """The bytes that a fork has from tests that ran before it, which no file took: ask right after the fork."""
    return max(peak() - A_NEW_PROCESS, 0)


def told(put_through: Callable[[], object]) -> tuple[str, str]:
    """What becomes of a file, in one word, and what is said of it."""
    try:
        put_through()
    except BadFileError as error:
        return "refused by the net" if error.expected == BY_THE_NET else "refused", str(error)[:300]
    except ScorewrightError as error:
        return "traceback", f"another refusal than that of a file: {error}"[:300]
    except BaseException as error:
        return "traceback", repr(error)[:300]
    return "read", ""


def landed(file: ExportFile, path: Path) -> LandedFile:
    """The file as a landed one that lies at `path`."""
    path.write_bytes(file.content)
    return LandedFile(file.name, hashlib.sha256(file.content).hexdigest(), len(file.content), path)

"""Work in a child of this process, which may be killed in the middle of it."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PATIENCE_SECONDS = 120.0
"""After this long a child is stuck and killed."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (negative is a signal), and what its work gave or broke with."""

    code: int
    given: Any = None
    broken: str | None = None

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


def forked(work: Callable[[], Any]) -> Ended:
    """Do `work` in a child; what it returns must be JSON.

    The parent never opens a store or starts a thread, so the child is as good as a new process.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        gc.disable()
        _work_in_child(work, writing)
    os.close(writing)
    try:
        said = _read(reading, child)
    finally:
        os.close(reading)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        return Ended(code, **json.loads(said))
    return Ended(code)


def _work_in_child(work: Callable[[], Any], writing: int) -> None:
    code = 70
    try:
        try:
            said = {"given": work()}
        except BaseException:
            said = {"broken": traceback.format_exc(limit=-2)}
        with os.fdopen(writing, "w") as pipe:
            json.dump(said, pipe)
        code = 0
    finally:
        os._exit(code)


def _read(reading: int, child: int) -> str:
    pieces = []
    while True:
        if not select.select([reading], [], [], PATIENCE_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
            raise TimeoutError(f"a run was still not over after {PATIENCE_SECONDS:g} s")
        piece = os.read(reading, 1 << 20)
        if not piece:
            return b"".join(pieces).decode()
        pieces.append(piece)

"""Named points in the steps at which a process may be killed to see what it leaves behind.

When off, as always except in the children of `tests/faults`, `reach` tests one global and returns: 30 ns,
some thirty times in a run. It is armed by a call in the process itself and never by the environment, which a
production run could inherit.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_on_reach: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Say that the process is at the point `name` (`load.inserted`); nothing happens unless armed."""
    if _on_reach is not None:
        _on_reach(name)


def record(names: list[str]) -> None:
    """From now on add the name of every point reached to `names`."""
    global _on_reach  # noqa: PLW0603 - one switch for the whole process is what this is
    _on_reach = names.append


def call_at(name: str, occurrence: int, action: Callable[[], None]) -> None:
    """From now on do `action` when `name` is reached for the `occurrence`th time: kill a server, for one."""
    global _on_reach  # noqa: PLW0603
    left = occurrence

    def strike(reached: str) -> None:
        nonlocal left
        if reached == name:
            left -= 1
            if left == 0:
                action()

    _on_reach = strike


def kill_at(name: str, occurrence: int) -> None:
    """From now on let this process die by SIGKILL when it reaches `name` for the `occurrence`th time."""
    # nothing of Python's own ending runs: no `finally`, no `atexit`, no flush
    call_at(name, occurrence, lambda: os.kill(os.getpid(), signal.SIGKILL))


def disarm() -> None:
    """Off again."""
    global _on_reach  # noqa: PLW0603
    _on_reach = None

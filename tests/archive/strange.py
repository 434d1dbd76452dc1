"""Ways to draw a card that come to no end, or end the process; called in processes apart."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from scoring.canonical import from_json


def draw_strangely(card_json: str) -> dict[str, bytes]:
    """What the manager's name says."""
    return {"pdf": WAYS[from_json(card_json).manager_name]()}


def _well() -> bytes:
    return b"drawn"


def _hang() -> bytes:
    while True:
        pass


def _eat() -> bytes:
    return bytes(2**40)


def _die() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def _wait() -> bytes:
    """It waits without computing, and says so, until it is ended."""
    Path(os.environ["HOME"], "waits").write_text(str(os.getpid()))
    signal.pause()
    return b""


def _number() -> bytes:
    """The number of the process."""
    return str(os.getpid()).encode()


WAYS = {"well": _well, "hang": _hang, "eat": _eat, "die": _die, "wait": _wait, "number": _number}

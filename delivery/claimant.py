"""Which process claims a delivery, and whether the one that did is still there."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ledger import Claim

LEASE = timedelta(hours=1)
"""How long a claimant that cannot be looked at is believed alive; longer than any sending can take."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process, told apart from others that had its number: `started` names the system's run as well."""

    host: str
    pid: int
    started: str


def this_process() -> Process:
    """The process that asks."""
    pid = os.getpid()
    return Process(socket.gethostname(), pid, f"{_system()}/{_start_tick(pid)}")


def may_be_alive(claim: Claim, *, now: datetime) -> bool:
    """Whether the claimant could still be sending.

    A process of this very system is looked at; of any other only the age of its claim is known.
    """
    if claim.host == socket.gethostname() and claim.started.rpartition("/")[0] == _system():
        return claim.started == f"{_system()}/{_start_tick(claim.pid)}"
    return now - claim.claimed_at < LEASE


def _system() -> str:
    """This run of this system, as far as process numbers are shared; other containers have others."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return "unknown"


def _start_tick(pid: int) -> str:
    """When the process began, in the system's ticks; `gone` where it is not there or already a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "gone" if Path("/proc/self/stat").exists() else _answering(pid)
    # The command's name, in parentheses, may itself hold spaces and parentheses.
    state, *values = stat.rpartition(")")[2].split()
    return "gone" if state in ("Z", "X") else values[18]


def _answering(pid: int) -> str:
    """Without /proc there is only the number to ask by."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    except PermissionError:
        pass
    return "running"

"""Which process claims a delivery, and whether it is still running."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from ledger import Claim


@dataclass(frozen=True, slots=True)
class Process:
    """A process, distinguished from others with the same pid: `started` includes the system's boot."""

    host: str
    pid: int
    started: str


def this_process() -> Process:
    """The current process."""
    pid = os.getpid()
    return Process(socket.gethostname(), pid, f"{_system()}/{_start_tick(pid)}")


def may_be_alive(claim: Claim) -> bool:
    """Whether the claimant could still be sending.

    A process on this system is checked; none survives a restart of the machine. One on another system cannot
    be checked, and how long ago it began says nothing, because its clock is another one: only a person can
    say that it is gone.
    """
    if claim.host != socket.gethostname():
        return True
    boot, _, tick = claim.started.partition("/")
    namespace = tick.rpartition("/")[0]
    if f"{boot}/{namespace}" == _system():
        return claim.started == f"{_system()}/{_start_tick(claim.pid)}"
    return boot == _system().partition("/")[0]


def _system() -> str:
    """This boot of this system and its pid namespace; other containers have others."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return "unknown"


def _start_tick(pid: int) -> str:
    """When the process began, in the system's ticks; `gone` if it does not exist or is a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "gone" if Path("/proc/self/stat").exists() else _answering(pid)
    # The command's name, in parentheses, may itself contain spaces and parentheses.
    state, *values = stat.rpartition(")")[2].split()
    return "gone" if state in ("Z", "X") else values[18]


def _answering(pid: int) -> str:
    """Without /proc only the pid can be checked."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    except PermissionError:
        pass
    return "running"

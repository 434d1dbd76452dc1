"""Computing in other processes: one apart with a budget, or forks that share the work of this one."""

from __future__ import annotations

import os


def cores() -> int:
    """How many this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

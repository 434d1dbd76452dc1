"""Questions a second: some platforms take only so many, of all accounts together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Pace:
    """Lets so many through in a second, evenly, whoever asks; None for any number."""

    a_second: float | None = None
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """Wait for one's turn, by a clock in seconds."""
        seconds = self._turn(now()) if self.a_second else 0.0
        if seconds > 0:
            sleep(seconds)

    def _turn(self, now: float) -> float:
        """In how many seconds it is; the next one's is after it."""
        with self._lock:
            mine = max(now, self._free_at)
            self._free_at = mine + 1 / (self.a_second or 1)
        return mine - now

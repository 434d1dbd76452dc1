"""Stopping early: whoever wants no more gets it after the answers that are under way."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


class StoppedError(Exception):
    """Nothing more is to be asked."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Whether somebody wants no more."""

    is_wanted: threading.Event = field(default_factory=threading.Event)

    def refuse(self) -> None:
        """Raise `StoppedError` where somebody does."""
        if self.is_wanted.is_set():
            raise StoppedError

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until somebody does."""
        self.is_wanted.wait(seconds)

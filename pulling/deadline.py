"""The end of an answer's time, also where it drips: each byte would begin the wait for the next anew."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

_OPENED = ("connection.connect_tcp.complete", "connection.start_tls.complete")
_MOST = 16
"""More connections than one wire has at a time."""


class Deadline:
    """Knows the connections of one wire, which asks one question at a time."""

    def __init__(self) -> None:
        self._streams = deque[Any](maxlen=_MOST)
        self.is_over = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember a connection when it is opened; for the extension `trace` of httpx."""
        if event in _OPENED:
            self._streams.append(info["return_value"])

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End whatever is read in the block after so many seconds."""
        self.is_over = False
        timer = Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        for stream in [*self._streams]:
            # a socket that is shut down wakes whoever reads from it; one that is closed does not. That of TLS
            # forgets on the way what the other thread reads with, so this is done below it
            with suppress(OSError, TypeError):
                socket.socket.shutdown(stream.get_extra_info("socket"), socket.SHUT_RDWR)

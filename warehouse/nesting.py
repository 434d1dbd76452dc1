"""Nested reads of one thread share a connection and therefore one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

import sqlalchemy as sa


class Shared:
    """The connection that the current thread has open, if any."""

    def __init__(self) -> None:
        self._current: ContextVar[sa.Connection | None] = ContextVar("connection", default=None)

    @contextmanager
    def joined(self, make: Callable[[], AbstractContextManager[sa.Connection]]) -> Iterator[sa.Connection]:
        """The open connection, or a new one that nested blocks share."""
        current = self._current.get()
        if current is not None:
            yield current
        else:
            with self.alone(make) as connection:
                yield connection

    @contextmanager
    def alone(self, make: Callable[[], AbstractContextManager[sa.Connection]]) -> Iterator[sa.Connection]:
        """A new connection; raises `RuntimeError` if one is open, because it would wait for itself."""
        if self._current.get() is not None:
            raise RuntimeError("a transaction was begun inside a block that has the warehouse open")
        with make() as connection:
            token = self._current.set(connection)
            try:
                yield connection
            finally:
                self._current.reset(token)

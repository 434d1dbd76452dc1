"""Computing shared among forks of this process: they have all that it has, and give it what they make."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn, TypeVar

from processes import cores

T = TypeVar("T")
R = TypeVar("R")

MANY = 60
"""Fewer items are worked on here: a fork is to pay for itself."""


def shared(work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """What `work` makes of each item, in their order; many are shared among as many forks as there are cores.

    In a fork it only computes: it writes nothing and opens nothing. What a fork cannot finish is done here,
    and raises here what it raises.
    """
    if len(items) < MANY or threading.active_count() > 1:
        yield from map(work, items)
        return
    count = cores()
    forks = [_Fork.begin(work, items[number::count]) for number in range(count)]
    try:
        for fork, item in zip(cycle(forks), items, strict=False):
            # it is a tuple, so that nothing is something, too
            (found,) = fork.next() or (work(item),)
            yield found
    finally:
        for fork in forks:
            fork.end()


@dataclass(slots=True)
class _Fork:
    connection: Connection
    process: int
    is_over: bool = False

    @classmethod
    def begin(cls, work: Callable[[T], object], share: Sequence[T]) -> _Fork:
        ours, theirs = Pipe(duplex=False)
        process = os.fork()
        if not process:
            ours.close()
            _serve(theirs, work, share)
        theirs.close()
        return cls(ours, process)

    def next(self) -> tuple[Any] | None:
        """What it made of its next item; None where it does not go on."""
        if self.is_over:
            return None
        try:
            return (self.connection.recv(),)
        except (EOFError, OSError):
            self.is_over = True
            return None

    def end(self) -> None:
        self.connection.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.process, 0)


def _serve(connection: Connection, work: Callable[[T], object], share: Sequence[T]) -> NoReturn:
    """In the fork: until its share is done, something is wrong, or nobody listens any more."""
    try:
        gc.freeze()  # to look for rubbish in what the parent has would copy all of it
        for item in share:
            connection.send(work(item))
    finally:
        os._exit(0)

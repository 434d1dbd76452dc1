"""Makes one thing ahead while another is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(makers: Iterable[Callable[[], T]]) -> Iterator[T]:
    """The result of each maker, in order; while one is used, another thread makes the next.

    So at most two are in memory. An error of a maker is raised when its turn comes.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        waiting: Future[T] | None = None
        try:
            for maker in makers:
                made = waiting
                waiting = thread.submit(maker)
                if made is not None:
                    yield made.result()
                    made = None
            if waiting is not None:
                yield waiting.result()
        finally:
            if waiting is not None:
                waiting.cancel()

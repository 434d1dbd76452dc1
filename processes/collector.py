"""Python's collector, which looks for objects that nobody can reach any more."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 50_000
"""After so many new objects it looks again, instead of after 700: a run's pages are made of some millions."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the collector look seldom within the block.

    It would look through all living objects over and over, a quarter of the time that drawing takes, and find
    next to nothing. The process needs some 40 MB more.
    """
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def collected_afterwards() -> Iterator[None]:
    """Let the collector look at the end of the block and not within, and never at what was there before it.

    For work that makes much, and of which nothing is left: the memory that it needs grows less from one to
    the next than if the collector came upon the half of it.
    """
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()

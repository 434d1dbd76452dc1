"""What is called in a loop, however deep, does not get memory from the system for every call."""

from __future__ import annotations

import resource
import traceback

import pytest

from processes.stack import on_one_piece

CALLS = 1_000
DEPTHS = range(150)
"""Within each other: they need more than the 16 KiB of a piece."""


def faults_at_worst() -> int:
    """Pages of memory that a loop of calls gets, at the depth at which it gets the most of them."""

    def at_depth(depth: int) -> int:
        if depth:
            return at_depth(depth - 1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(CALLS):
            nothing()
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    return max(map(at_depth, DEPTHS))


def nothing() -> tuple[int, ...]:
    """With variables, so that it does not fit where little is left."""
    a = b = c = d = e = f = g = h = i = j = k = 0
    return a, b, c, d, e, f, g, h, i, j, k


def test_no_depth_of_calls_gets_memory_for_every_call() -> None:
    faults_at_worst()  # what is new in memory is not counted
    assert on_one_piece(faults_at_worst) < CALLS / 10


def test_a_function_gets_its_arguments_and_gives_its_result() -> None:
    assert on_one_piece(sorted, [1, 3, 2], reverse=True) == [3, 2, 1]


def test_what_a_function_raises_is_raised_with_its_place() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        on_one_piece(divmod, 1, 0)
    assert "on_one_piece" in [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]

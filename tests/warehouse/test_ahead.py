"""What is made ahead comes in order, one at a time, and its errors where they belong."""

from __future__ import annotations

import threading

import pytest

from warehouse.ahead import one_ahead


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_everything_comes_once_and_in_order(count):
    assert list(one_ahead([lambda n=n: n for n in range(count)])) == list(range(count))


def test_the_next_one_is_made_while_one_is_used_and_no_more():
    made = []
    events = [threading.Event() for _ in range(3)]

    def maker(n):
        def make():
            made.append(n)
            events[n].set()
            return n

        return make

    coming = one_ahead(map(maker, range(3)))
    assert next(coming) == 0
    assert events[1].wait(10)
    assert made == [0, 1]
    assert next(coming) == 1
    assert events[2].wait(10)
    assert list(coming) == [2]


def test_an_error_is_raised_in_its_turn():
    def fail():
        raise ValueError("the second")

    coming = one_ahead([lambda: 1, fail, lambda: 3])
    assert next(coming) == 1
    with pytest.raises(ValueError, match="the second"):
        next(coming)


def test_who_stops_asking_waits_for_nothing():
    coming = one_ahead([lambda n=n: n for n in range(100)])
    next(coming)
    coming.close()
    with pytest.raises(StopIteration):
        next(coming)

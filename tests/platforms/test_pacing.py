"""Platforms that take so many questions a second get no more, whoever asks."""

from __future__ import annotations

import threading

import pytest

from pulling.pacing import Pace
from tests.platforms.pulled import MONTHS
from tests.platforms.standin import status


class Passing:
    """Time that passes by waiting alone, for several threads."""

    def __init__(self):
        self.at, self.lock = 100.0, threading.Lock()

    def now(self):
        return self.at

    def sleep(self, seconds):
        with self.lock:
            self.at += seconds


@pytest.mark.parametrize(("a_second", "waits"), [(2, [0.5] * 4), (0.5, [2.0] * 4), (None, [])])
def test_turns_are_spread_evenly(a_second, waits):
    pace, time, found = Pace(a_second), Passing(), []
    for _ in range(5):
        pace.wait(time.now, lambda seconds: (found.append(seconds), time.sleep(seconds)))
    assert found == waits


def test_whoever_comes_late_does_not_wait():
    pace, time, found = Pace(2), Passing(), []
    pace.wait(time.now, found.append)
    time.at += 10
    pace.wait(time.now, found.append)
    assert found == []


def test_many_at_once_get_turns_of_their_own():
    pace, found = Pace(10), []
    asking = [threading.Thread(target=pace.wait, args=(lambda: 100.0, found.append)) for _ in range(20)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    # the first waits for nobody
    assert [round(each, 6) for each in sorted(found)] == [round(at / 10, 6) for at in range(1, 20)]


def test_the_accounts_of_a_platform_share_its_pace(standing):
    theirs = standing("typeform")
    began = theirs.clock.at
    puller = theirs.puller
    for entity in ("1001", "1002"):
        for month in MONTHS:
            puller(theirs.account(entity), month)
    asked = len(theirs.standin.asked)
    assert asked > 10
    assert theirs.clock.at - began == pytest.approx((asked - 1) / theirs.platform.a_second)


def test_questions_that_are_asked_again_wait_for_their_turn_too(standing):
    theirs = standing("typeform")
    theirs.platform = theirs.platform.model_copy(update={"a_second": 0.1})
    theirs.standin.faults = {0: [status(429, **{"Retry-After": "1"})]}
    theirs.puller(theirs.account(), MONTHS[0])
    assert theirs.clock.at >= 10 * (len(theirs.standin.asked) - 1)

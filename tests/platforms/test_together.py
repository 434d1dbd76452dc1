"""Accounts of a platform side by side, as many as it lets; the small sister of `tests.platforms.together`."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from dataclasses import replace

import pytest

from etl.landing import Landing
from pulling.asking import Clock
from pulling.puller import Puller
from pulling.stopping import Stop
from pulling.together import together
from scoring.errors import UsageError
from tests.platforms.pulled import MONTHS
from tests.platforms.standin import status
from tests.platforms.together import measure


def test_a_month_of_some_accounts_is_pulled_within_the_limit(tmp_path):
    found = measure(12, tmp_path, at_once=3)
    assert found.landed == 12
    assert found.most <= 3
    assert found.mb - found.half_mb < 50


@pytest.mark.parametrize("at_once", [1, 3])
def test_so_many_are_worked_on_at_a_time_each_month_by_month(standing, at_once):
    theirs = standing("tiktok_ads")
    theirs.platform = theirs.platform.model_copy(update={"at_once": at_once})
    accounts = [theirs.account(f"{number}") for number in range(6)]
    waiting, lock, at_work, most, seen = threading.Barrier(at_once), threading.Lock(), set(), [0], []

    def work(account, month):
        with lock:
            assert account.entity not in at_work
            at_work.add(account.entity)
            most[0] = max(most[0], len(at_work))
            seen.append((account.entity, month))
        # nobody goes on before as many are here as may be
        waiting.wait(10)
        with lock:
            at_work.discard(account.entity)
        return account.entity, month

    wanted = [(account, month) for account in accounts for month in MONTHS]
    found = [*together(theirs.puller, wanted, work)]
    assert found == [(account.entity, month) for account, month in wanted]
    assert most == [at_once]
    assert all([month for entity, month in seen if entity == each.entity] == [*MONTHS] for each in accounts)


def test_what_is_raised_is_raised_and_nothing_more_is_begun(standing):
    theirs = standing("tiktok_ads")
    theirs.platform = theirs.platform.model_copy(update={"at_once": 1})
    begun = []

    def work(account, month):
        begun.append(account.entity)
        if len(begun) > 1:
            time.sleep(0.1)  # whoever asked has to have its turn before the 500 are through
        raise UsageError("no such connection")

    wanted = [(theirs.account(f"{number}"), MONTHS[0]) for number in range(500)]
    with pytest.raises(UsageError, match="no such connection"):
        [*together(theirs.puller, wanted, work)]
    assert len(begun) < 500


def interrupting(theirs, at):
    """The stand-in's answers, with Ctrl-C pressed while it gives that one."""
    behave, given = theirs.standin.behave, itertools.count(1)

    def answering(asked, standin):
        if next(given) == at:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        return behave(asked, standin)

    return answering


@pytest.fixture
def heard():
    """Ctrl-C as a terminal has it: where a shell begins something in the background, it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_after_the_page_under_way_and_the_next_run_goes_on_from_there(standing):
    theirs = standing("tiktok_ads")
    theirs.platform = theirs.platform.model_copy(update={"at_once": 1})
    theirs.standin.behave = interrupting(theirs, 6)
    puller, landed, account = theirs.puller, [], theirs.account()

    def work(account, month):
        # none of a month that is final
        files = puller(account, month)
        if files:
            theirs.landing.land(account, month, files, theirs.now)
            landed.append(month)

    wanted = [(account, month) for month in MONTHS]
    with pytest.raises(KeyboardInterrupt):
        [*together(puller, wanted, work)]
    # a month has more than three pages; the page in flight came, and perhaps one before the word was heard
    known = len(theirs.standin.asked)
    assert known in (6, 7)
    assert landed == [MONTHS[0]]
    [*together(puller, wanted, work)]
    assert landed == [*MONTHS]
    asked = [str(sorted(each.params.items())) for each in theirs.standin.asked]
    assert len(asked) > known
    assert len(set(asked)) == len(asked)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_a_wait(standing):
    theirs = standing("tiktok_ads")
    theirs.standin.faults = {0: [status(429, **{"Retry-After": "250"})]}
    theirs.standin.behave = interrupting(theirs, 1)
    stop = Stop()
    puller = replace(theirs.puller, stop=stop, clock=Clock(sleep=stop.sleep))
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        [*together(puller, [(theirs.account(), MONTHS[0])], puller)]
    assert time.monotonic() - began < 30
    assert len(theirs.standin.asked) == 1


def test_a_pull_of_an_installation_ends_its_waits_by_the_word_that_ends_it(tmp_path):
    puller = Puller.of(tmp_path, {}, Landing(tmp_path), 1)
    puller.stop.is_wanted.set()
    began = time.monotonic()
    puller.clock.sleep(3600)
    assert time.monotonic() - began < 60

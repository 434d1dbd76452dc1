"""Accounts of a platform side by side, as many as it lets; the small sister of `tests.platforms.together`."""

from __future__ import annotations

import threading

import pytest

from pulling.together import together
from scoring.errors import UsageError
from tests.platforms.pulled import MONTHS
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
        raise UsageError("no such connection")

    wanted = [(theirs.account(f"{number}"), MONTHS[0]) for number in range(500)]
    with pytest.raises(UsageError, match="no such connection"):
        [*together(theirs.puller, wanted, work)]
    assert len(begun) < 500

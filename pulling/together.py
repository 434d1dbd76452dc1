"""Accounts side by side: their platforms answer slowly, and each lets only so many be asked for at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from typing import TypeVar

from etl.account import Account
from pulling.puller import Puller
from scoring.period import Period

T = TypeVar("T")
Wanted = tuple[Account, Period]


def together(puller: Puller, wanted: Iterable[Wanted], work: Callable[[Account, Period], T]) -> Iterator[T]:
    """What `work` makes of each month, in their order, which has each account's months beside each other.

    As many accounts of a platform as it lets are worked on at a time, each month by month; those that are
    not pulled one after the other. Raises what `work` raises, and begins nothing more then. Whoever is
    interrupted, such as by Ctrl-C, waits only for the answers that are under way.
    """
    by_account = [[*months] for _, months in groupby(wanted, key=lambda each: each[0])]
    pools = _pools(puller, {str(months[0][0].platform) for months in by_account})
    with _stopping(puller, pools.values()):
        begun = [_begun(pools, months, work) for months in by_account]
        for each in begun:
            yield from each()


@contextmanager
def _stopping(puller: Puller, pools: Iterable[ThreadPoolExecutor]) -> Iterator[None]:
    """End the pools whatever happens; what is no error, such as Ctrl-C, also lets the pullers stop."""
    try:
        yield
    except Exception:
        raise
    except BaseException:
        puller.stop.is_wanted.set()
        raise
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)
        puller.stop.is_wanted.clear()


def _pools(puller: Puller, names: set[str]) -> dict[str, ThreadPoolExecutor]:
    known = names & set(puller.platforms)
    return {name: ThreadPoolExecutor(puller.platforms[name].at_once, name) for name in known}


def _begun(
    pools: dict[str, ThreadPoolExecutor], months: Sequence[Wanted], work: Callable[[Account, Period], T]
) -> Callable[[], list[T]]:
    """A call that gives what comes of the months: in a pool they are begun at once, else by the call."""

    def each_month() -> list[T]:
        return [work(account, month) for account, month in months]

    pool = pools.get(str(months[0][0].platform))
    return pool.submit(each_month).result if pool else each_month

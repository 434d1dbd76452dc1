"""What three accounts did in three months: the one truth that every platform of the stand-in answers from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random

ACCOUNTS = ("1001", "1002", "1003")
START, END = date(2026, 8, 1), date(2026, 11, 1)


@dataclass(frozen=True)
class Ad:
    """A day of an ad group."""

    day: date
    campaign: str
    group: str
    impressions: int
    clicks: int
    micros: int
    conversions: int
    value: Decimal

    @property
    def spend(self) -> Decimal:
        return Decimal(self.micros) / 1_000_000


def days(start=START, end=END):
    return [start + timedelta(days=at) for at in range((end - start).days)]


def seeded(account, kind):
    return Random(f"{kind} {account}")


@cache
def ads(account):
    """Rows of three ad groups on each day, in the order of days."""
    random = seeded(account, "ads")
    return tuple(
        Ad(
            day,
            f"{account}{group // 2 + 1}",
            f"{account}{group + 7}",
            random.randint(1, 90_000),
            random.randint(0, 900),
            random.randint(0, 9_000_000) * 100,
            random.randint(0, 12),
            Decimal(random.randint(0, 99_999)) / 100,
        )
        for day in days()
        for group in range(3)
    )


@dataclass(frozen=True)
class Thing:
    """Something with a moment (UTC): a contact, a mailing, an order, an issue."""

    id: str
    at: datetime
    number: int
    amount: Decimal


@cache
def things(account, kind, a_day=2):
    """Some on each day, at noon and after, so that they stand on the same day in every zone of the tests."""
    random = seeded(account, kind)
    return tuple(
        Thing(
            f"{account}{at:03}{number}",
            datetime(day.year, day.month, day.day, 11, number, random.randint(0, 59), tzinfo=UTC),
            random.randint(0, 5_000),
            Decimal(random.randint(1, 99_999)) / 100,
        )
        for at, day in enumerate(days())
        for number in range(a_day)
    )


def within(rows, start: date, end: date):
    """The rows of days from `start` to before `end`."""
    return [row for row in rows if start <= (row.day if isinstance(row, Ad) else row.at.date()) < end]

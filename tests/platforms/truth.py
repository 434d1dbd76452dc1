"""What three accounts did in three months: the one truth that every platform of the stand-in answers from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random

CHANNELS = {"7": "Direct", "8": "Organic Search", "9": "E-Mail"}
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

    # what these are called follows from their numbers; whoever has names of their own has fields of these
    currency = "EUR"
    action = "purchase"

    @property
    def campaign_name(self) -> str:
        return f"Campaign {self.campaign}"

    @property
    def group_name(self) -> str:
        return f"Group ⟨{self.group}⟩"

    @property
    def channel(self) -> str:
        return CHANNELS[self.group[-1]]


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


def rates():
    """Days with what a euro is in dollars and yuan, newest first."""
    return [(day, f"1.0{day.day:02}", f"7.8{day.month:02}") for day in reversed(days())]


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

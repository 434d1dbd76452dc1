"""Counters without a history: what one shows today stands beside what it showed on earlier days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from etl.account import Account
from etl.landing import Landing
from pulling.paths import first, parsed
from scoring.period import Period


def landed_rows(landing: Landing, account: Account, month: Period, name: str) -> list[Any]:
    """The rows of a file as the newest pull of the month has it; raises `DataError` for damaged ones."""
    pull = landing.latest(account.source, account.entity, month)
    files = pull.files if pull else ()
    return [row for file in files if file.name == name for row in map(parsed, file.read_bytes().splitlines())]


def dated(rows: Iterable[Any], field: str, day: str) -> list[Any]:
    """The rows with the day on which they were asked for."""
    return [{**row, field: day} for row in rows]


def kept_beside(earlier: Sequence[Any], now: Sequence[Any], field: str) -> list[Any]:
    """All of them; of a day that was asked for again only what it shows now."""
    days = {first(row, field) for row in now}
    return [*(row for row in earlier if first(row, field) not in days), *now]

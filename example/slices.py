"""The truth cut up as the platforms export it: one account and one month at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from example.company import ACCOUNTS, Account
from example.seasons import MONTHS
from example.truth import Facts

Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """What happened in one month of one account; facts the account does not feed are empty."""

    account: Account
    month: date
    facts: Facts

    @property
    def end(self) -> date:
        """The first day of the next month."""
        return date(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1)

    @property
    def month_text(self) -> str:
        """The month as file names carry it, such as 2026-10."""
        return f"{self.month:%Y-%m}"


def slices(whole: Facts) -> Iterator[Slice]:
    """Every month of every account, also one without rows."""
    by_key = {name: _grouped(rows) for name, rows in whole.items() if isinstance(rows, list)}
    for account in ACCOUNTS:
        for month in MONTHS:
            key = (account.source, account.entity, month.year, month.month)
            yield Slice(account, month, _facts_of(by_key, key))


def _grouped(rows: Sequence[Any]) -> dict[Key, list[Any]]:
    groups: dict[Key, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.entity, row.date.year, row.date.month].append(row)
    return groups


def _facts_of(by_key: dict[str, dict[Key, list[Any]]], key: Key) -> Facts:
    return Facts(
        ad_daily=by_key["ad_daily"].get(key, []),
        social_post=by_key["social_post"].get(key, []),
        page_daily=by_key["page_daily"].get(key, []),
        web_daily=by_key["web_daily"].get(key, []),
        lead=by_key["lead"].get(key, []),
        sale=by_key["sale"].get(key, []),
        survey_response=by_key["survey_response"].get(key, []),
        market_size=by_key["market_size"].get(key, []),
        budget=by_key["budget"].get(key, []),
        mention_daily=by_key["mention_daily"].get(key, []),
        fx_quote=by_key["fx_quote"].get(key, []),
    )

"""What was really sold and returned."""

from __future__ import annotations

from datetime import date

import numpy as np

from example.chance import chance
from example.company import SALES_CHANNELS, Account, SalesChannel
from example.seasons import DAYS, MONTHS, level
from example.truth.rows import SaleRow, money

_RETURNED_SHARE = (0.25, 1.0)


def sale_rows() -> list[SaleRow]:
    """All orders and returns, by account and day."""
    rows: list[SaleRow] = []
    for account, channels in SALES_CHANNELS.items():
        drafts = [row for number, channel in enumerate(channels) for row in _sales(account, channel, number)]
        drafts.sort(key=lambda row: row.date)
        prefix = "A" if account.currency_code == "EUR" else "SH"
        rows += [
            row._replace(order_id=f"{'R' if row.amount < 0 else prefix}-{row.date.year}-{310_000 + n}")
            for n, row in enumerate(drafts)
        ]
    return rows


def _sales(account: Account, channel: SalesChannel, number: int) -> list[SaleRow]:
    rng = chance("sales", account.entity, channel.name)
    swings = rng.normal(1, 0.035, (2, len(MONTHS))).clip(0.9, 1.1)
    known = 400 + int(rng.integers(200))
    rows = []
    for day in DAYS:
        month = MONTHS.index(day.replace(day=1))
        count = int(rng.poisson(channel.orders * level(channel.rhythm, day) * swings[0, month]))
        for _ in range(count if number else max(1, count)):
            row = _sale(account, channel, number, known, day, rng)
            known += row.is_new_customer
            rows.append(row)
    return rows


def _sale(
    account: Account,
    channel: SalesChannel,
    number: int,
    known: int,
    day: date,
    rng: np.random.Generator,
) -> SaleRow:
    draws = rng.random(2)
    cents = int(channel.value * 100 * max(0.2, rng.normal(1, 0.38)))
    is_new = bool(draws[0] < channel.new)
    if draws[1] < channel.returned:
        cents = -int(cents * rng.uniform(*_RETURNED_SHARE))
        is_new = False
    customer = known if is_new else int(rng.integers(known))
    return SaleRow(
        account.source,
        account.entity,
        day,
        channel.name,
        "",
        f"K{number + 1}{10_000 + customer}",
        is_new,
        channel.countries[int(rng.integers(len(channel.countries)))],
        money(cents),
        channel.currency_code,
    )

"""How large the market really was, and what a euro was really worth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from example.chance import chance
from example.company import FX, MARKET, SEGMENTS
from example.seasons import DAYS, LAST_DAY, MONTHS, level
from example.truth.rows import MarketRow, QuoteRow, money

FIRST_QUOTE = date(2024, 10, 24)
# Days on which the euro is not quoted at all, besides weekends.
BANK_HOLIDAYS = frozenset(
    date.fromisoformat(text)
    for text in (
        *("2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01", "2025-12-25"),
        *("2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01"),
    )
)
# Single quotes that were never published.
NOT_QUOTED = frozenset(
    (date.fromisoformat(day), currency)
    for day, currency in (
        ("2025-02-12", "CNY"),
        ("2025-08-14", "USD"),
        ("2026-05-20", "CNY"),
        ("2026-10-08", "CNY"),
    )
)
# Start, pull towards, daily step: a walk that stays in its real range.
_WALKS = (("USD", 1.0850, 1.1150, 0.0042), ("CNY", 7.7200, 8.0300, 0.0270))


def market_rows() -> list[MarketRow]:
    """Every segment of every month, by month and segment; sizes are published in thousands."""
    rows = []
    for month in MONTHS:
        days = [day for day in DAYS if day.replace(day=1) == month]
        for name, size, currency, rhythm in SEGMENTS:
            busy = sum(level(rhythm, day) for day in days) / 30.4
            estimate = chance("market", name, month.isoformat()).normal(1, 0.012)
            thousands = round(size * busy * estimate / 1000)
            rows.append(
                MarketRow(MARKET.source, MARKET.entity, month, name, money(thousands * 100_000), currency)
            )
    return rows


def quote_rows() -> list[QuoteRow]:
    """Every quote from a week before the first month on, by day and currency."""
    walks = {currency: _walk(currency, *numbers) for currency, *numbers in _WALKS}
    return [
        QuoteRow(FX.source, FX.entity, day, currency, None if (day, currency) in NOT_QUOTED else quote)
        for day in _business_days()
        for currency, walk in walks.items()
        for quote in (next(walk),)
    ]


def _walk(currency: str, start: float, middle: float, step: float) -> Iterator[str]:
    rng, value = chance("fx", currency), start
    while True:
        yield f"{value:.4f}"
        value += 0.012 * (middle - value) + step * float(rng.normal())


def _business_days() -> Iterator[date]:
    day = FIRST_QUOTE
    while day <= LAST_DAY:
        if day.weekday() < 5 and day not in BANK_HOLIDAYS:
            yield day
        day += timedelta(days=1)

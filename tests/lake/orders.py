"""Orders to load into a lake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def orders(*amounts: str, named: str = "o{}") -> list[dict[str, object]]:
    """An order of each amount, on one day of October after another; `named` with its number is its id."""
    return [
        {
            "owner_key": "*",
            "order_id": named.format(n),
            "order_date": date(2026, 10, 1 + n),
            "amount": Decimal(amount),
            "currency_code": "EUR",
        }
        for n, amount in enumerate(amounts)
    ]

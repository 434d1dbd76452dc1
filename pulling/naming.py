"""What an account is called wherever something is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.account import Account


def name_of(account: Account) -> str:
    """Its source and its id, as `scorewright sources` lists it."""
    return f"{account.source}/{account.entity}"

"""What several tables of rows tell alike."""

from __future__ import annotations

from rich.console import Console

from terminal.numbers import exact
from warehouse import SourceRow


def whole_amount(row: SourceRow) -> str:
    """What the row is worth before its rate and share: `9.18 USD`, or a plain count."""
    return exact(row.value) if row.amount is None else f"{exact(row.amount)} {row.currency_code}"


def tell_rest(out: Console, rest: int) -> None:
    """Say how many more rows there are than a table shows, if there are more."""
    if rest > 0:
        out.print(f"and {rest:,} more rows; --csv FILE writes all of them", highlight=False)

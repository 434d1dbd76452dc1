"""The ERP's order list in German: semicolons, decimal commas, ja and nein, a sum over all currencies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from example.formats.table import table, total
from example.slices import Slice
from example.truth.rows import SaleRow

HEADER = ["Auftrag", "Datum", "Kunde", "Neukunde", "Vertriebskanal", "Land", "Betrag", "Währung"]
_GERMAN = str.maketrans(",.", ".,")


def files(part: Slice) -> dict[str, bytes]:
    """The month's orders and returns."""
    rows = part.facts["sale"]
    lines: list[Sequence[object]] = [HEADER, *map(_line, rows)]
    lines.append(["Summe", *[""] * 5, _amount(total(row.amount for row in rows)), ""])
    path = f"sales/{part.account.entity}/Auftraege_{part.month_text}.csv"
    return {path: table(lines, separator=";", end="\r\n").encode("utf-8-sig")}


def _line(row: SaleRow) -> list[object]:
    return [
        row.order_id,
        f"{row.date:%d.%m.%Y}",
        row.customer_id,
        "ja" if row.is_new_customer else "nein",
        row.owner_key,
        row.country,
        _amount(row.amount),
        row.currency,
    ]


def _amount(value: Decimal) -> str:
    return f"{value:,}".translate(_GERMAN)

"""How a spreadsheet shows the numbers of a card: as the pages do."""

from __future__ import annotations

from reports.presenting.reader import Reader
from scoring.scorecard import KpiResult

_FULL = "#,##0"


def digits_format(digits: int, whole: str = _FULL) -> str:
    """A plain number with so many digits after the point."""
    return whole + ("." + "0" * digits if digits else "")


def unit_format(result: KpiResult, reader: Reader) -> str:
    """A number in the unit of a KPI."""
    plain = digits_format(reader.figures.digits(result.unit, result.decimals))
    around = {
        "percent": ("", "%"),
        "ratio": ("", _quoted("×")),
        "money": (_quoted(reader.figures.money_symbol()), ""),
        "days": ("", _quoted(reader.figures.days("").rstrip("\n"))),
    }
    before, after = around.get(result.unit, ("", ""))
    return f"{before}{plain}{after}"


def _quoted(text: str) -> str:
    """Text in a format, in which a quotation mark would end it."""
    cleaned = text.replace('"', "")
    return f'"{cleaned}"'

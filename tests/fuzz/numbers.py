"""Numbers as a person would read and write them: knows nothing of the product's reader, so it can judge it."""

from __future__ import annotations

import re
from decimal import Decimal

_BLANKS = " \u00a0\u202f\u2009"
_MINUS = "-−–"
_MARKS = re.compile(
    r"[A-Z]{2}\$|[A-Z]{3}|[$€£¥￥₩₹₽₺₫₪₱฿元円]|kr\.?|zł|Kč|Ft",
)
_MANY = {"万": 4, "亿": 8}
# what parts thousands, the decimal sign, and how groups may look once each is parted by a comma
STYLES = {
    "english": (",", "."),
    "german": (".", ","),
    "french": (_BLANKS, ","),
    "swiss": ("'’", "."),
}
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+|[1-9]\d?(,\d{2})*,\d{3}", re.ASCII)


def number(cell: str, style: str) -> Decimal | None:
    """The number that a cell says in a style; None for what a person would not read as one."""
    text = cell.strip()
    sign, text = _signed(_MARKS.sub("", text, count=1).strip(_BLANKS))
    shift = _MANY.get(text[-1:], 0)
    text = text[:-1].rstrip(_BLANKS) if shift else text
    thousands, point = STYLES[style]
    whole, mark, rest = text.partition(point)
    whole = "".join("," if character in thousands else character for character in whole)
    is_whole = _is_digits(whole) or _GROUPED.fullmatch(whole) or (mark and not whole and rest)
    if not is_whole or (rest and not _is_digits(rest)):
        return None
    return sign * Decimal(f"{whole.replace(',', '') or 0}.{rest or 0}").scaleb(shift)


def _signed(text: str) -> tuple[int, str]:
    if text[:1] == "(" and text[-1:] == ")":
        return -1, text[1:-1].strip(_BLANKS)
    if text[:1] and text[0] in _MINUS:
        return -1, text[1:].lstrip(_BLANKS)
    return 1, text


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def written(value: Decimal, style: str, *, is_grouped: bool) -> str:
    """A number as a platform writes it in a style."""
    thousands, point = STYLES[style]
    parted = f"{value:,f}" if is_grouped else f"{value:f}"
    return parted.replace(",", "\0").replace(".", point).replace("\0", thousands[-1])


def of_workbook(text: str) -> Decimal | None:
    """A number as a workbook keeps it: a double, of which fifteen digits are meant."""
    try:
        double = float(text)
        found = Decimal(double)
    except ValueError:
        return None
    return Decimal(f"{double:.14e}") if found.is_finite() else None

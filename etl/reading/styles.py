"""How a platform writes numbers, found from what a whole column says.

A style is never a guess: a column that two of them fit, with different values, is undecided until its file,
its totals, the account or the format say which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

MONEY = pa.decimal128(18, 6)
DIGITS = Decimal("1e-6")
_BLANKS = "[ \u00a0\u202f\u2009]"
_SIGNS = r"(?:[$€£¥￥₩₹₽₺₫₪₱฿]|[A-Z]{1,3}\$|kr\.?|zł|Kč|Ft|元|円)"
_WRAPPED = re.compile(
    rf"(?P<open>\(?)(?P<minus>[-−–+]?){_BLANKS}*(?P<code>[A-Z]{{3}})?(?P<sign>{_SIGNS})?{_BLANKS}*"
    rf"(?P<inner>[-−–]?)(?P<number>\d[\d.,'’\u00a0\u202f\u2009 ]*?|[.,]\d+){_BLANKS}*"
    rf"(?P<many>[万亿]?)(?P<last>[-−–]?)(?P<sign_after>{_SIGNS})?(?P<code_after>{_BLANKS}*[A-Z]{{3}})?(?P<close>\)?)"
)
_LONGEST = 60
_MANY = {"": 0, "万": 4, "亿": 8}


@dataclass(frozen=True)
class NumberStyle:
    """How a platform writes numbers: what parts thousands, the decimal sign, and how digits are grouped."""

    name: str
    thousands: str
    point: str
    groups: str = r"[1-9]\d{{0,2}}(?:{t}\d{{3}})+"

    @cached_property
    def pattern(self) -> str:
        """The whole of a number without a currency sign; a group never follows a leading zero."""
        return self._pattern(r"\d")

    @cached_property
    def whole(self) -> str:
        """The same of a whole number: after the decimal sign there are only zeros."""
        return self._pattern("0")

    def _pattern(self, decimal: str) -> str:
        grouped, point = self.groups.format(t=self.thousands), re.escape(self.point)
        return rf"-?(?:(?:{grouped}|\d{{1,18}})(?:{point}{decimal}*)?|{point}{decimal}+)"

    def decimal(self, text: str) -> Decimal:
        """The number that a text in this style is; raises `ValueError`."""
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise ValueError(text)
        return Decimal(re.sub(self.thousands, "", text).replace(self.point, "."))

    def sample(self) -> str:
        """A number as the style writes it."""
        parted = {"english": ",", "german": ".", "french": " ", "swiss": "'", "indian": ","}[self.name]
        return f"1{parted}234{self.point}56"


STYLES: Mapping[str, NumberStyle] = MappingProxyType(
    {
        style.name: style
        for style in (
            NumberStyle("english", ",", "."),
            NumberStyle("german", r"\.", ","),
            NumberStyle("french", _BLANKS, ","),
            NumberStyle("swiss", "['’]", "."),
            NumberStyle("indian", ",", ".", r"[1-9]\d?(?:{t}\d{{2}})*{t}\d{{3}}"),
        )
    }
)
PLAIN = NumberStyle("plain", "(?!)", ".")
"""How a workbook or a database says a number that it keeps as one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number as written: its digits and separators, its sign, what currency stands at it, how many digits
    a word for ten thousand adds.
    """

    number: str
    is_negative: bool
    currency: str
    shift: int

    def value(self, style: NumberStyle) -> Decimal:
        """The number in this style; raises `ValueError`."""
        found = style.decimal(self.number).scaleb(self.shift)
        return -found if self.is_negative else found


def written(cell: str) -> Written:
    """A cell taken apart; raises `ValueError` for what is no number in any style."""
    # the pattern would try out every way to share many blanks between its parts
    match = _WRAPPED.fullmatch(cell) if len(cell) <= _LONGEST else None
    if match is None:
        raise ValueError(cell)
    signs = [*filter(None, match.group("open", "minus", "inner", "last"))]
    if len(signs) > 1 or bool(match["open"]) != bool(match["close"]):
        raise ValueError(cell)
    currency = next(filter(None, match.group("code", "sign", "sign_after", "code_after")), "")
    return Written(match["number"].strip(), signs not in ([], ["+"]), currency.strip(), _MANY[match["many"]])


def readings(cell: str) -> dict[str, Decimal]:
    """What number a cell is, in each style in which it is one."""
    found: dict[str, Decimal] = {}
    with suppress(ValueError):
        number = written(cell)
        for name, style in STYLES.items():
            with suppress(ValueError):
                found[name] = number.value(style)
    return found


def matches(cells: pa.Array, pattern: str) -> bool:
    """Whether all cells match, tested as one joined text: this takes a third of the time.

    Cells with line breaks of their own never match.
    """
    values = cells.drop_null()
    if not len(values):
        return True
    ends = pa.array([0, len(values)], pa.int64())
    text = pc.binary_join(pa.LargeListArray.from_arrays(ends, values), "\n")
    breaks = pc.count_substring(text, "\n")[0].as_py()
    is_all = pc.match_substring_regex(text, rf"\A(?:{pattern})(?:\n(?:{pattern}))*\z")[0].as_py()
    return bool(is_all) and breaks == len(values) - 1


def plain_decimals(cells: pa.Array, style: NumberStyle) -> pa.Array | None:
    """The values of cells that are plain numbers of the style, a whole column at once; None for others."""
    whole = rf"-?(?:[1-9]\d{{0,2}}(?:{style.thousands}\d{{3}}){{1,3}}|\d{{1,12}})"
    if not matches(cells, rf"{whole}(?:{re.escape(style.point)}\d{{1,6}})?"):
        return None
    digits = cells
    if style.name != "plain":
        # a single sign is found much faster than a pattern
        sign = style.thousands.removeprefix("\\")
        replace = pc.replace_substring if len(sign) == 1 else pc.replace_substring_regex
        digits = replace(cells, sign, "")
    if style.point != ".":
        digits = pc.replace_substring(digits, style.point, ".")
    return pc.cast(digits, MONEY)


def rounded(value: Decimal) -> Decimal:
    """A number to the six digits that an amount has."""
    return value.quantize(DIGITS, ROUND_HALF_EVEN)

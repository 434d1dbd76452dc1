"""Numbers as a reader of one language writes them.

Every number is rounded half-up in `Decimal` first; the library that knows the languages would
round half to even. What is shown is what was rounded, in the PDF and in the mail alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol

from reports.periods import PeriodNames, locale_of
from reports.wording import Wording
from scoring.arithmetic import EXACT, HUNDRED, digits_of, round_half_up
from scoring.fiscal import Naming

MINUS = "\u2212"
NOTHING = "–"
COMPACT_FROM = 10000
MOST_COMPACT = Decimal(10**15)
NEARLY = Decimal("1.00005")
TABLE_WIDTH = 10
USUAL_DIGITS = 2
"""How many digits after the point most currencies have, and what a KPI's decimals are counted in."""
SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed. Words in its place are `is_long` if they do not fit into one line."""

    text: str
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Formats of one language and reporting currency, and by which years fiscal years are named."""

    words: Wording
    currency_code: str
    fiscal_named: Naming = Naming.BOTH

    @property
    def locale(self) -> Locale:
        """The language's own formats."""
        return locale_of(self.words.language)

    def number(self, value: Decimal, decimals: int) -> str:
        """`-1234.5` with 2 decimals is `−1,234.50`."""
        return _number(value, decimals, self.words.language)

    def exact(self, value: Decimal, decimals: int) -> str:
        """As `number`, without trailing zeros: at most `decimals` digits after the point."""
        return self.number(value, min(decimals, digits_of(round_half_up(value, decimals))))

    def shown(self, value: Decimal, decimals: int) -> str:
        """`12.5` for exactly that, `12.3333` for a third: full width tells that digits were cut off."""
        return self.number(value, min(decimals, digits_of(value)))

    def signed(self, value: Decimal, decimals: int) -> str:
        """With its sign, even if it is positive."""
        text = self.number(value, decimals)
        return f"+{text}" if round_half_up(value, decimals) > 0 else text

    def money_symbol(self) -> str:
        """The sign of the reporting currency, as the language writes it."""
        return get_currency_symbol(self.currency_code, locale=self.locale)

    def digits(self, unit: str, decimals: int) -> int:
        """How many digits after the point a number of the unit gets; `decimals` are a KPI's."""
        return money_digits(self.currency_code, decimals) if unit == "money" else decimals

    def value(self, value: Decimal | None, unit: str, decimals: int) -> Figure:
        """A KPI's number in its unit (see `scoring.kpi.Unit`); an unknown unit is a plain number."""
        if value is None:
            return Figure(NOTHING)
        number = self.number(_scaled(value, unit), self.digits(unit, decimals))
        if unit == "days":
            return Figure(self.days(number))
        return Figure(self._with_symbol(number) if unit == "money" else number + _SIGNS.get(unit, ""))

    def precise(self, value: Decimal, unit: str, decimals: int) -> str:
        """A KPI's number with up to 4 more digits than it is shown with: enough to redo a score."""
        if unit == "percent":
            return self.shown(_scaled(value, unit), decimals + 4) + "%"
        decimals = self.digits(unit, decimals)
        text = self.number(value, min(max(digits_of(value), decimals), decimals + 4))
        if unit == "days":
            return self.days(text)
        return self._with_symbol(text) if unit == "money" else text + _SIGNS.get(unit, "")

    def compact(self, value: Decimal, unit: str, decimals: int) -> str:
        """Short, for the labels of a small chart: `€1.2M`, `13.4万`."""
        scaled = _scaled(value, unit)
        if abs(scaled) < _COMPACT_FROM.get(unit, COMPACT_FROM):
            return self.value(value, unit, decimals).text
        text = self._shortened(scaled)
        return self._with_symbol(text) if unit == "money" else text + _SIGNS.get(unit, "")

    def _shortened(self, value: Decimal) -> str:
        """A number from `COMPACT_FROM` on, counted in the largest step that it reaches, or by tens."""
        if abs(value) >= MOST_COMPACT:
            power = value.adjusted()
            return f"{self.exact(value.scaleb(-power), 2)}e{power}"
        # what would be rounded to 1,000 of a step is 1 of the next
        reached = abs(value) * NEARLY
        size, suffix = next(step for step in _STEPS[self.words.language] if reached >= step[0])
        return self.exact(value / size, 1 if abs(value) / size >= 100 else 2) + suffix

    def in_table(self, value: Decimal | None, unit: str, decimals: int) -> Figure:
        """As `value`, but compact if the number is too long for a column of page 1."""
        figure = self.value(value, unit, decimals)
        if value is None or len(figure.text.partition(".")[0]) <= TABLE_WIDTH:
            return figure
        return Figure(self.compact(value, unit, decimals))

    def days(self, number: str) -> str:
        """A number of days: `12 days`, `12 天`."""
        return self.words.say("%(number)s days", number=number)

    def span(self, low: Decimal, high: Decimal, unit: str, decimals: int) -> Figure:
        """From one number to another, with the unit once: `38–42%`, `€38–42`."""
        upper = self.value(high, unit, decimals).text
        shown = self.digits(unit, decimals)
        ends = [self.number(_scaled(end, unit), shown) for end in (low, high)]
        return Figure(upper.replace(ends[1], "–".join(ends)))

    def percent(self, fraction: Decimal | None, decimals: int) -> Figure:
        """A fraction as a percentage."""
        return self.value(fraction, "percent", decimals)

    @property
    def periods(self) -> PeriodNames:
        """Names of periods and days."""
        return PeriodNames(self.words.language, self.fiscal_named)

    def _with_symbol(self, text: str) -> str:
        sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
        symbol = self.money_symbol()
        return f"{sign}{symbol}{SPACE if symbol[-1:].isalpha() else ''}{digits}"


_SIGNS = {"percent": "%", "ratio": "×"}
"""What stands behind the numbers of a unit."""

_COMPACT_FROM = dict.fromkeys(("percent", "ratio", "index"), 10**6)
"""Shares and ratios are read in full as long as they are any that a reader could know."""

_STEPS = {
    "en": ((Decimal(10**12), "T"), (Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "k")),
    "zh_CN": ((Decimal(10**12), "万亿"), (Decimal(10**8), "亿"), (Decimal(10**4), "万")),
}


def money_digits(currency_code: str, decimals: int) -> int:
    """A KPI's `decimals` for amounts in a currency: as many more or fewer as it has more or fewer than two.

    Two are 3 in dinars (KWD) and 0 in yen; an amount without any stays without.
    """
    return max(0, decimals + get_currency_precision(currency_code) - USUAL_DIGITS) if decimals else 0


@lru_cache(maxsize=10_000)
def _number(value: Decimal, decimals: int, language: str) -> str:
    """A card prints most of its numbers two or three times."""
    rounded = round_half_up(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(rounded, format=pattern, locale=locale_of(language), decimal_quantization=False)
    return text.replace("-", MINUS)


def _scaled(value: Decimal, unit: str) -> Decimal:
    """The number that is printed: hundredfold where it is followed by a percent sign."""
    return EXACT.multiply(value, HUNDRED) if unit == "percent" else value

"""Exchange rates: a day's quotes, units of each currency for one of the table's base, newest first.

The base is the account's `currency_code`, the euro where it names none. A rate is the value of one unit of a
currency in the reporting currency: its units for one of the base ÷ the currency's units for one of the base,
both quotes of the same day, exact, and rounded once, half-even to ten digits. A day without both quotes
(weekends, holidays, N/A) takes the last day before it that has both, at most seven days old.

Days of other months are set aside, so the same file does for every month. What is not quoted has no rate:
that is an error only where an amount needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, compress, pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, ExportFile, OwnerKeys
from etl.conformed import Conformed
from etl.facts import fact_catalog
from etl.landing import LandedFile
from etl.reading.cells import amounts, first_true, texts
from etl.reading.door import MOST_MEGABYTES
from etl.reading.fact import tally
from etl.reading.lines import with_lines
from etl.reading.sheet import Header, Sheet, find_header, read_rows
from etl.reading.text import read_whole_lines
from etl.sources.exports import find_exports
from scoring.errors import BadFileError
from scoring.period import Period

NAME = "fx_rates"
READER_VERSION = 2
FACTS = ("fct_fx_rate",)
DAILY_FACTS = ("fct_fx_rate",)
FILES = 1
LOOKBACK_MONTHS = 0
API_VERSION = "euro reference rates, CSV"
RELOAD_DAYS = 0
PRINTED_IN: str | None = None
OWNER_KEYS = OwnerKeys.SHARED

BASE = "EUR"
"""What a table is given in where its account does not say."""
EVERYBODY = "*"
NO_QUOTE = frozenset({"", "N/A"})
MAX_AGE = timedelta(days=7)
DIGITS = 10
_WHOLE_DIGITS = 8
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAYS = re.compile(rb'^"?(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4})', re.MULTILINE)
_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y")

Quotes = Mapping[str, Decimal]
"""A day's units of each currency for one of the base, itself included."""
Row = tuple[str, date, date, str, Decimal]


def extract(
    account: Account, month: Period, exports: Path, most_megabytes: int = MOST_MEGABYTES
) -> tuple[ExportFile, ...] | None:
    """The table for the month; None where there is none, or where one of all times lacks the month.

    A table that is under one name for every month and begins later within this one was cut off: what was
    loaded from an earlier one knows more.
    """
    files = find_exports(account, month, exports, most_megabytes)
    if files is not None and "{month}" not in account.files[0] and not _has(files[0].content, month):
        return None
    return files


def _has(content: bytes, month: Period) -> bool:
    """Whether a table of all times has the month from its beginning on."""
    days = sorted(filter(None, (_day(found[1].decode()) for found in _DAYS.finditer(content))))
    if not days:
        return True  # the reader says what is wrong with it
    is_cut = month.start + MAX_AGE <= days[0] and month.end <= days[-1]
    return not is_cut and any(day in month for day in days)


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """A rate for each day of the month and each currency that is quoted then; raises `BadFileError`."""
    (file,) = files
    text = read_whole_lines(file)
    header = find_header(text, ("Date",))
    base = account.currency_code or BASE
    home = account.crossed_to or base
    codes = _codes(header, base)
    everything = read_rows(header, text, ("Date", *codes))
    days = _days(everything)
    near = _near(days, month)
    _refuse_another_month(everything, days, near, month)
    sheet = everything.where(pa.array(near, pa.bool_()))
    quote_days = [*compress(days, near)]
    quotes = _quotes(sheet, base, codes, quote_days)
    every = dict.fromkeys((*codes, base, home))
    rows = [*chain.from_iterable(_daily(code, home, quotes, month) for code in every)]
    table = with_lines(_table(rows), file.name, _lines(sheet, quote_days, rows, home))
    set_aside = len(everything) - len(sheet)
    return Conformed({FACTS[0]: table}, (tally(everything, used=len(sheet), set_aside=set_aside),))


def _lines(sheet: Sheet, quote_days: Sequence[date], rows: Sequence[Row], home: str) -> list[int | None]:
    """The line of each rate's quotes; that of the reporting currency is 1 whatever is quoted."""
    line_of = dict(zip(quote_days, sheet.rows.to_pylist(), strict=True))
    return [None if code == home else line_of[quoted] for _, _, quoted, code, _ in rows]


def _codes(header: Header, base: str) -> tuple[str, ...]:
    """The currencies that a table quotes beside its base; a column of another name is none."""
    return tuple(cell for cell in header.cells if _CURRENCY.fullmatch(cell) and cell != base)


def _near(days: Sequence[date], month: Period) -> list[bool]:
    """Which days have quotes that may stand for a day of the month."""
    return [month.start - MAX_AGE <= day < month.end for day in days]


def _refuse_another_month(sheet: Sheet, days: Sequence[date], near: Sequence[bool], month: Period) -> None:
    """A table without a quote for the month is another month's."""
    if not any(near):
        raise BadFileError(
            sheet.file,
            column="Date",
            expected=f"a day of {month} or of the week before",
            found=f"days from {days[-1]} to {days[0]}" if days else "no day",
        )


def _days(sheet: Sheet) -> list[date]:
    """The days of the quotes; raises `BadFileError` unless they go back from row to row."""
    found = [*map(_day, texts(sheet, "Date").to_pylist())]
    if None in found:
        bad = pc.is_null(pa.array(found, pa.date32()))
        raise sheet.unreadable(bad, "Date", "a day such as 2026-10-31")
    days = [*filter(None, found)]
    _refuse_ascending(sheet, days)
    return days


def _refuse_ascending(sheet: Sheet, days: Sequence[date]) -> None:
    for index, (before, day) in enumerate(pairwise(days)):
        if day >= before:
            raise sheet.refusal(index + 1, "Date", "an earlier day than in the row above")


def _day(cell: str) -> date | None:
    """A day as a month's file writes it, or as the file of one day does."""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a business day has no zone
        except ValueError:
            continue
    return None


def _quotes(sheet: Sheet, base: str, codes: Sequence[str], days: Sequence[date]) -> dict[date, Quotes]:
    """What each day quotes."""
    columns = {code: _above_zero(sheet, code) for code in codes}
    return {
        day: {base: Decimal(1), **_there({code: columns[code][index] for code in codes})}
        for index, day in enumerate(days)
    }


def _there(quotes: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {code: quote for code, quote in quotes.items() if quote is not None}


def _above_zero(sheet: Sheet, code: str) -> list[Decimal | None]:
    values = amounts(sheet, code, missing=NO_QUOTE)
    bad = first_true(pc.less_equal(values, pa.scalar(Decimal(0), values.type)))
    if bad is not None:
        raise sheet.refusal(bad, code, "a quote above 0")
    return list(values.to_pylist())


def _daily(code: str, home: str, quotes: Mapping[date, Quotes], month: Period) -> Iterator[Row]:
    """The rates of a currency on the days of the month, each with the day of the quotes in use.

    The reporting currency is worth itself on every day, quoted or not.
    """
    for day in month.days():
        quoted = _last(code, home, quotes, day)
        if code == home:
            yield EVERYBODY, day, day, home, Decimal(1)
        elif quoted is not None and (rate := crossed(quotes[quoted][code], quotes[quoted][home])) is not None:
            yield EVERYBODY, day, quoted, code, rate


def _last(code: str, home: str, quotes: Mapping[date, Quotes], day: date) -> date | None:
    """The last day up to `day`, at most a week before it, that quotes both currencies."""
    for age in range(MAX_AGE.days + 1):
        known = quotes.get(day - timedelta(days=age), {})
        if code in known and home in known:
            return day - timedelta(days=age)
    return None


def crossed(units: Decimal, home_units: Decimal) -> Decimal | None:
    """What one unit of a currency is worth, from the units of it and of the reporting currency for one of
    the base; None where that cannot be said with ten digits after the point and eight before it.
    """
    exact = Fraction(home_units) / Fraction(units)
    rate = Decimal(round(exact * 10**DIGITS)).scaleb(-DIGITS)
    return rate if 0 < rate < 10**_WHOLE_DIGITS else None


def _table(rows: Sequence[Row]) -> pa.Table:
    columns = fact_catalog()["fct_fx_rate"].read_columns
    return pa.table(
        {
            column.name: pa.array([row[index] for row in rows], column.type)
            for index, column in enumerate(columns)
        }
    )

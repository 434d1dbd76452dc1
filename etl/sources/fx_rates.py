"""Exchange rates: a day's quotes, units of each currency for one euro, newest first, business days only.

A day without a quote (weekends, holidays, N/A) takes the last one before it, at most seven days old, so the
file also has the last days of the month before. A rate is the value of one unit of the currency in euro: 1 /
quote, half-even to ten digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account, OwnerKeys
from etl.conformed import Conformed
from etl.facts import fact_catalog
from etl.landing import LandedFile
from etl.reading.cells import amounts, days, first_true
from etl.reading.fact import tally
from etl.reading.sheet import Sheet, find_header, read_rows
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
EVERYBODY = "*"
NO_QUOTE = frozenset({"", "N/A"})
MAX_AGE = timedelta(days=7)
RATE = Decimal("1e-10")

extract = find_exports


def read(files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
    """A rate for every calendar day of the month and every currency of the file; raises `BadFileError`."""
    (file,) = files
    text = read_whole_lines(file)
    header = find_header(text, ("Date",))
    codes = tuple(cell for cell in header.cells if cell not in ("", "Date"))
    sheet = read_rows(header, text, ("Date", *codes))
    quote_days = days(sheet, "Date", "%Y-%m-%d").to_pylist()
    _refuse_strays(sheet, quote_days, month)
    rows: list[tuple[str, date, date, str, Decimal]] = []
    for code in codes:
        quotes = _quotes(sheet, code, quote_days)
        rows += [
            (EVERYBODY, day, quoted, code, rate) for day, quoted, rate in _daily(sheet, code, quotes, month)
        ]
    rows += [(EVERYBODY, day, day, BASE, Decimal(1)) for day in month.days()]
    return Conformed({FACTS[0]: _table(rows)}, (tally(sheet, used=len(sheet), set_aside=0),))


def _refuse_strays(sheet: Sheet, quote_days: Sequence[date], month: Period) -> None:
    """Quotes of other months can only be the last ones before it; each day occurs once."""
    for index, day in enumerate(quote_days):
        if not month.start - MAX_AGE <= day < month.end:
            raise sheet.refusal(index, "Date", f"a day of {month} or of the week before")
        if index and day >= quote_days[index - 1]:
            raise sheet.refusal(index, "Date", "an earlier day than in the row above")


def _quotes(sheet: Sheet, code: str, quote_days: Sequence[date]) -> dict[date, Decimal]:
    values = amounts(sheet, code, missing=NO_QUOTE)
    bad = first_true(pc.less_equal(values, pa.scalar(Decimal(0), values.type)))
    if bad is not None:
        raise sheet.refusal(bad, code, "a quote above 0")
    return {
        day: quote for day, quote in zip(quote_days, values.to_pylist(), strict=True) if quote is not None
    }


def _daily(
    sheet: Sheet, code: str, quotes: Mapping[date, Decimal], month: Period
) -> list[tuple[date, date, Decimal]]:
    """For each day of the month the day of the quote in use, and the rate."""
    filled = []
    for day in month.days():
        quoted = max((known for known in quotes if day - MAX_AGE <= known <= day), default=None)
        if quoted is None:
            raise BadFileError(
                sheet.file,
                column=code,
                expected=f"a quote on {day} or in the seven days before",
                found="none",
                hint="export the rates from the last days of the month before on, and rerun",
            )
        filled.append((day, quoted, (1 / quotes[quoted]).quantize(RATE, ROUND_HALF_EVEN)))
    return filled


def _table(rows: Sequence[tuple[str, date, date, str, Decimal]]) -> pa.Table:
    columns = fact_catalog()["fct_fx_rate"].read_columns
    return pa.table(
        [
            pa.array(values, column.type)
            for column, values in zip(columns, zip(*rows, strict=True), strict=True)
        ],
        names=[column.name for column in columns],
    )

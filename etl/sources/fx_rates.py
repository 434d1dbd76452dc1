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
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise

import pyarrow as pa

from etl.account import Account, ExportFile, OwnerKeys
from etl.exports import Origin
from etl.landing import LandedFile
from etl.queries import received
from etl.reading.document import Table, candidates
from etl.reading.lines import lines_apart, with_lines
from etl.reading.records import Body, Record
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse.conformed import Conformed, FileTally
from warehouse.facts import fact_catalog

NAME, FACT = "fx_rates", "fct_fx_rate"
BASE = "EUR"
"""What a table is given in where its account does not say."""
EVERYBODY = "*"
NO_QUOTE = frozenset({"", "N/A"})
MAX_AGE = timedelta(days=7)
DIGITS = 10
_WHOLE_DIGITS = 8
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,10})?")
_DAYS = re.compile(rb'^"?(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4})', re.MULTILINE)
_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y")

Quotes = Mapping[str, Decimal]
"""A day's units of each currency for one of the base, itself included."""
Row = tuple[str, date, date, str, Decimal]


@dataclass(frozen=True, slots=True)
class FxRates:
    """The rates of a table with a day in each row and a currency in each column.

    A format cannot say it: a day without a quote takes the one before it.
    """

    name: str = NAME
    facts: tuple[str, ...] = (FACT,)
    daily_facts: tuple[str, ...] = (FACT,)
    lookback_months: int = 0
    reload_days: int = 0
    version: str = "daily exchange rates"
    reader: str = "4"
    owner_keys: OwnerKeys = OwnerKeys.SHARED
    prints_names: bool = False

    def extract(self, account: Account, month: Period, origin: Origin) -> tuple[ExportFile, ...] | None:
        """The table for the month; None where there is none, or where one of all times lacks the month.

        A table that is under one name for every month and begins later within this one was cut off: what was
        loaded from an earlier one knows more.
        """
        files = received(account, month, origin)
        if files is None or not account.files or "{month}" in account.files[0]:
            return files
        return files if _has(files[0].content, month) else None

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """A rate for each day of the month and each currency that is quoted then; raises `BadFileError`."""
        (file,) = files
        quoted, lines = _quoted(file, account.currency_code or BASE)
        near = [day for day in quoted if month.start - MAX_AGE <= day < month.end]
        _refuse_another_month(file.name, [*quoted], near, month)
        home = account.crossed_to or account.currency_code or BASE
        quotes = {day: quoted[day] for day in near}
        every = dict.fromkeys(chain.from_iterable(quotes.values()), None) | {home: None}
        rows = [*chain.from_iterable(_daily(code, home, quotes, month) for code in every)]
        tally = FileTally(file.name, len(quoted), len(near), len(quoted) - len(near))
        # what the reporting currency is worth stands in no line
        places = [None if code == home else lines[day] for _, _, day, code, _ in rows]
        return lines_apart(Conformed({FACT: with_lines(_table(rows), file.name, places)}, (tally,)))


def _has(content: bytes, month: Period) -> bool:
    """Whether a table of all times has the month from its beginning on."""
    days = sorted(filter(None, (_day(found[1].decode()) for found in _DAYS.finditer(content))))
    if not days:
        return True  # the reader says what is wrong with it
    is_cut = month.start + MAX_AGE <= days[0] and month.end <= days[-1]
    return not is_cut and any(day in month for day in days)


def _quoted(file: LandedFile, base: str) -> tuple[dict[date, Quotes], dict[date, int]]:
    """What each day of the table quotes, newest first, and in which row; raises `BadFileError`."""
    table, header = _found(file)
    places = {cell: place for place, cell in enumerate(header.cells) if _CURRENCY.fullmatch(cell)}
    places.pop(base, None)
    body = table.body(header, [0, *places.values()])
    _refuse_broken(table, header, body)
    rows = body.rows.to_pylist()
    days = _days(file.name, rows, body.columns[0].to_pylist())
    columns = {code: _quotes(file.name, rows, code, body.columns[at]) for code, at in places.items()}
    quotes: dict[date, Quotes] = {
        day: {base: Decimal(1), **_there({code: column[index] for code, column in columns.items()})}
        for index, day in enumerate(days)
    }
    return quotes, dict(zip(days, rows, strict=True))


def _there(quotes: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {code: quote for code, quote in quotes.items() if quote is not None}


def _found(file: LandedFile) -> tuple[Table, Record]:
    """The table of the file that begins with a day and has currencies beside it; raises `BadFileError`."""
    for candidate in candidates(file):
        for record in candidate.table.head():
            if record.cells and record.cells[0] == "Date" and any(map(_CURRENCY.fullmatch, record.cells)):
                return candidate.table, record
    raise BadFileError(
        file.name,
        column="Date",
        expected="this column, and others named by currencies",
        found="no header row",
    )


def _refuse_broken(table: Table, header: Record, body: Body) -> None:
    if body.ragged:
        bad = body.ragged[0]
        expected, found = f"{len(header.cells)} cells", str(len(bad.cells))
        raise BadFileError(table.file, row=bad.row, expected=expected, found=found)
    if body.below:
        row = body.below[0].row - 1
        raise BadFileError(table.file, row=row, expected="another row", found="a blank row and more below it")
    if not body.is_ended:
        raise BadFileError(
            table.file,
            expected="a last line that ends with a line break, as the platform writes it",
            found="one that breaks off",
            hint="the file is possibly cut off; export it again and rerun",
        )


def _days(file: str, rows: Sequence[int], cells: Sequence[str]) -> list[date]:
    """The days of the quotes; raises `BadFileError` unless they go back from row to row."""
    found = [_day(cell.strip()) for cell in cells]
    for row, cell, day in zip(rows, cells, found, strict=True):
        if day is None:
            expected = "a day such as 2026-10-31"
            raise BadFileError(file, row=row, column="Date", expected=expected, found=repr(cell)[:100])
    days = [day for day in found if day is not None]
    for row, (before, day) in zip(rows[1:], pairwise(days), strict=True):
        if day >= before:
            expected = "an earlier day than in the row above"
            raise BadFileError(file, row=row, column="Date", expected=expected, found=repr(str(day)))
    return days


def _quotes(file: str, rows: Sequence[int], code: str, cells: pa.Array) -> list[Decimal | None]:
    listed = zip(rows, cells.to_pylist(), strict=True)
    return [_quote(file, row, code, cell.strip()) for row, cell in listed]


def _quote(file: str, row: int, code: str, cell: str) -> Decimal | None:
    if cell in NO_QUOTE:
        return None
    if not _NUMBER.fullmatch(cell):
        raise BadFileError(
            file, row=row, column=code, expected="a number such as 1.0834", found=repr(cell)[:100]
        )
    if not Decimal(cell):
        raise BadFileError(file, row=row, column=code, expected="a quote above 0", found=repr(cell))
    return Decimal(cell)


def _refuse_another_month(file: str, days: Sequence[date], near: Sequence[date], month: Period) -> None:
    """A table without a quote for the month is another month's."""
    if not near:
        raise BadFileError(
            file,
            column="Date",
            expected=f"a day of {month} or of the week before",
            found=f"days from {days[-1]} to {days[0]}" if days else "no day",
        )


def _day(cell: str) -> date | None:
    """A day as a month's file writes it, or as the file of one day does."""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a business day has no zone
        except ValueError:
            continue
    return None


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


def is_of_rates(content: bytes) -> bool:
    """Whether the columns of a file are a day and currencies."""
    header = content.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    first, *others = [cell.strip().strip('"') for cell in header.split(",")]
    codes = [cell for cell in others if cell]
    return first == "Date" and bool(codes) and all(_CURRENCY.fullmatch(code) for code in codes)

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
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise, product, repeat

import pyarrow as pa

from etl.account import Account, ExportFile, OwnerKeys
from etl.exports import Origin
from etl.landing import LandedFile
from etl.queries import received
from etl.reading.document import Table, candidates
from etl.reading.lines import lines_apart, with_lines
from etl.reading.records import Body, Record, unended
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
_DAYS = re.compile(r'^"?(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4})', re.MULTILINE | re.ASCII)
_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y")

Quotes = Mapping[str, Decimal]
"""A day's units of each currency for one of the base, itself included."""
Row = tuple[str, date, date, str, Decimal, date | None]
"""The values of a row of the fact, and the day of the line that its quotes stand in."""


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
    needs_currency: bool = False

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
        base = account.currency_code or BASE
        quoted, lines = _quoted(file, base)
        near = {day: quotes for day, quotes in quoted.items() if month.start - MAX_AGE <= day < month.end}
        _refuse_another_month(file.name, [*quoted], near, month)
        rows = [*_rates(near, account.crossed_to or base, month)]
        tally = FileTally(file.name, len(quoted), len(near), len(quoted) - len(near))
        # what the reporting currency is worth stands in no line
        places = [lines.get(line) for *_, line in rows]
        return lines_apart(Conformed({FACT: with_lines(_table(rows), file.name, places)}, (tally,)))


def _has(content: bytes, month: Period) -> bool:
    """Whether a table of all times has the month from its beginning on."""
    days = sorted(filter(None, map(_day, re.findall(_DAYS, content.decode("utf-8", "replace")))))
    if not days:
        return True  # the reader says what is wrong with it
    is_cut = month.start + MAX_AGE <= days[0] and month.end <= days[-1]
    return not is_cut and any(map(month.__contains__, days))


def _quoted(file: LandedFile, base: str) -> tuple[dict[date, Quotes], dict[date | None, int]]:
    """What each day of the table quotes, newest first, and in which row; raises `BadFileError`."""
    table, header = _found(file)
    places = {cell: place for place, cell in enumerate(header.cells) if is_currency(cell)}
    places.pop(base, None)
    body = table.body(header, [0, *places.values()])
    _refuse_broken(table, header, body)
    rows = body.rows.to_pylist()
    days = _days(file.name, rows, body.columns[0].to_pylist())
    columns = (_quotes(file.name, rows, code, body.columns[place]) for code, place in places.items())
    quotes = zip(repeat(Decimal(1)), *columns, strict=False)
    known = (_known(dict(zip((base, *places), each, strict=True))) for each in quotes)
    return dict(zip(days, known, strict=False)), dict(zip(days, rows, strict=True))


def _known(quotes: Mapping[str, Decimal | None]) -> Quotes:
    return {code: quote for code, quote in quotes.items() if quote is not None}


def is_currency(cell: str) -> bool:
    """Whether a cell is like the code of a currency."""
    return bool(_CURRENCY.fullmatch(cell))


def _is_header(record: Record) -> bool:
    return record.cells[:1] == ("Date",) and any(map(is_currency, record.cells))


def _found(file: LandedFile) -> tuple[Table, Record]:
    """The table of the file that begins with a day and has currencies beside it; raises `BadFileError`."""
    for candidate in candidates(file):
        for record in filter(_is_header, candidate.table.head()):
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
        raise unended(table.file)


def _days(file: str, rows: Sequence[int], cells: Sequence[str]) -> list[date]:
    """The days of the quotes; raises `BadFileError` unless they go back from row to row."""
    days = [_required_day(file, row, cell) for row, cell in zip(rows, cells, strict=True)]
    for row, (before, day) in zip(rows[1:], pairwise(days), strict=True):
        if day >= before:
            expected = "an earlier day than in the row above"
            raise BadFileError(file, row=row, column="Date", expected=expected, found=repr(str(day)))
    return days


def _required_day(file: str, row: int, cell: str) -> date:
    day = _day(cell.strip())
    if day is None:
        expected = "a day such as 2026-10-31"
        raise BadFileError(file, row=row, column="Date", expected=expected, found=repr(cell)[:100])
    return day


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


def _refuse_another_month(file: str, days: Sequence[date], near: Collection[date], month: Period) -> None:
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
        with suppress(ValueError):
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a business day has no zone
    return None


def _rates(quotes: Mapping[date, Quotes], home: str, month: Period) -> Iterator[Row]:
    """The rates of every currency that is quoted, and of the reporting one, on the days of the month."""
    for code, day in product(dict.fromkeys(chain(*quotes.values(), [home])), month.days()):
        yield from _own_rate(home, day) if code == home else _rate(code, home, quotes, day)


def _own_rate(home: str, day: date) -> Iterator[Row]:
    """The reporting currency is worth itself on every day, quoted or not."""
    yield EVERYBODY, day, day, home, Decimal(1), None


def _rate(code: str, home: str, quotes: Mapping[date, Quotes], day: date) -> Iterator[Row]:
    """The rate of a currency on a day, with the day of the quotes in use; none where none are known."""
    known = _last(code, home, quotes, day)
    rate = None if known is None else crossed(quotes[known][code], quotes[known][home])
    if known is not None and rate is not None:
        yield EVERYBODY, day, known, code, rate, known


def _last(code: str, home: str, quotes: Mapping[date, Quotes], day: date) -> date | None:
    """The last day up to `day`, at most a week before it, that quotes both currencies."""
    near = (day - timedelta(days=age) for age in range(MAX_AGE.days + 1))
    return next((each for each in near if {code, home} <= quotes.get(each, {}).keys()), None)


def crossed(units: Decimal, home_units: Decimal) -> Decimal | None:
    """What one unit of a currency is worth, from the units of it and of the reporting currency for one of
    the base; None where that cannot be said with ten digits after the point and eight before it.
    """
    exact = Fraction(home_units) / Fraction(units)
    rate = Decimal(round(exact * 10**DIGITS)).scaleb(-DIGITS)
    return rate if 0 < rate < 10**_WHOLE_DIGITS else None


def _table(rows: Sequence[Row]) -> pa.Table:
    columns = fact_catalog()[FACT].read_columns
    return pa.table(
        {each.name: pa.array([row[at] for row in rows], each.type) for at, each in enumerate(columns)}
    )

"""Slices of every fact out of thin air: any month, any owner, awkward texts, missing numbers, other currencies."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pyarrow as pa

from scoring.fiscal import FiscalCalendar
from scoring.period import Cadence, Period
from warehouse import Content, LoadedFile, Ownership, Provenance, Slice, SliceLoad
from warehouse.conformed import Conformed, FileTally
from warehouse.facts import Column, FactSpec, fact_catalog

NOW = datetime(2026, 11, 3, 5, 0, 1, 250000, tzinfo=UTC)
MONTHS = Period(2026, 10).window(2)


def periods_of_each_length(day: date) -> list[Period]:
    """One of each kind of period, with this day in it: fiscal ones of a year from April and of one of weeks."""
    plain = (Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER, Cadence.YEAR)
    fiscal = (Cadence.FISCAL_MONTH, Cadence.FISCAL_QUARTER, Cadence.FISCAL_YEAR)
    calendars = map(FiscalCalendar, ("04", "445lastsat01"))
    span = Period.parse(f"{day - timedelta(days=40)}..{day + timedelta(days=3)}")
    return [
        *(Period.containing(day, cadence) for cadence in plain),
        *(Period.containing(day, *one) for one in product(fiscal, calendars)),
        span,
    ]


SOURCES = {"fct_fx_rate": "fx_rates"}
"""The source of each fact that must have a certain one; the others are fed by one of a name of their own."""

_TEXTS = ("a", "B", "b", "ä", "_", "Z z", "中文", "", "o'x", 'q"q', "back\\slash", "comma,", "line\nend", "*")
_OWNERS = ("*", "a", "B", "ä", "中文")
_CURRENCIES = ("EUR", "USD", "CNY")


def loads(chance: random.Random) -> Iterator[SliceLoad]:
    """Slices of all facts, rates first; now and then a rate is missing."""
    for month in MONTHS:
        yield _load("fct_fx_rate", "ecb", month, _rates(chance, month))
    for name, fact in fact_catalog().items():
        if name != "fct_fx_rate":
            for entity in chance.choice((("one",), ("Two",), ("one", "Two"))):
                taken: set[tuple[object, ...]] = set()
                for month in MONTHS:
                    yield _load(name, entity, month, _rows(chance, fact, month, taken))


def ownership(chance: random.Random) -> list[Ownership]:
    """Teams that own what they own, alone or by shares; some keys are nobody's."""
    owned = []
    for name in fact_catalog():
        for entity in ("one", "Two"):
            for key in chance.sample(_OWNERS, chance.randint(0, len(_OWNERS))):
                share = Decimal(chance.choice(("1", "0.5", "0.3333", "0.0001")))
                teams = ["eu", "cn"] if share < 1 else [chance.choice(["eu", "cn"])]
                shares = [share, 1 - share] if share < 1 else [share]
                owned += [
                    Ownership(_source(name), entity, key, team, part)
                    for team, part in zip(teams, shares, strict=True)
                ]
    return owned


def _source(fact: str) -> str:
    return SOURCES.get(fact, fact.removeprefix("fct_"))


def _load(fact: str, entity: str, month: Period, table: pa.Table) -> SliceLoad:
    rows = table.num_rows
    return SliceLoad(
        Slice(_source(fact), entity, month),
        Content(f"{rows}", "1", "schema", "account"),
        Provenance("export", "Europe/Berlin", NOW - timedelta(hours=1)),
        (LoadedFile('a, "b" 中.csv', "ab" * 32, rows),),
        Conformed({fact: table}, (FileTally("a", rows, rows, 0),)),
        NOW,
    )


def _rates(chance: random.Random, month: Period) -> pa.Table:
    # most rows are dated by the first or the last day of their month
    missing = chance.choice([None] * 8 + [month.start, month.last_day])
    rows = [
        {
            "owner_key": "*",
            "rate_date": day,
            "quoted_date": day - timedelta(days=chance.randint(0, 3)),
            "currency_code": code,
            "rate": Decimal(1) if code == "EUR" else Decimal(chance.randint(1, 2 * 10**10)).scaleb(-10),
        }
        for day in month.days()
        for code in _CURRENCIES
        if code == "EUR" or day != missing
    ]
    return _table(fact_catalog()["fct_fx_rate"], rows)


def _rows(chance: random.Random, fact: FactSpec, month: Period, taken: set[tuple[object, ...]]) -> pa.Table:
    rows = []
    for _ in range(chance.choice((0, 1, 5, 40))):
        row = {column.name: _value(chance, column, month) for column in fact.read_columns}
        row[fact.dated] = _day(chance, month, first=fact.dated == "month_date")
        if fact.name == "fct_sale" or "amount" not in row:
            row["currency_code"] = chance.choice(_CURRENCIES)
        key = tuple(row[name] for name in fact.grain if name in row)
        if key not in taken:
            taken.add(key)
            rows.append(row)
        # where the key has no month in it, the same one in another month would be refused
    if fact.grain_names_its_month:
        taken.clear()
    return _table(fact, rows)


def _value(chance: random.Random, column: Column, month: Period) -> Any:
    if column.nullable and chance.random() < 0.2:
        return None
    known = {"owner_key": _OWNERS, "currency_code": _CURRENCIES}
    if column.name in known:
        return chance.choice(known[column.name])
    values: dict[str, Callable[[], Any]] = {
        "string": lambda: chance.choice(_TEXTS) + str(chance.randint(0, 30)),
        "int64": lambda: chance.choice((0, 1, chance.randint(0, 10**11))),
        "bool": lambda: chance.random() < 0.5,
        "date32[day]": lambda: _day(chance, month.shift(chance.choice((-1, 0, 0, 1)))),
        "decimal128(18, 6)": lambda: Decimal(chance.choice((0, chance.randint(-(10**12), 10**12)))).scaleb(
            -6
        ),
    }
    return values[str(column.type)]()


def _day(chance: random.Random, month: Period, *, first: bool = False) -> date:
    last = calendar.monthrange(month.year, month.number)[1]
    return date(month.year, month.number, 1 if first else chance.choice((1, last, chance.randint(1, last))))


def _table(fact: FactSpec, rows: list[dict[str, Any]]) -> pa.Table:
    names = [column.name for column in fact.read_columns]
    arrays = [pa.array([row[c.name] for row in rows], c.type) for c in fact.read_columns]
    return pa.table(arrays, names=names)

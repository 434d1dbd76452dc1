"""Amounts without an exchange rate: what they are, and which measures go without a figure because of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa

from scoring.period import Period
from scoring.text import numbered
from warehouse.catalog import MeasureUnit, measure_catalog
from warehouse.checks import check
from warehouse.engine import Facts, Warehouse
from warehouse.records import UNASSIGNED, Ownership


@dataclass(frozen=True, slots=True, order=True)
class MissingRate:
    """Amounts of an account that cannot be converted: their currency has no rate on these days of a month.

    `fact` is where the amounts are; `currency_code` is empty where they name none. `quoted_until` is the last
    day before the first of these that a table quotes the currency on; `has_rates` whether there are rates of
    any currency at all.
    """

    month: Period
    source: str
    entity: str
    currency_code: str
    fact: str
    days: tuple[date, ...]
    quoted_until: date | None = field(default=None, compare=False)
    has_rates: bool = field(default=True, compare=False)

    def sentence(self, home: str) -> str:
        """What is missing for amounts in `home`, and what to do."""
        more = f" (nor on {numbered(len(self.days) - 1, 'more day')})" if self.days[1:] else ""
        code = self.currency_code or "an amount without a currency"
        return (
            f"exchange rates: expected a rate for {code} on {self.days[0]}, which "
            f"{self.source}/{self.entity} needs, found none{more}{self._known}; {self._step} a table that "
            f"quotes {code} and {home} from the last days of the month before on, and rerun."
        )

    @property
    def _known(self) -> str:
        """What there is instead."""
        if not self.has_rates:
            return ", for no exchange rates are loaded at all"
        return f": the rates end on {self.quoted_until}" if self.quoted_until is not None else ""

    @property
    def _step(self) -> str:
        """What comes before the table that is wanted."""
        return (
            "export" if self.has_rates else "add a source fx_rates to sources.yaml if it has none, and export"
        )


def missing_rates(warehouse: Warehouse, months: Sequence[Period]) -> list[MissingRate]:
    """The rates that amounts of consecutive months lack."""
    with warehouse.opened() as connection:
        return [*rates_missing(connection, warehouse.facts, months)]


def rates_missing(connection: sa.Connection, facts: Facts, months: Sequence[Period]) -> Iterator[MissingRate]:
    """The same, within a transaction."""
    window = {"start": months[0].start, "end": months[-1].end}
    rows = facts.ask(connection, check("missing_rates"), window)
    found = sorted(
        (
            (Period.containing(row.activity_date), row.source, row.entity, row.currency_code, row.fact),
            row.activity_date,
        )
        for row in rows
    )
    quoted = _quoted(connection, facts, window["end"]) if found else {}
    for (month, source, entity, code, fact), each in groupby(found, key=itemgetter(0)):
        days = tuple(map(itemgetter(1), each))
        until = max(filter(days[0].__gt__, quoted.get(code, ())), default=None)
        yield MissingRate(month, source, entity, code, fact, days, until, bool(quoted))


def _quoted(connection: sa.Connection, facts: Facts, end: date) -> dict[str, list[date]]:
    """The days before `end` on which each currency is quoted by what is loaded of any month."""
    rates = sa.table("fct_fx_rate", sa.column("currency_code"), sa.column("quoted_date"))
    rows = facts.ask(connection, sa.select(rates).where(rates.c.quoted_date < end).distinct())
    quoted: dict[str, list[date]] = {}
    for code, day in rows:
        quoted.setdefault(code, []).append(day)
    return quoted


def unconverted(
    missing: Iterable[MissingRate], ownership: Iterable[Ownership]
) -> set[tuple[Period, str, str]]:
    """The month, team and measure of each sum that would lack an amount: it is no figure, not a smaller one.

    All owners of the account go without, whoever the amount belongs to.
    """
    owners = _owners(ownership)
    return {
        (each.month, team_id, measure)
        for each in missing
        for team_id in owners.get((each.source, each.entity), {UNASSIGNED})
        for measure in _sums_of_money(each.fact)
    }


def _owners(ownership: Iterable[Ownership]) -> dict[tuple[str, str], set[str]]:
    """The teams of each account, and nobody: a part of any may be no team's."""
    owners: dict[tuple[str, str], set[str]] = {}
    for owned in ownership:
        owners.setdefault((owned.source, owned.entity), {UNASSIGNED}).add(owned.team_id)
    return owners


def _sums_of_money(fact: str) -> list[str]:
    specs = measure_catalog().values()
    return [spec.name for spec in specs if (spec.fact, spec.unit) == (fact, MeasureUnit.MONEY)]


def foreign_accounts(warehouse: Warehouse, month: Period) -> list[tuple[str, str]]:
    """The accounts (source, entity) that have amounts of the month to convert."""
    window = {"start": month.start, "end": month.end}
    with warehouse.opened() as connection:
        rows = warehouse.facts.ask(connection, check("foreign_accounts"), window)
        return [(row.source, row.entity) for row in rows]

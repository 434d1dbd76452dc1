"""All measures of a window, against the least that their facts must be read for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from example.generate import generate
from ledger import migrate_ledger
from pipeline.site import Site, open_site
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from scoring.period import Period
from settings import Settings
from tests.benchmarks.stopwatch import Result, side_by_side
from warehouse import create_schema, replace_measures
from warehouse.facts import FactSpec, fact_catalog

OCTOBER = Period(2026, 10)
WINDOW = OCTOBER.window(24)


def loaded_site(folder: Path) -> Site:
    """The example company with 24 months loaded and measured."""
    generate(folder / "exports", "final")
    site = open_site(
        Settings.from_environment(
            {"SCOREWRIGHT_HOME": str(folder / "home"), "SCOREWRIGHT_EXPORTS": str(folder / "exports")}
        )
    )
    create_schema(site.warehouse)
    migrate_ledger(site.settings.ledger_url)
    for source in site.book.source_names:
        extract(site, OCTOBER, source, now=datetime.now(UTC), since=WINDOW[12]).or_raise()
        load(site, OCTOBER, source, now=datetime.now(UTC), since=WINDOW[12]).or_raise()
    return site


def floor_of(fact: FactSpec) -> str:
    """The least that anybody must do for the measures of a fact: add up its numbers by day, owner key and
    currency. Nothing is converted, so it is no other way to the same figures.
    """
    names = [column.name for column in fact.columns if pa.types.is_integer(column.type)]
    names += [column.name for column in fact.columns if pa.types.is_decimal(column.type)]
    keys = ["source", "entity", "owner_key", fact.dated, *(["currency_code"] if fact.amounts else [])]
    return (
        f"select {', '.join(keys)}, {', '.join(f'sum({name})' for name in names) or 'count(*)'} "
        f"from {fact.name} where {fact.dated} >= $start and {fact.dated} < $end group by all"
    )


def run(folder: Path) -> Iterator[Result]:
    """The measures of a backfill over 24 months, and one scan of each fact that converts nothing."""
    site = loaded_site(folder)
    bounds = {"start": WINDOW[0].start, "end": WINDOW[-1].end}
    floors = [floor_of(fact) for fact in fact_catalog().values() if not fact.is_everybodys]

    def by_hand() -> None:
        with duckdb.connect(str(site.warehouse.path)) as connection:
            for number, select in enumerate(floors):
                connection.execute(f"create or replace temp table by_hand_{number} as {select}", bounds)

    yield side_by_side(
        "the measures of 24 months, replaced",
        "a floor: the numbers of each fact added up by day, key and currency first, none converted",
        lambda: replace_measures(site.warehouse, WINDOW, site.book.ownership, "EUR"),
        by_hand,
    )

"""All measures of a window, against the same SELECTs sent to DuckDB by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from example.generate import generate
from ledger import migrate_ledger
from pipeline.site import Site, open_site
from pipeline.steps.extract import extract
from pipeline.steps.load import load
from scoring.period import Period
from settings import Settings
from tests.benchmarks.stopwatch import Result, side_by_side
from warehouse import create_schema, replace_measures
from warehouse.owning import team_days
from warehouse.sql_files import render, sql_files

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


def run(folder: Path) -> Iterator[Result]:
    """The measures of a backfill, and their SELECTs alone, over 24 months."""
    site = loaded_site(folder)
    bounds = {"start": WINDOW[0].start, "end": WINDOW[-1].end}
    selects = [
        render(team_days(file), "duckdb").replace(":start", "$start").replace(":end", "$end")
        for file in sql_files("measures")
    ]

    def by_hand() -> None:
        with duckdb.connect(str(site.warehouse.path)) as connection:
            for number, select in enumerate(selects):
                connection.execute(f"create or replace temp table by_hand_{number} as {select}", bounds)

    yield side_by_side(
        "the measures of 24 months, replaced",
        "one scan of each fact by hand: the same SELECTs into temporary tables",
        lambda: replace_measures(site.warehouse, WINDOW, site.book.ownership, "EUR"),
        by_hand,
    )

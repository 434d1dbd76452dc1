"""Landed files to committed slices on PostgreSQL, against the server's own COPY of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import psycopg

from tests.benchmarks.loading import OCTOBER, Report, report
from tests.benchmarks.stopwatch import Result, side_by_side
from tests.etl.samples import land
from tests.postgres import server
from warehouse import create_schema, open_warehouse, replace_slices
from warehouse.postgres.tables import SCHEMA

MONTHS = OCTOBER.window(12)
AD_GROUPS = 1650
SLICE = "source = 'google_ads' and entity = 'acme' and slice_month = '2026-10-01'"


def run(folder: Path) -> Iterator[Result]:
    """Twelve months of 50,000 rows each, and one of them replaced."""
    with server() as postgres:
        url = postgres.new_database()
        warehouse = open_warehouse(url)
        create_schema(warehouse, MONTHS)
        files = land(folder, [report(month, AD_GROUPS) for month in MONTHS])
        versions = count(1)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"set search_path to {SCHEMA}")

            def load() -> None:
                version = next(versions)
                loads = [Report(file, month, version) for file, month in zip(files, MONTHS, strict=True)]
                replace_slices(warehouse, loads)

            load()
            rows = postgres.folder / "rows.csv"
            connection.execute(f"copy (select * from fct_ad_daily) to '{rows}' (format csv)")

            def copy() -> None:
                with connection.transaction():
                    connection.execute(f"copy fct_ad_daily from '{rows}' (format csv)")

            yield side_by_side(
                "PostgreSQL: 12 landed files of 50,000 rows each to committed slices",
                "the server's own COPY of the same rows into the same table",
                load,
                copy,
                before=lambda: connection.execute("truncate fct_ad_daily"),
            )
            load()
            text = _rows_of_slice(connection)
            october = Report(files[-1], OCTOBER, 0).read()

            def replace_slice() -> None:
                replace_slices(
                    warehouse, [replace(october, content=Report(files[-1], OCTOBER, next(versions)).content)]
                )

            def by_hand() -> None:
                with connection.transaction():
                    connection.execute(f"delete from fct_ad_daily where {SLICE}")
                    with connection.cursor().copy("copy fct_ad_daily from stdin (format csv)") as rows_in:
                        rows_in.write(text)

            yield side_by_side(
                "PostgreSQL: one slice of 50,000 rows among twelve replaced, with its record",
                "delete and COPY of the same rows by hand",
                replace_slice,
                by_hand,
            )


def _rows_of_slice(connection: psycopg.Connection) -> bytes:
    query = f"copy (select * from fct_ad_daily where {SLICE}) to stdout (format csv)"
    with connection.cursor().copy(query) as rows_out:
        return b"".join(bytes(part) for part in rows_out)

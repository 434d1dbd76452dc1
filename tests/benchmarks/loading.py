"""A landed file to a committed slice, against DuckDB reading the same file into a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb

from etl.sources import google_ads
from etl.warehouse import (
    Content,
    LoadedFile,
    Provenance,
    Slice,
    SliceLoad,
    create_schema,
    open_warehouse,
    replace_slices,
)
from scoring.period import Period
from tests.benchmarks.stopwatch import Result, side_by_side
from tests.etl.samples import account, land

OCTOBER = Period(2026, 10)
AD_GROUPS = 6500
HEADER = (
    'Ad group report\n"October 1, 2026 - October 31, 2026"\n'
    "Day,Campaign status,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,"
    "Conversions,Conv. value,Search impr. share\n"
)


def report() -> bytes:
    """A Google Ads report of about 200,000 rows."""
    lines = [
        f'{day},Enabled,"Campaign ""{group % 90}"", north",{group % 90},Group {group},{group},EUR,"1,{group % 1000:03}",'
        f'{group % 97},2.21%,0.52,{group % 500}.40,1.50,"4,{group % 1000:03}.80",43.21%'
        for day in OCTOBER.days()
        for group in range(AD_GROUPS)
    ]
    sums = {
        "impressions": sum(1000 + group % 1000 for group in range(AD_GROUPS)) * 31,
        "clicks": sum(group % 97 for group in range(AD_GROUPS)) * 31,
        "cost": sum((group % 500) * 100 + 40 for group in range(AD_GROUPS)) * 31,
        "value": sum((4000 + group % 1000) * 100 + 80 for group in range(AD_GROUPS)) * 31,
    }
    total = (
        f"Total: Account, --, --, --, --, --,EUR,{sums['impressions']},{sums['clicks']},1%,1,"
        f"{sums['cost'] // 100}.{sums['cost'] % 100:02},{AD_GROUPS * 31 * 3 // 2}.{AD_GROUPS * 31 % 2 * 5},"
        f"{sums['value'] // 100}.{sums['value'] % 100:02},40%"
    )
    return (HEADER + "\n".join([*lines, total]) + "\n").encode()


def run(folder: Path) -> Iterator[Result]:
    """Load and raw read of one file of 200,000 rows."""
    (file,) = land(folder, [report()])
    warehouse = open_warehouse(f"duckdb:///{folder / 'warehouse.duckdb'}")
    create_schema(warehouse)
    versions = count(1)

    def load() -> None:
        conformed = google_ads.read([file], account("google_ads"), OCTOBER)
        content = Content(file.sha256, next(versions), "", "")
        files = (LoadedFile(file.name, file.sha256, 1),)
        came = Provenance("export", "UTC", datetime.now(UTC))
        which = Slice("google_ads", "acme", OCTOBER)
        replace_slices(warehouse, [SliceLoad(which, content, came, files, conformed, came.landed_at)])

    def raw_read() -> None:
        with duckdb.connect(str(folder / "raw.duckdb")) as connection:
            connection.execute(
                f"create or replace table raw as select * from read_csv('{file.path}', skip = 2, header = true, nullstr = ' --', types = {{'Day': 'VARCHAR'}})"
            )

    yield side_by_side(
        "google_ads: 201,500 landed rows to a committed slice",
        "DuckDB read_csv of the same file into a table",
        load,
        raw_read,
    )

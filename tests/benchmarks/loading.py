"""A landed file to a committed slice, against DuckDB reading the same file into a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb

from etl.landing import LandedFile
from etl.sources import registry
from scoring.period import Period
from tests.benchmarks.stopwatch import Result, side_by_side
from tests.etl.samples import account, land
from warehouse import (
    Content,
    LoadedFile,
    Provenance,
    Slice,
    SliceLoad,
    create_schema,
    open_warehouse,
    replace_slices,
)

OCTOBER = Period(2026, 10)
AD_GROUPS = 6500
HEADER = (
    'Ad group report\n"October 1, 2026 - October 31, 2026"\n'
    "Day,Campaign status,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,"
    "Conversions,Conv. value,Search impr. share\n"
)


def report(month: Period = OCTOBER, ad_groups: int = AD_GROUPS) -> bytes:
    """A Google Ads report with a row a day and ad group: about 200,000 rows unless told otherwise."""
    days = [*month.days()]
    lines = [
        f'{day},Enabled,"Campaign ""{group % 90}"", north",{group % 90},Group {group},{group},EUR,"1,{group % 1000:03}",'
        f'{group % 97},2.21%,0.52,{group % 500}.40,1.50,"4,{group % 1000:03}.80",43.21%'
        for day in days
        for group in range(ad_groups)
    ]
    groups, count = range(ad_groups), len(days)
    impressions = sum(1000 + group % 1000 for group in groups) * count
    clicks = sum(group % 97 for group in groups) * count
    cost = sum((group % 500) * 100 + 40 for group in groups) * count
    value = sum((4000 + group % 1000) * 100 + 80 for group in groups) * count
    halves = ad_groups * count * 3
    total = (
        f"Total: Account, --, --, --, --, --,EUR,{impressions},{clicks},1%,1,{cost // 100}.{cost % 100:02},"
        f"{halves // 2}.{halves % 2 * 5},{value // 100}.{value % 100:02},40%"
    )
    return (HEADER + "\n".join([*lines, total]) + "\n").encode()


@dataclass(frozen=True)
class Report:
    """A landed report that is read when its turn comes; each `version` is another content."""

    file: LandedFile
    month: Period
    version: int
    facts = ("fct_ad_daily",)

    @property
    def slice(self) -> Slice:
        return Slice("google_ads", "acme", self.month)

    @property
    def content(self) -> Content:
        return Content(self.file.sha256, str(self.version), "", "")

    @property
    def size(self) -> int:
        return self.file.size

    def read(self) -> SliceLoad:
        conformed = registry()["google_ads"].read([self.file], account("google_ads"), self.month)
        now = datetime.now(UTC)
        files = (LoadedFile(self.file.name, self.file.sha256, conformed.tallies[0].rows_used),)
        return SliceLoad(self.slice, self.content, Provenance("report", "UTC", now), files, conformed, now)


def run(folder: Path) -> Iterator[Result]:
    """Load and raw read of one file of 200,000 rows."""
    (file,) = land(folder, [report()])
    warehouse = open_warehouse(f"duckdb:///{folder / 'warehouse.duckdb'}")
    create_schema(warehouse)
    versions = count(1)

    def load() -> None:
        replace_slices(warehouse, [Report(file, OCTOBER, next(versions)).read()])

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

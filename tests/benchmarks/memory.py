"""How much memory ten million ad rows take from landed files to committed slices, on each engine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scoring.period import Period
from tests.benchmarks.loading import OCTOBER, report
from tests.benchmarks.stopwatch import Result
from tests.etl.samples import land
from tests.postgres import server
from warehouse import create_schema, open_warehouse

MONTHS = OCTOBER.window(24)
AD_GROUPS = 13_700
LIMIT_MIB = 600

_LOAD = """
import resource, sys
from pathlib import Path
from etl.landing import LandedFile
from warehouse import open_warehouse, replace_slices
from scoring.period import Period
from tests.benchmarks.loading import Report

url, *files = sys.argv[1:]
loads = []
for text in files:
    month, sha256, path = text.split("|")
    file = LandedFile(path, sha256, Path(path).stat().st_size, Path(path))
    loads.append(Report(file, Period.parse(month), 1))
replace_slices(open_warehouse(url), loads)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run(folder: Path) -> Iterator[Result]:
    """The peak of a process that loads 24 months of 416,000 rows each, in MiB, beside the limit."""
    files = [_landed(folder / str(month), month) for month in MONTHS]
    yield _measured(f"duckdb:///{folder / 'warehouse.duckdb'}", "DuckDB", files)
    with server() as postgres:
        yield _measured(postgres.new_database(), "PostgreSQL", files)


def _landed(folder: Path, month: Period) -> str:
    folder.mkdir()
    (file,) = land(folder, [report(month, AD_GROUPS)])
    return f"{month}|{file.sha256}|{file.path}"


def _measured(url: str, engine: str, files: list[str]) -> Result:
    create_schema(open_warehouse(url), MONTHS)
    command = [sys.executable, "-c", _LOAD, url, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Result(
        f"{engine}: peak of loading 10 million ad rows, in MiB",
        "the limit",
        float(done.stdout),
        float(LIMIT_MIB),
        unit="MiB",
    )

"""What several rooms' tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from example.generate import generate
from tests.object_store import ObjectStore, object_stores
from tests.postgres import Server, binaries, server
from tests.spark_servers import Server as SparkServer
from tests.spark_servers import standalone

# how long an example takes says how busy the machine is, not whether the code is right
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All exports of the example company; not to be changed."""
    folder = tmp_path_factory.mktemp("exports")
    generate(folder, "final")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole session; `new_database()` gives each test its own."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed; `script/setup test` installs it")
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """A server of the tests' own that speaks S3; `new_place()` gives each test its own address."""
    with object_stores() as running:
        yield running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkServer]:
    """A Spark of several processes for the whole session, which takes half a minute to start."""
    with standalone(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(params=["duckdb", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a warehouse that is not made yet, once for each engine."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    return str(request.getfixturevalue("postgres").new_database())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted, also where they ran in other processes."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, table in report.user_properties:
            if name == "counted":
                terminalreporter.write_sep("-", report.nodeid)
                terminalreporter.write(str(table))

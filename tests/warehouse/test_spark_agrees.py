"""Spark and Sail give DuckDB's answers to every statement, to the last digit; `script/spark-test` runs this.

Sail answers 6 data sets, and ENGINE_EXAMPLES=500 in the long campaign; a Spark of several processes, which takes
seconds for a question, SPARK_EXAMPLES of them (1).
"""

from __future__ import annotations

import os
import signal
from itertools import count
from threading import Timer

import pytest

from lake import lake_at
from tests.spark_servers import sail
from tests.warehouse import invented
from tests.warehouse.test_engines_agree import answers
from warehouse import create_schema, open_warehouse

SAIL_EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "6"))
SPARK_EXAMPLES = int(os.environ.get("SPARK_EXAMPLES", "1"))
SETS_OF_A_SERVER = 50
"""Sail keeps 28 MB of each until it ends."""


@pytest.fixture(scope="module")
def differing(tmp_path_factory):
    """What differs of a data set, and how much there was to compare."""
    folder = tmp_path_factory.mktemp("agree")
    own = opened(folder / "own.duckdb")
    numbers = count()

    def asked(address, seed):
        beside = folder / f"beside{next(numbers)}"
        theirs = answers(opened(beside / "w.duckdb", lake_at(beside / "lake", address)), seed)
        ours = answers(own, seed)
        differences = [
            f"data set {seed}, {name}: {ours.get(name)} and {theirs.get(name)}"
            for name in ours.keys() | theirs.keys()
            if ours.get(name) != theirs.get(name)
        ]
        return differences, sum(map(bool, ours.values()))

    return asked


def opened(file, facts_of=None):
    file.parent.mkdir(exist_ok=True)
    warehouse = open_warehouse(f"duckdb:///{file}", facts_of=facts_of)
    create_schema(warehouse, invented.MONTHS[1:])
    return warehouse


def test_sail_says_the_same(differing, tmp_path, record_property):
    found = []
    for first in range(0, SAIL_EXAMPLES, SETS_OF_A_SERVER):
        with sail(tmp_path) as server:
            seeds = range(first, min(first + SETS_OF_A_SERVER, SAIL_EXAMPLES))
            found += [differing(server.address, seed) for seed in seeds]
    assert [difference for differences, _ in found for difference in differences] == []
    record_property(
        "counted", f"Sail: {sum(number for _, number in found)} answers in {len(found)} data sets\n"
    )
    assert sum(number for _, number in found) > 15 * SAIL_EXAMPLES


def test_spark_says_the_same(differing, cluster, record_property):
    found = [differing(cluster.address, seed) for seed in range(SPARK_EXAMPLES)]
    assert [difference for differences, _ in found for difference in differences] == []
    record_property(
        "counted", f"Spark: {sum(number for _, number in found)} answers in {len(found)} data sets\n"
    )
    assert sum(number for _, number in found) > 15 * SPARK_EXAMPLES


def test_a_worker_that_is_killed_changes_nothing(differing, cluster):
    """With the process that reads for it, while it is asked one statement after the other."""
    worker = cluster.workers[0]
    Timer(5, os.killpg, [worker.pid, signal.SIGKILL]).start()
    differences, number = differing(cluster.address, 1)
    assert worker.poll() == -signal.SIGKILL
    assert differences == []
    assert number > 15

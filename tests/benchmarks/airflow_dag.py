"""The DAG for one month, against the same DAG with empty tasks: CPU seconds of `airflow dags test`."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from pathlib import Path

from example.generate import generate
from settings import ROOT
from tests.benchmarks.stopwatch import Result
from tests.dags.conftest import Airflow, make_airflow

# What each task would have passed on, so that as many tasks are mapped as in a real month.
EMPTY = {
    "plan": '{"period": "2026-10", "book": "", "home": ""}',
    "wait": "True",
    "sources": "[['a'] * 4, ['b'] * 4, ['c'] * 4, ['d'] * 3]",
    "gather": "None",
    "measure": "None",
    "restate": "None",
    "score": "[['2026-10/a/r1'] * 4, ['2026-10/b/r1'] * 4, ['2026-10/c/r1'] * 2]",
    "render": "cards",
    "issue": "[*range(10)]",
    "deliver": '"sent"',
    "report": '"done"',
}


def empty_dag() -> str:
    """The text of the DAG with every task's body replaced by the value it passes on."""
    text = (ROOT / "dags" / "monthly_scorecards.py").read_text()
    for task, value in EMPTY.items():
        text, found = re.subn(
            rf"(    def {task}\([^\n]*\n)(?:        [^\n]*\n|\n(?=        ))+",
            rf"\1        return {value}\n",
            text,
        )
        if found != 1:
            raise AssertionError(f"the DAG has no task {task!r} to empty")
    return text


def seconds_of(airflow: Airflow) -> float:
    """CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    airflow.command("dags", "test", "monthly_scorecards", "2026-11-03", "-c", '{"deliver": "always"}')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(folder: Path) -> Iterator[Result]:
    """The first run, which loads everything, and a second, which finds nothing new."""
    generate(folder / "exports", "final")
    site = {"SCOREWRIGHT_HOME": str(folder / "home"), "SCOREWRIGHT_EXPORTS": str(folder / "exports")}
    dags = folder / "dags"
    dags.mkdir()
    (dags / "monthly_scorecards.py").write_text(empty_dag())
    empty = make_airflow(folder / "empty", dags, {"PYTHONPATH": str(ROOT / "dags")})
    real = make_airflow(folder / "real", ROOT / "dags", site)
    seconds_of(empty)
    for what in ("DAG, first run of October (CPU)", "DAG, second run (CPU)"):
        yield Result(what, "the same DAG with empty tasks (CPU)", seconds_of(real), seconds_of(empty))

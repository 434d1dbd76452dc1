"""The demo says what came of each task as it ends, and keeps the whole log."""

from __future__ import annotations

import subprocess
import sys

from example.follow import WIDTH, follow, steps

AT = "2026-11-27T15:23:09.293435Z"
DAG = "[airflow.sdk.definitions.dag] loc=dag.py:1501"
LOG = f"""\
Could not import something
{AT} [info     ] [DAG TEST] starting task_id=plan map_index=-1 {DAG}
{AT} [info     ] Done. Returned value was: 2026-10 [airflow.task.operators] loc=python.py:233
{AT} [info     ] [DAG TEST] end task task_id=plan map_index=-1 {DAG}
{AT} [info     ] [DAG TEST] starting task_id=extract map_index=4 {DAG}
{AT} [info     ] extract ga4: 48 pulls landed up to 2026-10 [pipeline.steps.extract] loc=extract.py:41
{AT} [info     ] [DAG TEST] end task task_id=extract map_index=4 {DAG}
{AT} [info     ] [DAG TEST] starting task_id=measure map_index=-1 {DAG}
{AT} [info     ] measure: 9 rows up to 2026-10  [pipeline.steps.measure] loc=measure.py:22
{AT} [error    ] Task failed with exception     [task] loc=task_runner.py:1639
Traceback (most recent call last):
  File "monthly_scorecards.py", line 16, in measure
ValueError: a cause
The above exception was the direct cause of the following exception:
airflow.sdk.exceptions.AirflowFailException: expected a disk with space, found a full one{" and more" * 10}
{AT} [info     ] [DAG TEST] end task task_id=measure map_index=-1 {DAG}
{AT} [info     ] [DAG TEST] starting task_id=score map_index=-1 {DAG}
{AT} [error    ] Task failed with exception     [task] loc=task_runner.py:1639
{AT} [info     ] [DAG TEST] end task task_id=score map_index=-1 {DAG}
{AT} [info     ] [DAG TEST] starting task_id=report map_index=-1 {DAG}
{AT} [error    ] 2 refusals; all else was done: [scorecard_run] loc=scorecard_run.py:104
{AT} [error    ] a card is held                 [scorecard_run] loc=scorecard_run.py:104
{AT} [error    ] Task exited                    [task] exit_code=3 loc=task_runner.py:1670
{AT} [info     ] [DAG TEST] end task task_id=report map_index=-1 {DAG}
"""
TOLD = [
    "plan: done",
    "extract ga4: 48 pulls landed up to 2026-10",
    "measure: 9 rows up to 2026-10",
    f"measure: failed: expected a disk with space, found a full one{' and more' * 10}",
    "score: failed",
    "report: failed: 2 refusals; all else was done: a card is held",
]


def printing(text: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({code})"]


def test_each_task_is_told_by_its_step_or_as_done_or_failed():
    assert [*steps(LOG.splitlines())] == TOLD


def test_the_log_is_kept_whole_and_the_steps_fit_the_screen(tmp_path, capsys):
    assert follow(tmp_path / "run.log", printing(LOG, 1)) == 1
    assert (tmp_path / "run.log").read_text("utf-8") == LOG
    told = capsys.readouterr()
    assert told.err == ""
    assert " ".join(told.out.split()) == " ".join(" ".join(TOLD).split())
    assert max(map(len, told.out.splitlines())) < WIDTH


def test_a_command_that_fails_before_any_step_shows_the_end_of_its_log(tmp_path, capsys):
    assert follow(tmp_path / "run.log", printing("no such DAG\n", 3)) == 3
    assert capsys.readouterr() == ("", "no such DAG\n")


def test_a_step_is_told_while_the_command_still_runs(tmp_path):
    """The command ends only when its standard input does, which is after the step was seen."""
    line = f"{AT} [info     ] measure: 9 rows [pipeline.steps.measure] loc=measure.py:22"
    waiting = f"import sys; print({line!r}); sys.stdin.read()"
    command = [sys.executable, "-m", "example.follow", tmp_path / "run.log", sys.executable, "-c", waiting]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as run:
        assert run.stdout.readline() == "  measure: 9 rows\n"
        assert run.poll() is None
        assert (tmp_path / "run.log").read_text("utf-8") == line + "\n"
        run.stdin.close()
    assert run.returncode == 0

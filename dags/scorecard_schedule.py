"""When the scorecards are made, and the params of a run."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from airflow.sdk import CronPartitionTimetable, ExceptionRetryPolicy, Param, RetryAction, RetryRule
from scorecard_names import macros, months_before, name_of, team_names

FIRST_MONTH = datetime(2024, 11, 1, tzinfo=UTC)


def organisation_time_zone() -> str:
    """The zone of the book's `calendar.yaml`, read alone, because a DAG file is parsed every few seconds.

    UTC if it cannot be read: a broken book must not remove the DAG, and the run's first task reports its
    faults.
    """
    try:
        zone = yaml.safe_load((_book() / "calendar.yaml").read_text("utf-8"))["time_zone"]
        return ZoneInfo(zone).key
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, yaml.YAMLError):
        return "UTC"


def _book() -> Path:
    """The folder of the book as `pipeline.settings` finds it, without importing it."""
    if named := os.environ.get("SCOREWRIGHT_CONFIG"):
        return Path(named)
    file = Path(os.environ.get("SCOREWRIGHT_SETTINGS") or _nearest_settings())
    return file.absolute().parent / tomllib.loads(file.read_text("utf-8")).get("book", "config")


def _nearest_settings() -> Path:
    here = Path.cwd()
    found = (folder / "scorewright.toml" for folder in (here, *here.parents))
    return next(filter(Path.is_file, found))


# On the third at 06:00, in the organisation's time zone, for the month before.
MONTHLY = CronPartitionTimetable(
    "0 6 3 * *", timezone=organisation_time_zone(), run_offset=-1, key_format="%Y-%m"
)

_REFUSED = RetryRule("builtins.SystemExit", RetryAction.FAIL, reason="It would be refused again.")

RETRIES = {
    "owner": "scorewright",
    "retries": 2,
    "retry_delay": timedelta(minutes=2),
    "retry_policy": ExceptionRetryPolicy([_REFUSED]),
}

ANYWAY = "all_done_min_one_success"
"""What one source could not do is no reason to leave out the others: only a run without a plan ends there."""


def _names_of_teams() -> dict[str, str]:
    try:
        return team_names(_book() / "teams.yaml")
    except (OSError, ValueError, AttributeError, TypeError, StopIteration):
        return {}


TEAMS = _names_of_teams()
"""The name of each team of the book by its id; empty if it cannot be read."""

MACROS = macros(TEAMS)

NAMED = {
    "map_index_template": "{{ named | default(name_of_task(task.op_args, task.op_kwargs, ti.map_index)) }}"
}
"""What Airflow's lists call a task: what it called itself, or else by what it was given. Needs `MACROS`."""


def doc_of(dag_file: str) -> str:
    """What the file of the same name beside a DAG's says of it to operators."""
    return Path(dag_file).with_suffix(".md").read_text("utf-8")


# once a month it is another list, and so another version of the DAG
_MONTHS = months_before(datetime.now(ZoneInfo(organisation_time_zone())).date())

_OF_TEAMS = {"examples": [*TEAMS], "values_display": {key: f"{TEAMS[key]} ({key})" for key in TEAMS}}

PARAMS = {
    "period": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-W[0-5]\d|-Q[1-4])?$",
        title="Month",
        examples=_MONTHS,
        values_display={month: name_of(month) for month in _MONTHS},
        description_md="Choose a month that is over, such as 2026-10, or type another one, a week "
        "(2026-W41), a quarter (2026-Q3) or a year (2026). Empty: the last month that is over.",
    ),
    "teams": Param(
        None,
        type=["null", "array"],
        items={"type": "string"},
        title="Teams",
        description_md="Whose cards to make. Empty: those of all teams that have targets.",
        **(_OF_TEAMS if TEAMS else {}),
    ),
    "deliver": Param(
        "auto",
        enum=["auto", "always", "never"],
        title="Mail the cards",
        values_display={
            "auto": "auto: only a scheduled run that starts in time",
            "always": "always: mail now what was not mailed yet",
            "never": "never: only make and issue the cards",
        },
        description_md="A run that is triggered mails only with **always**. No card is ever mailed twice.",
    ),
    "allow_empty": Param(
        False,
        type="boolean",
        title="Accept emptied months",
        description_md="Switch on if the export of a month that had rows is rightly empty now. Otherwise "
        "such a file is refused, because it is most often a failed export.",
    ),
}

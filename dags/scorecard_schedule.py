"""When the scorecards are made, and the params of a run."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from airflow.sdk import (
    CronPartitionTimetable,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
)
from airflow.sdk.configuration import conf
from scorecard_names import macros, months_before, name_of, team_names

FIRST_MONTH = datetime(2024, 11, 1, tzinfo=UTC)
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, yaml.YAMLError)
AT = re.compile(r"at ([01][0-9]|2[0-3]):([0-5][0-9])$")
WORKING_DAY = re.compile(r"working day (\d+) at (\d+):(\d+)")


def of_book(name: str) -> dict[str, Any]:
    """A file of the book, read alone, because a DAG file is parsed every few seconds.

    Empty if it cannot be read: a broken book must not remove the DAGs, and the run's first task reports its
    faults.
    """
    try:
        return dict(yaml.safe_load((_book() / name).read_text("utf-8")))
    except UNREADABLE:
        return {}


def organisation_time_zone() -> str:
    """The zone of the calendar; UTC if it has none."""
    try:
        return ZoneInfo(CALENDAR["time_zone"]).key
    except UNREADABLE:
        return "UTC"


def cron(of: str, usual: str) -> str:
    """When the runs that the calendar calls `of` begin; `usual` if it does not say, or not in a way known.

    A working day is no cron: such a run begins on the first day that it can be, and waits (`run.wait`).
    """
    try:
        return _valid(_first_day(of, CALENDAR[of]["due"]))
    except UNREADABLE:
        return usual


def _first_day(of: str, due: str) -> str:
    found = WORKING_DAY.fullmatch(due)
    if found is None:
        return due
    day, hour, minute = map(int, found.groups())
    return f"{minute} {hour} * * {day}" if of == "weekly" else f"{minute} {hour} {day} * *"


def _valid(text: str) -> str:
    """The cron; raises where it is none, which would take the DAG away."""
    try:
        CronPartitionTimetable(text, timezone="UTC").validate()
    except Exception as error:  # whatever the parser of crons raises
        raise ValueError(text) from error
    return text


def longest_hours(of: str) -> int:
    """After how many hours a run is late; longer if it may wait for a working day, or until a deadline."""
    said = CALENDAR.get(of)
    said = said if isinstance(said, dict) else {}
    waits = "deadline" in said or WORKING_DAY.fullmatch(str(said.get("due")))
    try:
        return int(said["longest_hours"])
    except UNREADABLE:
        return 240 if waits else 24


def asks_for_approval() -> bool:
    """Whether the book wants a second person to approve cards; then a run has a task more for each."""
    try:
        return bool(of_book("organisation.yaml")["approval"].get("required", True))
    except UNREADABLE:
        return False


def _book() -> Path:
    """The folder of the book as `settings` finds it, without importing it."""
    if named := os.environ.get("SCOREWRIGHT_CONFIG"):
        return Path(named)
    file = Path(os.environ.get("SCOREWRIGHT_SETTINGS") or _nearest_settings())
    return file.absolute().parent / tomllib.loads(file.read_text("utf-8")).get("book", "config")


def _nearest_settings() -> Path:
    here = Path.cwd()
    found = (folder / "scorewright.toml" for folder in (here, *here.parents))
    return next(filter(Path.is_file, found))


CALENDAR = of_book("calendar.yaml")
TIME_ZONE = organisation_time_zone()

# For the month before; unless the calendar says otherwise on the third at 06:00, in its time zone.
MONTHLY = CronPartitionTimetable(
    cron("monthly", "0 6 3 * *"), timezone=TIME_ZONE, run_offset=-1, key_format="%Y-%m"
)
# For the week before. The key is a day of that week: one of weeks (`%G-W%V`) is never fired.
WEEKLY = CronPartitionTimetable(
    cron("weekly", "0 7 * * 1"), timezone=TIME_ZONE, run_offset=-1, key_format="%Y-%m-%d"
)
INGEST = CronTriggerTimetable(cron("ingest", "0 5 * * *"), timezone=TIME_ZONE)
WATCH = CronTriggerTimetable(cron("watch", "0 9 * * *"), timezone=TIME_ZONE)
# what the calendar calls the runs of other periods: their DAG, and how long these periods are
_OF_OTHERS = {
    "quarterly": ("quarterly_scorecards", "quarter"),
    "yearly": ("yearly_scorecards", "year"),
    "fiscal_monthly": ("fiscal_monthly_scorecards", "fiscal_month"),
    "fiscal_quarterly": ("fiscal_quarterly_scorecards", "fiscal_quarter"),
    "fiscal_yearly": ("fiscal_yearly_scorecards", "fiscal_year"),
    "spans": ("span_scorecards", "span"),
}


def every_day(of: str) -> CronTriggerTimetable:
    """At the time of day at which those of the calendar's `of` are due: `plan` knows on which day."""
    due = CALENDAR[of].get("due") if isinstance(CALENDAR[of], dict) else None
    hour, minute = map(int, found.groups()) if (found := AT.search(str(due))) else (6, 0)
    return CronTriggerTimetable(f"{minute} {hour} * * *", timezone=TIME_ZONE)


OTHERS = {
    dag_id: (of, every_day(of)) for of, (dag_id, _) in _OF_OTHERS.items() if CALENDAR.get(of) is not None
}
"""The DAGs of other periods than months and weeks that the calendar asks for."""

CADENCES = {"weekly_pulse": "week", **dict(_OF_OTHERS.values())}
"""How long the periods of a DAG are; those of any other are months."""

_REFUSED = RetryRule("builtins.SystemExit", RetryAction.FAIL, reason="It would be refused again.")

RETRIES = {
    "owner": "scorewright",
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 3.0,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": ExceptionRetryPolicy([_REFUSED]),
}
"""For what passes by itself: the first delay, and by how much each is longer. A refusal fails at once."""

SECTION = "scorewright"
POOL = conf.get(SECTION, "pool", fallback="")
LOADING: dict[str, Any] = {"pool": POOL} if POOL else {"max_active_tis_per_dag": 1}
"""How many tasks load at once: the slots of a pool, which Airflow must have, or else one of each DAG."""

ANYWAY = "all_done_min_one_success"
"""What one source could not do is no reason to leave out the others: only a run without a plan ends there."""


def _names_of_teams() -> dict[str, str]:
    try:
        return team_names(_book() / "teams.yaml")
    except UNREADABLE:
        return {}


TEAMS = _names_of_teams()
"""The name of each team of the book by its id; empty if it cannot be read."""

MACROS = macros(TEAMS)

NAMED = {
    "map_index_template": "{{ named | default(name_of_task(task.op_args, task.op_kwargs, ti.map_index)) }}"
}
"""What Airflow's lists call a task: what it called itself, or else by what it was given. Needs `MACROS`."""


def doc_of(dag_id: str) -> str:
    """What the file of the same name in this folder says of a DAG to operators."""
    return (Path(__file__).parent / f"{dag_id}.md").read_text("utf-8")


# once a month it is another list, and so another version of the DAG
_MONTHS = months_before(datetime.now(ZoneInfo(TIME_ZONE)).date())

_OF_TEAMS = {"examples": [*TEAMS], "values_display": {key: f"{TEAMS[key]} ({key})" for key in TEAMS}}

PARAMS = {
    "period": Param(
        None,
        type=["null", "string"],
        pattern=r"^(\d{4}(-(0[1-9]|1[0-2])|-W[0-5]\d|-Q[1-4])?|FY\d{4}[-/\da-z]*(-Q[1-4]|-P\d{1,2})?"
        r"|\d{4}-\d\d(-\d\d)?\.\.\d{4}-\d\d(-\d\d)?)$",
        title="Month",
        examples=_MONTHS,
        values_display={month: name_of(month) for month in _MONTHS},
        description_md="Choose a month that is over, such as 2026-10, or type another one, a week "
        "(2026-W41), a quarter (2026-Q3), a year (2026), a part of a fiscal year of the book (FY2026/27-Q3) "
        "or days (2017-06-01..2018-05-31). Empty: the last month that is over, or week.",
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

ALONE: dict[str, Any] = {
    "start_date": FIRST_MONTH,
    "max_active_runs": 1,
    "default_args": RETRIES,
    "tags": ["scorewright"],
}
"""What the DAGs that make no cards have in common."""

CARDS: dict[str, Any] = {
    "start_date": FIRST_MONTH,
    "params": PARAMS,
    "default_args": {**RETRIES, **NAMED},
    "user_defined_macros": MACROS,
    "tags": ["scorewright"],
}
"""What the DAGs that make cards have in common."""

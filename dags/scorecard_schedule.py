"""When the scorecards are made, and the params of a run."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from airflow.sdk import CronPartitionTimetable, Param

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

RETRIES = {"retries": 2, "retry_delay": timedelta(minutes=2)}

ANYWAY = "all_done_min_one_success"
"""What one source could not do is no reason to leave out the others: only a run without a plan ends there."""

PARAMS = {
    "period": Param(
        None,
        type=["null", "string"],
        pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-W[0-5]\d|-Q[1-4])?$",
        description="2026-10, 2026-W41, 2026-Q4 or 2026; empty: the month the run is due for.",
    ),
    "teams": Param([], type="array", items={"type": "string"}, description="Team ids; empty: all teams."),
    "deliver": Param(
        "auto",
        enum=["auto", "always", "never"],
        description="auto: only a scheduled run that starts in time sends mail.",
    ),
    "allow_empty": Param(
        False, type="boolean", description="A month that had rows may be replaced by one without any."
    ),
}

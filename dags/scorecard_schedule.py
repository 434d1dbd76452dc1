"""When the scorecards are made, and what a run of them can be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronPartitionTimetable, Param

FIRST_MONTH = datetime(2024, 11, 1, tzinfo=UTC)

# On the third at 06:00, in the organisation's time zone, for the month before.
MONTHLY = CronPartitionTimetable("0 6 3 * *", timezone="Europe/Berlin", run_offset=-1, key_format="%Y-%m")

RETRIES = {"retries": 2, "retry_delay": timedelta(minutes=2)}

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
}

"""Which month a run is for, and whether it may send: pure decisions from what the run was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from scoring.errors import UsageError
from scoring.period import Period

# A scheduled run that starts later than this after its time is a catch-up, not this month's mailing.
FRESH = timedelta(hours=48)


class Deliver(StrEnum):
    """Whether a run sends what it issues: `auto` sends on fresh scheduled runs only."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def refuse_unknown_keys(conf: Mapping[str, object], *, known: frozenset[str]) -> None:
    """Raise `UsageError` for a misspelt key, which the scheduler itself would silently ignore."""
    unknown = sorted(set(conf) - known)
    if unknown:
        raise UsageError(
            f"run configuration: expected only the keys {', '.join(sorted(known))}, "
            f"found {unknown[0]!r}; correct the key and trigger the run again."
        )


def resolve_period(
    *, param: str | None, partition_key: str | None, run_type: str, conf: Mapping[str, object], today: date
) -> Period:
    """The month of a run: the explicit one, else the run's partition, else the last complete month.

    `today` is the day in the organisation's own time zone. Raises `UsageError` where a backfill
    names one period for all its runs, or a text is no month.
    """
    if run_type == "backfill" and conf.get("period"):
        raise UsageError(
            "run configuration: expected no 'period' on a backfill, because it would give every run "
            f"the month {conf['period']!r}; name the months by --from-date and --to-date."
        )
    if partition_key and run_type in ("backfill", "scheduled"):
        return Period.parse(partition_key)
    if param:
        return Period.parse(param)
    if partition_key:
        return Period.parse(partition_key)
    return Period.containing(today).shift(-1)


def is_mailing_run(mode: Deliver, *, run_type: str, due: datetime, now: datetime) -> bool:
    """Whether a run sends mail; `due` is when the scheduler meant it to start, both zone-aware.

    A backfill sends only when told `always`; a scheduled run that is over 48 hours late (the
    first after a long pause) waits for a person to say so.
    """
    if mode is Deliver.AUTO:
        # in UTC: two times of one zone would be subtracted by the clock on the wall
        late = now.astimezone(UTC) - due.astimezone(UTC)
        return run_type == "scheduled" and late <= FRESH
    return mode is Deliver.ALWAYS

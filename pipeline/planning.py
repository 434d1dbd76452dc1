"""Which periods a run is for, and whether it may send: pure decisions from the run's parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scoring.errors import UsageError
from scoring.period import Cadence, Period

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
    *,
    param: str | None,
    partition_key: str | None,
    run_type: str,
    conf: Mapping[str, object],
    today: date,
    cadence: Cadence = Cadence.MONTH,
    read: Callable[[str], Period] = Period.parse,
) -> Period:
    """The period of a run: the explicit one, else the run's partition, else the last complete one.

    `today` is the day in the organisation's own time zone; the partition of a week is a day of it. Raises
    `UsageError` if a backfill names one period for all its runs, or a text is no period.
    """
    if run_type == "backfill" and conf.get("period"):
        raise UsageError(
            "run configuration: expected no 'period' on a backfill, because it would give every run "
            f"the month {conf['period']!r}; name the months by --from-date and --to-date."
        )
    is_of_partition = run_type in ("backfill", "scheduled")
    key = _week_of(partition_key) if partition_key and cadence is Cadence.WEEK else partition_key
    given = (key, param) if is_of_partition else (param, key)
    named = next(filter(None, given), None)
    return Period.containing(today, cadence).shift(-1) if named is None else read(named)


def _week_of(key: str) -> str:
    """The week of a day such as `2026-10-05`; whatever else it is is left as it is."""
    try:
        return str(Period.containing(date.fromisoformat(key), Cadence.WEEK))
    except ValueError:
        return key


def period_range(first: str, last: str, read: Callable[[str], Period] = Period.parse) -> tuple[Period, ...]:
    """Every period from `first` to `last`, both included, in order.

    Raises `UsageError` for an invalid period, for two cadences, or if the end comes first.
    """
    start, end = read(first), read(last)
    if (start.cadence, start.fiscal) != (end.cadence, end.fiscal):
        raise UsageError(
            f"range: expected two periods of one length, found the {start.cadence.words} {start} "
            f"and the {end.cadence.words} {end}; name both as months, weeks, quarters or years."
        )
    if end < start:
        raise UsageError(f"range: expected the earlier period first, found {start} to {end}; swap them.")
    return start.through(end)


def refuse_mailing_backfill(mode: Deliver, periods: Sequence[Period]) -> None:
    """Raise `UsageError` if a backfill from the command line is asked to send."""
    if mode is Deliver.ALWAYS:
        raise UsageError(
            f"--deliver: expected never on a backfill, which mails nothing, found {mode}; backfill first, "
            f"then mail a period by itself with `scorewright run --period {periods[-1]}`."
        )


def refuse_unfinished(period: Period, *, now: datetime, time_zone: str, allow_begun: bool = False) -> None:
    """Raise `UsageError` while days of `period` are still to come, in the organisation's `time_zone`.

    With `allow_begun` one that has begun is accepted. `now` is zone-aware.
    """
    today = now.astimezone(ZoneInfo(time_zone)).date()
    if today < period.start:
        raise UsageError(
            f"{period}: expected a {period.cadence.words} that has ended, found one that begins on "
            f"{period.start} ({time_zone}), and today is {today}; name an earlier one."
        )
    if today < period.end and not allow_begun:
        raise UsageError(
            f"{period}: expected a {period.cadence.words} that has ended, found one that lasts until the end "
            f"of {period.last_day} ({time_zone}), and today is {today}; name an earlier one, or look at its "
            f"days so far with `scorewright run --period {period} --unfinished`, which mails nothing."
        )


def why_nothing_is_mailed(mode: Deliver, *, run_type: str, due: datetime, now: datetime) -> str | None:
    """Why a run sends no mail, for the end of a sentence; None where it sends.

    `due` is when the scheduler meant it to start, both zone-aware. A backfill sends only with `always`; a
    scheduled run that is over 48 hours late (the first after a long pause) waits for a person to decide.
    """
    if mode is not Deliver.AUTO:
        return None if mode is Deliver.ALWAYS else "it was told so (deliver: never)"
    if run_type != "scheduled":
        return f"a {run_type} run mails only when it is told to (deliver: always)"
    # in UTC: two times in one zone would be subtracted as wall-clock times
    late = now.astimezone(UTC) - due.astimezone(UTC)
    if late <= FRESH:
        return None
    return (
        f"it came {late.days} days after it was due, and by itself it mails within {FRESH.days}; "
        "trigger the period with deliver: always to mail it now"
    )

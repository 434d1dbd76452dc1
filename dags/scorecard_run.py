"""What stands between Airflow and a step: the run's facts in, Airflow's kind of failure out.

Everything of Scorewright is imported inside the functions, so that parsing a DAG file stays cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException
from scorecard_schedule import PARAMS

if TYPE_CHECKING:
    from pipeline.site import Site
    from pipeline.steps import Steps
    from scoring.period import Period


def clock() -> datetime:
    """Now, in UTC: the only place of the DAG that asks."""
    return datetime.now(UTC)


def month(text: str) -> Period:
    """The month that travels between tasks as text."""
    from scoring.period import Period

    return Period.parse(text)


@contextmanager
def open_site() -> Iterator[tuple[Site, Steps]]:
    """The installation a task works on, and the steps.

    What Scorewright refuses fails the task without a retry; only a busy warehouse and a mail that
    certainly did not go out are worth another try.
    """
    from delivery.channels import NotSentError
    from pipeline.site import open_site as open_it
    from pipeline.steps import Steps
    from scoring.errors import BusyError, ScorewrightError

    try:
        yield open_it(), Steps()
    except (BusyError, NotSentError):
        raise
    except ScorewrightError as error:
        raise AirflowFailException(str(error)) from None


def plan(site: Site) -> str:
    """Settle the month of this run and make the stores ready.

    Refuses unknown keys in the run's configuration, which Airflow itself would ignore.
    """
    from pipeline.planning import refuse_unknown_keys, resolve_period
    from pipeline.site import prepare

    context = get_current_context()
    run = context["dag_run"]
    conf = run.conf or {}
    refuse_unknown_keys(conf, known=frozenset(PARAMS))
    asked_at = run.logical_date or run.run_after
    period = resolve_period(
        param=context["params"].get("period"),
        partition_key=run.partition_key,
        run_type=str(run.run_type.value),
        conf=conf,
        today=asked_at.astimezone(ZoneInfo(site.book.time_zone)).date(),
    )
    prepare(site)
    return str(period)


def teams() -> tuple[str, ...]:
    """The teams this run was asked for; none means all."""
    return tuple(get_current_context()["params"]["teams"])


def may_send() -> bool:
    """Whether this run mails what it issued."""
    from pipeline.planning import Deliver, is_mailing_run

    context = get_current_context()
    run = context["dag_run"]
    mode = Deliver(context["params"]["deliver"])
    return is_mailing_run(mode, run_type=str(run.run_type.value), due=run.run_after, now=clock())


def chunks(names: Sequence[str], size: int = 4) -> list[list[str]]:
    """The names in groups: one task renders a group, so fonts and styles are read once per group."""
    return [list(names[start : start + size]) for start in range(0, len(names), size)]

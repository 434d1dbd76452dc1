"""The layer between Airflow and a step: the run's facts in, Airflow's kind of failure out.

Scorewright is imported inside the functions, so that parsing a DAG file stays cheap.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from airflow.sdk import BaseHook, get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException
from airflow.sdk.log import mask_secret
from scorecard_schedule import PARAMS

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from pipeline.settings import Settings
    from pipeline.site import Site
    from pipeline.steps import Steps
    from scoring.period import Period


SMTP_CONNECTION = "scorewright_smtp"
BOOK = "book"
"""The key under which `plan` hands on the content hash of the book it has checked."""
THROUGH = "through"
"""The key under which `extract` and `load` say that they have gone through their source."""


def clock() -> datetime:
    """Now, in UTC: the DAG's only clock."""
    return datetime.now(UTC)


def period_of(text: str) -> Period:
    """The period that travels between tasks as text."""
    from scoring.period import Period

    return Period.parse(text)


@contextmanager
def open_site(*, mailing: bool = False) -> Iterator[tuple[Site, Steps]]:
    """The installation a task works on, and the steps.

    A `mailing` task sends through the Airflow Connection `scorewright_smtp` if it exists, otherwise through
    the channel of the settings. A refusal by Scorewright fails the task without a retry; only a busy
    warehouse and a mail that certainly did not go out are retried.
    """
    from delivery.channels import NotSentError
    from disk.errors import BusyError
    from pipeline.settings import Settings
    from pipeline.site import open_site as open_it
    from pipeline.steps import Steps
    from scoring.errors import ScorewrightError
    from terminal.collector import rarely_collected
    from terminal.visible import visible

    try:
        settings = replace(Settings.from_environment(os.environ), made_by=_made_by())
        address = smtp_address() if mailing else None
        if address is not None:
            settings = replace(settings, delivery_url=address)
        with rarely_collected():
            site = open_it(settings, checked_book=_checked_book())
            yield replace(site, settings=_connected(site)), Steps()
    except (BusyError, NotSentError):
        raise
    except ScorewrightError as error:
        raise AirflowFailException(visible(str(error))) from None


def _connected(site: Site) -> Settings:
    """The settings with the Airflow Connections that accounts name and the environment does not have."""
    from pipeline.settings import address_of

    named = {account.connection for account in site.book.accounts if account.connection}
    found = dict(site.settings.connections)
    for name in sorted(named - set(found)):
        try:
            found[name] = address_of(BaseHook.get_connection(name).get_uri())
        except AirflowNotFoundException:
            continue  # the step says which address is missing
    return replace(site.settings, connections=found)


def _made_by() -> str:
    """Which run of Airflow it is, for the issues to keep."""
    run = get_current_context()["dag_run"]
    return f"Airflow {run.dag_id} {run.run_id}"


def _checked_book() -> str | None:
    """The book that `plan` has checked; None in `plan` itself."""
    task = get_current_context()["ti"]
    return None if task.task_id == "plan" else task.xcom_pull(task_ids="plan", key=BOOK)


def smtp_address() -> str | None:
    """The Connection `scorewright_smtp` as a delivery URL; None if Airflow has no such connection.

    Port 465 uses TLS from the start; on any other the extras `tls` and `timeout` apply, as in the URL.
    """
    try:
        connection = BaseHook.get_connection(SMTP_CONNECTION)
    except AirflowNotFoundException:
        return None
    port = connection.port or 587
    scheme = "smtps" if port == 465 else "smtp"
    return f"{scheme}://{_login(connection)}{connection.host}:{port}{_options(connection)}"


def _login(connection: Connection) -> str:
    if not connection.login:
        return ""
    password = quote(connection.password or "", safe="")
    if password:
        # Airflow hides the password in its logs as it knows it, and not in this spelling
        mask_secret(password)
    return f"{quote(connection.login, safe='')}:{password}@"


def _options(connection: Connection) -> str:
    extras = {name: value for name, value in connection.extra_dejson.items() if name in ("tls", "timeout")}
    return f"?{urlencode(extras)}" if extras else ""


def plan(site: Site) -> str:
    """Decide the month of this run and prepare the stores.

    Refuses unknown keys in the run's configuration, which Airflow itself would ignore, and a period that is
    not over.
    """
    from book import book_sha256
    from pipeline.planning import refuse_unfinished, refuse_unknown_keys, resolve_period
    from pipeline.preparing import prepare

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
    refuse_unfinished(period, now=clock(), time_zone=site.book.time_zone)
    prepare(site, period)
    context["ti"].xcom_push(key=BOOK, value=book_sha256(site.settings.config))
    return str(period)


@contextmanager
def going_through() -> Iterator[None]:
    """Note that a task has gone through its source, also where it refused some of it and fails for that."""
    from scoring.errors import BadFileError, RefusedError
    from warehouse import TakenError

    task = get_current_context()["ti"]
    try:
        yield
    except (BadFileError, RefusedError, TakenError):
        task.xcom_push(key=THROUGH, value=True)
        raise
    task.xcom_push(key=THROUGH, value=True)


def refuse_broken_off(site: Site) -> None:
    """Raise where a task failed for anything but a refused file: cards would stand on old data."""
    from scoring.errors import DataError

    task = get_current_context()["ti"]
    for task_id in ("extract", "load"):
        through = task.xcom_pull(task_ids=[task_id], key=THROUGH).count(True)
        if through < len(site.book.source_names):
            raise DataError(
                f"{task_id}: expected {len(site.book.source_names)} sources to be gone through, found "
                f"{through}; see the failed tasks, and clear them."
            )


def teams() -> tuple[str, ...]:
    """The teams requested for this run; none means all."""
    return tuple(get_current_context()["params"]["teams"])


def may_empty() -> bool:
    """Whether a month that had rows may be replaced by one without any."""
    return bool(get_current_context()["params"]["allow_empty"])


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

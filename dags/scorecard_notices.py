"""Who is told that a run failed or is late: whom the calendar names, and notifiers of one's own."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

import scorecard_connections as connections
import scorecard_run as run
from airflow.sdk import DeadlineAlert, DeadlineReference, SyncCallback
from airflow.sdk.bases.notifier import BaseNotifier
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowSecretsBackendAccessDenied
from scorecard_schedule import CALENDAR, SECTION, longest_hours, of_book

if TYPE_CHECKING:
    from delivery.channels import Channel
    from delivery.message import Message

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """What is told: a subject, what happened, and the run that it happened to."""

    subject: str
    text: str
    run_id: str


def addresses() -> list[str]:
    """Whom the calendar tells; nobody if it does not say, or not in a way known."""
    told = CALENDAR.get("tell")
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def configured() -> list[dict[str, Any]]:
    """The notifiers of Airflow's setting `[scorewright] notifiers`, each with its `class` and `arguments`."""
    try:
        return [
            {"class": str(each["class"]), "arguments": dict(each.get("arguments", {}))}
            for each in json.loads(conf.get(SECTION, "notifiers", fallback="[]"))
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        # a setting that cannot be read must not take the DAGs away
        log.exception("[%s] notifiers: expected a list of classes with their arguments in JSON", SECTION)
        return []


class Mail(BaseNotifier):  # type: ignore[misc]
    """Mails what happened to some people, by the channel that the cards go by."""

    def __init__(self, to: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to = list(to)

    def notify(self, context: Any) -> None:
        """Send it to each of them; who cannot be reached keeps it from nobody else."""
        notice = said_of(context)
        for address in self.to:
            try:
                send(notice, address)
            except Exception as error:
                log.error("%s could not be told: %s", address, error)


def failure() -> list[BaseNotifier]:
    """What a task calls that failed for good."""
    from airflow.sdk._shared.module_loading import import_string

    own = [Mail(addresses())] if addresses() else []
    return own + [import_string(each["class"])(**each["arguments"]) for each in configured()]


def late(of: str) -> list[DeadlineAlert]:
    """The alerts of a run that is not at its end after the hours that the calendar gives `of`."""
    if sys.argv[1:3] == ["dags", "test"]:
        return []  # that command of Airflow 3.3.2 breaks off on a DAG with an alert, and nobody waits for it
    own = [SyncCallback("scorecard_notices.Mail", {"to": addresses()})] if addresses() else []
    others = [SyncCallback(each["class"], each["arguments"]) for each in configured()]
    hours = timedelta(hours=longest_hours(of))
    return [DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, hours, each) for each in own + others]


def said_of(context: Any) -> Notice:
    """What a failed task, or a missed deadline, is told as."""
    dag_run = context["dag_run"]
    if "deadline" in context:
        dag_id, run_id = dag_run["dag_id"], dag_run["dag_run_id"]
        by = context["deadline"]["deadline_time"]
        return Notice(
            f"{dag_id} is late", f"The run was expected to be at its end by {by}, and is not.", run_id
        )
    task = context["task_instance"]
    text = f"{_reason(context.get('exception'))}\n\nLog: {task.log_url}"
    return Notice(f"{dag_run.dag_id}: {task.task_id} failed", text, dag_run.run_id)


def _reason(error: object) -> str:
    """The sentence of a refusal. Of anything else only its kind: its text may hold a secret."""
    if isinstance(error, SystemExit):
        return "\n".join(getattr(error, "__notes__", []))
    return f"It ended with {type(error).__name__}."


def send(notice: Notice, address: str) -> None:
    """Send a notice by the channel of the settings, or by the Airflow Connection that goes before it."""
    from delivery.channels import Envelope

    message = message_of(notice, address)
    name = f"notice-{message.message_id.strip('<>').split('@')[0]}"
    channel = _mail_channel()
    channel.send(channel.pack(message), Envelope(message.sender[1], address, name))


def message_of(notice: Notice, address: str) -> Message:
    """The notice as a message, from the sender of the cards or, where the book is broken, from its reader."""
    from delivery.message import Message
    from scoring.addresses import with_ascii_domain
    from scoring.visible import visible

    now = run.clock()
    sender = of_book("organisation.yaml").get("sender") or {}
    sender_address = sender.get("address", address)
    text = visible(f"{notice.text}\nRun: {notice.run_id}")
    digest = sha256(f"{notice}{address}{now.isoformat()}".encode()).hexdigest()[:20]
    return Message(
        subject=f"Scorewright: {notice.subject}",
        text=text,
        html=f"<pre>{escape(text)}</pre>",
        documents=(),
        sender=(sender.get("name", "Scorewright"), sender_address),
        recipient=(address.split("@", maxsplit=1)[0], address),
        message_id=f"<{digest}@{with_ascii_domain(sender_address).rsplit('@', 1)[-1]}>",
        sent_on=now,
    )


def _mail_channel() -> Channel:
    from delivery.channels import channels_from_urls, outbox_at
    from settings import Settings

    settings = Settings.from_environment(os.environ)
    channels = channels_from_urls(_connection() or settings.delivery_url, settings.outbox)
    mail = (channel for channel in channels if channel.kind == "mail")
    # where cards go to chats alone, what happened is at least kept as a file
    return next(mail, outbox_at(settings.outbox))


def _connection() -> str | None:
    """The address of the Airflow Connection, if there is one that may be read here."""
    try:
        return connections.smtp_address()
    except AirflowSecretsBackendAccessDenied:
        # what Airflow 3.3 calls for a late run gets none but those of the environment
        log.warning(
            "the Connection %s is out of reach here; SCOREWRIGHT_DELIVERY is used",
            connections.SMTP_CONNECTION,
        )
        return None

"""What is killed in the middle of a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.manyhosts.stack import Stack

COUNTING = {"measure", "restate", "score"}


@dataclass(frozen=True)
class Fault:
    """`strike` is asked again and again while a run is on its way, until it says what it killed.

    `leaves_doubt`: a mail was on its way, so that nobody can know whether it arrived.
    """

    name: str
    strike: Callable[[Stack, str], str | None]
    leaves_doubt: bool = False


def kill_worker_that_counts(stack: Stack, run_id: str) -> str | None:
    """The host of a task that measures or scores goes away."""
    for task, host in working(stack, run_id, COUNTING):
        stack.site.hosts[host].kill()
        return f"{host} at {task}"
    return None


def kill_scheduler(stack: Stack, run_id: str) -> str | None:
    """The scheduler's host goes away while mails are sent."""
    for task, _ in working(stack, run_id, {"deliver"}):
        stack.site.hosts["scheduler"].kill()
        return f"the scheduler at {task}"
    return None


def restart_database(stack: Stack, run_id: str) -> str | None:
    """The server of both databases is killed while something is counted, and comes back."""
    for task, host in working(stack, run_id, COUNTING):
        stack.server.kill()
        stack.server.start()
        return f"PostgreSQL at {task} of {host}"
    return None


def kill_worker_that_sends(stack: Stack, run_id: str) -> str | None:
    """A host goes away when the mail server has taken its mails, and before it says so."""
    sending = working(stack, run_id, {"deliver"})
    stack.catcher.holds = True
    if not sending or stack.catcher.held < len(sending):
        return None
    host = sending[0][1]
    stack.site.hosts[host].kill()
    stack.catcher.holds = False
    return f"{host} at {sum(other == host for _, other in sending)} mails"


def working(stack: Stack, run_id: str, names: set[str]) -> list[tuple[str, str]]:
    """The tasks that run, of those named, each with its host."""
    return [
        (task["task_id"], task["hostname"])
        for task in stack.api.tasks(run_id)
        if task["state"] == "running" and task["task_id"] in names and task["hostname"]
    ]


FAULTS = (
    Fault("a worker killed while it counts", kill_worker_that_counts),
    Fault("the scheduler killed while mails are sent", kill_scheduler),
    Fault("PostgreSQL killed and started again", restart_database),
    Fault("a worker killed while it sends", kill_worker_that_sends, leaves_doubt=True),
)

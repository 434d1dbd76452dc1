"""On PostgreSQL a process of whatever host sees at once whether the one that claimed a mail still lives."""

from __future__ import annotations

import signal

import pytest

from delivery import claimant
from delivery.channels import channel_from_url
from delivery.outbox import is_worked_on, look_after
from ledger import MAIL, DeliveryState, Ledger, Recipient, migrate_ledger, open_ledger
from tests.delivery.conftest import NOON

WEI = Recipient(MAIL, "wei@company.example")


@pytest.fixture
def ledger(postgres) -> Ledger:
    url = postgres.new_database()
    migrate_ledger(url.replace("postgresql://", "postgresql+psycopg://"))
    return open_ledger(url.replace("postgresql://", "postgresql+psycopg://"))


@pytest.fixture
def server(post):
    return channel_from_url(f"smtp://127.0.0.1:{post.port}", None)


@pytest.fixture
def elsewhere(monkeypatch):
    """From now on this process is one of another host, which cannot look at others."""

    def move() -> None:
        monkeypatch.setattr(claimant.socket, "gethostname", lambda: "another-host")

    return move


class Around:
    """A channel that does something before the channel inside it sends."""

    def __init__(self, inside, action):
        self.inside, self.action, self.name, self.kind = inside, action, inside.name, inside.kind
        self.pack, self.outcome = inside.pack, inside.outcome

    def send(self, message, envelope):
        self.action()
        self.inside.send(message, envelope)


def die():
    signal.raise_signal(signal.SIGKILL)


def test_what_a_killed_worker_was_sending_is_uncertain_at_once_on_another_host(
    send, in_children, elsewhere, ledger, issue_id, server, post
):
    assert in_children([lambda: send(Around(server, die))]) == [-signal.SIGKILL]
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENDING}
    elsewhere()
    found = send(server)
    assert (found.state, found.delivered_now, post.accepted) == (DeliveryState.UNCERTAIN, False, [])
    assert "died before" in found.problem


def test_a_run_on_another_host_ends_what_a_killed_worker_was_sending(
    send, in_children, elsewhere, ledger, issue_id, server
):
    in_children([lambda: send(Around(server, die))])
    elsewhere()
    look_after(ledger, [server], now=lambda: NOON)
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.UNCERTAIN}


def test_a_living_sender_is_left_alone_by_another_host(
    send, in_children, elsewhere, ledger, issue_id, server, post
):
    seen = []

    def look_from_elsewhere() -> bool:
        elsewhere()
        look_after(ledger, [server], now=lambda: NOON)
        (delivery,) = ledger.deliveries_in(DeliveryState.SENDING)
        return is_worked_on(ledger, delivery) and send(server).state is DeliveryState.SENDING

    def meanwhile() -> None:
        seen.extend(in_children([look_from_elsewhere]))

    assert send(Around(server, meanwhile)).delivered_now
    assert (seen, len(post.accepted)) == ([1], 1)
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENT}


def test_a_mail_that_another_process_looks_at_is_not_claimed_meanwhile(send, ledger, issue_id, server, post):
    ledger.queue_delivery(issue_id, WEI)
    with ledger.sending(issue_id, WEI) as is_free:
        assert is_free
        assert send(server).state is DeliveryState.SENDING
    assert send(server).delivered_now
    assert len(post.accepted) == 1


def test_four_processes_at_once_send_one_mail(send, in_children, ledger, issue_id, server, post):
    assert sorted(in_children([lambda: send(server).delivered_now] * 4)) == [0, 0, 0, 1]
    assert len(post.accepted) == 1
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENT}


def test_a_server_that_restarts_meanwhile_leaves_the_end_to_the_sender(send, ledger, issue_id, server, post):
    """Its lock is gone then, and somebody else may call the mail uncertain; the sender knows better."""

    def lose_the_lock() -> None:
        with ledger.engine.connect() as connection:
            connection.exec_driver_sql(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
                "and database = (select oid from pg_database where datname = current_database())"
            )
        look_after(ledger, [server], now=lambda: NOON)
        assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.UNCERTAIN}

    assert send(Around(server, lose_the_lock)).state is DeliveryState.SENT
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENT}
    assert len(post.accepted) == 1

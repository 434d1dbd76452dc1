"""Killed processes and rivals: at every point of a delivery, at most one mail, and nothing forgotten."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from delivery.channels import channel_from_url
from delivery.claimant import may_be_alive, this_process
from ledger import MAIL, Claim, DeliveryState, Ledger, Recipient

WEI = Recipient(MAIL, "wei@company.example")


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """A channel whose user is killed before or after the message is handed to the channel inside it."""

    def __init__(self, inside, *, before: bool):
        self.inside, self.before, self.name, self.kind = inside, before, inside.name, inside.kind

    def pack(self, message):
        return self.inside.pack(message)

    def send(self, message, envelope):
        if self.before:
            die()
        self.inside.send(message, envelope)
        die()

    def outcome(self, envelope, message_id):
        return self.inside.outcome(envelope, message_id)


@pytest.fixture
def folder(tmp_path):
    return channel_from_url("file:", tmp_path / "outbox")


@pytest.fixture
def server(post):
    return channel_from_url(f"smtp://127.0.0.1:{post.port}", None)


@pytest.fixture
def mails(tmp_path):
    return lambda: [path.name for path in (tmp_path / "outbox").glob("*")]


@pytest.fixture
def kill_in(in_children):
    """Runs work in a process that is to die by `kill -9`."""

    def run(work) -> None:
        assert in_children([work]) == [-signal.SIGKILL]

    return run


def test_killed_while_building_the_mail_is_sent_at_the_next_call(
    send, kill_in, ledger, issue_id, server, post, mail
):
    kill_in(lambda: send(server, build=die))
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.PENDING}
    assert send(server).delivered_now
    assert post.accepted == [mail]


@pytest.mark.parametrize("step", ["queue_delivery", "claim_delivery"])
def test_killed_before_the_claim_is_on_disk_is_sent_at_the_next_call(
    send, kill_in, monkeypatch, server, post, step
):
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, step, die)
        kill_in(lambda: send(server))
    assert send(server).delivered_now
    assert len(post.accepted) == 1


def test_killed_between_claim_and_send_is_not_sent_by_smtp_until_a_person_decides(
    send, kill_in, ledger, issue_id, server, post
):
    kill_in(lambda: send(Dying(server, before=True)))
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENDING}
    found = send(server)
    assert (found.state, found.delivered_now, post.accepted) == (DeliveryState.UNCERTAIN, False, [])
    assert "died before" in found.problem
    ledger.decide_delivery(
        issue_id, WEI, arrived=False, by="Ana Ruiz", at=ledger.get_issue(issue_id).issued_at
    )
    assert send(server).delivered_now
    assert len(post.accepted) == 1


def test_killed_after_the_server_took_the_mail_never_sends_it_twice(send, kill_in, server, post):
    kill_in(lambda: send(Dying(server, before=False)))
    assert [send(server).state for _ in range(3)] == [DeliveryState.UNCERTAIN] * 3
    assert len(post.accepted) == 1


def test_killed_before_the_file_is_written_is_written_at_the_next_call(send, kill_in, folder, mails):
    kill_in(lambda: send(Dying(folder, before=True)))
    assert send(folder).delivered_now
    assert mails() == ["2026-10.eu-brand.r1.abc.eml"]


def test_killed_after_the_file_was_written_is_known_as_sent(send, kill_in, folder, mails):
    kill_in(lambda: send(Dying(folder, before=False)))
    found = send(folder)
    assert (found.state, found.delivered_now, found.problem) == (DeliveryState.SENT, False, None)
    assert mails() == ["2026-10.eu-brand.r1.abc.eml"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_killed_while_the_file_is_written_leaves_one_whole_file_in_the_end(
    send, kill_in, folder, mails, monkeypatch, mail, call
):
    place = {"fsync": "delivery.channels.folder.os.fsync", "replace": "pathlib.Path.replace"}[call]
    with monkeypatch.context() as patch:
        patch.setattr(place, die)
        kill_in(lambda: send(folder))
    assert send(folder).delivered_now
    assert mails() == ["2026-10.eu-brand.r1.abc.eml"]
    assert (folder.folder / mails()[0]).read_bytes() == mail


def test_killed_before_the_mark_is_on_disk_is_uncertain_by_smtp(send, kill_in, monkeypatch, server, post):
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "settle_delivery", die)
        kill_in(lambda: send(server))
    assert send(server).state is DeliveryState.UNCERTAIN
    assert len(post.accepted) == 1


def test_another_channel_does_not_vouch_for_the_one_that_was_used(send, kill_in, server, folder, mails, post):
    kill_in(lambda: send(Dying(server, before=False)))
    assert send(folder).state is DeliveryState.UNCERTAIN
    assert (len(post.accepted), mails()) == (1, [])


def test_four_processes_at_once_send_one_mail(send, in_children, server, post, ledger, issue_id):
    sent_by = in_children([lambda: send(server).delivered_now] * 4)
    assert sorted(sent_by) == [0, 0, 0, 1]
    assert len(post.accepted) == 1
    assert ledger.delivery_states(issue_id) == {WEI: DeliveryState.SENT}


def test_four_processes_that_find_a_dead_sender_write_one_file(send, kill_in, in_children, folder, mails):
    kill_in(lambda: send(Dying(folder, before=True)))
    assert sorted(in_children([lambda: send(folder).delivered_now] * 4)) == [0, 0, 0, 1]
    assert mails() == ["2026-10.eu-brand.r1.abc.eml"]


def test_a_rival_leaves_a_living_sender_alone(send, in_children, server, post):
    class Watched:
        """While it sends, another process is asked for the same delivery."""

        name, kind, pack = server.name, server.kind, server.pack

        def __init__(self):
            self.rivals = []

        def send(self, message, envelope):
            self.rivals += in_children([lambda: send(server).state is DeliveryState.SENDING])
            server.send(message, envelope)

        def outcome(self, envelope, message_id):
            raise AssertionError("a living sender is nobody else's to judge")

    watched = Watched()
    assert send(watched).delivered_now
    assert (watched.rivals, len(post.accepted)) == ([1], 1)


@pytest.fixture
def claim(ledger, issue_id) -> Claim:
    """This process's own claim, as it would be kept."""
    me = this_process()
    at = ledger.get_issue(issue_id).issued_at
    return Claim("t" * 32, me.host, me.pid, me.started, at, "file:/x", "cards@company.example", "<a@b>")


def test_this_process_is_alive_whatever_the_age_of_its_claim(claim):
    old = replace(claim, claimed_at=datetime(1999, 1, 1, tzinfo=UTC))
    assert may_be_alive(old)


def test_another_process_with_the_number_of_a_dead_one_is_not_it(claim):
    system = claim.started.rpartition("/")[0]
    assert not may_be_alive(replace(claim, started=f"{system}/1"))


def test_a_zombie_is_not_alive(claim):
    answer, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(say, this_process().started.encode())
        os._exit(0)
    zombie = replace(claim, pid=child, started=os.read(answer, 200).decode())
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    try:
        assert not may_be_alive(zombie)
    finally:
        os.waitpid(child, 0)


@pytest.mark.parametrize("elsewhere", [{"host": "another"}, {"started": "{boot}/1/1"}])
def test_a_process_that_cannot_be_looked_at_is_believed_alive_whatever_the_clocks_say(claim, elsewhere):
    boot = claim.started.partition("/")[0]
    given = {name: value.format(boot=boot) for name, value in elsewhere.items()}
    assert may_be_alive(replace(claim, claimed_at=datetime(1999, 1, 1, tzinfo=UTC), **given))


def test_no_process_survives_a_restart_of_its_machine(claim):
    assert not may_be_alive(replace(claim, started="another-boot/1/1"))


def test_what_a_machine_that_is_gone_was_sending_is_for_a_person_to_settle(
    send, ledger, issue_id, claim, folder, mails
):
    ledger.queue_delivery(issue_id, WEI)
    ledger.claim_delivery(issue_id, WEI, replace(claim, host="another", sent_by=folder.name))
    assert send(folder).state is DeliveryState.SENDING
    assert mails() == []
    ledger.decide_delivery(issue_id, WEI, arrived=False, by="Ana Ruiz", at=claim.claimed_at)
    assert send(folder).state is DeliveryState.SENT

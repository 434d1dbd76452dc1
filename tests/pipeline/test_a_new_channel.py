"""A new channel is one module and one entry: its messages are claimed, sent once and reported like mails."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from delivery.channels import OPENERS, NotSentError
from ledger import MAIL, DeliveryState, Recipient
from ledger.errors import DeliveryError
from pipeline.site import Site
from pipeline.steps import Steps
from scoring.errors import UsageError
from tests.pipeline.conftest import NOW

ROOM = Recipient("chat", "#north")


@dataclass(frozen=True)
class Chat:
    """Says each message in a file of its room."""

    folder: Path
    kind: str = "chat"
    name: str = "chat:here"

    def pack(self, message):
        names = [document.name for document in message.documents]
        return json.dumps({"says": message.subject, "with": names}).encode()

    def send(self, packed, envelope):
        if not self.folder.exists():
            raise NotSentError("the chat is away")
        with (self.folder / envelope.recipient).open("ab") as room:
            room.write(packed + b"\n")

    def outcome(self, envelope, message_id):
        return None


@pytest.fixture
def chat(monkeypatch, tmp_path):
    folder = tmp_path / "chat"
    folder.mkdir()
    monkeypatch.setitem(OPENERS, "chat", lambda parts, outbox: Chat(folder))
    return folder


def reached_by_chat(site: Site) -> Site:
    """The managers of the book with a room of their own beside their mail."""
    teams = tuple(
        replace(team, manager=replace(team.manager, others={"chat": f"#{team.id}"}))
        for team in site.book.teams
    )
    return Site(site.settings, replace(site.book, teams=teams))


def deliver(site):
    return Steps().deliver(site, 1, now=lambda: NOW)


def test_a_manager_is_reached_in_both_ways_and_once_in_each(chat, issued):
    site = reached_by_chat(issued.open(delivery="file: chat:"))
    assert [outcome.delivered_now for outcome in deliver(site)] == [True, True]
    assert [outcome.delivered_now for outcome in deliver(site)] == [False, False]
    (said,) = (chat / "#north").read_text().splitlines()
    assert json.loads(said)["with"] == ["north-2026-10-r1.pdf"]
    assert len(issued.mails()) == 1
    states = site.ledger.delivery_states(1)
    assert states[ROOM] is DeliveryState.SENT
    assert {recipient.channel for recipient in states} == {MAIL, "chat"}


def test_one_channel_that_fails_holds_up_no_other(chat, issued):
    site = reached_by_chat(issued.open(delivery="chat: file:"))
    chat.rmdir()
    with pytest.raises(NotSentError, match="the chat is away"):
        deliver(site)
    assert site.ledger.delivery_states(1)[ROOM] is DeliveryState.FAILED
    assert len(issued.mails()) == 1


def test_a_manager_without_an_address_for_the_channel_is_named(chat, issued):
    with pytest.raises(
        DeliveryError, match=r"north: expected an address of the manager for chat, found only mail"
    ):
        deliver(issued.open(delivery="chat:"))


def test_two_channels_of_one_kind_are_refused(issued):
    with pytest.raises(UsageError, match="one address for each kind of channel, found mail, mail"):
        deliver(issued.open(delivery="file: smtp://127.0.0.1:1"))

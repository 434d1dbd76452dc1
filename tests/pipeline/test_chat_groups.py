"""Cards in chat groups: who reads how much, by what is allowed, and what `check` says of the settings."""

from __future__ import annotations

import json

import pytest

from delivery.channels import NotSentError, RefusedForGoodError
from ledger import DeliveryState, Recipient
from ledger.errors import DeliveryError
from pipeline.steps import Steps
from tests.delivery import chat_server
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import change

PEOPLE = "    - {channel: KIND, connection: north_people, readers: team}\n"
HEADS = "    - {channel: KIND, connection: heads}\n"
FILE = "    - {channel: wecom, connection: north_people, readers: team, file: true}\n"
ALLOWED = "allowed: {domains: [lantern.example], channels: [mail, dingtalk]}\n"


@pytest.fixture
def listen():
    """Opens a platform; all close with the test."""
    servers = []

    def to(kind):
        chats, server = chat_server.opened(chat_server.PLATFORMS[kind]())
        servers.append((chats, server))
        return chats

    yield to
    for chats, server in servers:
        server.shutdown()
        server.server_close()
        assert chats.faults == []


def with_groups(place, groups, kind="dingtalk"):
    text = "  groups:\n" + groups.replace("KIND", kind) + "south:"
    change(place.root / "config/teams.yaml", lambda book: book.replace("south:", text, 1))


def in_organisation(place, text):
    change(place.root / "config/organisation.yaml", lambda book: book + text)


def deliver(site):
    return Steps().deliver(site, 1, now=lambda: NOW)


def webhooks(chats, *names):
    return {f"connection_{name}": chats.address() for name in names}


@pytest.mark.parametrize("kind", chat_server.PLATFORMS)
def test_the_teams_people_read_the_total_and_others_that_there_is_a_card(issued, listen, kind):
    with_groups(issued, PEOPLE + HEADS, kind)
    in_organisation(issued, "card_link: https://cards.lantern.example/{period}/{file}\n")
    chats = listen(kind)
    site = issued.open(delivery=f"file: {kind}:", **webhooks(chats, "north_people", "heads"))
    assert [outcome.delivered_now for outcome in deliver(site)] == [True, True, True]
    assert [outcome.delivered_now for outcome in deliver(site)] == [False, False, False]
    people, heads = sorted(chats.taken, key=len, reverse=True)
    assert "Total score" in people
    assert "KPIs below target" in people
    for said in (people, heads):
        assert "Marketing North, October 2026" in said
        assert "Data certificate" in said
        assert "https://cards.lantern.example/2026-10/north-2026-10-r1.pdf" in said
    assert "Total score" not in heads
    assert "target" not in heads
    assert len(issued.mails()) == 1
    states = site.ledger.delivery_states(1)
    assert states[Recipient(kind, "north_people")] is DeliveryState.SENT
    assert states[Recipient(kind, "heads")] is DeliveryState.SENT


def test_the_file_goes_to_the_teams_people_where_the_book_says_so(issued, listen):
    with_groups(issued, FILE)
    chats = listen("wecom")
    deliver(issued.open(delivery="wecom:", **webhooks(chats, "north_people")))
    text, file = chats.taken
    assert "Total score" in text
    assert file["file"].startswith(b"%PDF-")


def test_a_group_that_the_book_no_longer_has_is_told_the_least(issued, listen):
    with_groups(issued, FILE)
    chats = listen("wecom")
    addresses = webhooks(chats, "north_people")
    chats.moods[:] = ["busy"]
    with pytest.raises(NotSentError, match="run again later"):
        deliver(issued.open(delivery="wecom:", **addresses))
    change(issued.root / "config/teams.yaml", lambda book: book.replace(FILE, "").replace("  groups:\n", ""))
    deliver(issued.open(delivery="wecom:", **addresses))
    (said,) = chats.taken
    assert "Total score" not in said


def test_a_group_without_its_webhook_stops_a_run_before_a_card_is_made(place, command, listen):
    with_groups(place, PEOPLE)
    done = command(place, "run", "--period", "2026-10", delivery="file: dingtalk:")
    assert done.code == 2
    assert "expected the group's webhook in SCOREWRIGHT_CONNECTION_NORTH_PEOPLE, found none" in done.err
    assert not (place.home / "scorecards").exists()


def test_a_platform_that_is_not_set_up_is_sent_nothing_and_check_says_so(issued, command):
    with_groups(issued, PEOPLE)
    assert len(deliver(issued.open())) == 1
    done = command(issued, "check")
    assert done.code == 0
    assert (
        "warning: teams.yaml: dingtalk:north_people gets nothing, for SCOREWRIGHT_DELIVERY does not name "
        "dingtalk:; add it where cards are sent from" in " ".join(done.out.split())
    )


def test_check_says_what_is_wrong_with_each_setting_and_repeats_no_secret(issued, command):
    with_groups(issued, PEOPLE + HEADS.replace("KIND", "slack"))
    in_organisation(issued, ALLOWED.replace("dingtalk", "dingtalk, slack").replace("[mail, ", "["))
    done = command(
        issued,
        "check",
        delivery="file: dingtalk: slack:",
        connection_north_people="https://oapi.dingtalk.com/robot/send?access_token=c4n4ry",
        connection_heads="https://hooks.slack.com/services/c4n4ry",
    )
    said = " ".join(done.out.split())
    assert done.code == 2
    assert "found mail; take it out, or allow it" in said
    assert "SCOREWRIGHT_CONNECTION_NORTH_PEOPLE: expected https://oapi.dingtalk.com/" in said
    assert "SCOREWRIGHT_CONNECTION_HEADS: expected https://hooks.slack.com/services/T.../B.../..." in said
    assert "3 faults" in said
    assert "c4n4ry" not in said


def test_a_channel_that_the_book_does_not_allow_sends_nothing(issued, listen):
    in_organisation(issued, ALLOWED.replace("mail", "slack"))
    with pytest.raises(Exception, match=r"found mail; take it out, or allow it") as refusal:
        deliver(issued.open())
    assert refusal.value.exit_code == 2
    assert issued.mails() == []


def test_what_waited_before_the_book_forbade_it_goes_nowhere(issued):
    issued.open().ledger.queue_delivery(1, Recipient("mail", "ana.ruiz@elsewhere.example"))
    in_organisation(issued, ALLOWED)
    with pytest.raises(
        RefusedForGoodError, match=r"ana.ruiz@elsewhere.example: expected a recipient that org"
    ):
        deliver(issued.open())
    assert issued.mails() == []


def test_an_uncertain_message_is_settled_by_its_channel_and_group(issued, listen, command):
    with_groups(issued, PEOPLE)
    chats = listen("dingtalk")
    chats.moods[:] = ["dropping"]
    settings = {"delivery": "dingtalk:", **webhooks(chats, "north_people")}
    with pytest.raises(DeliveryError, match="look into the group whether it is there"):
        deliver(issued.open(**settings))
    told = command(issued, "status", "2026-10", "--json", **settings)
    (one,) = json.loads(told.out)["deliveries"]
    assert (one["to"], one["state"]) == ("dingtalk:north_people", "uncertain")
    settle = ("settle", 1, "north_people", "--channel", "dingtalk", "--arrived", "--by", "Ana Ruiz")
    assert command(issued, *settle, **settings).out == "issue 1 to dingtalk:north_people: sent\n"
    assert deliver(issued.open(**settings))[0].delivered_now is False
    assert len(chats.taken) == 1


def test_a_group_of_two_teams_gets_a_message_for_each_card_also_where_mails_go_together(issued, listen):
    with_groups(issued, HEADS)
    change(
        issued.root / "config/teams.yaml",
        lambda book: book.rstrip() + "\n  groups:\n" + HEADS.replace("KIND", "dingtalk"),
    )
    in_organisation(issued, "mail: {together: true}\n")
    chats = listen("dingtalk")
    site = issued.open(delivery="dingtalk:", **webhooks(chats, "heads"))
    site.ledger.queue_delivery(2, Recipient("dingtalk", "heads"))
    deliver(site)
    assert ["Marketing North" in said for said in chats.taken] == [True]
    Steps().deliver(site, 2, now=lambda: NOW)
    assert ["南方市场部" in said for said in chats.taken] == [False, True]

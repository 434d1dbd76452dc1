"""Each chat platform, as its documentation has it: the exact number of messages, and the right end of each."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import threading
from dataclasses import dataclass, replace

import pytest

import killpoints
from delivery.channels import channel_from_url
from delivery.channels.base import NotSentError, RefusedForGoodError
from delivery.channels.chat import PLATFORMS, chat_channel
from delivery.channels.chat.channel import Pace, _form
from ledger import CHATS, DeliveryState, Recipient, migrate_ledger, open_ledger
from ledger.errors import DeliveryError
from scoring.errors import UsageError
from tests.delivery import chat_server

ROOM = "brand_people"
SECRETS = ("c4n4ry", "SECc4")


@dataclass(frozen=True)
class Brief:
    title: str = "Brand & <!channel> <@all>, October 2026"
    tone: str = "amber"
    facts: tuple = (
        ("Total score:", "91.2 · ▲ Near target"),
        ("KPIs below target:", "NPS [x](http://evil) · 口碑"),
    )
    link: tuple | None = (
        "Open the scorecard",
        "https://cards.company.example/2026-10/eu-brand-2026-10-r1.pdf",
    )
    has_file: bool = False


@pytest.fixture(params=chat_server.PLATFORMS)
def chats(request):
    found, server = chat_server.opened(chat_server.PLATFORMS[request.param]())
    yield found
    found.is_over.set()
    server.shutdown()
    server.server_close()
    assert found.faults == [], "the platform was sent something that its documentation forbids"


@pytest.fixture
def wecom():
    found, server = chat_server.opened(chat_server.WeCom())
    yield found
    found.is_over.set()
    server.shutdown()
    server.server_close()
    assert found.faults == []


@pytest.fixture(scope="module")
def empty_ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "ledger.sqlite"
    migrate_ledger(f"sqlite:///{path}")
    return path


@pytest.fixture
def ledger(empty_ledger, tmp_path):
    """A copy of one that was made once."""
    return open_ledger(f"sqlite:///{shutil.copy(empty_ledger, tmp_path)}")


@pytest.fixture
def waited():
    return []


@pytest.fixture
def channel(waited):
    """The channel to a server; nothing really waits for a limit."""

    def to(chats, address=None, **options):
        plain = chat_channel(chats.platform.kind, {ROOM: address or chats.address()})
        return replace(plain, wait=waited.append, **{"timeout": 0.25, **options})

    return to


@pytest.fixture
def say(send, parts):
    """Delivers the brief to the room by a channel."""

    def by(channel, brief=None, **changes):
        message = replace(parts, recipient=("", ROOM), brief=brief or Brief(), **changes)
        return send(channel, address=ROOM, build=lambda: message)

    return by


@pytest.fixture
def state(ledger, issue_id):
    def of(chats):
        return ledger.delivery_states(issue_id)[Recipient(chats.platform.kind, ROOM)]

    return of


def test_every_platform_is_tested_and_a_word_of_the_ledger():
    assert tuple(PLATFORMS) == CHATS == tuple(chat_server.PLATFORMS)


def test_a_message_is_signed_taken_and_sent_once(chats, channel, say):
    assert [say(channel(chats)).delivered_now for _ in range(3)] == [True, False, False]
    (said,) = chats.taken
    assert "91.2" in said
    assert "口碑" in said
    assert "https://cards.company.example/2026-10/eu-brand-2026-10-r1.pdf" in said


def test_no_name_can_call_everybody_or_hide_an_address(chats, channel, say):
    say(channel(chats))
    said = str(chats.taken)
    if chats.platform.kind in ("wecom", "dingtalk"):
        assert "<@all>" not in said
        assert "<!channel>" not in said
        assert "[x](" not in said
    if chats.platform.kind == "slack":
        assert '"text": "Brand &amp; &lt;!channel&gt;' in said


@pytest.mark.parametrize(
    ("mood", "expected", "is_for_good", "taken"),
    [
        ("bad_message", DeliveryState.REFUSED, True, 0),
        ("busy", DeliveryState.FAILED, False, 0),
        ("moved", DeliveryState.FAILED, True, 0),
        ("html_404", DeliveryState.FAILED, True, 0),
        ("html", DeliveryState.UNCERTAIN, False, 0),
        ("broken", DeliveryState.UNCERTAIN, False, 0),
        ("endless", DeliveryState.UNCERTAIN, False, 0),
        ("nested", DeliveryState.UNCERTAIN, False, 0),
        ("garbled", DeliveryState.UNCERTAIN, False, 0),
        ("dropping", DeliveryState.UNCERTAIN, False, 1),
        ("hanging", DeliveryState.UNCERTAIN, False, 1),
        ("dripping", DeliveryState.UNCERTAIN, False, 1),
    ],
)
def test_what_becomes_of_a_message(chats, channel, say, state, mood, expected, is_for_good, taken):
    chats.moods[:] = [mood]
    found = say(channel(chats))
    assert (found.state, found.is_for_good, len(chats.taken)) == (expected, is_for_good, taken)
    assert state(chats) is expected
    assert found.problem.startswith("expected ")
    assert found.problem.isprintable()
    assert not [secret for secret in SECRETS if secret in found.problem]
    assert "/elsewhere" not in chats.requests
    # only what is certainly not there is ever sent again
    again = say(channel(chats))
    is_open = expected is DeliveryState.FAILED
    assert again.state is (DeliveryState.SENT if is_open else expected)
    assert len(chats.taken) == taken + is_open


def test_a_limit_is_waited_for_as_long_as_the_platform_says(chats, channel, say, waited):
    chats.moods[:] = ["limited"]
    found = say(channel(chats))
    pauses = {"wecom": [60], "feishu": [10], "dingtalk": [], "slack": [30], "teams": [7]}
    assert waited == pauses[chats.platform.kind]
    if chats.platform.kind == "dingtalk":
        # ten minutes are too long for a run to wait
        assert (found.state, found.is_for_good) == (DeliveryState.FAILED, False)
        found = say(channel(chats))
    assert (found.state, len(chats.taken)) == (DeliveryState.SENT, 1)


def test_a_limit_that_does_not_end_is_left_to_a_later_run(chats, channel, say, waited):
    chats.moods[:] = ["limited"] * 40
    found = say(channel(chats))
    assert (found.state, found.is_for_good, chats.taken) == (DeliveryState.FAILED, False, [])
    assert "run again later" in found.problem
    assert sum(waited) <= 60


def test_a_wrong_address_is_told_without_it_and_sent_once_it_is_right(chats, channel, say):
    wrong = channel(chats, chats.address(path=chats.platform.wrong_path))
    found = say(wrong)
    assert (found.state, found.is_for_good, chats.taken) == (DeliveryState.FAILED, True, [])
    assert "correct SCOREWRIGHT_CONNECTION_BRAND_PEOPLE" in found.problem
    assert not [secret for secret in SECRETS if secret in found.problem]
    assert say(channel(chats)).delivered_now
    assert len(chats.taken) == 1


def test_a_wrong_signature_is_told_without_the_secret(chats, channel, say):
    if not chats.platform.is_signed:
        assert PLATFORMS[chats.platform.kind].is_signed is False
        return
    found = say(channel(chats, chats.address(robot="SECc4n4ry0of0another0robot")))
    assert (found.state, found.is_for_good, chats.taken) == (DeliveryState.FAILED, True, [])
    assert "sign" in found.problem
    assert not [secret for secret in SECRETS if secret in found.problem]


def test_nobody_there_is_certainly_not_sent(chats, channel, say):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = say(channel(chats, chats.address().replace(f":{chats.port}", f":{port}")))
    assert (found.state, found.is_for_good) == (DeliveryState.FAILED, False)
    assert "refused" in found.problem


@pytest.mark.parametrize(("point", "taken"), [("chat.connected", 0), ("chat.sent", 1), ("chat.answered", 1)])
def test_killed_at_any_point_of_the_sending_it_is_never_sent_twice(
    chats, channel, say, in_children, point, taken
):
    def killed():
        killpoints.kill_at(point, 1)
        return say(channel(chats))

    assert in_children([killed]) == [-signal.SIGKILL]
    assert [say(channel(chats)).state for _ in range(3)] == [DeliveryState.UNCERTAIN] * 3
    if point == "chat.sent":
        # the server may be reading still
        assert len(chats.taken) <= taken
    else:
        assert len(chats.taken) == taken


def test_nothing_of_the_address_is_logged_or_printed(chats, channel, say, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        found = channel(chats)
        say(found)
    said = f"{found} {found!r} {found.webhook(ROOM)!r} {caplog.text}" + "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret in said]


def test_what_the_ledger_keeps_has_no_secret(chats, channel, say, ledger, issue_id):
    say(channel(chats))
    (delivery,) = ledger.deliveries_of(issue_id)
    assert delivery.claim.sent_by == f"{chats.platform.kind}:"
    assert not [secret for secret in SECRETS if secret in str(delivery)]


def test_the_longest_texts_fit(chats, channel, say):
    name = "品" * 60
    reds = " · ".join([name] * 8) + " 等，另有 12 项"
    facts = (("总分：", "91.2 · ▲ Near target"), ("未达标指标：", reds), ("数据证明：", "数" * 60))
    say(channel(chats), Brief(title=f"{name}，2026年10月", facts=facts))
    assert name in chats.taken[0]


def test_a_message_larger_than_the_platform_takes_is_not_begun(chats, channel, say):
    with pytest.raises(DeliveryError, match="expected a message of at most"):
        say(channel(chats), Brief(facts=tuple(("x", "y" * 1900) for _ in range(30))))
    assert chats.requests == []


def test_a_file_is_uploaded_unseen_and_then_named(wecom, channel, say, parts):
    assert say(channel(wecom), Brief(has_file=True)).delivered_now
    text, file = wecom.taken
    assert text.startswith("**Brand")
    assert file == {"file": parts.documents[0].content}


def test_no_file_goes_where_it_is_not_to(chats, channel, say):
    say(channel(chats), Brief(has_file=False))
    assert len(chats.requests) == len(chats.taken) == 1


@pytest.mark.parametrize(
    ("moods", "expected", "taken"),
    [
        # what nobody saw may be done again
        (["dropping"], DeliveryState.FAILED, 0),
        (["html"], DeliveryState.FAILED, 0),
        (["too_large"], DeliveryState.REFUSED, 0),
        (["kind", "busy"], DeliveryState.FAILED, 0),
        # the message is there, its file is not: nobody but a person knows what is to be done
        (["kind", "kind", "busy"], DeliveryState.UNCERTAIN, 1),
        (["kind", "kind", "dropping"], DeliveryState.UNCERTAIN, 2),
        (["kind", "kind", "limited"], DeliveryState.SENT, 2),
    ],
)
def test_whatever_becomes_of_the_file_no_message_comes_twice(wecom, channel, say, moods, expected, taken):
    wecom.moods[:] = moods
    found = say(channel(wecom, timeout=1.0), Brief(has_file=True))
    assert (found.state, len(wecom.taken)) == (expected, taken)
    if expected is DeliveryState.UNCERTAIN:
        assert "the message is in the group, its file may not be" in found.problem
    say(channel(wecom), Brief(has_file=True))
    assert len(wecom.taken) == (2 if expected in (DeliveryState.SENT, DeliveryState.FAILED) else taken)


def test_an_answer_before_the_whole_file_went_out_is_heard(wecom, channel, say, parts):
    wecom.moods[:] = ["too_large"]
    large = replace(parts.documents[0], content=b"x" * 8_000_000)
    found = say(channel(wecom, timeout=5.0), Brief(has_file=True), documents=(large,))
    assert found.state in (DeliveryState.REFUSED, DeliveryState.FAILED)
    assert wecom.taken == []


def test_the_form_of_an_upload_is_one():
    body, media_type = _form({"name": "a.pdf", "media_type": "application/pdf", "content": "AP8NCg=="})
    (part,) = chat_server.parsed_form(body, media_type).iter_parts()
    assert part.get_filename() == "a.pdf"
    assert part.get_content_type() == "application/pdf"


def test_a_group_is_sent_no_more_than_it_takes_in_a_minute():
    now = [0.0]
    pace = Pace(20, clock=lambda: now[0])
    assert [pace.pause("a") for _ in range(20)] == [0.0] * 20
    now[0] = 15.0
    assert [pace.pause("a"), pace.pause("b")] == [45.0, 0.0]
    now[0] = 61.0
    assert pace.pause("a") == 0.0


def test_a_proxy_is_told_the_host_and_nothing_else(monkeypatch):
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def listen():
            line, _ = proxy.accept()
            heard.append(line.recv(4096))
            line.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            line.close()

        threading.Thread(target=listen, daemon=True).start()
        monkeypatch.setenv("https_proxy", f"http://u:p%40ss@127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        address = "https://hooks.slack.example/services/T0/B0/c4n4ry"
        channel = replace(chat_channel("slack", {ROOM: address}), timeout=2.0)
        with pytest.raises(
            NotSentError, match=r"the proxy said no \(407 Proxy Authentication Required\)"
        ) as no:
            channel._say(channel.webhook(ROOM), ROOM, {})
    assert heard[0].startswith(b"CONNECT hooks.slack.example:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic dTpwQHNz" in heard[0]
    assert b"c4n4ry" not in heard[0]
    assert not isinstance(no.value, RefusedForGoodError)


@pytest.mark.parametrize(
    ("kind", "address", "found"),
    [
        ("slack", "hooks.slack.com/services/T/B/c4n4ry", "something else"),
        ("slack", "ftp://hooks.slack.com/services/T/B/c4n4ry", "something else"),
        ("slack", "https://hooks.slack.com:99999/services/T/B/c4n4ry", "something else"),
        ("slack", "https://hooks.slack.com/services/T/B/c4n4ry\n", "something else"),
        ("slack", "https://höoks.slack.com/services/T/B/c4n4ry", "something else"),
        ("slack", "http://hooks.slack.com/services/T/B/c4n4ry", "http without TLS"),
        ("slack", "https://u:c4n4ry@hooks.slack.com/services/T/B/x", "a user before the host"),
        ("slack", "https://hooks.slack.com/services/T/B", "an address of another kind"),
        (
            "slack",
            "https://hooks.slack.com/services/T/B/c4n4ry#c4n4ry",
            "a secret after #, which Slack has not",
        ),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "an address of another kind"),
        ("wecom", "https://oapi.dingtalk.com/robot/send?access_token=c4n4ry", "an address of another kind"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=c4n4ry", "no signing secret after #"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", "an address of another kind"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/c4n4ry", "no signing secret after #"),
        (
            "teams",
            "https://x.logic.azure.com/workflows/1/triggers/manual/paths/invoke",
            "an address of another kind",
        ),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_in_one_sentence_without_it(kind, address, found):
    with pytest.raises(UsageError) as refusal:
        chat_channel(kind, {ROOM: address}).webhook(ROOM)
    said = str(refusal.value)
    assert said.startswith("SCOREWRIGHT_CONNECTION_BRAND_PEOPLE: expected https://")
    assert said.endswith(f", found {found}; correct it.")
    assert "c4n4ry" not in said


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (
            "teams",
            "https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=c",
        ),
        (
            "teams",
            "https://default1.2.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1"
            "/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=c",
        ),
        ("feishu", "https://open.larksuite.com/open-apis/bot/v2/hook/c#secret"),
        ("slack", "https://hooks.slack-gov.com/services/T/B/c"),
    ],
)
def test_the_addresses_that_the_platforms_give_out_are_taken(kind, address):
    assert chat_channel(kind, {ROOM: address}).webhook(ROOM).port == 443


def test_a_webhook_in_the_delivery_address_is_refused_and_not_repeated():
    with pytest.raises(UsageError, match="expected only `slack:`, found more; the webhook of each") as no:
        channel_from_url("slack://hooks.slack.com/services/T/B/c4n4ry", None)
    assert "c4n4ry" not in str(no.value)

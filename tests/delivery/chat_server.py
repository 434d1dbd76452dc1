"""Five chat platforms on one local server, each as strict as its documentation.

It knows nothing of the product: addresses, signatures and payloads are checked by what the platforms write
about them, and what is taken is counted. `moods` are what it does with the next requests instead.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ROBOT = "SECc4n4ry0secret0of0the0robot"
KEY = "c4n4ry-key-of-the-group-0001"
HOUR = 3600


class OddError(Exception):
    """What a platform answers to a request that it does not take: status, body, headers."""

    def __init__(self, status, body, **headers):
        super().__init__(status)
        self.answer = status, body, headers


def _expect(is_so, refusal):
    if not is_so:
        raise refusal


def _signed(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class WeCom:
    """developer.work.weixin.qq.com/document/path/91770"""

    kind = "wecom"
    path = f"/cgi-bin/webhook/send?key={KEY}"
    wrong_path = "/cgi-bin/webhook/send?key=c4n4ry-key-of-nobody-at-all"
    ok = 200, b'{"errcode":0,"errmsg":"ok"}', {}
    limited = 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', {}
    busy = 200, b'{"errcode":-1,"errmsg":"system error"}', {}
    bad_message = 200, b'{"errcode":44004,"errmsg":"empty content"}', {}
    is_signed = False

    def __init__(self):
        self.files = {}

    def take(self, request, body):
        query = parse_qs(request.query)
        if query.get("key") != [KEY]:
            raise OddError(
                200, b'{"errcode":93000,"errmsg":"invalid webhook url, key %s"}' % request.query.encode()
            )
        if request.path == "/cgi-bin/webhook/upload_media":
            return self._upload(query, body)
        assert request.path == "/cgi-bin/webhook/send"
        said = json.loads(body)
        kind = said["msgtype"]
        assert said.keys() == {"msgtype", kind}
        if kind == "file":
            return {"file": self.files[said["file"]["media_id"]]}
        assert kind == "markdown"
        assert 0 < len(said["markdown"]["content"].encode()) <= 4096
        return said["markdown"]["content"]

    def _upload(self, query, body):
        assert query["type"] == ["file"]
        head, _, content = body.partition(b"\r\n\r\n")
        assert b'name="media"; filename="' in head
        assert b"filelength=" in head
        content = content.rpartition(b"\r\n--")[0]
        assert 5 < len(content) <= 20 * 2**20
        self.files["m-1"] = content
        raise OddError(
            200, b'{"errcode":0,"errmsg":"ok","type":"file","media_id":"m-1","created_at":"1380000000"}'
        )


class DingTalk:
    """open.dingtalk.com: custom robot, security by 加签"""

    kind = "dingtalk"
    path = f"/robot/send?access_token={KEY}"
    wrong_path = "/robot/send?access_token=c4n4ry-token-of-nobody"
    ok = 200, b'{"errcode":0,"errmsg":"ok"}', {}
    limited = 200, b'{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', {}
    busy = 200, b'{"errcode":-1,"errmsg":"system busy"}', {}
    bad_message = 200, b'{"errcode":430102,"errmsg":"bad words"}', {}
    is_signed = True

    def take(self, request, body):
        query = parse_qs(request.query)
        _expect(
            query.get("access_token") == [KEY],
            OddError(200, b'{"errcode":300001,"errmsg":"token is not exist"}'),
        )
        (timestamp,), (sign,) = query["timestamp"], query["sign"]
        is_near = abs(int(timestamp) / 1000 - time.time()) < HOUR
        is_right = sign == _signed(ROBOT, f"{timestamp}\n{ROBOT}")
        _expect(is_near and is_right, OddError(200, b'{"errcode":310000,"errmsg":"sign not match"}'))
        said = json.loads(body)
        assert said.keys() == {"msgtype", "markdown"}
        assert said["msgtype"] == "markdown"
        assert said["markdown"]["title"]
        assert len(body) <= 20_000
        return said["markdown"]["text"]


class Feishu:
    """open.feishu.cn: custom bot, 签名校验"""

    kind = "feishu"
    path = f"/open-apis/bot/v2/hook/{KEY}"
    wrong_path = "/open-apis/bot/v2/hook/c4n4ry-hook-of-nobody"
    ok = 200, b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}', {}
    limited = 200, b'{"code":11232,"msg":"frequency limited psm[lark.oapi.app]"}', {}
    busy = 503, b'{"code":2200,"msg":"internal error"}', {}
    bad_message = 400, b'{"code":19002,"msg":"params error, msg_type need"}', {}
    is_signed = True

    def take(self, request, body):
        bad_hook = b'{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}'
        _expect(request.path == self.path, OddError(200, bad_hook))
        said = json.loads(body)
        timestamp = said["timestamp"]
        is_near = isinstance(timestamp, str) and abs(int(timestamp) - time.time()) < HOUR
        is_right = said["sign"] == _signed(f"{timestamp}\n{ROBOT}", "")
        no = b'{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}'
        _expect(is_near and is_right, OddError(200, no))
        assert said["msg_type"] == "interactive"
        assert said["card"]["header"]["title"]["tag"] == "plain_text"
        assert said["card"]["header"]["template"] in {"green", "orange", "red", "grey"}
        assert {element["tag"] for element in said["card"]["elements"]} <= {"div", "action"}
        assert len(body) <= 20_000
        return json.dumps(said["card"], ensure_ascii=False)


class Slack:
    """docs.slack.dev: incoming webhooks, Block Kit"""

    kind = "slack"
    path = f"/services/T00000000/B00000000/{KEY}"
    wrong_path = "/services/T00000000/B00000000/c4n4ryOfNobody"
    ok = 200, b"ok", {}
    limited = 429, b"rate_limited", {"Retry-After": "30"}
    busy = 503, b"service_unavailable", {}
    bad_message = 400, b"invalid_blocks", {}
    is_signed = False

    def take(self, request, body):
        _expect(request.path == self.path, OddError(404, b"no_service"))
        said = json.loads(body)
        header, section, *links = said["blocks"]
        assert said["text"]
        assert header["type"] == "header"
        assert header["text"]["type"] == "plain_text"
        assert 0 < len(header["text"]["text"]) <= 150
        assert section["type"] == "section"
        assert 0 < len(section["fields"]) <= 10
        assert all(0 < len(each["text"]) <= 2000 for each in section["fields"])
        assert all(link["text"]["type"] == "mrkdwn" for link in links)
        return json.dumps(said, ensure_ascii=False)


class Teams:
    """learn.microsoft.com: workflows, "When a Teams webhook request is received" """

    kind = "teams"
    path = f"/workflows/0f1e/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers&sv=1.0&sig={KEY}"
    wrong_path = "/workflows/0f1e/triggers/manual/paths/invoke?api-version=1&sig=c4n4ry-of-nobody"
    ok = 202, b"", {}
    limited = 429, b'{"error":{"code":"TooManyRequests"}}', {"Retry-After": "7"}
    busy = 503, b'{"error":{"code":"ServiceUnavailable"}}', {}
    bad_message = 400, b'{"error":{"code":"TriggerInputSchemaMismatch","message":"expected array"}}', {}
    is_signed = False

    def take(self, request, body):
        _expect(
            parse_qs(request.query)["sig"] == [KEY],
            OddError(401, b'{"error":{"code":"DirectApiAuthorizationRequired"}}'),
        )
        said = json.loads(body)
        (attachment,) = said["attachments"]
        card = attachment["content"]
        assert said["type"] == "message"
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
        assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
        assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
        assert {action["type"] for action in card.get("actions", [])} <= {"Action.OpenUrl"}
        assert len(body) <= 28_000
        return json.dumps(card, ensure_ascii=False)


HTML = b"<!doctype html><title>Please log in</title><form action=/login>"


@dataclass
class Chats:
    """The server, and what it did. `moods` are taken from the front, one a request; without any it is kind."""

    platform: object
    moods: list[str] = field(default_factory=list)
    taken: list[object] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    port: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def address(self, *, robot=ROBOT, path=None):
        """What stands in the settings for a group of this platform."""
        signing = f"#{robot}" if self.platform.is_signed else ""
        return f"http://127.0.0.1:{self.port}{path or self.platform.path}{signing}"


class Handler(BaseHTTPRequestHandler):
    """One request: read whole, checked by the platform, then answered as the mood has it."""

    chats: Chats
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        chats = self.chats
        chats.requests.append(self.path)
        mood = chats.moods.pop(0) if chats.moods else "kind"
        if mood == "too_large":
            # the body is not even read
            self.answer(413, b"too large", {})
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, f"be_{mood}")(body)

    def be_kind(self, body):
        self.answer(*self.judged(body))

    def judged(self, body):
        """The platform's answer; what it takes is counted, what breaks its rules is kept for the test."""
        chats = self.chats
        try:
            assert self.headers["Content-Type"].startswith(("application/json", "multipart/form-data"))
            chats.taken.append(chats.platform.take(urlsplit(self.path), body))
        except OddError as odd:
            return odd.answer
        except (AssertionError, KeyError, ValueError) as fault:
            chats.faults.append(fault)
            return 400, b"broken", {}
        return chats.platform.ok

    def be_limited(self, body):
        self.answer(*self.chats.platform.limited)

    def be_busy(self, body):
        self.answer(*self.chats.platform.busy)

    def be_bad_message(self, body):
        self.answer(*self.chats.platform.bad_message)

    def be_dropping(self, body):
        self.judged(body)
        self.close_connection = True

    def be_hanging(self, body):
        self.judged(body)
        self.chats.is_over.wait(10)
        self.close_connection = True

    def be_dripping(self, body):
        """Never silent, never done."""
        self.judged(body)
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        while not self.chats.is_over.wait(0.02):
            self.wfile.write(b" ")

    def be_moved(self, body):
        self.answer(302, b"", {"Location": f"http://127.0.0.1:{self.chats.port}/elsewhere"})

    def be_html(self, body):
        self.answer(200, HTML, {"Content-Type": "text/html"})

    def be_html_404(self, body):
        self.answer(404, HTML, {"Content-Type": "text/html"})

    def be_broken(self, body):
        self.answer(500, HTML, {"Content-Type": "text/html"})

    def be_endless(self, body):
        self.answer(200, b" " * 200_000, {})

    def be_nested(self, body):
        self.answer(200, b"[" * 60_000, {})

    def be_garbled(self, body):
        self.answer(200, b'{"errcode":"0","code":true,"ok":1}', {})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing of it is printed."""


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that went away is what some tests are about."""


def opened(platform) -> tuple[Chats, ThreadingHTTPServer]:
    """A platform that listens on a port of its own."""
    chats = Chats(platform)
    server = Quiet(("127.0.0.1", 0), type("Bound", (Handler,), {"chats": chats}))
    chats.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return chats, server


def parsed_form(body: bytes, media_type: str):
    """A multipart body as the standard library reads it."""
    return BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)


PLATFORMS = {platform.kind: platform for platform in (WeCom, Feishu, DingTalk, Slack, Teams)}

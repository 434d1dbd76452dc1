"""Feishu and Lark (飞书): a custom bot that checks a signature (签名校验)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult

from delivery.channels.chat.platform import Answer, Payload, Platform, Signed, Verdict, Webhook, read_json
from delivery.message import Brief

_COLOURS = {"green": "green", "amber": "orange", "red": "red"}
_HOOK = "/open-apis/bot/v2/hook/"


def _fits(parts: SplitResult) -> bool:
    return parts.path.startswith(_HOOK) and len(parts.path) > len(_HOOK)


def _payload(brief: Brief) -> Payload:
    facts = [{"tag": "div", "text": _plain(f"{name} {value}")} for name, value in brief.facts]
    header = {"title": _plain(brief.title), "template": _COLOURS.get(brief.tone, "grey")}
    card = {"config": {"wide_screen_mode": True}, "header": header, "elements": [*facts, *_link(brief)]}
    return {"msg_type": "interactive", "card": card}


def _plain(text: str) -> Payload:
    """A text in which nothing is markup."""
    return {"tag": "plain_text", "content": text}


def _link(brief: Brief) -> list[Payload]:
    if brief.link is None:
        return []
    words, address = brief.link
    button = {"tag": "button", "text": _plain(words), "url": address, "type": "default"}
    return [{"tag": "action", "actions": [button]}]


def _sign(payload: Payload, webhook: Webhook, now: float) -> Signed:
    """The time in seconds and the secret are the key, and what is signed is empty; it goes into the body."""
    timestamp = str(int(now))
    key = f"{timestamp}\n{webhook.secret}".encode()
    signature = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    return Signed({"timestamp": timestamp, "sign": signature, **payload})


def _code_of(answer: Answer) -> str | None:
    """`code`, and of the older answers `StatusCode`; 9499 is said of a bad message and of too many."""
    said: Mapping[str, Any] = read_json(answer)
    code = said.get("code", said.get("StatusCode"))
    if type(code) is not int:
        return None
    return "too many" if code == 9499 and "too many" in str(said.get("msg", "")).lower() else str(code)


FEISHU = Platform(
    kind="feishu",
    title="Feishu",
    expected="https://open.feishu.cn/open-apis/bot/v2/hook/...#SECRET",
    fits=_fits,
    payload=_payload,
    code_of=_code_of,
    meanings={
        "0": Verdict.TAKEN,
        "too many": Verdict.LIMITED,
        "11232": Verdict.LIMITED,
        "9499": Verdict.BAD_MESSAGE,
        "19002": Verdict.BAD_MESSAGE,
        "11246": Verdict.BAD_MESSAGE,
        "19001": Verdict.BAD_ADDRESS,
        "19021": Verdict.BAD_ADDRESS,
        "19022": Verdict.BAD_ADDRESS,
        "19024": Verdict.BAD_ADDRESS,
    },
    largest=20_000,
    per_minute=100,
    pause=10,
    is_signed=True,
    sign=_sign,
)

"""DingTalk (钉钉): a custom robot that is secured by a signature (加签)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import SplitResult, urlencode

from delivery.channels.chat.platform import (
    Payload,
    Platform,
    Signed,
    Verdict,
    Webhook,
    code_under,
    in_markdown,
    link_in_markdown,
    query_of,
)
from delivery.message import Brief


def _fits(parts: SplitResult) -> bool:
    return parts.path.endswith("/robot/send") and "access_token" in query_of(parts)


def _payload(brief: Brief) -> Payload:
    facts = (f"- {in_markdown(name)} {in_markdown(value)}" for name, value in brief.facts)
    text = "\n\n".join((f"#### {in_markdown(brief.title)}", "\n".join(facts), *link_in_markdown(brief)))
    return {"msgtype": "markdown", "markdown": {"title": in_markdown(brief.title), "text": text}}


def _sign(payload: Payload, webhook: Webhook, now: float) -> Signed:
    """The secret signs the time in milliseconds and itself; the signature goes into the query."""
    timestamp = str(round(now * 1000))
    key, text = webhook.secret.encode(), f"{timestamp}\n{webhook.secret}".encode()
    signature = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return Signed(payload, urlencode({"timestamp": timestamp, "sign": signature}))


DINGTALK = Platform(
    kind="dingtalk",
    title="DingTalk",
    expected="https://oapi.dingtalk.com/robot/send?access_token=...#SEC...",
    fits=_fits,
    payload=_payload,
    code_of=code_under("errcode"),
    meanings={
        "0": Verdict.TAKEN,
        "-1": Verdict.BUSY,
        "130101": Verdict.LIMITED,
        "410100": Verdict.LIMITED,
        "40035": Verdict.BAD_MESSAGE,
        "400105": Verdict.BAD_MESSAGE,
        "430101": Verdict.BAD_MESSAGE,
        "430102": Verdict.BAD_MESSAGE,
        "430103": Verdict.BAD_MESSAGE,
        "430104": Verdict.BAD_MESSAGE,
        "300001": Verdict.BAD_ADDRESS,
        "310000": Verdict.BAD_ADDRESS,
        "400013": Verdict.BAD_ADDRESS,
        "400101": Verdict.BAD_ADDRESS,
        "400102": Verdict.BAD_ADDRESS,
        "400106": Verdict.BAD_ADDRESS,
    },
    largest=20_000,
    per_minute=20,
    # whoever sends too many is locked out for ten minutes
    pause=600,
    is_signed=True,
    sign=_sign,
)

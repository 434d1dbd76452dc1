"""WeCom (企业微信): the webhook of a group robot. Its key, in the address, is the only secret."""

from __future__ import annotations

from urllib.parse import SplitResult

from delivery.channels.chat.platform import (
    Payload,
    Platform,
    Upload,
    Verdict,
    Webhook,
    code_under,
    in_markdown,
    link_in_markdown,
    query_of,
)
from delivery.message import Brief


def _fits(parts: SplitResult) -> bool:
    return parts.path.endswith("/webhook/send") and "key" in query_of(parts)


def _payload(brief: Brief) -> Payload:
    facts = (f"> {in_markdown(name)} {in_markdown(value)}" for name, value in brief.facts)
    lines = (f"**{in_markdown(brief.title)}**", *facts, *link_in_markdown(brief))
    return {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}


def _upload_target(webhook: Webhook) -> str:
    path = webhook.path.removesuffix("/send")
    return f"{path}/upload_media?{webhook.query}&type=file"


def _file_message(media_id: str) -> Payload:
    return {"msgtype": "file", "file": {"media_id": media_id}}


WECOM = Platform(
    kind="wecom",
    title="WeCom",
    expected="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...",
    fits=_fits,
    payload=_payload,
    code_of=code_under("errcode"),
    meanings={
        "0": Verdict.TAKEN,
        "-1": Verdict.BUSY,
        "45009": Verdict.LIMITED,
        "45033": Verdict.LIMITED,
        "40008": Verdict.BAD_MESSAGE,
        "40058": Verdict.BAD_MESSAGE,
        "44004": Verdict.BAD_MESSAGE,
        "45002": Verdict.BAD_MESSAGE,
        "93000": Verdict.BAD_ADDRESS,
    },
    # of the text alone 4,096 bytes count
    largest=4_000,
    per_minute=20,
    pause=60,
    upload=Upload(_upload_target, _file_message),
)

"""Slack: an incoming webhook, with blocks. It answers with a word instead of JSON."""

from __future__ import annotations

import re
from urllib.parse import SplitResult

from delivery.channels.chat.platform import Answer, Payload, Platform, Verdict
from delivery.message import Brief

_PATH = re.compile(r"/services/[^/]+/[^/]+/[^/]+")
_WORD = re.compile(rb"[a-z][a-z_]{1,60}")
_LONGEST_HEADER, _LONGEST_FIELD = 150, 2000


def _fits(parts: SplitResult) -> bool:
    return _PATH.fullmatch(parts.path) is not None


def _payload(brief: Brief) -> Payload:
    fields = [_plain(f"{name} {value}"[:_LONGEST_FIELD]) for name, value in brief.facts]
    blocks = [
        {"type": "header", "text": _plain(brief.title[:_LONGEST_HEADER])},
        {"type": "section", "fields": fields},
        *_link(brief),
    ]
    # what is read out, and shown where blocks are not; here, too, `<` would begin a call to everybody
    return {"text": _escaped(brief.title), "blocks": blocks}


def _plain(text: str) -> Payload:
    """A text in which nothing is markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _link(brief: Brief) -> list[Payload]:
    if brief.link is None:
        return []
    words, address = brief.link
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<{_escaped(address)}|{_escaped(words)}>"}}
    ]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code_of(answer: Answer) -> str | None:
    word = answer.body.strip()
    return word.decode("ascii") if _WORD.fullmatch(word) else None


SLACK = Platform(
    kind="slack",
    title="Slack",
    expected="https://hooks.slack.com/services/T.../B.../...",
    fits=_fits,
    payload=_payload,
    code_of=_code_of,
    meanings={
        "ok": Verdict.TAKEN,
        "rate_limited": Verdict.LIMITED,
        "ratelimited": Verdict.LIMITED,
        "invalid_payload": Verdict.BAD_MESSAGE,
        "invalid_blocks": Verdict.BAD_MESSAGE,
        "invalid_blocks_format": Verdict.BAD_MESSAGE,
        "no_text": Verdict.BAD_MESSAGE,
        "missing_text_or_fallback_or_attachments": Verdict.BAD_MESSAGE,
        "action_prohibited": Verdict.BAD_ADDRESS,
        "channel_is_archived": Verdict.BAD_ADDRESS,
        "channel_not_found": Verdict.BAD_ADDRESS,
        "invalid_token": Verdict.BAD_ADDRESS,
        "no_service": Verdict.BAD_ADDRESS,
        "no_team": Verdict.BAD_ADDRESS,
        "user_not_found": Verdict.BAD_ADDRESS,
        # it does not say whether the message is out
        "rollup_error": Verdict.UNKNOWN,
    },
    largest=40_000,
    per_minute=60,
    pause=2,
)

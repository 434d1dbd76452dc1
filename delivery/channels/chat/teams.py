"""Microsoft Teams: the webhook of a workflow, which posts an Adaptive Card.

Its 202 says that the workflow was started, as a mail server's 250 says that the mail is in its queue.
"""

from __future__ import annotations

from urllib.parse import SplitResult

from delivery.channels.chat.platform import Answer, Payload, Platform, Verdict, query_of, read_json
from delivery.message import Brief

_COLOURS = {"green": "good", "amber": "warning", "red": "attention"}
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
_ACCEPTED = 202


def _fits(parts: SplitResult) -> bool:
    return "/workflows/" in parts.path and "sig" in query_of(parts)


def _payload(brief: Brief) -> Payload:
    title = {
        "type": "TextRun",
        "text": brief.title,
        "weight": "bolder",
        "size": "medium",
        "color": _COLOURS.get(brief.tone, "default"),
    }
    # runs of text, because in text blocks and fact sets a name could be Markdown
    facts = (
        _runs({"type": "TextRun", "text": f"{name} ", "weight": "bolder"}, {"type": "TextRun", "text": value})
        for name, value in brief.facts
    )
    card = {"$schema": _SCHEMA, "type": "AdaptiveCard", "version": "1.4", "body": [_runs(title), *facts]}
    content = card if brief.link is None else {**card, "actions": [_open(*brief.link)]}
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _runs(*runs: Payload) -> Payload:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _open(words: str, address: str) -> Payload:
    return {"type": "Action.OpenUrl", "title": words, "url": address}


def _code_of(answer: Answer) -> str | None:
    """The code of an error, or that the workflow was started."""
    if answer.status == _ACCEPTED:
        return "accepted"
    error = read_json(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


TEAMS = Platform(
    kind="teams",
    title="Teams",
    expected="https://....powerplatform.com/.../workflows/.../triggers/manual/paths/invoke?...&sig=...",
    fits=_fits,
    payload=_payload,
    code_of=_code_of,
    meanings={
        "accepted": Verdict.TAKEN,
        "TooManyRequests": Verdict.LIMITED,
        "ServiceUnavailable": Verdict.BUSY,
        "TriggerInputSchemaMismatch": Verdict.BAD_MESSAGE,
        "RequestEntityTooLarge": Verdict.BAD_MESSAGE,
        "InvalidRequestContent": Verdict.BAD_MESSAGE,
    },
    largest=28_000,
    per_minute=200,
    pause=5,
)

"""A chat platform as a channel: its recipients are groups, by the names that the book has for them."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from delivery.channels.base import (
    Envelope,
    NotSentError,
    RefusedForGoodError,
    RefusedMailError,
    UnknownOutcomeError,
)
from delivery.channels.chat.addresses import VARIABLE, webhook_of
from delivery.channels.chat.platform import (
    Answer,
    Payload,
    Platform,
    Upload,
    Verdict,
    Webhook,
    read_json,
    verdict_of,
)
from delivery.channels.chat.posting import NoAnswerError, NotPostedError, post
from delivery.message import Attachment, Message
from ledger.errors import DeliveryError
from scoring.errors import UsageError

_JSON = "application/json; charset=utf-8"
_WINDOW = 60.0
_PATIENCE = 60.0
"""How many seconds a group that has taken too much is waited for; after that a later run sends it."""

_Make = Callable[[float], tuple[str, bytes, str]]
"""What is posted at a time: the target, the body and its media type. A signature is of its second."""


@dataclass(slots=True)
class Pace:
    """Keeps below the messages that a group takes in a minute, as far as this process knows."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    sent: dict[str, list[float]] = field(default_factory=dict)

    def pause(self, group: str) -> float:
        """How many seconds the next message has to wait; it is counted as sent then."""
        now = self.clock()
        recent = [at for at in self.sent.get(group, []) if at > now - _WINDOW]
        is_full = len(recent) >= self.per_minute
        pause = recent[-self.per_minute] + _WINDOW - now if is_full else 0.0
        self.sent[group] = [*recent, now + pause]
        return pause


@dataclass(frozen=True, slots=True)
class ChatChannel:
    """Posts each message to the webhook of its group. `connections` are the addresses, by the groups' names.

    `timeout` in seconds bounds the connecting, and then the answer.
    """

    platform: Platform
    connections: Mapping[str, str] = field(repr=False, compare=False)
    pace: Pace = field(repr=False, compare=False)
    timeout: float = 30.0
    wait: Callable[[float], None] = field(default=time.sleep, repr=False, compare=False)
    now: Callable[[], float] = field(default=time.time, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The platform; which group it is says the recipient."""
        return f"{self.kind}:"

    @property
    def kind(self) -> str:
        """The platform's word in the book, the settings and the ledger."""
        return self.platform.kind

    def webhook(self, group: str) -> Webhook:
        """The address of a group; raises `UsageError` where there is none, or none that can be right."""
        return webhook_of(self.platform, group, self.connections.get(group))

    def pack(self, message: Message) -> bytes:
        """The message in the platform's form, and the file that goes with it; no signature, no secret.

        Raises `DeliveryError` for a message without a brief, or larger than the platform takes.
        """
        if message.brief is None:
            raise DeliveryError(f"{self.kind}: expected a message that says what a group reads, found none.")
        payload = self.platform.payload(message.brief)
        size = len(_spelled(payload))
        if size > self.platform.largest:
            raise DeliveryError(
                f"{self.kind}: expected a message of at most {self.platform.largest} bytes, found {size}; "
                "shorten the names of the team and its KPIs."
            )
        files = message.documents if self.platform.upload and message.brief.has_file else ()
        return _spelled({"message": payload, "files": [*map(_packed, files)]})

    def send(self, packed: bytes, envelope: Envelope) -> None:
        """Upload what is to be uploaded, which nobody sees, then post the message, then name each file.

        Raises `NotSentError` if the message is certainly not in the group, `RefusedForGoodError` if it would
        be refused again, as a `RefusedMailError` where it is the message itself, and `UnknownOutcomeError`
        where no answer says what became of it, or the message is there and its file is not.
        """
        group, parts = envelope.recipient, json.loads(packed)
        webhook = self._ready(group)
        later = [self._uploaded(webhook, group, file) for file in parts["files"]]
        self._say(webhook, group, parts["message"])
        for payload in later:
            self._say_too(webhook, group, payload)

    def outcome(self, envelope: Envelope, message_id: str) -> bool | None:
        """No webhook can be asked afterwards."""
        return None

    def _ready(self, group: str) -> Webhook:
        """The webhook, checked by every command; one that was taken away since is refused like a message."""
        try:
            return self.webhook(group)
        except UsageError as error:
            raise RefusedForGoodError(str(error)) from None

    def _say(self, webhook: Webhook, group: str, payload: Payload) -> None:
        def make(now: float) -> tuple[str, bytes, str]:
            signed = self.platform.sign(payload, webhook, now)
            return _joined(webhook.target, signed.query), _spelled(signed.payload), _JSON

        self._post(webhook, group, make)

    def _say_too(self, webhook: Webhook, group: str, payload: Payload) -> None:
        try:
            self._say(webhook, group, payload)
        except DeliveryError as error:
            raise UnknownOutcomeError(f"the message is in the group, its file may not be: {error}") from None

    def _uploaded(self, webhook: Webhook, group: str, file: Mapping[str, str]) -> Payload:
        """The message that names an uploaded file; what is not named is seen by nobody, so it may be lost."""
        upload: Upload | None = self.platform.upload
        if upload is None:
            raise DeliveryError(f"{self.kind}: expected no file, found {file['name']}; nothing was sent.")
        body, media_type = _form(file)
        try:
            answer = self._post(webhook, group, lambda _: (upload.target(webhook), body, media_type))
        except UnknownOutcomeError as error:
            raise NotSentError(f"the file was not taken: {error}") from None
        media_id = read_json(answer).get("media_id")
        if not isinstance(media_id, str):
            raise NotSentError(self._sentence("an upload without a media_id", "run again later"))
        return upload.message(media_id)

    def _post(self, webhook: Webhook, group: str, make: _Make) -> Answer:
        """The answer to what was taken; everything else is raised."""
        answer = self._unlimited(webhook, group, make)
        verdict = verdict_of(self.platform, answer)
        if verdict is Verdict.TAKEN:
            return answer
        kind, step = _ENDS[verdict]
        found = _found(self.platform, answer, webhook)
        raise kind(self._sentence(found, step.format(variable=f"{VARIABLE}{group.upper()}")))

    def _unlimited(self, webhook: Webhook, group: str, make: _Make) -> Answer:
        """The answer; while there were too many it is tried again, for as long as the patience lasts."""
        left, pause = _PATIENCE, self.pace.pause(group)
        while True:
            if pause > 0:
                self.wait(pause)
            answer = self._once(webhook, make)
            pause = self._pause(answer)
            left -= pause
            if pause == 0 or left < 0:
                return answer

    def _pause(self, answer: Answer) -> float:
        """How many seconds to wait before it is sent once more; 0 where that is not what the answer asks."""
        if verdict_of(self.platform, answer) is not Verdict.LIMITED:
            return 0
        return max(1, self.platform.pause if answer.retry_after is None else answer.retry_after)

    def _once(self, webhook: Webhook, make: _Make) -> Answer:
        target, body, media_type = make(self.now())
        try:
            return post(webhook, target, body, media_type=media_type, timeout=self.timeout)
        except NotPostedError as error:
            kind, step = _NOT_POSTED[error.is_for_good]
            raise kind(self._sentence(str(error), step)) from None
        except NoAnswerError as error:
            raise UnknownOutcomeError(self._sentence(str(error), _LOOK)) from None

    def _sentence(self, found: str, step: str) -> str:
        return f"expected {self.platform.title} to accept the message, found: {found}; {step}."


_NOT_POSTED: Mapping[bool, tuple[type[DeliveryError], str]] = {
    True: (RefusedForGoodError, "ask whoever runs the network, and run again"),
    False: (NotSentError, "run again later"),
}
_LOOK = "look into the group whether it is there"
_ENDS: Mapping[Verdict, tuple[type[DeliveryError], str]] = {
    Verdict.LIMITED: (NotSentError, "too many were sent to it, run again later"),
    Verdict.BUSY: (NotSentError, "run again later"),
    Verdict.BAD_MESSAGE: (
        RefusedMailError,
        "give this group up or retry it (`scorewright settle`) and run again",
    ),
    Verdict.BAD_ADDRESS: (
        RefusedForGoodError,
        "correct {variable} or the robot of the group, and run again",
    ),
    Verdict.UNKNOWN: (UnknownOutcomeError, _LOOK),
}


def _spelled(content: Mapping[str, Any]) -> bytes:
    """The same content gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(file: Attachment) -> dict[str, str]:
    content = base64.b64encode(file.content).decode()
    return {"name": file.name, "media_type": file.media_type, "content": content}


def _form(file: Mapping[str, str]) -> tuple[bytes, str]:
    """The file as `multipart/form-data`, and the media type that names its boundary."""
    content = base64.b64decode(file["content"])
    boundary = hashlib.sha256(content).hexdigest()
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{file["name"]}"; '
        f"filelength={len(content)}\r\nContent-Type: {file['media_type']}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _joined(target: str, query: str) -> str:
    """The target with what is added to its query, if anything is."""
    return f"{target}{'&' if '?' in target else '?'}{query}" if query else target


def _found(platform: Platform, answer: Answer, webhook: Webhook) -> str:
    """The status and the platform's words on one line, without anything of the address."""
    if platform.code_of(answer) is None:
        return f"{answer.status} and an answer that is not {platform.title}'s"
    words = answer.body.decode("utf-8", "replace")
    for secret in webhook.secrets:
        words = words.replace(secret, "***")
    printable = "".join(character if character.isprintable() else " " for character in words)
    return f"{answer.status} {' '.join(printable.split())[:150]}".rstrip(". ")

"""The values written to and read from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from scoring.addresses import one_spelling

MAIL = "mail"
"""The kind of channel for mails, whatever carries them."""

CHATS = ("wecom", "feishu", "dingtalk", "slack", "teams")
"""The kinds of channels whose recipients are groups."""


class DeliveryState(StrEnum):
    """The state of one issue's message to one recipient.

    `failed` is certainly not delivered and may be tried again; `refused` came back, or would be refused
    again, so it stays until a person says otherwise; `uncertain` may have been delivered, so nothing sends
    it again until a person has looked; `superseded` was replaced by a later revision before it was sent.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    SUPERSEDED = "superseded"


class EntryKind(StrEnum):
    """What an entry says about a KPI: a number of events, a level, the day on which something was done, a
    mark by the person or the superior; `check_in` is the current value of a key result.
    """

    EVENTS = "events"
    LEVEL = "level"
    DONE_ON = "done_on"
    SELF = "self"
    SUPERIOR = "superior"
    CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody entered for a team's KPI in a period; it never changes, a newer entry replaces it.

    `value` is a plain decimal, a level or an ISO date, by its kind; `kpi_id` is free text of up to 90
    characters. `said_on` is the day that the person gave, `entered_at` the UTC time of the entry,
    `form_sha256` is of what the form says, in hex: the same answers saved again are the same form.
    """

    period: str
    team_id: str
    kpi_id: str
    kind: EntryKind
    value: str
    comment: str
    said_by: str
    said_on: date
    entered_at: datetime
    form_name: str
    form_sha256: str


class Decision(StrEnum):
    """What a second person decided on a card."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody decided on an issue, by its content hash; it never changes, a newer one replaces it.

    `decided_at` is a UTC time with its zone, `reason` why a card was rejected, or nothing.
    """

    issue_id: int
    content_hash: str
    decision: Decision
    decided_by: str
    decided_at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was issued: the name of its file, its media type, and its sha256 in hex."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """What an issue was made with: the book (sha256 of its files), the program's version, and who ran it."""

    book_sha256: str | None = None
    program: str | None = None
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One revision of one team's card as it was issued; it never changes.

    `content_hash` is a sha256 in hex, `issued_at` is a UTC time with its zone. `chain_sha256` is the hash
    of this issue and of the one entered before it (see `ledger.chain`); older programs made none.
    """

    id: int
    period: str
    team_id: str
    revision: int
    content_hash: str
    card_json: str
    issued_at: datetime
    documents: tuple[Document, ...]
    made: Made = Made()
    chain_sha256: str | None = None

    @property
    def name(self) -> str:
        """Which card it is, such as `2026-10/eu-brand/r1`."""
        return f"{self.period}/{self.team_id}/r{self.revision}"


@dataclass(frozen=True, slots=True)
class Restated:
    """An issue's differences from the one it replaces, as canonical JSON, and whether the period was closed
    by then.
    """

    restatement_json: str
    is_closed: bool


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A recipient by kind of channel, which defines what `address` is."""

    channel: str
    address: str

    @property
    def place(self) -> Recipient:
        """Where its messages end: one mailbox, however its address is spelled."""
        return Recipient(MAIL, one_spelling(self.address)) if self.channel == MAIL else self

    def __str__(self) -> str:
        return self.address if self.channel == MAIL else f"{self.channel}:{self.address}"


def each_once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """The first of those whose messages would end in one place."""
    found: dict[Recipient, Recipient] = {}
    for recipient in recipients:
        found.setdefault(recipient.place, recipient)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back: which attempt of which delivery, and what was said of it; it never changes.

    `status` is the code of RFC 3463 where one was given, `message_sha256` that of the message which says so.
    """

    issue_id: int
    recipient: Recipient
    attempt: int
    status: str
    said: str
    message_sha256: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that somebody is told once: of what `kind`, about what, and to which address."""

    kind: str
    about: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Received:
    """The state of an earlier revision's message to a recipient when it was replaced."""

    revision: int
    recipient: Recipient
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class RestatementRecord:
    """Why the issue `issue_id` (a `period`'s `revision` of a team) replaced another; it never changes.

    `received` lists who had been sent an earlier revision at `recorded_at` (UTC with its zone).
    """

    issue_id: int
    replaces_issue_id: int
    period: str
    team_id: str
    revision: int
    is_closed: bool
    recorded_at: datetime
    restatement_json: str
    received: tuple[Received, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Which process is sending a mail, and how; kept so that others can check whether it still is.

    `started` tells two processes with the same `pid` apart. `sent_by` (the name of the channel),
    `sender` and `message_id` are those of the attempt: the settings may have changed by the time somebody
    asks what became of it. `message_sha256` is over the bytes that went out; older programs kept none.
    """

    token: str
    host: str
    pid: int
    started: str
    claimed_at: datetime
    sent_by: str
    sender: str
    message_id: str
    message_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One issue's message to one recipient. `claim` is the newest attempt's, `problem` what went wrong in it,
    or what it was sent without.

    `settled_by` is the person who decided what becomes of it, None if nobody had to.
    """

    issue_id: int
    recipient: Recipient
    state: DeliveryState
    attempts: int
    claim: Claim | None
    problem: str | None
    settled_at: datetime | None
    settled_by: str | None

"""The values that go into and come out of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """How far one issue's mail to one recipient is.

    `failed` is certainly not delivered and may be tried again; `uncertain` may have been delivered,
    so nothing sends it again until a person has looked.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Issue:
    """One revision of one team's card as it was issued; it never changes.

    `content_hash` and `pdf_sha256` are sha256 in hex, `issued_at` is a UTC time with its zone.
    """

    id: int
    period: str
    team_id: str
    revision: int
    content_hash: str
    card_json: str
    pdf_sha256: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is sending a mail, and by what; kept so that others can tell whether they still are.

    `started` tells two processes with the same `pid` apart. `channel`, `sender` and `message_id` are
    those of the attempt: the settings may have changed by the time somebody asks what became of it.
    """

    token: str
    host: str
    pid: int
    started: str
    claimed_at: datetime
    channel: str
    sender: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One issue's mail to one recipient. `claim` is the newest attempt's, `problem` what went wrong in it.

    `settled_by` is the person who decided an uncertain delivery, None where no person had to.
    """

    issue_id: int
    recipient: str
    state: DeliveryState
    attempts: int
    claim: Claim | None
    problem: str | None
    settled_at: datetime | None
    settled_by: str | None

"""The mails of a folder, held against the deliveries that say they were sent."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.cards import sha256_of
from auditing.facts import Found
from delivery.channels import outbox_at
from delivery.notices import NAMED
from delivery.outbox import envelope_of
from disk import Place, files_below
from disk.findings import Finding
from ledger import DeliveryState, Issue
from pipeline.site import Site
from settings import Settings

_BY_FOLDER = "file:"
"""What the name of a channel begins with that writes files."""
_BACKUP = "restore it from a backup; it is never sent again"
_STRANGER = "the ledger has no delivery that it belongs to"
_STRANGERS_HEAL = "restore the ledger from a backup, or move the file away"


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail that the ledger knows: of which issue, the hash of what was written, whether it was sent."""

    issue: str
    sha256: str | None
    is_sent: bool


def audit_mails(site: Site, issues: Sequence[Issue], found: Found) -> None:
    """Hold every mail in the outbox against the delivery that it belongs to."""
    known = dict(_known(site, issues))
    found.count("mails", sum(mail.is_sent for mail in known.values()))
    found.findings += _changed(known)
    found.findings += _strangers(files_below(site.settings.outbox), known)


def _changed(known: Mapping[Place, _Mail]) -> Iterator[Finding]:
    for path, mail in known.items():
        fault = _fault(path, mail)
        if fault is not None:
            yield Finding(str(path), fault, _BACKUP)


def _strangers(paths: Iterable[Place], known: Container[Place]) -> Iterator[Finding]:
    return (
        Finding(str(path), _STRANGER, _STRANGERS_HEAL)
        for path in paths
        if path not in known and not path.name.startswith(NAMED)
    )


def _known(site: Site, issues: Sequence[Issue]) -> Iterator[tuple[Place, _Mail]]:
    """Where the mails of the deliveries by folder lie, if they are to lie in this outbox."""
    names = {issue.id: issue.name for issue in issues}
    channel = outbox_at(site.settings.outbox)
    for delivery in site.ledger.deliveries_in(*DeliveryState):
        claim = delivery.claim
        if claim is not None and claim.sent_by.startswith(_BY_FOLDER):
            path = channel.path(envelope_of(claim, delivery.recipient.address))
            if path.exists() or _is_outbox(claim.sent_by, site.settings):
                is_sent = delivery.state is DeliveryState.SENT
                yield path, _Mail(names.get(delivery.issue_id, "?"), claim.message_sha256, is_sent)


def _is_outbox(sent_by: str, settings: Settings) -> bool:
    """Whether it is the outbox of a home, which may have stood elsewhere, and no folder named for mails."""
    is_named = sent_by in settings.delivery_url.split() and sent_by != f"{_BY_FOLDER}{settings.outbox}"
    return sent_by.endswith(f"/{settings.outbox.name}") and not is_named


def _fault(path: Place, mail: _Mail) -> str | None:
    """What is wrong with a mail. One that was begun and not sent need not be there."""
    if not path.exists():
        return f"lost, it was sent with {mail.issue}" if mail.is_sent else None
    if mail.sha256 in (None, sha256_of(path.read_bytes())):
        return None
    return f"not what was sent with {mail.issue}"

"""The mails of a folder, held against the deliveries that say they were sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.cards import sha256_of
from auditing.facts import Found
from delivery.channels.folder import FolderChannel
from delivery.outbox import envelope_of
from disk.findings import Finding
from ledger import DeliveryState, Issue
from pipeline.site import Site

_BACKUP = "restore it from a backup; it is never sent again"


def audit_mails(site: Site, issues: Sequence[Issue], found: Found) -> None:
    """Hold every mail in the outbox against the delivery that it belongs to."""
    names = {issue.id: f"{issue.period}/{issue.team_id}/r{issue.revision}" for issue in issues}
    channel = FolderChannel(site.settings.outbox)
    known: dict[Path, tuple[str, str | None, bool]] = {}
    for delivery in site.ledger.deliveries_in(*DeliveryState):
        claim = delivery.claim
        if claim is not None and claim.sent_by == channel.name:
            path = channel.path(envelope_of(claim, delivery.recipient.address))
            is_sent = delivery.state is DeliveryState.SENT
            known[path] = names.get(delivery.issue_id, "?"), claim.message_sha256, is_sent
    found.count("mails", sum(is_sent for *_, is_sent in known.values()))
    for path, (name, sha256, is_sent) in known.items():
        if not path.exists():
            if is_sent:
                found.findings.append(Finding(str(path), f"lost, it was sent with {name}", _BACKUP))
        elif sha256 is not None and sha256_of(path.read_bytes()) != sha256:
            found.findings.append(Finding(str(path), f"not what was sent with {name}", _BACKUP))
    for path in sorted(site.settings.outbox.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path not in known:
            told = "the ledger has no delivery that it belongs to"
            heal = "restore the ledger from a backup, or move the file away"
            found.findings.append(Finding(str(path), told, heal))

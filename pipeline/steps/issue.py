"""Enter rendered cards into the ledger."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from pipeline.cards import CardRef, CardStore
from pipeline.site import Site
from scoring.canonical import content_hash, to_json

log = logging.getLogger(__name__)


def issue(site: Site, name: str, *, now: datetime) -> int:
    """Issue the card called `name` (`2026-10/eu-brand/r1`); returns the id of its issue.

    A card whose content is not new keeps the issue it has.

    Raises `LedgerConflictError` where somebody else issued another revision since the card was drafted.
    """
    ref = CardRef.parse(name)
    store = CardStore(site.settings.scorecards)
    card = store.read_card(ref)
    issued = site.ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=card.revision,
        content_hash=content_hash(card),
        pdf_sha256=hashlib.sha256(store.read_drawn(card)).hexdigest(),
        issued_at=now,
    )
    log.info("issue: %s is issue %d", ref, issued.id)
    return issued.id

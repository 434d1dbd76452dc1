"""Enter rendered cards into the ledger."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from killpoints import reach
from ledger import Issue, Restated
from pipeline.cards import CardRef, CardStore
from pipeline.restatements import compare
from pipeline.site import Site
from scoring.canonical import content_hash, from_json, restatement_json, to_json
from scoring.period import Period
from scoring.scorecard import Scorecard

log = logging.getLogger(__name__)


def issue(site: Site, name: str, *, now: datetime) -> int:
    """Issue the card called `name` (`2026-10/eu-brand/r1`); returns the id of its issue.

    A card whose content is not new keeps the issue it has. With a revision the ledger gets what it says
    differently from the one before, and whether the period was closed at `now`.

    Raises `LedgerConflictError` where somebody else issued another revision since the card was drafted.
    """
    store = CardStore(site.settings.scorecards)
    card = store.read_card(CardRef.parse(name))
    issued = enter(site, card, hashlib.sha256(store.read_drawn(card)).hexdigest(), now=now)
    reach("issue.committed")
    log.info("issue: %s is issue %d", name, issued.id)
    return issued.id


def enter(site: Site, card: Scorecard, pdf_sha256: str, *, now: datetime) -> Issue:
    """Issue a card whose PDF has that hash; see `issue`."""
    latest = site.ledger.latest_issue(card.period, card.team_id)
    return site.ledger.issue(
        to_json(card),
        period=card.period,
        team_id=card.team_id,
        revision=card.revision,
        content_hash=content_hash(card),
        pdf_sha256=pdf_sha256,
        issued_at=now,
        restated=None if latest is None else _restated(site, from_json(latest.card_json), card, now),
    )


def _restated(site: Site, old: Scorecard, new: Scorecard, now: datetime) -> Restated:
    is_closed = site.book.is_closed(Period.parse(new.period), now)
    return Restated(restatement_json(compare(old, new)), is_closed)

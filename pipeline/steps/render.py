"""Turn drafted cards into PDFs."""

from __future__ import annotations

import logging

from killpoints import reach
from pipeline.cards import CardRef, CardStore
from pipeline.site import Site
from reports.pdf import render_pdf

log = logging.getLogger(__name__)


def render(site: Site, name: str) -> str:
    """Render the card called `name` (`2026-10/eu-brand/r1`) and keep the PDF beside its JSON; returns `name`.

    The same card gives the same bytes; a PDF that was issued and is still there is not drawn again.
    """
    ref = CardRef.parse(name)
    store = CardStore(site.settings.scorecards)
    if not _is_issued(site, store, ref):
        card = store.read_card(ref)
        pdf = render_pdf(card)
        reach("render.drawn")
        path = store.write_pdf(card, pdf)
        reach("render.kept")
        log.info("render: %s", path.name)
    return name


def _is_issued(site: Site, store: CardStore, ref: CardRef) -> bool:
    issue = site.ledger.latest_issue(ref.period, ref.team_id)
    return (
        issue is not None
        and issue.revision == ref.revision
        and store.path(ref, "drawn").exists()
        and store.read_issued(ref, issue.pdf_sha256) is not None
    )

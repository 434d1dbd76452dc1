"""Turn drafted cards into PDFs."""

from __future__ import annotations

import logging

from pipeline.cards import CardRef, CardStore
from pipeline.site import Site
from reports.pdf import render_pdf

log = logging.getLogger(__name__)


def render(site: Site, name: str) -> str:
    """Render the card called `name` (`2026-10/eu-brand/r1`) and keep the PDF beside its JSON; returns `name`.

    The same card gives the same bytes.
    """
    ref = CardRef.parse(name)
    store = CardStore(site.settings.scorecards)
    path = store.write_pdf(ref, render_pdf(store.read_card(ref)))
    log.info("render: %s", path.name)
    return name

"""A card to a PDF, against WeasyPrint drawing the finished page as a plain file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.cards import CardRef
from pipeline.steps.score import score
from reports.page import page_html
from reports.pdf import html_to_pdf, render_pdf
from scoring.period import Period
from tests.benchmarks.measures import loaded_site
from tests.benchmarks.stopwatch import Result, side_by_side


def run(folder: Path) -> Iterator[Result]:
    """One card in each language."""
    site = loaded_site(folder)
    store = site.cards
    names = score(site, Period(2026, 10), ("eu-export", "cn-commerce"))
    for name in names:
        card = store.read_card(CardRef.parse(name))
        page = page_html(card)
        yield side_by_side(
            f"render: {name} ({card.language})",
            "WeasyPrint on the same page as static HTML",
            lambda card=card: render_pdf(card),
            lambda page=page: html_to_pdf(page),
            turns=3,
        )

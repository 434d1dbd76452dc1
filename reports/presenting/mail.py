"""What the mail says about a card. It draws nothing: its reader has the PDF at hand."""

from __future__ import annotations

from reports.presenting.findings import certificate_view
from reports.presenting.firstpage import first_page
from reports.presenting.focus import focus_view
from reports.presenting.headings import heading_of, headline_of
from reports.presenting.reader import Reader
from reports.presenting.restatements import restated_sentences
from reports.views import AreaScore, MailView
from scoring.scorecard import Scorecard


def mail_view(card: Scorecard, reader: Reader) -> MailView:
    """Everything that both forms of the mail print, in the card's language."""
    headline = headline_of(card, reader)
    return MailView(
        heading=heading_of(card, reader),
        headline=headline,
        focus=focus_view(card, reader),
        areas=tuple(
            AreaScore(area.name.to(card.language), reader.status(area.band), reader.score(area.score))
            for area in card.areas
        ),
        restated=restated_sentences(card, reader),
        certificate=certificate_view(card, reader, first_page(card, headline).findings),
    )

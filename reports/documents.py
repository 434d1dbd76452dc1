"""The documents that are drawn of every card. A new kind is one module and one entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A way to draw a card. The same card gives the same bytes; files of the kind end in `ending`.

    Only the cards for which it `is_wanted` have it.
    """

    ending: str
    media_type: str
    render: Callable[[Scorecard], bytes]
    is_wanted: Callable[[Scorecard], bool] = lambda _: True


def _drawn_by(module: str, function: str) -> Callable[[Scorecard], bytes]:
    """Imported late: code that only looks for documents draws none."""

    def draw(card: Scorecard) -> bytes:
        drawn: bytes = getattr(import_module(module), function)(card)
        return drawn

    return draw


def _has_workbook(card: Scorecard) -> bool:
    """Whether the book asked for one when the card was made, and so the card has what it takes."""
    return card.in_cells is not None


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: list[DocumentKind] = [
    DocumentKind("pdf", "application/pdf", _drawn_by("reports.pdf", "render_pdf")),
    DocumentKind("xlsx", XLSX, _drawn_by("reports.workbook.render", "render_workbook"), _has_workbook),
]


def kinds_of(card: Scorecard) -> list[DocumentKind]:
    """The kinds that a card has, the PDF first."""
    return [kind for kind in KINDS if kind.is_wanted(card)]

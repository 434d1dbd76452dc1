"""The documents that are drawn of every card. A new kind is one module and one entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A way to draw a card. The same card gives the same bytes; files of the kind end in `ending`."""

    ending: str
    media_type: str
    render: Callable[[Scorecard], bytes]


def _pdf(card: Scorecard) -> bytes:
    """Imported late: code that only looks for documents draws none."""
    from reports.pdf import render_pdf  # noqa: PLC0415

    return render_pdf(card)


KINDS: list[DocumentKind] = [DocumentKind("pdf", "application/pdf", _pdf)]

"""The workbook of a card. The same card gives the same bytes."""

from __future__ import annotations

from reports.presenting.reader import reader_of
from reports.workbook import checks, figures, front, lines, sums
from reports.workbook.paper import Paper
from reports.workbook.settings import write_settings
from scoring.errors import UsageError
from scoring.scorecard import Scorecard


def render_workbook(card: Scorecard) -> bytes:
    """The workbook; raises `UsageError` for a card whose book asked for none when it was made."""
    if card.in_cells is None:
        raise UsageError(
            f"{card.period}/{card.team_id}: expected a card that was made with documents: [pdf, workbook] in "
            "organisation.yaml, found one without; add it there and make the card anew."
        )
    paper = Paper(card, card.in_cells, reader_of(card))
    # settings and figures first: what comes later names their cells
    write_settings(paper)
    figures.write_figures(paper)
    front.place(paper)
    lines.write_lines(paper)
    sums.write_sums(paper)
    front.write_front(paper)
    checks.write_checks(paper)
    return paper.finished()

"""The differences of two revisions of a card, as a PDF of one or two pages in the card's language."""

from __future__ import annotations

from reports.directions import set_apart
from reports.page import PAGE_COUNT, PAGE_NUMBER
from reports.pdf import html_to_pdf
from reports.presenting.revisions import Mailed, revision_view
from reports.templating import environment
from scoring.restatement import Restatement
from scoring.scorecard import Scorecard

__all__ = ["Mailed", "render_revision", "revision_html"]


def render_revision(
    old: Scorecard,
    new: Scorecard,
    restatement: Restatement,
    mails: tuple[Mailed, ...],
    is_closed: bool | None,
) -> bytes:
    """The tagged PDF; the same revisions and mails give the same bytes."""
    return html_to_pdf(revision_html(old, new, restatement, mails, is_closed))


def revision_html(
    old: Scorecard,
    new: Scorecard,
    restatement: Restatement,
    mails: tuple[Mailed, ...],
    is_closed: bool | None,
) -> str:
    """Its pages as HTML, without their style sheet."""
    template = environment(new.language).get_template("revision.html.j2")
    view = revision_view(old, new, restatement, mails, is_closed)
    html = template.render(view=view, paper=new.paper, page_number=PAGE_NUMBER, page_count=PAGE_COUNT)
    return set_apart(html, (old, new), markup=True)

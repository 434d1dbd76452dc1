"""The scorecard as one HTML document."""

from __future__ import annotations

from markupsafe import Markup

from reports.directions import set_apart
from reports.presenter import present
from reports.templating import environment
from scoring.scorecard import Scorecard

# The number of a page is only known once it is laid out; the style sheet fills these in.
PAGE_NUMBER = Markup('<span class="page-number"></span>')
PAGE_COUNT = Markup('<span class="page-count"></span>')


def page_html(card: Scorecard, tighter: int = 0) -> str:
    """All pages of `card` as HTML, in the card's language, without its style sheet.

    Page 1 is set so many steps `tighter` than it is by itself; see `first_page`.
    """
    template = environment(card.language).get_template("scorecard.html.j2")
    html = template.render(
        view=present(card, tighter), paper=card.paper, page_number=PAGE_NUMBER, page_count=PAGE_COUNT
    )
    return set_apart(html, (card,), markup=True)

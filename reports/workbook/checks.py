"""The last sheet: every number as it was issued, beside what its cell works out now."""

from __future__ import annotations

from decimal import Decimal

from reports import palette
from reports.wording import msgid
from reports.workbook.paper import CHECK, FRONT, LINE, PLAIN, Paper

FIRST = 3
CLOSE = "0.0000000001"
"""How far, beside what it is worth, a number may be off before it differs: what binary adds is less."""
_HEADERS = (msgid("Number"), msgid("As issued"), msgid("In this workbook"), msgid("Differs"))
_WIDTHS = (56, 24, 24, 10)


def write_checks(paper: Paper) -> None:
    """The table, and here and on the first sheet a sentence that says what comes of it."""
    page = paper.pages[CHECK]
    paper.text(CHECK, 0, 0, paper.say("Check"), bold=True, font_size=16)
    paper.heads(CHECK, FIRST - 1, _HEADERS, range(1, 4))
    page.freeze_panes(FIRST, 0)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    for row, checked in enumerate(paper.checked, start=FIRST):
        paper.text(CHECK, row, 0, checked.label, **LINE)
        issued = paper.number(CHECK, row, 1, checked.issued, num_format=PLAIN, **LINE)
        now = paper.formula(CHECK, row, 2, checked.cell, checked.issued, num_format=PLAIN, **LINE)
        close = f"ABS({now}-{issued})<={CLOSE}*MAX(1,ABS({issued}))"
        paper.formula(CHECK, row, 3, f"IF(ISNUMBER({now}),IF({close},0,1),1)", Decimal(0), **LINE)
    _sentence(paper, (FIRST, FIRST + max(len(paper.checked), 1) - 1))


def _sentence(paper: Paper, rows: tuple[int, int]) -> None:
    same = paper.say("All numbers are as they were issued.")
    other = paper.say(
        "Something was changed here: not all numbers are as they were issued, see the last sheet."
    )
    formula = f'IF(SUM({paper.span(CHECK, rows, 3)})=0,"{same}","{other}")'
    style = {"align": "left", "font_color": palette.MUTED}
    cell = paper.formula(CHECK, 1, 0, formula, same, **style)
    paper.formula(FRONT, 3, 0, cell, same, **style)

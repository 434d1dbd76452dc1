"""Colours that follow what the cells say now."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from reports import palette
from reports.workbook.paper import Paper
from scoring.working import Band

_FROM = ((Band.GREEN, "card_green_from"), (Band.AMBER, "card_amber_from"))


def colour_rows(paper: Paper, sheet: str, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """The score and the word of the status, in its colours: the first rule that holds counts."""
    score, status = columns
    first = xl_rowcol_to_cell(rows[0], score, col_abs=True)
    holds = [*((band, f"AND(ISNUMBER({first}),{first}>={start})") for band, start in _FROM)]
    holds.append((Band.RED, f"ISNUMBER({first})"))
    for band, formula in holds:
        tone = palette.TONES[band]
        look = paper.book.add_format({"font_color": tone.text, "bg_color": tone.tint})
        rule = {"type": "formula", "criteria": f"={formula}", "format": look, "stop_if_true": True}
        for column in (score, status):
            paper.pages[sheet].conditional_format(rows[0], column, rows[1], column, rule)

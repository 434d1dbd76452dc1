"""Prints many cards every way there is, reads all of it back, and holds it against their JSON."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.pdf import render_pdf
from reports.workbook.render import render_workbook
from scoring.canonical import from_json, to_json
from tests.printed.cards import card
from tests.printed.documents import hold_archive, hold_mail, hold_pdf, hold_workbook
from tests.printed.held import Held
from tests.reports.recalculated import SOFFICE, recalculate

TOGETHER = 40
"""So many workbooks are worked out anew with one start of LibreOffice."""


def run(cards: int, seed: int = 1, first: int = 0, *, again: bool = True) -> Iterator[Held]:
    """What was compared and what differs, told again after every few cards.

    Workbooks are worked out `again` where there is a LibreOffice.
    """
    held = Held()
    workbooks: dict[str, bytes] = {}
    for number in range(first, first + cards):
        made = from_json(to_json(card(seed, number)))
        held.place = f"card {number}"
        hold_pdf(held, render_pdf(made), made)
        hold_mail(held, made)
        hold_archive(held, made)
        workbooks[held.place] = render_workbook(made)
        hold_workbook(held, workbooks[held.place], made)
        if len(workbooks) == TOGETHER or number == first + cards - 1:
            if again and SOFFICE is not None:
                work_out(held, workbooks)
            workbooks.clear()
            yield held


def work_out(held: Held, workbooks: dict[str, bytes]) -> None:
    """Hold what every formula comes to in LibreOffice against what is written."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        # openpyxl cannot read sparklines, and says so
        warnings.simplefilter("ignore")
        found = recalculate(workbooks, Path(folder))
    for name, cells in found.items():
        for cell in cells:
            held.compared["workbook: recalculated"] += 1
            if not cell.agrees:
                held.differing.append(f"{name} {cell}")

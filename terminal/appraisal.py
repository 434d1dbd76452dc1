"""Prints an appraisal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scoring.marks import Appraisal, Mark
from scoring.scorecard import Scorecard
from terminal.numbers import number


def print_appraisal(out: Console, card: Scorecard, appraisal: Appraisal) -> None:
    """Print the three scores of each KPI, and which marks are missing."""
    names = {result.kpi_id: result.name.en for result in card.results}
    table = _table(appraisal)
    for line in appraisal.lines:
        cells = (number(line.system, 1), _mark(line.self_mark), _mark(line.superior_mark))
        table.add_row(escape(names.get(line.kpi_id, line.kpi_id)), *cells, number(line.appraised, 2))
    out.print(table)
    if appraisal.missing:
        missing = ", ".join(f"{mark.kpi_id} ({mark.whose})" for mark in appraisal.missing)
        out.print(f"Appraisal pending, without grade and pay until then: {missing}", highlight=False)


def _table(appraisal: Appraisal) -> Table:
    table = Table(title="Appraisal", title_justify="left", header_style="bold", show_footer=True)
    table.add_column("KPI", footer="total")
    for head, footer in (
        (f"system {number(appraisal.system_share, 0)} %", number(appraisal.system_total, 1)),
        (f"own {number(appraisal.self_share, 0)} %", ""),
        (f"superior {number(appraisal.superior_share, 0)} %", ""),
        ("appraised", number(appraisal.total, 1)),
    ):
        table.add_column(head, justify="right", footer=footer)
    return table


def print_vetoes(out: Console, card: Scorecard) -> None:
    """Print which KPI's veto set an area or the total."""
    names = {result.kpi_id: result.name.en for result in card.results}
    struck = [(area.name.en, area.overruled_by, area.score) for area in card.areas if area.overruled_by]
    if card.overruled_by is not None:
        struck.append(("total", card.overruled_by, card.total))
    for what, kpi_id, value in struck:
        line = f"{what}: {number(value, 1)}, vetoed by {names.get(kpi_id, kpi_id)}"
        out.print(line, highlight=False, markup=False)


def _mark(mark: Mark | None) -> str:
    return number(None if mark is None else mark.score, 1)

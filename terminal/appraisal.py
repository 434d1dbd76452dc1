"""What the terminal shows of an appraisal."""

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
    shares = (appraisal.system_share, appraisal.self_share, appraisal.superior_share)
    table = Table(title="Appraisal", title_justify="left", header_style="bold", show_footer=True)
    table.add_column("KPI", footer="total")
    footers = (number(appraisal.system_total, 1), "", "", number(appraisal.total, 1))
    heads = (*zip(("system", "own", "superior"), shares, strict=True), ("appraised", None))
    for (head, share), footer in zip(heads, footers, strict=True):
        title = head if share is None else f"{head} {number(share, 0)} %"
        table.add_column(title, justify="right", footer=footer)
    for line in appraisal.lines:
        cells = (number(line.system, 1), _mark(line.self_mark), _mark(line.superior_mark))
        table.add_row(escape(names.get(line.kpi_id, line.kpi_id)), *cells, number(line.appraised, 2))
    out.print(table)
    if appraisal.missing:
        missing = ", ".join(f"{mark.kpi_id} ({mark.whose})" for mark in appraisal.missing)
        out.print(f"Appraisal pending, without grade and pay until then: {missing}", highlight=False)


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

"""Prints an appraisal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scoring.marks import Appraisal, Mark
from scoring.scorecard import Scorecard
from terminal.numbers import exact, number, rounded
from terminal.tables import titled


def print_appraisal(out: Console, card: Scorecard, appraisal: Appraisal) -> None:
    """Print the three scores of each KPI, and which marks are missing."""
    names = _names(card)
    table = _table(appraisal)
    for line in appraisal.lines:
        cells = (rounded(line.system), _mark(line.self_mark), _mark(line.superior_mark))
        table.add_row(escape(names.get(line.kpi_id, line.kpi_id)), *cells, number(line.appraised, 2))
    out.print(table)
    if appraisal.missing:
        missing = ", ".join(f"{mark.kpi_id} ({mark.whose})" for mark in appraisal.missing)
        out.print(f"Appraisal pending, without grade and pay until then: {missing}", highlight=False)


def _table(appraisal: Appraisal) -> Table:
    table = titled("Appraisal", show_footer=True)
    table.add_column("KPI", footer="total")
    for head, footer in (
        (f"system {exact(appraisal.system_share)} %", rounded(appraisal.system_total)),
        (f"own {exact(appraisal.self_share)} %", ""),
        (f"superior {exact(appraisal.superior_share)} %", ""),
        ("appraised", rounded(appraisal.total)),
    ):
        table.add_column(head, justify="right", footer=footer)
    return table


def print_vetoes(out: Console, card: Scorecard) -> None:
    """Print which KPI's veto set an area or the total."""
    names = _names(card)
    for what, kpi_id, value in _struck(card):
        line = f"{what}: {rounded(value)}, vetoed by {names.get(kpi_id, kpi_id)}"
        out.print(line, highlight=False, markup=False)


def _struck(card: Scorecard) -> Iterator[tuple[str, str, Decimal | None]]:
    """What a veto set, by which KPI, to which value."""
    for area in card.areas:
        if area.overruled_by:
            yield area.name.en, area.overruled_by, area.score
    if card.overruled_by is not None:
        yield "total", card.overruled_by, card.total


def _names(card: Scorecard) -> dict[str, str]:
    return {result.kpi_id: result.name.en for result in card.results}


def _mark(mark: Mark | None) -> str:
    return rounded(None if mark is None else mark.score)

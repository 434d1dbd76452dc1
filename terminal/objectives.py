"""Prints an objective."""

from __future__ import annotations

from decimal import Decimal

from rich.markup import escape
from rich.table import Table

from reports.presenting.workings import SHORT_REASONS
from scoring.kpi import Unit
from scoring.okr.result import KeyResultResult, ObjectiveResult
from scoring.working import Band
from terminal.numbers import exact, in_unit, number
from terminal.tables import add_columns, add_rows, titled

# like a card's bands, in the words for objectives
_BANDS = {
    Band.GREEN: "[green]● reached[/green]",
    Band.AMBER: "[yellow]▲ partly reached[/yellow]",
    Band.RED: "[red]◆ not reached[/red]",
    Band.NOT_AVAILABLE: "○ not available",
}


def objective_table(objective: ObjectiveResult, currency_code: str = "") -> Table:
    """The objective with its key results; the share of its days that have passed is below progress."""
    share = in_unit(Decimal(objective.elapsed_days) / objective.days, Unit.PERCENT, 0)
    title = (
        f"{escape(objective.name.en)} · {objective.ambition} · {objective.period} · {_BANDS[objective.band]}"
    )
    if objective.supports is not None:
        served = objective.supports
        title += f"\nsupports {escape(served.key_result_name.en)} of {escape(served.team_name.en)}"
    table = titled(title, show_footer=True)
    table.add_column("key result", footer="objective")
    add_columns(table, "start", "current", "target", justify="right")
    table.add_column("progress", justify="right", footer=f"time {share}")
    table.add_column("weight", justify="right")
    table.add_column("score", justify="right", footer=number(objective.score, 2))
    add_rows(table, (_row(item, currency_code) for item in objective.key_results))
    return table


def _row(item: KeyResultResult, currency_code: str) -> tuple[str, ...]:
    note = "" if item.reason is None else f" ({SHORT_REASONS[item.reason]})"
    return (
        escape(item.name.en) + note,
        *(
            in_unit(value, item.unit, item.decimals, currency_code)
            for value in (item.start, item.current, item.target)
        ),
        in_unit(item.progress, Unit.PERCENT, 1),
        exact(item.weight),
        number(item.score, 2),
    )

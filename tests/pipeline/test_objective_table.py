"""What `show` prints of an objective."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from rich.console import Console

from scoring.kpi import Unit
from scoring.okr.agreed import Ambition, KeyResult, Objective, Way
from scoring.okr.known import KeyValue
from scoring.okr.objectives import score_objectives
from scoring.okr.result import Alignment
from scoring.period import Period
from scoring.text import LocalText
from scoring.working import Reason
from terminal.objectives import objective_table


def both(text: str) -> LocalText:
    return LocalText(text, text)


def printed(values: dict[str, KeyValue], supports: dict[str, Alignment] | None = None) -> str:
    items = (
        KeyResult(
            "cost", both("Cost"), Decimal(60), Way.KPI, Decimal(40), Decimal(30), Unit.MONEY, 2, of="c"
        ),
        KeyResult("open", both("Opening [one]"), Decimal(40), Way.MILESTONE, due=date(2026, 11, 30)),
    )
    goal = Objective("o", both("Grow"), "t", Period.parse("2026-Q4"), Ambition.COMMITTED, items)
    (result,) = score_objectives([goal], values, date(2026, 10, 31), supports)
    out = io.StringIO()
    Console(file=out, width=120).print(objective_table(result))
    return out.getvalue()


def test_an_objective_is_a_table_with_its_score_and_the_time_that_has_passed():
    text = printed({"o/cost": KeyValue(Decimal("32.5"))})
    assert "Grow · committed · 2026-Q4 · ◆ not reached" in text
    cost, opening = (line for line in text.splitlines() if "│ Cost" in line or "│ Opening" in line)
    assert [cell.strip() for cell in cost.strip("│").split("│")] == [
        "Cost", "40.00", "32.50", "30.00", "75.0 %", "60", "0.75"
    ]  # fmt: skip
    assert "Opening [one]" in opening
    assert "time 34 %" in text
    assert "0.45" in text


def test_what_it_serves_and_what_is_missing_is_said():
    served = Alignment(both("Board"), "company", both("Lead"), "share", both("Market share"))
    text = printed({"o/cost": KeyValue(reason=Reason.NO_DATA)}, {"o": served})
    assert "supports Market share of Board" in text
    assert "Cost (no data)" in text

"""What controlling really planned, and what it found afterwards that marketing had brought."""

from __future__ import annotations

from datetime import date, timedelta

from example.chance import chance
from example.company import COST_CENTRES, Account, CostCentre
from example.seasons import MONTHS, level
from example.truth.rows import BudgetRow, money

# The plan runs to the end of the calendar year, beyond the last month that is closed.
PLANNED = (*MONTHS, date(2026, 11, 1), date(2026, 12, 1))


def budget_rows() -> list[BudgetRow]:
    """Every cost centre of every planned month, by account, month and cost centre."""
    return [
        _row(account, centre, month)
        for account, centres in COST_CENTRES.items()
        for month in PLANNED
        for centre in centres
    ]


def _row(account: Account, centre: CostCentre, month: date) -> BudgetRow:
    rng = chance("budget", account.entity, centre.name, month.isoformat())
    hundreds = round(centre.budget * _busy(centre, month) * rng.normal(1, 0.02) / 100)
    revenue = margin = None
    if month in MONTHS:
        cents = round(hundreds * 10_000 * centre.brought * rng.normal(1, 0.06))
        revenue, margin = money(cents), money(round(cents * centre.margin * rng.normal(1, 0.015)))
    return BudgetRow(
        account.source,
        account.entity,
        month,
        centre.name,
        money(hundreds * 10_000),
        revenue,
        margin,
        account.currency_code,
    )


def _busy(centre: CostCentre, month: date) -> float:
    """How busy an average day of the month is: plans know the season."""
    days = [month + timedelta(days=n) for n in range(31)]
    levels = [level(centre.rhythm, day) for day in days if day.month == month.month]
    return sum(levels) / 30.4

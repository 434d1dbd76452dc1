"""Prints the roll-up: every KPI of the company, its departments and its teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from book import Book, Team
from disk.nearest import did_you_mean
from pipeline.inputs.rolled_up import together_in
from pipeline.site import Site
from scoring.errors import UsageError
from scoring.formula import Formula
from scoring.kpi import Kpi
from scoring.period import Period
from scoring.spans import AnySpan, Since, spans_in
from scoring.text import LocalText
from terminal.measured import measured, not_measured
from terminal.numbers import NOTHING, exact, in_unit
from terminal.out import console_for
from terminal.tables import add_columns, titled


@dataclass(frozen=True, slots=True)
class _Group:
    """A group whose teams are added up: the company, a department, or one team."""

    name: LocalText
    depth: int
    teams: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name, indented by its depth."""
        return "  " * self.depth + escape(self.name.en)


def print_rollup(
    site: Site, period: Period, kpi_id: str | None = None, console: Console | None = None
) -> None:
    """Print each KPI's figure for the company and its departments; for one KPI also the teams' figures, and
    the measures behind them.

    Each is the KPI's formula over the added-up measures. Raises `UsageError` for an unknown KPI, one without
    a formula, and a period without measures.
    """
    kpi = None if kpi_id is None else _kpi(site.book, kpi_id)
    found, book = _rolled_up(site, period), site.book
    table = _whole_table(book, period, found) if kpi is None else _kpi_table(book, kpi, period, found)
    out = console_for(console)
    out.print(table)
    for team_id, days in book.own_days(period).items():
        out.print(f"{team_id}: only its own days, {days.first} to {_last_day(days)}.", highlight=False)


def _last_day(days: Since) -> date | None:
    return days.until and days.until - timedelta(days=1)


def rollup_as_json(site: Site, period: Period, kpi_id: str | None = None) -> list[dict[str, Any]]:
    """Each KPI's figure for each group, and the measures behind it; raises the same."""
    kpis = _with_formula(site.book) if kpi_id is None else [_kpi(site.book, kpi_id)]
    found = _rolled_up(site, period)
    return [_as_json(kpi, group, measures) for kpi in kpis for group, measures in found]


def _with_formula(book: Book) -> list[Kpi]:
    return [kpi for kpi in book.kpis.values() if kpi.formula]


def _as_json(kpi: Kpi, group: _Group, measures: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "kpi_id": kpi.id,
        "group": group.name.en,
        "teams": group.teams,
        "value": _value(kpi, measures),
        "measures": {name: measures.get(name) for name in Formula.parse(kpi.formula).names},
    }


Found = Sequence[tuple[_Group, Mapping[str, Decimal]]]


def _rolled_up(site: Site, period: Period) -> Found:
    """The added-up measures of each group."""
    groups, own = _groups(site.book, period), site.book.own_days(period)
    found = measured(site, period, _spans(site.book) | set(own.values()))
    if not found:
        raise not_measured(str(period), period)
    (together,) = together_in(site, ((period, name) for _, name in found)).values()
    teams = {number: group.teams for number, group in enumerate(groups)}
    return [*zip(groups, together.of_groups(found, teams).values(), strict=True)]


def _whole_table(book: Book, period: Period, found: Found) -> Table:
    columns = _above_teams(found)
    table = _table(f"KPIs {period}", "KPI", *(escape(group.name.en) for group, _ in columns))
    for kpi in book.kpis.values():
        cells = [_figure(kpi, measures, book.currency_code) for _, measures in columns]
        if set(cells) - {NOTHING}:
            table.add_row(escape(kpi.name.en), *cells)
    return table


def _above_teams(found: Found) -> Found:
    return [(group, measures) for group, measures in found if group.depth < _TEAM]


def _kpi_table(book: Book, kpi: Kpi, period: Period, found: Found) -> Table:
    names = Formula.parse(kpi.formula).names
    table = _table(f"{kpi.name.en} = {kpi.formula} · {period}", "", kpi.id, *names)
    for group, measures in found:
        values = [exact(measures.get(name)) for name in names]
        if set(values) - {NOTHING}:
            table.add_row(group.label, _figure(kpi, measures, book.currency_code), *values)
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = titled(escape(title))
    table.add_column(first, no_wrap=True)
    add_columns(table, *columns, justify="right", overflow="fold")
    return table


def _kpi(book: Book, kpi_id: str) -> Kpi:
    with_formula = {kpi.id: kpi for kpi in book.kpis.values() if kpi.formula}
    if kpi_id not in with_formula:
        raise UsageError(
            f"kpi: expected one with a formula, {', '.join(sorted(with_formula))}, found {kpi_id!r}"
            f"{did_you_mean(kpi_id, with_formula)}."
        )
    return with_formula[kpi_id]


_TEAM = 2


def _groups(book: Book, period: Period) -> list[_Group]:
    """The company, then each department followed by its teams, then the teams without one."""
    # those made of others would count twice
    teams = [team for team in book.teams_in(period) if not team.of]
    groups = [_Group(book.organisation, 0, tuple(team.id for team in teams))]
    for department_id, name in book.departments.items():
        members = _members(teams, department_id)
        groups.append(_Group(name, 1, tuple(chain.from_iterable(team.teams for team in members))))
        groups += members
    return groups + _members(teams, None)


def _members(teams: Sequence[Team], department_id: str | None) -> list[_Group]:
    """Each team of a department, or of none."""
    return [_Group(team.name, _TEAM, (team.id,)) for team in teams if team.department == department_id]


def _spans(book: Book) -> frozenset[AnySpan]:
    """Those of all KPIs, for also those that no team has agreed on are shown."""
    formulas = (Formula.parse(kpi.formula) for kpi in book.kpis.values() if kpi.formula)
    return spans_in(name for formula in formulas for name in formula.names)


def _figure(kpi: Kpi, measures: Mapping[str, Decimal], currency_code: str) -> str:
    return in_unit(_value(kpi, measures), kpi.unit, kpi.decimals, currency_code)


def _value(kpi: Kpi, measures: Mapping[str, Decimal]) -> Decimal | None:
    value = Formula.parse(kpi.formula).evaluate(measures) if kpi.formula else None
    return value if isinstance(value, Decimal) else None

"""Prints a "what if": the month with other measures, and what the next grade needs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from book import Team
from book.history import history_of, parts_needed, spans_needed
from disk.nearest import did_you_mean
from pipeline.inputs.judgements import judgements_of
from pipeline.site import Site
from scoring.calibration import newest
from scoring.card.line import Line
from scoring.errors import UsageError
from scoring.known import Judgement, Known
from scoring.period import Period
from scoring.spans import split_name
from scoring.what_if.next_rewards import NextReward, next_rewards
from scoring.what_if.outcome import Change, Outcome, changed, outcome
from terminal.measured import measured, not_measured
from terminal.numbers import in_unit, rounded
from terminal.out import console_for
from terminal.tables import titled
from warehouse import measure_catalog


def print_what_if(
    site: Site, period: Period, team_id: str, changes: Sequence[str], console: Console | None = None
) -> None:
    """Print a team's month before and after the changes; nothing is written anywhere.

    Raises `UsageError` for an unknown team, a month that was not measured, or an invalid change.
    """
    team, before, after = _worked_out(site, period, team_id, changes)
    out = console_for(console)
    title = f"{team.name.en} · {period} · {' '.join(changes) or 'as it is'}"
    out.print(_table(title, before, after, site.book.currency_code))
    _print_limits(out, site, team, period)
    for reward in next_rewards(after, site.book.policy):
        _print_reward(out, after, reward, site.book.currency_code)


def what_if_as_json(site: Site, period: Period, team_id: str, changes: Sequence[str]) -> dict[str, Any]:
    """The same as values; raises the same."""
    _, before, after = _worked_out(site, period, team_id, changes)
    return {
        "before": _as_json(before),
        "after": _as_json(after),
        "next_rewards": next_rewards(after, site.book.policy),
    }


def _as_json(of: Outcome) -> dict[str, Any]:
    return {
        "total": of.total,
        "grade": of.grade,
        "pay": None if of.pay is None else of.pay.result,
        "lines": [{"kpi_id": line.kpi.id, "actual": line.actual, "score": line.score} for line in of.lines],
    }


def _worked_out(
    site: Site, period: Period, team_id: str, changes: Sequence[str]
) -> tuple[Team, Outcome, Outcome]:
    """The team, and its month before and after the changes."""
    (team,) = site.teams(period, (team_id,))
    parsed = list(map(_change, changes))
    measures = _measures(site, period, team_id)
    targets = site.book.agreed(team_id, period)
    said = _said(site, period, team_id)
    before = outcome(site.book.kpis, targets, Known(measures, said), site.book.policy)
    own = next((terms.own_days for terms in targets), None)
    moved = changed(measures, parsed, own, period.start)
    return team, before, outcome(site.book.kpis, targets, Known(moved, said), site.book.policy)


def _change(text: str) -> Change:
    change = Change.parse(text)
    if split_name(change.measure)[0] not in measure_catalog():
        raise UsageError(
            f"change: expected a measure, found {change.measure!r}"
            f"{did_you_mean(change.measure, measure_catalog())}; `scorewright kpis` lists formulas."
        )
    return change


def _print_limits(out: Console, site: Site, team: Team, period: Period) -> None:
    """What the card counts besides the team's measures."""
    if team.appraiser is not None and site.book.policy.appraisal is not None:
        out.print("By the system's scores alone: people would have to appraise it again.")
    if newest(site.book.decided, period, team.id) is not None:
        out.print("By the grades by score: what people decided about the grade is not in it.")
    if site.book.policy.mixes.get(period.cadence):
        out.print(f"By the {period.cadence.words}'s own total: the card also counts the periods within it.")


def _said(site: Site, period: Period, team_id: str) -> dict[str, Judgement]:
    """What people entered for the team; it does not depend on measures."""
    window = period.window(history_of(site.book, period))
    entries = site.ledger.judgements(list(map(str, window)), team_id)
    judged = judgements_of(entries, window)
    return {kpi_id: said for (of, kpi_id), said in judged.items() if of == period}


def _measures(site: Site, period: Period, team_id: str) -> dict[str, Decimal]:
    found = measured(site, period, spans_needed(site.book) | parts_needed(site.book, [period]))
    measures = {name: value for (team, name), value in found.items() if team == team_id}
    if not measures:
        raise not_measured(f"{period}/{team_id}", period)
    return measures


def _table(title: str, before: Outcome, after: Outcome, currency_code: str) -> Table:
    table = titled(escape(title), show_footer=True)
    table.add_column("KPI", footer="total\ngrade\npay coefficient")
    for name, of in (("before", before), ("after", after)):
        table.add_column(f"{name}: actual", justify="right")
        table.add_column("score", justify="right", footer=_footer(of))
    for old, new in zip(before.lines, after.lines, strict=True):
        cells = (*_cells(old, currency_code), *_cells(new, currency_code))
        style = "bold" if old.score != new.score else None
        table.add_row(escape(old.kpi.name.en), *cells, style=style)
    return table


def _footer(of: Outcome) -> str:
    pay = None if of.pay is None else of.pay.result
    return f"{rounded(of.total)}\n{of.grade or '–'}\n{rounded(pay, 2)}"


def _cells(line: Line, currency_code: str) -> tuple[str, str]:
    actual = in_unit(line.actual, line.kpi.unit, line.kpi.decimals, currency_code)
    return actual, rounded(line.score)


def _print_reward(out: Console, now: Outcome, reward: NextReward, currency_code: str) -> None:
    """A line for each KPI: the actual that would do, and how far that is from now."""
    out.print(f"For {_called(reward)} it would take, one KPI alone:", highlight=False)
    lines = {line.kpi.id: line for line in now.lines}
    for need in reward.needs:
        out.print(f"  {escape(_wanted(lines[need.kpi_id], need.actual, currency_code))}", highlight=False)


def _called(reward: NextReward) -> str:
    """`grade A (total 95.0)`."""
    what = f"grade {reward.grade}" if reward.grade else f"pay coefficient {rounded(reward.coefficient, 2)}"
    return what if reward.total is None else f"{what} (total {rounded(reward.total)})"


def _wanted(line: Line, actual: Decimal | None, currency_code: str) -> str:
    kpi = line.kpi
    if actual is None or line.actual is None:
        return f"{kpi.name.en}: out of reach"
    change = in_unit(actual - line.actual, kpi.unit, kpi.decimals, currency_code)
    sign = "" if change.startswith("-") else "+"
    wanted = in_unit(actual, kpi.unit, kpi.decimals, currency_code)
    return f"{kpi.name.en}: {wanted} ({sign}{change})"

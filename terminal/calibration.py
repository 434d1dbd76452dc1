"""Prints issued grades beside the shares that the book asks for, and what would meet them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from auditing.calibrating import CalibrationTable, Group, Standing
from disk import write_atomically
from reports.tables import Kind, Row, as_file
from scoring.text import numbered
from terminal.numbers import NOTHING, rounded
from terminal.out import console_for, print_lines, say
from terminal.tables import add_columns, add_rows, titled

_COLUMNS = {
    "period": Kind.TEXT,
    "department": Kind.TEXT,
    "team": Kind.TEXT,
    "total": Kind.NUMBER,
    "place": Kind.COUNT,
    "by_score": Kind.TEXT,
    "proposed": Kind.TEXT,
    "difference": Kind.COUNT,
    "reason": Kind.TEXT,
    "decided": Kind.TEXT,
    "decided_by": Kind.TEXT,
    "decided_on": Kind.DAY,
    "why": Kind.TEXT,
    "counts": Kind.FLAG,
    "grade": Kind.TEXT,
    "is_issued": Kind.FLAG,
}


def print_calibration(found: CalibrationTable, console: Console | None = None) -> None:
    """Print a table for each group, and under it what it lacks."""
    out = console_for(console)
    for group in found.groups:
        out.print(_table(found, group))
        print_lines(out, _below(found, group))
    print_lines(out, ["Nothing is decided here: a grade changes by a row of calibration.csv and a new run."])


def _table(found: CalibrationTable, group: Group) -> Table:
    title = f"{found.period} · {group.name} · {numbered(len(group.standings), 'team')} with a grade"
    table = titled(escape(title), box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("team", overflow="fold")
    add_columns(table, "total", "place", justify="right", no_wrap=True)
    add_columns(table, "by score", "proposed", "decided", no_wrap=True)
    table.add_column("why", overflow="fold")
    add_rows(table, map(_row, group.standings))
    return table


def _row(team: Standing) -> tuple[str, ...]:
    return (
        escape(team.team_id),
        rounded(team.total),
        str(team.place),
        escape(team.by_score),
        escape(_proposed(team)),
        escape(NOTHING if team.decided is None else team.decided.grade),
        escape(team.reason),
    )


def _proposed(team: Standing) -> str:
    """The grade, and by how many it is better or worse than that by score."""
    return f"{team.proposed} ({team.difference:+})" if team.difference else team.proposed


def _below(found: CalibrationTable, group: Group) -> Iterator[str]:
    """What is asked of the group and missed, who has no grade, and what became of decisions."""
    yield from _shares(found, group)
    yield from (f"  {left_out}" for left_out in group.left_out)
    for team in group.standings:
        yield from _decided(team)


def _shares(found: CalibrationTable, group: Group) -> Iterator[str]:
    if group.asked:
        yield f"  {found.way}: {', '.join(group.asked)}"
    if group.unmet:
        yield f"  not met: {', '.join(map(str, group.unmet))}"
    if group.beyond:
        told = ", ".join(map(str, group.beyond))
        yield f"  the proposal has {told}: teams with the same total stay together"


def _decided(team: Standing) -> Iterator[str]:
    entry = team.decided
    if entry is not None:
        said = f"{entry.by_score} → {entry.grade} by {entry.by} on {entry.on}: {entry.reason}"
        is_other = f" (does not count: by score it is {team.by_score} now)"
        yield f"  {team.team_id}: {said}{'' if team.counts else is_other}"
    if not team.is_issued:
        yield f"  {team.team_id}: the newest card has another grade; run the period again"


def calibration_as_json(found: CalibrationTable) -> dict[str, Any]:
    """The same as values."""
    return {
        "period": found.period,
        "way": found.way,
        "groups": [
            {
                "department": group.department,
                "asked": group.asked,
                "unmet": [*map(str, group.unmet)],
                "left_out": group.left_out,
                "teams": [_values(found, group, team) for team in group.standings],
            }
            for group in found.groups
        ],
    }


def write_calibration(found: CalibrationTable, path: Path) -> None:
    """Write a row for each team with a grade, and say how many."""
    rows = [_values(found, group, team) for group in found.groups for team in group.standings]
    write_atomically(path, as_file(_COLUMNS, rows, ".csv"))
    say(f"{path}: {numbered(len(rows), 'row')}")


def _values(found: CalibrationTable, group: Group, team: Standing) -> Row:
    entry = team.decided
    decided = (entry.grade, entry.by, entry.on, entry.reason) if entry else (None,) * 4
    values = (
        *(str(found.period), group.department, team.team_id, team.total, team.place, team.by_score),
        *(team.proposed, team.difference, team.reason or None, *decided),
        *(team.counts, team.final, team.is_issued),
    )
    return dict(zip(_COLUMNS, values, strict=True))

"""What waits for target rows that there are none of: runs of the calendar, KPIs of a department, teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import CYCLES
from book.files.targets import TargetRow
from book.lint.members import members_ever
from book.lint.stretches import newest_of, stretches
from scoring.kpi import Target

_EVERYBODY_S = {"monthly", "weekly"}
"""Runs that every calendar has: what it says of them is only when they are due."""

_IS_DISSOLVED = timedelta(days=366)
"""How long a team is warned of that has no targets any more: what was forgotten shows within a year."""


def lacking_targets(draft: Draft, today: date) -> Iterator[Fault]:
    """Runs that will have no card to make, and departments without a target that all their teams have."""
    yield from _runs(draft, today)
    for team_id, team in draft.teams.items():
        if team.of:
            yield from _of_department(draft, team_id, today)


def _runs(draft: Draft, today: date) -> Iterator[Fault]:
    """Runs that calendar.yaml names, though no team has a row of their length of period any more."""
    stated = set() if draft.calendar is None else draft.calendar.model_fields_set - _EVERYBODY_S
    held = {target.per for target in draft.targets.targets if target.valid_until > today}
    for name, cadence in ((name, CYCLES[name]) for name in CYCLES if name in stated):
        if cadence not in held:
            yield draft.files["calendar.yaml"].fault(
                (name,),
                f"{name}: expected a team with target rows per {cadence}, found none from {today} on, so its "
                "runs make no card; add rows with that `per`, or remove it",
            )


def uncovered(name: str, rows: Mapping[Target, TargetRow], today: date) -> Iterator[Fault]:
    """The days from `today` on for which a card has no rows any more, or not yet; `rows` are its own.

    A gap between them is a fault. A team that has had none for more than a year is taken for dissolved.
    """
    found = [*stretches(rows)]
    if found[0].start > today:
        yield _without_card(name, rows, f"before {found[0].start}")
    if today - _IS_DISSOLVED < found[-1].end <= today:
        yield _without_card(name, rows, f"from {found[-1].end} on")


def _without_card(name: str, rows: Mapping[Target, TargetRow], days: str) -> Fault:
    return newest_of(rows, rows).fault(
        f"{name}: expected targets, found none {days}, so there is no card of these days; add rows, or leave "
        "it if that is intended"
    )


def _of_department(draft: Draft, team_id: str, today: date) -> Iterator[Fault]:
    """The KPIs that every team of it is held to, and itself not: nothing adds the teams' targets up."""
    members = members_ever(draft, team_id)
    each = [*filter(None, map(partial(_kpis, draft, today), members))]
    own = _kpis(draft, today, team_id)
    lacking = sorted(set.intersection(*each) - own) if own and each else []
    if lacking:
        yield draft.files["teams.yaml"].fault(
            (team_id,),
            f"{team_id}: expected target rows of its own for {', '.join(lacking)}, as each of its teams has "
            f"({', '.join(members)}), found none, so its card leaves that out: a department's target is "
            "agreed and never the sum of its teams'; add rows, or check whether that is intended",
        )


def _kpis(draft: Draft, today: date, team_id: str) -> set[str]:
    """The KPIs that a team has a target for from `today` on."""
    rows = (row for row in draft.targets.rows if row.team_id == team_id and row.target)
    return {row.kpi_id for row in rows if row.target and row.target.valid_until > today}

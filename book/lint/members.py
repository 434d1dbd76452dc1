"""Checks teams that are made of others: of whom, and that it is somebody on each day that is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import chain, filterfalse
from operator import attrgetter
from typing import Any

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import TeamShape
from book.files.yaml_file import Place
from book.lint.teams import dotted, stated_in_teams
from book.model import holds_on, turns_of
from disk.nearest import did_you_mean
from scoring.kpi import Target

_NEITHER = (
    "expected `owns`, its part of the accounts, or `of`, the teams that it is made of, found neither; add one"
)
_UNWANTED = {
    "owns": "expected no accounts of a team that is made `of` others, whose figures it adds up, found some; "
    "take one of both out",
    "of": "expected no teams in a team that owns accounts itself, found some; take one of both out",
}
_TWICE = "expected each name once, found {name} again; remove one"
_WRONG = {
    (False, False, False): "expected a department of organisation.yaml or a team of teams.yaml, found {name}"
    "{meant}; correct it",
    (True, True, False): "expected a department or a team, found {name}, which is both; give one of them "
    "another id",
    (False, True, True): "expected teams that own accounts, found {name}, which is made of others itself; "
    "name these, or their department",
}
"""What is wrong with a name that is a department's, a team's, and of a team that is made of others itself."""


def lint_members(draft: Draft) -> Iterator[Fault]:
    """Teams that neither own anything nor are made of others, or both, or made of what there is not."""
    yield from _neither(draft)
    yield from _both(draft)
    # of what cannot be read nobody can say what it is
    if draft.organisation is not None and draft.team_ids == frozenset(draft.teams):
        departments = [*draft.organisation.departments]
        yield from _names(draft, departments)
        yield from _nobody(draft, departments)


def members_ever(draft: Draft, team_id: str) -> list[str]:
    """The teams that a team is made of on any day; itself where it is made of none."""
    if not draft.teams[team_id].of:
        return [team_id]
    named = {*chain.from_iterable(_said(draft, team_id, "of"))}
    return [other for other in _owning(draft) if named & {other, *_said(draft, other, "department")}]


def _said(draft: Draft, team_id: str, name: str) -> list[Any]:
    """What a team says under that name, at first and in its changes."""
    return [said for place, said in stated_in_teams(draft, name) if place[0] == team_id]


def _owning(draft: Draft) -> list[str]:
    return [team_id for team_id, team in draft.teams.items() if not team.of]


def _fault(draft: Draft, place: Place, problem: str) -> Fault:
    return draft.files["teams.yaml"].fault(place, f"{dotted(place)}: {problem}")


def _neither(draft: Draft) -> Iterator[Fault]:
    for team_id in _owning(draft):
        if not draft.teams[team_id].owns:
            yield _fault(draft, (team_id,), _NEITHER)


def _both(draft: Draft) -> Iterator[Fault]:
    """From first to last a team owns accounts or is made of others."""
    for name, kind in (("owns", True), ("of", False)):
        for place, _ in stated_in_teams(draft, name):
            if bool(draft.teams[str(place[0])].of) is kind:
                yield _fault(draft, place, _UNWANTED[name])


def _names(draft: Draft, departments: list[str]) -> Iterator[Fault]:
    for place, names in stated_in_teams(draft, "of"):
        for name, times in Counter(names).items():
            again = _TWICE * (times > 1)
            if wrong := _WRONG.get(_kind(draft, name, departments), again):
                meant = did_you_mean(name, [*departments, *draft.teams])
                yield _fault(draft, place, wrong.format(name=repr(name), meant=meant))


def _kind(draft: Draft, name: str, departments: list[str]) -> tuple[bool, bool, bool]:
    is_team = name in draft.teams
    return name in departments, is_team, is_team and bool(draft.teams[name].of)


def _are_right(draft: Draft, team_id: str, departments: list[str]) -> bool:
    names = chain.from_iterable(_said(draft, team_id, "of"))
    return not any(_WRONG.get(_kind(draft, name, departments)) for name in names)


def _nobody(draft: Draft, departments: list[str]) -> Iterator[Fault]:
    """Days with targets on which no team is in it; the first one is reported, unless its names are wrong."""
    made_of = draft.teams.keys() - {*_owning(draft)}
    for team_id in filter(lambda team_id: _are_right(draft, team_id, departments), made_of):
        for day in _empty_days(draft, team_id)[:1]:
            yield _fault(
                draft,
                (team_id, "of"),
                f"expected a team on each day that has targets, found none on {day}; correct its teams, "
                "their departments, or the days of its targets",
            )


def _empty_days(draft: Draft, team_id: str) -> list[date]:
    """The days with targets on which anything begins or ends, and on which no team is in it."""
    targets = _targets_of(draft, team_id)
    days = sorted({*_turns(draft), *map(attrgetter("valid_from"), targets)})
    scored = filter(partial(_is_scored, targets), days)
    return list(filterfalse(partial(_is_anybody_in, draft, team_id), scored))


def _targets_of(draft: Draft, team_id: str) -> list[Target]:
    return [row.target for row in draft.targets.rows if row.team_id == team_id and row.target]


def _turns(draft: Draft) -> Iterator[date]:
    return turns_of(chain.from_iterable(team.changes for team in draft.teams.values()))


def _is_scored(targets: list[Target], day: date) -> bool:
    return any(target.is_valid_on(day) for target in targets)


def _is_anybody_in(draft: Draft, team_id: str, day: date) -> bool:
    named = {*_on(draft.teams[team_id], day, "of")}
    return any(named & {other, _on(draft.teams[other], day, "department")} for other in _owning(draft))


def _on(team: TeamShape, day: date, name: str) -> Any:
    """What the team says under that name on the day."""
    changes = sorted(team.changes, key=lambda change: change.start, reverse=True)
    said = filter(None, (getattr(change, name) for change in changes if holds_on(change, day)))
    return next(said, getattr(team, name))

"""What operators read instead of ids: the names of periods and teams, in the trigger form and in the grid.

Read from the book's files alone, because a DAG file is parsed every few seconds: nothing of Scorewright is
imported, and a book that cannot be read leaves the ids.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SPELLINGS = (
    (re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), lambda year, number: f"{month_name[int(number)]} {year}"),
    (re.compile(r"(\d{4})-W(\d\d)"), lambda year, number: f"Week {int(number)} of {year}"),
    (re.compile(r"(\d{4})-Q([1-4])"), lambda year, number: f"Quarter {number} of {year}"),
    (re.compile(r"FY(\d{4})-\w+()"), lambda year, _: f"Fiscal year from {year}"),
    (re.compile(r"FY(\d{4})-\w+-Q(\d)"), lambda year, part: f"Quarter {part}, fiscal year from {year}"),
    (re.compile(r"FY(\d{4})-\w+-P(\d\d)"), lambda year, part: f"Month {int(part)}, fiscal year from {year}"),
    (re.compile(r"([\d-]+)\.\.([\d-]+)"), lambda first, last: f"{first} to {last}"),
)
_SHOWN = 4


def team_names(teams_yaml: Path) -> dict[str, str]:
    """The name of each team by its id, in English where it has one; empty if the file cannot be read."""
    try:
        # a safe loader, whichever of the two it is
        teams = yaml.load(teams_yaml.read_text("utf-8"), _LOADER)  # noqa: S506
        return {str(team_id): _name(team_id, team) for team_id, team in teams.items()}
    except (OSError, ValueError, AttributeError, yaml.YAMLError):
        return {}


def _name(team_id: object, team: Any) -> str:
    name = team.get("name") if isinstance(team, Mapping) else None
    if isinstance(name, Mapping):
        name = name.get("en") or next(iter(name.values()), None)
    return str(name or team_id)


def months_before(today: date, count: int = 24) -> list[str]:
    """The months that are over on `today`, the last one first, as a form offers them."""
    last = today.year * 12 + today.month - 2
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(last, last - count, -1)]


def name_of(period: str) -> str:
    """`October 2026` of `2026-10`; what is spelled in no way that is known stays as it is."""
    for pattern, spell in _SPELLINGS:
        if found := pattern.fullmatch(period):
            return spell(found[1], found[2])
    return period


def name_of_cards(names: Mapping[str, str], cards: Sequence[str]) -> str:
    """`October 2026: Brand Europe, CRM Europe` of `2026-10/eu-brand/r1` and `2026-10/eu-crm/r1`."""
    periods = dict.fromkeys(name_of(card.split("/")[0]) for card in cards)
    return f"{', '.join(periods)}: {listed([names.get(team, team) for team in map(_team_of, cards)])}"


def _team_of(card: str) -> str:
    return card.split("/")[1]


def listed(words: Collection[str], shown: int = _SHOWN) -> str:
    """The words with commas; the first few and how many more there are, so that a line stays a line."""
    each = list(words)
    more = f" and {len(each) - shown} more" if len(each) > shown else ""
    return ", ".join(each[:shown]) + more


def macros(names: Mapping[str, str]) -> dict[str, Any]:
    """What the names of tasks in Airflow's lists are made with."""
    return {"name_of_task": partial(name_of_task, names)}


def name_of_task(
    names: Mapping[str, str], args: Sequence[Any], given: Mapping[str, Any], map_index: int
) -> str:
    """The month that a task is for and, of one of several alike, what it does of it, by its arguments.

    The first argument, or the one called so, is what was planned.
    """
    planned = given.get("planned") or next(iter(args), None)
    month = name_of(planned["period"]) if planned else ""
    return month if map_index < 0 else _of_several(names, given, month)


def _of_several(names: Mapping[str, str], given: Mapping[str, Any], month: str) -> str:
    if "cards" in given:
        return name_of_cards(names, given["cards"])
    own = {name: value for name, value in given.items() if name != "planned"}
    return f"{month}: {'; '.join(_spelled(name, value) for name, value in own.items())}"


def _spelled(name: str, value: Any) -> str:
    return listed(value) if isinstance(value, list) else f"{name} {value}"

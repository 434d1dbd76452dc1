"""The rows that drivers need, of all teams at once and added up by what they are told apart by.

A card asks for the rows of each of its measures in two periods. Row by row and team by team, thousands of
cards would scan the facts thousands of times.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeAlias

from sqlglot import exp

from scoring.spans import Days, months_in
from warehouse.asking import Question, Values
from warehouse.catalog import MeasureSpec, Rollup, measure_catalog
from warehouse.engine import Warehouse
from warehouse.facts import fact_catalog
from warehouse.owning import owned, row_file
from warehouse.sql_files import WRITTEN_IN, parse, sql_file
from warehouse.team_rows import rows_of_teams
from warehouse.tracing import SourceRow, cuts_a_month

_TOLD_APART_BY = ("campaign_id", "campaign_name", "channel")
_OWNED = ("team_id", "share", "source", "entity", "owner_key")

OfTeams: TypeAlias = Mapping[str, list[Mapping[Any, Any]]]


@dataclass(frozen=True, slots=True)
class MemberRows:
    """What a warehouse has of the members of all teams; each fact and span of days is asked about once."""

    warehouse: Warehouse
    process: int = field(default_factory=os.getpid)
    _known: dict[tuple[str, Days], OfTeams] = field(default_factory=dict)

    def read(self, team_ids: Iterable[str], measure: str, days: Days) -> tuple[SourceRow, ...]:
        """What the teams' rows of a measure over the days add up to, by member; the last day of each stands
        for all of them. A last figure is no sum, and comes row by row.
        """
        spec = measure_catalog()[measure]
        if spec.rollup is Rollup.LAST:
            return rows_of_teams(self.warehouse, (measure, days), team_ids)
        if cuts_a_month(spec, days):
            return ()
        of_teams = self._of_teams(spec.fact, days)
        found = chain.from_iterable(of_teams.get(team_id, ()) for team_id in team_ids)
        rows = (_row(row, spec) for row in found if row[measure])
        return tuple(sorted(rows, key=attrgetter("source", "entity", "day", "owner_key")))

    def know(self, measure: str, days: Days) -> None:
        """Ask for it now, so that forks of this process have it."""
        spec = measure_catalog()[measure]
        if spec.rollup is not Rollup.LAST and not cuts_a_month(spec, days):
            self._of_teams(spec.fact, days)

    def _of_teams(self, fact: str, days: Days) -> OfTeams:
        if (fact, days) not in self._known:
            self._known[fact, days] = self._asked(fact, days)
        return self._known[fact, days]

    def _asked(self, fact: str, days: Days) -> OfTeams:
        if self.process != os.getpid():
            raise RuntimeError("a fork asks nothing of the warehouse")
        months = months_in(days)
        # of whole months, as for tracing: some figures of a day hang on others of its month
        window: Values = {"start": months[0].start, "end": months[-1].end, "first": days[0], "until": days[1]}
        found: defaultdict[str, list[Mapping[Any, Any]]] = defaultdict(list)
        with self.warehouse.opened() as connection:
            for row in self.warehouse.facts.ask(connection, members_asked(fact), window).mappings():
                found[row["team_id"]].append(row)
        return found


@cache
def members_asked(fact: str) -> Question:
    """The sums of a fact's measures over some days, by team and by what members are told apart by."""
    stem = fact.removeprefix("fct_")
    by = (*_OWNED, *_names(fact))
    summed = (name for name in sql_file("measures", stem).measures if _adds_up(name))
    sums = (f"cast(sum({name}) as decimal(24, 6)) as {name}" for name in summed)
    asked = exp.select(*by, "max(activity_date) as last_day", *sums, dialect=WRITTEN_IN).from_("rows_owned")
    asked = asked.where("activity_date >= :first and activity_date < :until", dialect=WRITTEN_IN)
    return Question(asked.group_by(*by).with_("rows_owned", owned(parse(row_file(stem)))))


def _names(fact: str) -> list[str]:
    columns = {column.name for column in fact_catalog()[fact].columns}
    return [name for name in _TOLD_APART_BY if name in columns]


def _adds_up(measure: str) -> bool:
    return measure_catalog()[measure].rollup is not Rollup.LAST


def _row(row: Mapping[Any, Any], spec: MeasureSpec) -> SourceRow:
    return SourceRow(
        source=row["source"],
        entity=row["entity"],
        owner_key=row["owner_key"],
        day=row["last_day"],
        names={name: row[name] for name in _names(spec.fact)},
        currency_code=None,
        amount=None,
        rate=None,
        value=row[spec.name],
        share=row["share"],
    )

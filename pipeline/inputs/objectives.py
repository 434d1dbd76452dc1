"""The objectives that the cards of a period show, valued from the warehouse and the check-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from book.measured_results import days_so_far, measure_units, objectives_shown
from book.trends import members_of_all
from pipeline.site import Site
from scoring.okr.agreed import Objective
from scoring.okr.known import key_values
from scoring.okr.objectives import alignments, score_objectives
from scoring.okr.result import ObjectiveResult
from scoring.period import Period
from scoring.rollup import roll_up
from warehouse import span_measures

ByStart = Mapping[tuple[str, date], Mapping[str, Decimal]]


def objectives_of_teams(site: Site, period: Period) -> Mapping[str, tuple[ObjectiveResult, ...]]:
    """Each team's objectives on the last day of `period`, in the book's order."""
    book, as_of = site.book, period.last_day
    shown = objectives_shown(book, period)
    supports = alignments(book.objectives, {team.id: team.name for team in book.teams_in(period)})
    measures = _measures(site, period, shown)
    units = measure_units()
    results: defaultdict[str, tuple[ObjectiveResult, ...]] = defaultdict(tuple)
    for objective in shown:
        so_far = measures[objective.team_id, objective.period.start]
        values = key_values(objective, book.kpis, so_far, book.check_ins, as_of, units)
        results[objective.team_id] += score_objectives([objective], values, as_of, supports)
    return results


def _measures(site: Site, period: Period, shown: tuple[Objective, ...]) -> ByStart:
    """The measures of each team from each objective's first day on."""
    values = span_measures(site.warehouse, {days_so_far(objective, period) for objective in shown})
    measures: defaultdict[tuple[str, date], dict[str, Decimal]] = defaultdict(dict)
    for (team_id, days, name), value in values.items():
        measures[team_id, days[0]][name] = value
    # found last, as sums of what stands there
    for team_id, members in members_of_all(site.book, period).items():
        for start in {objective.period.start for objective in shown if objective.team_id == team_id}:
            measures[team_id, start] |= _sums_of(measures, members, start)
    return measures


def _sums_of(measures: ByStart, members: Collection[str], start: date) -> Mapping[str, Decimal]:
    """The measures of several teams from one first day on."""
    found = {(one, name): value for one in members for name, value in measures[one, start].items()}
    return roll_up(found, {start: members})[start]

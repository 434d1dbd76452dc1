"""Checks target rows against the teams and KPIs, and against each other day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from book.fault import Fault
from book.files.draft import Draft
from book.files.targets import TargetRow
from book.lint.areas import lint_areas
from book.lint.fiscal import lint_years
from book.lint.known import ONE_OF_KPIS, is_unknown, kpi_todo
from book.lint.owned import owner, unmeasured
from book.lint.stretches import Stretch, card_name, newest_of, stretches
from book.lint.target_fit import lint_fit
from disk.nearest import did_you_mean
from scoring.arithmetic import HUNDRED
from scoring.card.line import measure_names
from scoring.errors import BookError
from scoring.kpi import Target
from scoring.period import Cadence
from scoring.targets.terms import CardOf, card_of
from scoring.weights import as_hundred

Dated = tuple[TargetRow, Target]


def lint_targets(draft: Draft) -> Iterator[Fault]:
    """Every contradiction in the targets.

    The sums of a team are not checked while one of its rows has a fault, nor those of any team while a whole
    file cannot be read.
    """
    by_team: defaultdict[str, list[TargetRow]] = defaultdict(list)
    for row in draft.targets.rows:
        yield from _unknown(draft, row)
        yield from lint_fit(draft, row)
        yield from lint_years(draft, row)
        by_team[row.team_id].append(row)
    for row in _firsts(draft.targets.rows):
        yield from _unmeasured(draft, row)
    for team_id in _summed_teams(draft):
        yield from _of_team(draft, team_id, by_team[team_id])


def _summed_teams(draft: Draft) -> Collection[str]:
    return draft.team_ids if draft.targets.complete and draft.team_ids else ()


def _firsts(rows: Sequence[TargetRow]) -> Collection[TargetRow]:
    """The first row of each KPI of a team, where what is wrong with all of them is told."""
    return {(row.team_id, row.kpi_id): row for row in reversed(rows)}.values()


def _of_team(draft: Draft, team_id: str, rows: list[TargetRow]) -> Iterator[Fault]:
    if not rows:
        yield draft.files["teams.yaml"].fault(
            (team_id,), f"{team_id}: expected rows in targets/, found none; add some"
        )
    dated = _dated(draft, rows)
    if len(dated) == len(rows):
        yield from list(_overlaps(dated)) or _sums(draft, dated)


def _dated(draft: Draft, rows: Sequence[TargetRow]) -> list[Dated]:
    """The rows whose target could be read, for a length of period and of a year that there is."""
    readable = ((row, row.target) for row in rows if not any(lint_years(draft, row)))
    return [(row, target) for row, target in readable if target is not None]


def _sums(draft: Draft, dated: list[Dated]) -> Iterator[Fault]:
    yield from _days(dated)
    yield from lint_areas(draft, dated)


def _unknown(draft: Draft, row: TargetRow) -> Iterator[Fault]:
    if is_unknown(row.team_id, draft.team_ids):
        meant = did_you_mean(row.team_id, draft.team_ids or ())
        yield row.fault(f"team: expected one of teams.yaml, found {row.team_id!r}{meant}; correct it")
    if is_unknown(row.kpi_id, draft.kpi_ids):
        found = f"{row.kpi_id!r}{did_you_mean(row.kpi_id, draft.kpi_ids or ())}"
        yield row.fault(f"kpi: expected {ONE_OF_KPIS}, found {found}; {kpi_todo(row.kpi_id)}")


def _unmeasured(draft: Draft, row: TargetRow) -> Iterator[Fault]:
    """A KPI over facts that none of the team's accounts has would never be available."""
    kpi = draft.kpi(row.kpi_id)
    if kpi is None:
        return
    try:
        missing = unmeasured(draft, row.team_id, measure_names(kpi.formula or "", kpi.rule_spec()))
    except BookError:
        return
    if missing:
        yield row.fault(
            f"{row.kpi_id}: expected {owner(draft, row.team_id)} to own an account with {missing}, "
            "found none; add it in teams.yaml or give the team another KPI"
        )


def _overlaps(dated: list[Dated]) -> Iterator[Fault]:
    """The same KPI twice on one day, by rows of which neither supersedes the other."""
    ends: dict[tuple[object, ...], date] = {}
    for row, target in sorted(dated, key=lambda pair: (pair[1].valid_from, pair[0].file, pair[0].line)):
        key = (target.kpi_id, card_of(target), target.agreed_on)
        end = ends.get(key, target.valid_from)
        if target.valid_from < end:
            yield row.fault(
                f"{target.team_id} {target.kpi_id}: expected valid_from {end} or later, when the row before "
                f"ends, found {target.valid_from}; correct the days of one, or name the newer's day in "
                "`agreed_on`"
            )
        ends[key] = max(end, target.valid_until)


def _days(dated: list[Dated]) -> Iterator[Fault]:
    """Weights that do not sum to 100, or no target at all; reported once for each stretch of days."""
    cards: defaultdict[CardOf, dict[Target, TargetRow]] = defaultdict(dict)
    for row, target in dated:
        cards[card_of(target)][target] = row
    for (per, *_), rows in cards.items():
        yield from _days_of_card(rows, per)


def _days_of_card(rows: Mapping[Target, TargetRow], per: Cadence) -> Iterator[Fault]:
    for stretch in stretches(rows):
        if as_hundred(stretch.weight) != HUNDRED:
            yield _sum_fault(rows, stretch, per)


def _sum_fault(rows: Mapping[Target, TargetRow], stretch: Stretch, per: Cadence) -> Fault:
    newest = newest_of(rows, _concerned(rows, stretch))
    expected, found = "targets on every day", "none"
    if stretch.held:
        expected, found = "weights that sum to 100", str(stretch.weight)
    return newest.fault(
        f"{card_name(newest.team_id, per)}: expected {expected} from {stretch.start} to {stretch.end}, "
        f"found {found}; correct the rows"
    )


def _concerned(targets: Collection[Target], stretch: Stretch) -> Sequence[Target]:
    """The rows of the stretch and those that take a KPI off on it; where there are none, those that end."""
    taken_off = [target for target in targets if target.takes_off and target.is_valid_on(stretch.start)]
    return (*stretch.held, *taken_off) or _ending_on(stretch.start, targets)


def _ending_on(day: date, targets: Collection[Target]) -> Sequence[Target]:
    return [target for target in targets if target.valid_until == day]

"""A run's remarks: keys and files that are most likely mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import filterfalse, groupby
from operator import attrgetter

from book.files.shapes import CYCLES
from book.history import months_needed
from book.model import Owned
from etl.sources.not_taken import not_taken
from pipeline.site import Site
from scoring.kpi import Target
from scoring.period import Cadence, Period
from warehouse import Warehouse
from warehouse.reading import keys_with_rows


def files_not_taken(site: Site) -> Iterator[str]:
    """A line for each source with export files that match no pattern for any month."""
    for source, names in not_taken(site.book.accounts, site.origin.files).items():
        yield f"{source}: not taken: {', '.join(names)}"


def keys_without_rows(site: Site, warehouse: Warehouse, period: Period) -> Iterator[str]:
    """A line for each owner key of teams.yaml that no row of its account has in the whole window.

    Accounts without any row are left out: the certificate covers them.
    """
    months = months_needed(site.book, [period])
    known = keys_with_rows(warehouse, months)
    for team in site.book.teams_in(period):
        # what others own is told of them
        for owned in () if team.of else team.owns:
            missing = _missing(owned, known.get((owned.source, owned.entity), frozenset()))
            if missing:
                yield (
                    f"{team.id}: no row of {owned.source}/{owned.entity} from {months[0]} to {months[-1]} "
                    f"has the key {', '.join(missing)}; check that teams.yaml spells it as the export does"
                )


def teams_left_out(site: Site, periods: Iterable[Period]) -> Iterator[str]:
    """A line for each team without a card for periods of a length that it has targets for, and why."""
    periods = list(periods)
    for team in site.book.teams:
        why = partial(_why_left_out, site, team.id)
        for reason, found in groupby(periods, key=why):
            if reason:
                yield f"{team.id}: no card for {_from_to([*found])}: {reason}"


def _from_to(periods: Sequence[Period]) -> str:
    return " to ".join(dict.fromkeys(map(str, (periods[0], periods[-1]))))


def _why_left_out(site: Site, team_id: str, period: Period) -> str:
    """Why there is no card; nothing where there is one, or the team has no targets of that length."""
    if site.book.agreed(team_id, period):
        return ""
    targets = site.book.targets_by_team.get(team_id, ())
    rows = [row for row in targets if row.per is period.cadence]
    during = [*filter(partial(_shares_days, period), rows)]
    if during:
        return _why_not(during, period)
    # days of its own that a team has targets for say nothing of others
    return _nearest(rows, period) if rows and period.cadence is not Cadence.SPAN else ""


def _shares_days(period: Period, row: Target) -> bool:
    return row.valid_from < period.end and row.valid_until > period.start


def _why_not(rows: Sequence[Target], period: Period) -> str:
    """Of rows that share days with the period, and yet make no card of it."""
    if period.cadence is Cadence.SPAN:
        return f"its targets per span are of other days, {', '.join(sorted(set(map(_days, rows))))}"
    last = max(map(attrgetter("valid_until"), rows)) - timedelta(days=1)
    return f"its targets end on {last}; for a card of its own days let part_period of grading.yaml count them"


def _days(row: Target) -> str:
    return f"{row.valid_from}..{row.valid_until - timedelta(days=1)}"


def _nearest(rows: Sequence[Target], period: Period) -> str:
    """Until when the rows before a period without any were, or from when on the later ones are."""
    ends = [*filter(period.start.__ge__, map(attrgetter("valid_until"), rows))]
    if ends:
        return f"its targets end on {max(ends) - timedelta(days=1)}"
    return f"its targets begin on {min(map(attrgetter('valid_from'), rows))}"


def runs_without_targets(site: Site, period: Period) -> Iterator[str]:
    """A line for each run of calendar.yaml for whose periods no team has targets after that period."""
    held = {row.per for row in site.book.targets if row.valid_until > period.end}
    for name, cadence in CYCLES.items():
        # a calendar has the first two without saying so
        if cadence in site.book.calendar.cycles.keys() - held - {Cadence.MONTH, Cadence.WEEK}:
            yield (
                f"calendar.yaml: {name}: no team has targets per {cadence.words} after {period.last_day}, so "
                "these runs make no card; add rows, or remove it"
            )


def cards_not_issued(site: Site, period: Period) -> Iterator[str]:
    """A line for each team that has targets in the period and no card of it yet."""
    issued = set(map(attrgetter("team_id"), site.ledger.newest(str(period))))
    missing = filterfalse(issued.__contains__, site.scored_teams(period))
    return map(partial(_not_issued, period), missing)


def _not_issued(period: Period, team_id: str) -> str:
    return f"{team_id}: no card for {period} yet; make it with `scorewright run --period {period}`"


def _missing(owned: Owned, with_rows: Collection[str]) -> list[str]:
    """The named keys beside those with rows; none where no key of the account has any."""
    if not with_rows:
        return []
    known = {"*", *with_rows}
    return [key for key in owned.keys if key not in known]

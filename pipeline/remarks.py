"""A run's remarks: keys and files that are most likely mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import product

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
    """A line for each team that has targets on some days of a period, but no card: none on its last day."""
    for period, team in product(periods, site.book.teams):
        days = _last_days(site.book.targets_by_team.get(team.id, ()), period)
        if days and not site.book.agreed(team.id, period):
            yield (
                f"{team.id}: no card for {period}: its targets end on {max(days)}; for a card of its own "
                "days let part_period of grading.yaml count them"
            )


def _last_days(targets: Iterable[Target], period: Period) -> list[date]:
    """The last day within the period of each row that is for such periods and for some of its days."""
    return [row.valid_until - timedelta(days=1) for row in targets if _is_for_days_of(row, period)]


def _is_for_days_of(row: Target, period: Period) -> bool:
    # a row for a span is for all of its own days, or for another span
    is_for = row.per is period.cadence is not Cadence.SPAN
    return is_for and row.valid_from < period.end and row.valid_until > period.start


def _missing(owned: Owned, with_rows: Collection[str]) -> list[str]:
    """The named keys beside those with rows; none where no key of the account has any."""
    if not with_rows:
        return []
    known = {"*", *with_rows}
    return [key for key in owned.keys if key not in known]

"""Sum the facts into daily measures by owning team."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from etl.warehouse import Ownership, replace_measures
from killpoints import reach
from pipeline.book import Book
from pipeline.history import months_needed
from pipeline.site import Site
from scoring.period import Period

log = logging.getLogger(__name__)


def measure(site: Site, period: Period, *, since: Period | None = None) -> int:
    """Replace all measures that a card of `period` needs in one transaction; returns the rows written.

    With `since`, an earlier period, those of all periods from there on, from one scan of each fact.
    Raises `DataError` where an amount has no exchange rate.
    """
    rows = measure_months(site, months_needed(site.book, (since or period).through(period)))
    log.info("measure: %d rows up to %s", rows, period)
    return rows


def measure_months(site: Site, months: Sequence[Period]) -> int:
    """The same for consecutive months, whatever they are needed for."""
    rows = replace_measures(site.warehouse, months, ownership_of(site.book))
    reach("measure.committed")
    return rows


def ownership_of(book: Book) -> list[Ownership]:
    """Which team owns which part of which account."""
    return [
        Ownership(owned.source, owned.entity, key, team.id, owned.share)
        for team in book.teams
        for owned in team.owns
        for key in owned.keys
    ]

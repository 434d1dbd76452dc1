"""Sum the facts into daily measures by owning team."""

from __future__ import annotations

import logging

from book.history import months_needed, periods_since
from pipeline.inputs.figures import measure_months
from pipeline.site import Site
from pipeline.steps.seconds import Seconds
from scoring.period import Period

log = logging.getLogger(__name__)


def measure(site: Site, period: Period, *, since: Period | None = None) -> int:
    """Bring all measures that a card of `period` needs up to date; returns the rows written.

    With `since`, an earlier period, those of all periods from there on, from one scan of each fact.
    An amount that has no exchange rate is left out: the cards that need it are held.
    """
    took = Seconds()
    rows = measure_months(site, months_needed(site.book, periods_since(since, period)))
    log.info("measure: %s rows up to %s, %s", f"{rows:,}", period, took)
    return rows

"""What the sources that the book calls necessary lack of a period."""

from __future__ import annotations

from collections.abc import Mapping

from etl.quality.gate import Gap
from pipeline.inputs.evidence import gaps_behind
from pipeline.site import Site
from scoring.evidence import LACKING
from scoring.period import Period
from scoring.spans import days_of, months_in


def necessary_months(site: Site, period: Period) -> Mapping[str, tuple[Period, ...]]:
    """The months of the period itself, for each necessary source."""
    months = tuple(months_in(days_of(period)))
    return {source: months for source in site.book.source_names if source in site.book.policy.necessary}


def lacking(site: Site, period: Period) -> tuple[Gap, ...]:
    """The gaps of the period's own days, in necessary sources, for which its cards would not be final."""
    months = necessary_months(site, period)
    return tuple(
        gap
        for gap in gaps_behind(site, period)
        if gap.code in LACKING and gap.month in months.get(gap.source, ()) and _touches(period, gap)
    )


def _touches(period: Period, gap: Gap) -> bool:
    """Whether it concerns a day of the period; a month that has only begun lacks its later days."""
    return not gap.days or any(day in period for day in gap.days)

"""Look whether the sources that a period's cards need are there, and load those that came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from etl.quality.gate import Gap
from pipeline.inputs.readiness import lacking, necessary_months
from pipeline.site import Site
from pipeline.steps.gather import gather
from scoring.period import Period


def still_lacking(site: Site, period: Period, *, now: Callable[[], datetime]) -> tuple[str, ...]:
    """What the necessary sources lack of the period, a few words each; none if it can be scored.

    Those that lack something are pulled and loaded first, of the months of the period itself.
    """
    missing = {gap.source for gap in lacking(site, period)}
    if not missing:
        return ()
    months = {source: each for source, each in necessary_months(site, period).items() if source in missing}
    gathered = gather(site, period, tuple(months), now=now, months=months)
    if gathered.through < len(months):
        # a source that cannot be asked says so itself
        return tuple(map(str, gathered.errors))
    return tuple(dict.fromkeys(_said(lacking(site, period))))


def _said(gaps: tuple[Gap, ...]) -> Iterator[str]:
    for gap in gaps:
        reason = f" ({gap.reason})" if gap.reason else ""
        yield f"{gap.source} {gap.entity} {gap.month}: {gap.code}{reason}"

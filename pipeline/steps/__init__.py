"""The steps by name, for a scheduler that must not pay for the imports of steps it does not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.outbox import DeliveryOutcome
    from pipeline.site import Site
    from pipeline.steps.gather import Gathered
    from pipeline.steps.report import Report
    from scoring.errors import ScorewrightError
    from scoring.period import Period


class Steps:
    """Every step; each imports what it needs when it is called."""

    def gather(
        self,
        site: Site,
        period: Period,
        sources: Sequence[str],
        *,
        now: Callable[[], datetime],
        allow_empty: bool = False,
        months: Mapping[str, Sequence[Period]] | None = None,
    ) -> Gathered:
        """See `pipeline.steps.gather`."""
        from pipeline.steps.gather import gather

        return gather(site, period, sources, now=now, allow_empty=allow_empty, months=months)

    def still_lacking(self, site: Site, period: Period, *, now: Callable[[], datetime]) -> tuple[str, ...]:
        """See `pipeline.steps.wait`."""
        from pipeline.steps.wait import still_lacking

        return still_lacking(site, period, now=now)

    def measure(self, site: Site, period: Period) -> int:
        """See `pipeline.steps.measure`."""
        from pipeline.steps.measure import measure

        return measure(site, period)

    def restate(
        self,
        site: Site,
        period: Period,
        teams: tuple[str, ...] = (),
        *,
        now: datetime,
        undrawn: list[ScorewrightError] | None = None,
    ) -> tuple[int, ...]:
        """See `pipeline.steps.restate`."""
        from pipeline.steps.restate import restate

        return restate(site, period, teams, now=now, undrawn=undrawn)

    def score(self, site: Site, period: Period, teams: tuple[str, ...]) -> tuple[str, ...]:
        """See `pipeline.steps.score`."""
        from pipeline.steps.score import score

        return score(site, period, teams)

    def render(self, site: Site, name: str) -> str:
        """See `pipeline.steps.render`."""
        from pipeline.steps.render import render

        return render(site, name)

    def render_each(
        self, site: Site, names: Sequence[str], undrawn: list[ScorewrightError]
    ) -> tuple[str, ...]:
        """See `pipeline.steps.render`."""
        from pipeline.steps.render import render_each

        return tuple(render_each(site, names, undrawn))

    def issue(self, site: Site, names: Sequence[str], *, now: datetime, send: bool = False) -> list[int]:
        """See `pipeline.steps.issue` and `pipeline.steps.tabulate`."""
        from pipeline.steps.issue import issue
        from pipeline.steps.tabulate import tabulate

        issued = issue(site, names, now=now, send=send)
        tabulate(site)
        return issued

    def deliver(
        self, site: Site, issue_id: int, *, now: Callable[[], datetime]
    ) -> tuple[DeliveryOutcome, ...]:
        """See `pipeline.steps.deliver`."""
        from pipeline.steps.deliver import deliver

        return deliver(site, issue_id, now=now)

    def restatements_to_send(self, site: Site, period: Period) -> tuple[int, ...]:
        """See `pipeline.steps.deliver`."""
        from pipeline.steps.deliver import restatements_to_send

        return restatements_to_send(site, period)

    def finish(self, site: Site, *, now: Callable[[], datetime]) -> None:
        """See `pipeline.steps.deliver`."""
        from pipeline.steps.deliver import finish

        finish(site, now=now)

    def report(
        self, site: Site, period: Period, teams: Sequence[str], *, now: Callable[[], datetime], finish: bool
    ) -> Report:
        """See `pipeline.steps.report`."""
        from pipeline.steps.report import report_whole

        return report_whole(site, period, teams, now=now, finish=finish)

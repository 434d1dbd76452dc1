"""The measures of a period, where there is a warehouse that has some."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from pipeline.inputs.rolled_up import with_rolled_up
from pipeline.site import Site
from scoring.errors import UsageError
from scoring.period import Period
from scoring.spans import AnySpan
from warehouse import team_measures


def has_warehouse(site: Site) -> bool:
    """Whether there is one to ask: opening it would make an empty file."""
    return site.settings.home.exists() and site.warehouse.exists()


def measured(site: Site, period: Period, spans: Collection[AnySpan]) -> dict[tuple[str, str], Decimal]:
    """The measures of the period by team and name; none where nothing was measured."""
    if not has_warehouse(site):
        return {}
    found = with_rolled_up(site, team_measures(site.warehouse, [period], spans))
    return {(team_id, name): value for team_id, of in found.items() for (_, name), value in of.items()}


def not_measured(what: str, period: Period) -> UsageError:
    """The refusal where a period has no measures."""
    return UsageError(
        f"{what}: expected a period with measures, found none; "
        f"run `scorewright run --period {period} --deliver never` first."
    )

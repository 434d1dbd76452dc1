"""The layer between Airflow and the daily loading of what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import scorecard_run as run
from airflow.sdk import Asset, AssetAlias, get_current_context

if TYPE_CHECKING:
    from pipeline.site import Site
    from pipeline.steps import Steps
    from scoring.period import Period

LOADED = AssetAlias("scorewright_loaded")
"""Stands for the assets of the sources of which a run loaded something, such as `scorewright_google_ads`."""


def plan() -> run.Planned:
    """Prepare the stores for the month that today lies in."""
    from disk.home import name_of_home
    from pipeline.preparing import prepare
    from scoring.period import Period

    with run.open_site(None) as (site, _):
        period = Period.containing(site.book.today(run.clock()))
        prepare(site, period)
        home = name_of_home(site.settings.home)
        return run.Planned(period=str(period), book=site.book.sha256, home=home)


def gather(site: Site, steps: Steps, period: Period, sources: Sequence[str]) -> list[str]:
    """Pull and load what is new of the sources; returns those of which something was loaded.

    Each of these has an event of its asset. Fails with what was refused when the others are through.
    """
    from book.history import months_reloaded

    today = site.book.today(run.clock())
    months = {source: months_reloaded(site.book, source, today) for source in sources}
    gathered = steps.gather(site, period, sources, now=run.clock, months=months)
    events = get_current_context()["outlet_events"][LOADED]
    for source in gathered.loaded:
        events.add(Asset(name=f"scorewright_{source}", uri=f"scorewright://sources/{source}"))
    gathered.or_raise()
    return list(gathered.loaded)

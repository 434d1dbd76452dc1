"""What one team's card costs to draft where there are four times as many teams: no more than before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.preparing import prepare
from pipeline.run import gather_and_measure
from pipeline.site import Site, open_site
from pipeline.steps.score import score
from settings import Settings
from tests.benchmarks.company import OCTOBER, write_company
from tests.benchmarks.stopwatch import Result

FEW, MANY = 100, 400


def site_of(folder: Path, teams: int) -> Site:
    """A company of so many teams with thirteen months loaded and measured."""
    write_company(folder, teams)
    home, exports, config = (str(folder / name) for name in ("home", "exports", "config"))
    site = open_site(
        Settings.from_environment(
            {"SCOREWRIGHT_HOME": home, "SCOREWRIGHT_EXPORTS": exports, "SCOREWRIGHT_CONFIG": config}
        )
    )
    prepare(site, OCTOBER)
    gather_and_measure(site, [OCTOBER], now=lambda: datetime.now(UTC), say=lambda _: None)
    return site


def of_a_card(folder: Path, teams: int) -> float:
    """Milliseconds of computing for each card of fifteen KPIs."""
    site = site_of(folder, teams)
    begin = time.process_time()
    score(site, OCTOBER)
    return (time.process_time() - begin) / teams * 1000


def run(folder: Path) -> Iterator[Result]:
    """Drafting a month for many teams, and for few."""
    few, many = (of_a_card(folder / str(teams), teams) for teams in (FEW, MANY))
    yield Result(
        f"drafting a card of 15 KPIs among {MANY}, in CPU ms", f"the same among {FEW}", many, few, unit="ms"
    )

"""The small installation that runs are killed in, and the states that it is killed from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from book import Book, load_book
from pipeline.run import RunOptions, run
from pipeline.site import Site
from scoring.errors import ScorewrightError
from scoring.period import Period
from settings import Settings
from tests.book.books import VALID
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, ads, answers, write_exports, write_month

SEPTEMBER = OCTOBER.shift(-1)
FIRST_RUN = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)


SPARK = "FAULTS_SPARK"
"""Names the Spark that computes where the line is `spark`."""


@dataclass(frozen=True)
class Place:
    """An installation below `root`: `config`, `exports`, `home`; `urls` name stores that lie elsewhere.

    `urls` are settings such as `warehouse` and `ledger`: whoever gives them sees to it that those
    stores are in the start's state, as the copied home is where they are embedded.
    """

    root: Path
    urls: dict[str, str]

    @property
    def home(self) -> Path:
        return self.root / "home"

    def open(self) -> Site:
        given = {name: str(self.root / name) for name in ("config", "exports", "home")} | self.urls
        settings = Settings.from_environment({f"SCOREWRIGHT_{key.upper()}": given[key] for key in given})
        return Site(settings, _book())

    def run(self, number: int = 0, *, send: bool = True) -> dict[str, Any]:
        """October, `number` hours after the first run: how it ended, as the program would say it."""
        return self.run_month(OCTOBER, FIRST_RUN + timedelta(hours=number), send=send)

    def run_month(self, month: Period, now: datetime, *, send: bool = True) -> dict[str, Any]:
        """A month at `now`."""
        try:
            run(self.open(), RunOptions(month, (), send), now=lambda: now, say=lambda _: None)
        except ScorewrightError as error:
            return {"code": error.exit_code, "said": str(error)}
        return {"code": 0, "said": ""}


def load_cached(config: Path, checked_book: str | None = None) -> Book:
    """In place of `load_book`: the book of every place."""
    return _book()


@cache
def _book() -> Book:
    """Read once for all forks; it is a value, and the same in every place."""
    return load_book(VALID)


Line = Callable[[Place, int], Any]
"""A way from the exports to the mails: the program's own, or the naive one."""


@dataclass(frozen=True)
class Start:
    """Where a run that is to be killed begins: after `before` (if any) and with the exports of `change`."""

    before: Callable[[Place], Any] | None = None
    change: Callable[[Place], None] = lambda _: None
    by_folder: bool = False


def _restate(place: Place) -> None:
    """Two of three exports come again: one with rows missing, one with a row more and others changed."""
    exports = place.root / "exports"
    (exports / ADS).write_text(ads(without=[(7, "201"), (8, "202")]), "utf-8")
    (exports / ANSWERS).write_text(answers([10, 2, 9, 8, 10, 3, 9, 10, 9]), "utf-8")


def _issue_september(place: Place) -> None:
    write_month(place.root / "exports", SEPTEMBER)
    place.run_month(SEPTEMBER, FIRST_RUN - timedelta(days=31))


def _come_late(place: Place) -> None:
    """September, which is closed by now, has other answers: the cards of both teams are restated."""
    late = answers([2, 3, 9, 8, 10, 3, 9, 1], SEPTEMBER)
    (place.root / "exports" / ANSWERS.replace(str(OCTOBER), str(SEPTEMBER))).write_text(late, "utf-8")


STARTS = {
    "new": Start(),
    "restated": Start(before=lambda place: place.run(), change=_restate),
    "unsent": Start(before=lambda place: place.run(send=False)),
    "by folder": Start(by_folder=True),
    "late": Start(before=_issue_september, change=_come_late),
}


def make(root: Path, start: Start, urls: dict[str, str]) -> Place:
    """A place in the state of a start; called where stores may be opened, so in a child."""
    shutil.copytree(VALID, root / "config")
    write_exports(root / "exports")
    place = Place(root, urls)
    if start.before is not None:
        start.before(place)
    start.change(place)
    return place

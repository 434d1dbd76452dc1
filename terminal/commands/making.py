"""Commands that make scorecards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from pipeline.counting import uncounted
from pipeline.planning import Deliver, period_range, refuse_mailing_backfill, refuse_unfinished
from scoring.period import Period
from terminal.commands.arguments import (
    CsvOption,
    DryRunOption,
    ForceOption,
    PeriodOption,
    PreviewJsonOption,
    QuietOption,
    TeamsOption,
    VerboseOption,
    now,
)
from terminal.new_files import refuse_existing
from terminal.out import say_json, speaking

if TYPE_CHECKING:
    from pipeline.site import Site


def run(
    period: PeriodOption,
    team: TeamsOption = None,
    deliver: Annotated[Deliver, typer.Option(help="auto counts as never here")] = Deliver.ALWAYS,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="accept a month losing all its rows")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="accept a period that is not over; mails nothing")
    ] = False,
    dry_run: DryRunOption = False,
    csv: CsvOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    as_json: PreviewJsonOption = False,
    force: ForceOption = False,
) -> None:
    """Run the whole period: extract, load, measure, score, render, issue, deliver.

    Safe to repeat: unchanged data is not loaded, issued or sent again.
    """
    from pipeline import run as runs
    from pipeline.site import open_site
    from scoring.errors import BadFileError, RefusedError
    from terminal.counted import counted
    from terminal.status import print_status

    say, out = speaking(quiet=quiet, verbose=verbose)
    site, teams = open_site(), tuple(team or ())
    asked, wanted = site.book.own_period(period), _Wanted(dry_run, csv, as_json, force)
    refuse_unfinished(asked, now=now(), time_zone=site.book.time_zone, allow_begun=unfinished)
    if wanted.is_preview:
        _preview(site, (asked,), teams, wanted, allow_empty=allow_empty)
        return
    send = deliver is Deliver.ALWAYS and not unfinished
    options = runs.RunOptions(asked, teams, send=send, allow_empty=allow_empty)
    try:
        with _telling_approvers(site if send else None, say):
            runs.run(site, options, now=now, say=say, counted=uncounted if quiet else counted)
    except (BadFileError, RefusedError):
        # all else was done, and the table says which cards are held
        print_status(site, options.period, out, now())
        raise
    print_status(site, options.period, out, now())


@contextmanager
def _telling_approvers(site: Site | None, say: Callable[[str], None]) -> Iterator[None]:
    """Tell at the end, however it came, who may approve which cards; nobody where nothing is mailed."""
    from scoring.errors import ScorewrightError

    try:
        yield
    except ScorewrightError:
        # what kept the run from its end is what is said, not what that keeps from telling
        with suppress(ScorewrightError):
            _tell_approvers(site, say)
        raise
    _tell_approvers(site, say)


def _tell_approvers(site: Site | None, say: Callable[[str], None]) -> None:
    from auditing.telling import tell_approvers

    for sentence in tell_approvers(site, now=now) if site is not None else ():
        say(sentence)


def backfill(
    first: Annotated[str, typer.Option("--from", metavar="PERIOD", help="the first one")],
    last: Annotated[str, typer.Option("--to", metavar="PERIOD", help="the last one, of the same length")],
    team: TeamsOption = None,
    deliver: Annotated[Deliver, typer.Option(help="always is refused; a backfill mails nothing")] = (
        Deliver.NEVER
    ),
    dry_run: DryRunOption = False,
    csv: CsvOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    as_json: PreviewJsonOption = False,
    force: ForceOption = False,
) -> None:
    """Issue the cards of many periods, loading and measuring once for all of them; mails nothing.

    Safe to repeat and to kill: unchanged data is not loaded, drawn or issued again.
    """

    from pipeline.backfill import BackfillOptions
    from pipeline.backfill import backfill as run_backfill
    from pipeline.site import open_site
    from terminal.progress import watching

    site, teams = open_site(), tuple(team or ())
    periods = period_range(first, last, site.book.own_period)
    refuse_mailing_backfill(deliver, periods)
    for period in periods:
        refuse_unfinished(period, now=now(), time_zone=site.book.time_zone)
    wanted = _Wanted(dry_run, csv, as_json, force)
    if wanted.is_preview:
        _preview(site, periods, teams, wanted)
        return
    _, out = speaking(quiet=quiet, verbose=verbose)
    with watching(out) as watch:
        run_backfill(site, BackfillOptions(periods, teams), now=now, watch=watch)


class _Wanted(NamedTuple):
    """In which ways a preview is to be told."""

    dry_run: bool
    csv: Path | None
    as_json: bool
    force: bool

    @property
    def is_preview(self) -> bool:
        """Whether nothing is to be issued; `--csv` and `--json` are refused later where `--dry-run` lacks."""
        return self.dry_run or self.csv is not None or self.as_json


def _preview(
    site: Site,
    periods: tuple[Period, ...],
    teams: tuple[str, ...],
    wanted: _Wanted,
    *,
    allow_empty: bool = False,
) -> None:
    from pipeline.preview import preview
    from pipeline.steps.refused import raise_all
    from scoring.errors import ScorewrightError, UsageError
    from terminal.impacts import impacts_as_json, print_impacts, write_csv

    if not wanted.dry_run:
        option = "--csv" if wanted.csv else "--json"
        raise UsageError(f"{option}: expected --dry-run with it, found none; add it, or leave {option} out.")
    refuse_existing([wanted.csv], force=wanted.force)
    refused: list[ScorewrightError] = []
    impacts = preview(site, periods, teams, now=now, allow_empty=allow_empty, refused=refused)
    if wanted.as_json:
        say_json(impacts_as_json(impacts))
    else:
        print_impacts(impacts)
    if wanted.csv is not None:
        write_csv(impacts, wanted.csv)
    raise_all(refused)

"""The command line: `scorewright run | backfill | check | kpis | show | diff | what-if | rollup | ...`."""

from __future__ import annotations

import errno
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline.planning import Deliver, period_range, refuse_mailing_backfill, refuse_unfinished
from pipeline.settings import Settings
from scoring.errors import ScorewrightError, StorageError
from scoring.period import Period

if TYPE_CHECKING:
    from pipeline.site import Site

app = typer.Typer(
    help="Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)

TeamArgument = Annotated[str, typer.Argument(metavar="TEAM", help="a team id")]
PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help="2026-10, 2026-W41, 2026-Q4 or 2026")]


DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="print which issued cards would change, and change nothing")
]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE.csv", help="write what --dry-run finds there, too")
]

targets_app = typer.Typer(help="The agreed targets.", no_args_is_help=True)
app.add_typer(targets_app, name="targets")


@app.callback()
def log() -> None:
    """Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust."""
    level = Settings.from_environment(os.environ).log_level
    logging.basicConfig(level=level, format="%(name)s: %(message)s")


@app.command()
def run(
    period: Annotated[str, typer.Option(metavar="PERIOD", help="2026-10, 2026-W41, 2026-Q4 or 2026")],
    team: Annotated[list[str] | None, typer.Option(metavar="TEAM", help="a team id; may be repeated")] = None,
    deliver: Annotated[Deliver, typer.Option(help="auto counts as never here")] = Deliver.ALWAYS,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="a month that had rows may lose them all")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="also a period whose days are not over; mails nothing")
    ] = False,
    dry_run: DryRunOption = False,
    csv: CsvOption = None,
) -> None:
    """Do the whole period: extract, load, measure, score, render, issue, deliver.

    Safe to repeat: what has not changed is neither loaded nor issued nor sent again.
    """
    from pipeline.run import RunOptions
    from pipeline.run import run as run_month
    from pipeline.site import open_site
    from pipeline.status import print_status

    asked, teams = Period.parse(period), tuple(team or ())
    site = open_site()
    refuse_unfinished(asked, now=_now(), time_zone=site.book.time_zone, allow_begun=unfinished)
    if dry_run or csv:
        _preview(site, (asked,), teams, dry_run=dry_run, csv=csv, allow_empty=allow_empty)
        return
    send = deliver is Deliver.ALWAYS and not unfinished
    options = RunOptions(asked, teams, send=send, allow_empty=allow_empty)
    run_month(site, options, now=_now, say=typer.echo)
    print_status(site, options.period, now=_now())


@app.command()
def backfill(
    first: Annotated[str, typer.Option("--from", metavar="PERIOD", help="the first one")],
    last: Annotated[str, typer.Option("--to", metavar="PERIOD", help="the last one, of the same length")],
    team: Annotated[list[str] | None, typer.Option(metavar="TEAM", help="a team id; may be repeated")] = None,
    deliver: Annotated[Deliver, typer.Option(help="always is refused; a backfill mails nothing")] = (
        Deliver.NEVER
    ),
    dry_run: DryRunOption = False,
    csv: CsvOption = None,
) -> None:
    """Issue the cards of many periods, loading and measuring once for all of them; mails nothing.

    Safe to repeat and to kill: what has not changed is neither loaded nor drawn nor issued again.
    """
    from rich.console import Console

    from pipeline.backfill import BackfillOptions
    from pipeline.backfill import backfill as run_backfill
    from pipeline.progress import watching
    from pipeline.site import open_site

    periods, teams = period_range(first, last), tuple(team or ())
    refuse_mailing_backfill(deliver, periods)
    site = open_site()
    for period in periods:
        refuse_unfinished(period, now=_now(), time_zone=site.book.time_zone)
    if dry_run or csv:
        _preview(site, periods, teams, dry_run=dry_run, csv=csv)
        return
    with watching(Console()) as watch:
        run_backfill(site, BackfillOptions(periods, teams), now=_now, watch=watch)


def _now() -> datetime:
    return datetime.now(UTC)


def _preview(
    site: Site,
    periods: tuple[Period, ...],
    teams: tuple[str, ...],
    *,
    dry_run: bool,
    csv: Path | None,
    allow_empty: bool = False,
) -> None:
    from pipeline.impacts import print_impacts, write_csv
    from pipeline.preview import preview
    from scoring.errors import UsageError

    if not dry_run:
        raise UsageError("--csv: expected --dry-run beside it, found none; add it, or leave --csv out.")
    impacts = preview(site, periods, teams, now=_now, allow_empty=allow_empty)
    print_impacts(impacts)
    if csv is not None:
        write_csv(impacts, csv)


@app.command()
def check() -> None:
    """Read the book in config/ and list everything that is wrong with it."""
    from pipeline.book import check_book, check_warnings
    from pipeline.redefining import check_issued

    settings = Settings.from_environment(os.environ)
    # only a sound book can be held against what was issued
    faults = [str(fault) for fault in check_book(settings.config)] or check_issued(settings)
    for fault in faults:
        typer.echo(fault)
    warnings = check_warnings(settings.config, datetime.now(UTC).date())
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    also = f", {_counted(len(warnings), 'warning')}" if warnings else ""
    if faults:
        typer.echo(f"{_counted(len(faults), 'fault')} in {settings.config}{also}")
        raise typer.Exit(2)
    typer.echo(f"{settings.config}: no faults{also}")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@app.command()
def kpis(
    kpi: Annotated[str | None, typer.Argument(metavar="ID", help="this one alone, whole")] = None,
) -> None:
    """List the KPIs of the book with their formulas and the teams that have them, or print one whole."""
    from pipeline.book import load_book
    from pipeline.dictionary import print_kpi, print_kpis

    book, today = load_book(Settings.from_environment(os.environ).config), datetime.now(UTC).date()
    if kpi is None:
        print_kpis(book, today)
    else:
        print_kpi(book, kpi, today)


@app.command()
def show(period: PeriodArgument, team: TeamArgument) -> None:
    """Print one team's newest issued scorecard as a table."""
    from pipeline.site import open_site
    from pipeline.status import print_card

    print_card(open_site(), Period.parse(period), team)


@app.command("diff")
def diff_revisions(
    period: PeriodArgument,
    team: TeamArgument,
    older: Annotated[str, typer.Argument(metavar="REV1", help="the older revision, such as 1")],
    newer: Annotated[str, typer.Argument(metavar="REV2", help="the newer one")],
    pdf: Annotated[Path | None, typer.Option(metavar="FILE.pdf", help="also write it as a PDF")] = None,
) -> None:
    """Print what two revisions of a card say differently, why, and who had received the older one."""
    from pipeline.restated import print_diff
    from pipeline.revisions import revision_diff, write_diff
    from pipeline.site import open_site

    found = revision_diff(open_site(), Period.parse(period), team, older, newer)
    print_diff(found)
    if pdf is not None:
        write_diff(found, pdf)


@app.command()
def what_if(
    period: PeriodArgument,
    team: TeamArgument,
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="CHANGE...", help="sqls=+6, ad_spend=-10% or leads=120")
    ] = None,
) -> None:
    """Print a team's month with other measures, and what the next grade would take; changes nothing."""
    from pipeline.site import open_site
    from pipeline.whatif import print_what_if

    print_what_if(open_site(), Period.parse(period), team, changes or [])


@app.command()
def rollup(
    period: PeriodArgument,
    kpi: Annotated[
        str | None, typer.Argument(metavar="KPI", help="this one alone, down to its teams")
    ] = None,
) -> None:
    """Print the KPIs of the company and its departments, made from added-up measures."""
    from pipeline.rollup import print_rollup
    from pipeline.site import open_site

    print_rollup(open_site(), Period.parse(period), kpi)


@app.command()
def status(period: PeriodArgument) -> None:
    """List the period's issued scorecards: total, status, revision, PDF and mail."""
    from pipeline.site import open_site
    from pipeline.status import print_status

    print_status(open_site(), Period.parse(period), now=_now())


@app.command()
def quarantine(period: PeriodArgument) -> None:
    """List the rows that could not be read and were set apart, with what was expected and found."""
    from pipeline.quarantine import tell_quarantine
    from pipeline.site import open_site

    tell_quarantine(open_site(), Period.parse(period), typer.echo)


@app.command()
def verify(
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="this period alone; otherwise every one")
    ] = None,
) -> None:
    """Draw every issued scorecard again from the ledger alone, and compare it with what was issued."""
    from pipeline.site import open_site
    from pipeline.verifytable import print_verified

    print_verified(open_site(), None if period is None else Period.parse(period))


@app.command()
def rebuild(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="as known then, such as 2026-11-03T09:00Z; needs --to"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a new file, instead of the warehouse itself")
    ] = None,
) -> None:
    """Make the warehouse anew from the landing: after damage, or as it was known at a moment."""
    from pipeline.moments import moment_of
    from pipeline.rebuilding import rebuild as rebuild_warehouse
    from pipeline.site import open_site

    moment = None if as_of is None else moment_of(as_of)
    made = rebuild_warehouse(open_site(), moment, to, typer.echo)
    typer.echo(f"rebuilt: {made.slices} slices from {made.pulls} pulls, {made.measures} daily values")


@app.command()
def trace(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="bcb7d8a45b, 17 or 2026-10/eu-brand/r1")],
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="a KPI id of the card")],
    rows: Annotated[bool, typer.Option("--rows", help="also the source rows, 50 a measure")] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="write all source rows to a file")] = None,
) -> None:
    """Print where a figure of an issued scorecard comes from, down to the rows of its sources."""
    from pipeline.site import open_site
    from pipeline.tracing import print_trace

    print_trace(open_site(), issue, kpi, rows=rows, to_csv=csv)


@targets_app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="a book, a folder of targets or one file")],
    after: Annotated[Path, typer.Argument(metavar="B", help="the same, as it is now")],
    exit_code: Annotated[bool, typer.Option("--exit-code", help="end with 1 if there is any")] = False,
) -> None:
    """List the rows of targets that were added, removed, changed or superseded from A to B."""
    from pipeline.targetdiff import differences, read_side, told

    found = differences(read_side(before), read_side(after))
    for line in told(found):
        typer.echo(line)
    if found and exit_code:
        raise typer.Exit(1)


appraisal = typer.Typer(
    help="Ask people for what no source knows, and enter what they say.", no_args_is_help=True
)
app.add_typer(appraisal, name="appraisal")


@appraisal.command()
def form(
    period: PeriodArgument,
    team: Annotated[list[str] | None, typer.Option(metavar="TEAM", help="a team id; may be repeated")] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="where to write it")] = None,
) -> None:
    """Write the period's appraisal form as a workbook, a sheet for each team."""
    from pipeline.appraisal import write_form
    from pipeline.site import open_site

    write_form(open_site(), Period.parse(period), tuple(team or ()), output, typer.echo)


@appraisal.command()
def enter(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="a filled form")]) -> None:
    """Enter a filled form into the ledger, all of it or nothing."""
    from pipeline.appraisal import enter_form
    from pipeline.site import open_site

    enter_form(open_site(), file, now=_now(), say=typer.echo)


def main() -> None:
    """Run the command; every refusal is one sentence on stderr and the exit code of its class."""
    try:
        app(standalone_mode=True)
    except ScorewrightError as error:
        _refuse(error)
    except OSError as error:
        # the last net: places that know better what they were doing say so themselves
        if error.errno not in _OF_THE_DISK:
            raise
        _refuse(StorageError(error.filename or "disk", error.strerror))


def _refuse(error: ScorewrightError) -> NoReturn:
    typer.echo(f"scorewright: {error}", err=True)
    sys.exit(error.exit_code)

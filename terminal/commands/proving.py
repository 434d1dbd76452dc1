"""Commands that answer where a number comes from, and whether what was issued still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scoring.errors import UsageError
from terminal.commands.arguments import (
    ForceOption,
    JsonOption,
    PeriodArgument,
    PeriodOption,
    now,
    site_and_period,
)
from terminal.new_files import refuse_existing
from terminal.out import say, say_json


def quarantine(period: PeriodArgument, as_json: JsonOption = False) -> None:
    """List the quarantined rows, with what was expected and found."""
    from terminal.quarantine import quarantine_as_json, tell_quarantine

    if as_json:
        say_json(quarantine_as_json(*site_and_period(period)))
    else:
        tell_quarantine(*site_and_period(period), say)


def verify(
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="only this period; otherwise all of them")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="look for any changed byte: landing, warehouse, ledger, files, mails"),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Redraw every issued scorecard from the ledger, and compare it with what was issued."""
    from pipeline.site import open_site
    from terminal.verified import print_audit, print_verified

    if everything:
        if period is not None:
            raise UsageError("verify: expected either --all or --period, found both.")
        print_audit(open_site(), as_json=as_json)
        return
    site = open_site()
    print_verified(site, None if period is None else site.book.period(period), as_json=as_json)


def certify(
    period: PeriodArgument,
    as_json: Annotated[bool, typer.Option("--json", help="print all of it as JSON")] = False,
) -> None:
    """Print each check of a month, and whether what it found stops or warns."""
    from auditing.certifying import certify as certify_month
    from terminal.verified import print_certified

    found = certify_month(*site_and_period(period), now())
    if as_json:
        say_json(found.as_json())
    else:
        print_certified(found)
    found.or_raise()


def rebuild(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="as of then, such as 2026-11-03T09:00Z; needs --to"),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a new file, instead of the warehouse itself")
    ] = None,
    reseal: Annotated[
        bool, typer.Option("--reseal", help="take the landing as it is: what it lacks is given up")
    ] = False,
) -> None:
    """Rebuild the warehouse from the landing: after damage, or as of a given time."""
    from auditing.rebuilding import rebuild as rebuild_warehouse
    from pipeline.site import open_site
    from terminal.moments import moment_of

    moment = None if as_of is None else moment_of(as_of)
    made = rebuild_warehouse(open_site(), moment, to, say, reseal=reseal)
    say(f"rebuilt: {made.slices} slices from {made.pulls} pulls, {made.measures} daily values")


def trace(
    issue: Annotated[
        str | None, typer.Argument(metavar="ISSUE", help="bcb7d8a45b, 17 or 2026-10/eu-brand/r1")
    ] = None,
    kpi: Annotated[str | None, typer.Argument(metavar="KPI", help="a KPI id of the card")] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="also the source rows with their lines, 50 per measure")
    ] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="write all source rows to a file")] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="instead of ISSUE and KPI: an export that was landed")
    ] = None,
    line: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="which issued cards count this line of it")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print JSON for programs; of ISSUE and KPI, without rows")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Print where a figure of an issued scorecard comes from, or with --file which cards count a line."""
    from pipeline.site import open_site
    from terminal.tracing.lines import print_line
    from terminal.tracing.printing import print_trace, trace_as_json

    refuse_existing([csv], force=force)
    asks_rows = rows or csv is not None
    match issue, kpi, file, line:
        case str(), str(), None, None if as_json and not asks_rows:
            say_json(trace_as_json(open_site(), issue, kpi))
        case str(), str(), None, None if not as_json:
            print_trace(open_site(), issue, kpi, rows=rows, to_csv=csv)
        case None, None, str(), int() if not (asks_rows or as_json):
            print_line(open_site(), file, line)
        case _:
            raise UsageError(
                "trace: expected ISSUE and KPI, or --file and --line alone; give one of the two, "
                "and --json with neither --rows nor --file."
            )


def drivers(
    period: PeriodOption,
    team: Annotated[str, typer.Option("--team", metavar="TEAM", help="a team id")],
    kpi: Annotated[str, typer.Option("--kpi", metavar="KPI", help="a KPI id of the card")],
    by: Annotated[
        Literal["campaign", "channel", "key", "account"] | None,
        typer.Option("--by", help="what the parts are; the finest that the rows name if not given"),
    ] = None,
    against: Annotated[
        Literal["previous", "last-year"], typer.Option("--against", help="the period to compare with")
    ] = "previous",
    revision: Annotated[
        int | None,
        typer.Option("--revision", metavar="N", min=1, help="of this revision; otherwise the newest"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print what moved a KPI of a team's card since an earlier period, in parts that sum to the change."""
    from scoring.drivers.members import By
    from terminal.tracing.drivers import drivers_as_json, print_drivers
    from tracing.driving import Against, drivers_of, subject_of

    site, asked = site_and_period(period)
    found = drivers_of(site, subject_of(site, asked, team, kpi, revision), Against(against), by and By(by))
    if as_json:
        say_json(drivers_as_json(found))
    else:
        print_drivers(found)

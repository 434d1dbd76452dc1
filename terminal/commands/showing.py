"""Commands that show what was issued."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from scoring.text import numbered
from settings import Settings
from terminal.commands.arguments import (
    ForceOption,
    JsonOption,
    PeriodArgument,
    PeriodsOption,
    TeamArgument,
    TeamsOption,
    now,
    site_and_period,
)
from terminal.new_files import refuse_existing
from terminal.out import say, say_json


def show(period: PeriodArgument, team: TeamArgument, as_json: JsonOption = False) -> None:
    """Print one team's newest issued scorecard as a table."""
    from terminal.card import newest_card, print_card

    found = newest_card(Settings.from_environment(os.environ), period, team)
    card = _newest_by_book(period, team) if found is None else found
    if as_json:
        say_json(json.loads(card))
    else:
        print_card(card, lambda: _unowned_now(period))


def _newest_by_book(period: str, team: str) -> str:
    from terminal.status import issued_card

    return issued_card(*site_and_period(period), team)


def _unowned_now(period: str) -> Iterator[str]:
    from terminal.unowned import unowned

    return unowned(*site_and_period(period))


def cards(period: PeriodsOption = None, team: TeamsOption = None, as_json: JsonOption = False) -> None:
    """List everything issued: each revision of each card, and to how many it was sent."""
    from ledger import open_ledger
    from terminal.asked import Asked
    from terminal.cards import issued_lines, print_cards

    asked = Asked.of(period, team)
    lines = issued_lines(open_ledger(Settings.from_environment(os.environ).ledger_url), asked)
    if as_json:
        say_json(lines)
    else:
        print_cards(lines)


def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="its ending says which: .csv, .json, .parquet or .xlsx")
    ],
    period: PeriodsOption = None,
    team: TeamsOption = None,
    kpi: Annotated[
        list[str] | None, typer.Option("--kpi", metavar="KPI", help="a KPI id; may be repeated")
    ] = None,
    all_revisions: Annotated[
        bool, typer.Option("--all-revisions", help="also what was replaced by a later revision")
    ] = False,
    with_pay: Annotated[
        bool, typer.Option("--with-pay", help="also the pay coefficients; mind who may read the file")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Write the issued scores to a file: a row for each KPI of each card, as it was issued."""
    from ledger import open_ledger
    from terminal.asked import Asked
    from terminal.exported import Export, write_export

    refuse_existing([file], force=force)
    wanted = Export(file, Asked.of(period, team), tuple(kpi or ()), all_revisions, with_pay)
    write_export(open_ledger(Settings.from_environment(os.environ).ledger_url), wanted)


def archive(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="a new or empty one, or an older archive")],
    period: PeriodsOption = None,
    team: TeamsOption = None,
    reader: Annotated[
        str | None,
        typer.Option("--for", metavar="ADDRESS", help="only what the manager with this mail address may see"),
    ] = None,
) -> None:
    """Write all issued cards as pages for a browser, to be read from the folder or any web server.

    Ends with an error that names each document that could not be copied as it was issued.
    """
    from pipeline.site import open_site
    from publishing.publish import Wanted, publish
    from publishing.readers import reader_called
    from terminal.asked import Asked

    site, asked = open_site(), Asked.of(period, team)
    asked.or_raise(site.ledger)
    whose = None if reader is None else reader_called(site, reader)
    found = publish(site, folder, Wanted(asked.periods, asked.teams, whose))
    say(f"{folder}: {numbered(found.cards, 'card')}, {numbered(found.revisions, 'revision')}")
    found.or_raise()


def diff_revisions(
    period: PeriodArgument,
    team: TeamArgument,
    older: Annotated[
        str | None,
        typer.Argument(metavar="REV1", help="the older revision, such as 1; else the last but one"),
    ] = None,
    newer: Annotated[
        str | None, typer.Argument(metavar="REV2", help="the newer one; else the newest")
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE.pdf", help="also write it as a PDF")] = None,
    rows: Annotated[
        bool,
        typer.Option("--rows", help="also the source rows that differ, with their lines, 50 per account"),
    ] = False,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write all source rows that differ to a file")
    ] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Print how two revisions of a card differ, why, and who had received the older one."""
    from terminal.revisions import diff_as_json, print_diff
    from terminal.tracing.differing import tell_changes
    from tracing.revisions import revision_diff, write_diff

    refuse_existing([pdf, csv], force=force)
    site, asked = site_and_period(period)
    found = revision_diff(site, asked, team, older, newer)
    if as_json:
        say_json(diff_as_json(found))
    else:
        print_diff(found)
    if rows or csv is not None:
        tell_changes(site, found.old, found.new, rows=rows, to_csv=csv)
    if pdf is not None:
        write_diff(found, pdf)


def what_if(
    period: PeriodArgument,
    team: TeamArgument,
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="CHANGE...", help="sqls=+6, ad_spend=-10% or leads=120")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print a team's month with other measures, and what the next grade would take; changes nothing."""
    from terminal.what_if import print_what_if, what_if_as_json

    asked = (*site_and_period(period), team, changes or [])
    if as_json:
        say_json(what_if_as_json(*asked))
    else:
        print_what_if(*asked)


def calibrate(
    period: PeriodArgument,
    department: Annotated[
        str | None, typer.Option("--department", metavar="DEPARTMENT", help="only the teams of this one")
    ] = None,
    as_json: JsonOption = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="also write it to this file")] = None,
    force: ForceOption = False,
) -> None:
    """Print issued grades beside the shares that the book asks for, and what would meet them.

    It proposes and decides nothing. Ends with an error where shares that the book forces are not met.
    """
    from auditing.calibrating import calibration_table
    from terminal.calibration import calibration_as_json, print_calibration, write_calibration

    refuse_existing([csv], force=force)
    found = calibration_table(*site_and_period(period), department)
    if as_json:
        say_json(calibration_as_json(found))
    else:
        print_calibration(found)
    if csv is not None:
        write_calibration(found, csv)
    found.or_raise()


def rollup(
    period: PeriodArgument,
    kpi: Annotated[str | None, typer.Argument(metavar="KPI", help="only this one, down to its teams")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the KPIs of the company and its departments, computed from added-up measures."""
    from terminal.roll_up import print_rollup, rollup_as_json

    if as_json:
        say_json(rollup_as_json(*site_and_period(period), kpi))
    else:
        print_rollup(*site_and_period(period), kpi)


def status(
    period: PeriodArgument,
    as_json: Annotated[bool, typer.Option("--json", help="print all of it as JSON, for monitors")] = False,
) -> None:
    """List the period's issued scorecards: total, status, revision, PDF and mail.

    Ends with an error that names every card and mail that should be there by now and is not.
    """
    from auditing.standing import status_of
    from terminal.status import print_status

    site, month = site_and_period(period)
    found = status_of(site, month, now())
    if as_json:
        say_json(found.as_json())
    else:
        print_status(site, month, now=now())
    found.or_raise()

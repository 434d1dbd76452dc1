"""Commands that ask people and enter their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.period import Period
from scoring.reading import whole_of
from terminal.commands.arguments import PeriodArgument, TeamsOption, now
from terminal.out import say


def form(
    period: PeriodArgument,
    team: TeamsOption = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="where to write it")] = None,
) -> None:
    """Write the period's appraisal form as a workbook, a sheet for each team."""
    from appraisal import write_form
    from pipeline.site import open_site

    write_form(open_site(), Period.parse(period), tuple(team or ()), output, say)


def enter(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="a filled form")]) -> None:
    """Enter a filled-in form into the ledger, all of it or nothing."""
    from appraisal import enter_form
    from pipeline.site import open_site

    enter_form(open_site(), file, now=now(), say=say)


def settle(
    issue: Annotated[int, typer.Argument(metavar="ISSUE", help="the number of the issue", parser=whole_of)],
    recipient: Annotated[str, typer.Argument(metavar="ADDRESS", help="the recipient's address")],
    by: Annotated[str, typer.Option(metavar="NAME", help="who has found it out")],
    arrived: Annotated[bool, typer.Option("--arrived/--lost", help="it arrived, or it must be sent again")],
    channel: Annotated[str, typer.Option(metavar="KIND", help="the kind of channel")] = "mail",
) -> None:
    """Record whether an uncertain mail arrived."""
    from ledger import Recipient
    from pipeline.site import open_site

    to = Recipient(channel, recipient)
    open_site().ledger.decide_delivery(issue, to, arrived=arrived, by=by, at=now())
    say(f"issue {issue} to {to}: {'sent' if arrived else 'failed; run the month to send it'}")

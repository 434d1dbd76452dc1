"""Commands that ask people and enter their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoring.errors import UsageError
from scoring.reading import whole_of
from terminal.commands.arguments import PeriodArgument, TeamsOption, now, site_and_period
from terminal.out import say


def form(
    period: PeriodArgument,
    team: TeamsOption = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="where to write it")] = None,
) -> None:
    """Write the period's appraisal form as a workbook, a sheet for each team."""
    from appraisal import write_form

    write_form(*site_and_period(period), tuple(team or ()), output, say)


def enter(file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="a filled form")]) -> None:
    """Enter a filled-in form into the ledger, all of it or nothing."""
    from appraisal import enter_form
    from pipeline.site import open_site

    enter_form(open_site(), file, now=now(), say=say)


def remind(period: PeriodArgument, team: TeamsOption = None) -> None:
    """Say which marks superiors owe for a period, and mail each who was not reminded today."""
    from appraisal.reminding import owed_in, refuse_unfinished
    from appraisal.reminding import remind as remind_superiors
    from pipeline.preparing import prepare_ledger

    site, asked = site_and_period(period)
    refuse_unfinished(site, asked, now())
    prepare_ledger(site)
    for sentence in remind_superiors(site, owed_in(site, asked, tuple(team or ())), now=now):
        say(sentence)


def approve(
    period: PeriodArgument,
    by: Annotated[str, typer.Option(metavar="NAME", help="who decides: an approver of the book")],
    team: TeamsOption = None,
    reject: Annotated[
        str | None, typer.Option(metavar="REASON", help="they are not to go out, and why; otherwise they may")
    ] = None,
) -> None:
    """Approve the period's newest cards for sending, or reject them; without a team all that wait."""
    from auditing.approving import approve as approve_cards

    if reject is not None and not reject.strip():
        raise UsageError("approve: expected a reason for the rejection, found none; give one.")
    site, month = site_and_period(period)
    for one in approve_cards(site, month, tuple(team or ()), by=by, rejected=reject, now=now()):
        say(f"{one.issue.name} ({one.issue.content_hash[:10]}): {one.told}")


def bounces(
    mailbox: Annotated[
        str | None,
        typer.Argument(metavar="MAILBOX", help="a Maildir, an mbox or .eml files; else that of the settings"),
    ] = None,
) -> None:
    """Enter mails that came back against their deliveries, which are refused then."""
    from auditing.bouncing import take_bounces
    from pipeline.site import open_site

    told = take_bounces(open_site(), mailbox, now=now())
    for one in told:
        say(one.sentence)
    say(f"{sum(one.is_new for one in told)} came back")


def settle(
    issue: Annotated[int, typer.Argument(metavar="ISSUE", help="the number of the issue", parser=whole_of)],
    recipient: Annotated[str, typer.Argument(metavar="ADDRESS", help="the recipient's address")],
    by: Annotated[str, typer.Option(metavar="NAME", help="who has found it out")],
    arrived: Annotated[
        bool | None, typer.Option("--arrived/--lost", help="it arrived, or it must be sent again")
    ] = None,
    given_up: Annotated[
        bool,
        typer.Option("--given-up", help="it was not sent, and nothing goes to this address any more"),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="it was refused, and the next run is to try it once more")
    ] = False,
    channel: Annotated[str, typer.Option(metavar="KIND", help="the kind of channel")] = "mail",
) -> None:
    """Record whether an uncertain mail arrived, or what is to become of one that was not sent."""
    from ledger import Recipient
    from pipeline.site import open_site

    if [arrived is not None, given_up, again].count(True) != 1:
        raise UsageError("settle: expected one of --arrived, --lost, --given-up and --again; say which.")
    ledger, to = open_site().ledger, Recipient(channel, recipient)
    if given_up:
        ledger.give_up_delivery(issue, to, by=by, at=now())
        say(f"issue {issue} to {to}: given up")
    elif again:
        ledger.try_delivery_again(issue, to, by=by, at=now())
        say(f"issue {issue} to {to}: failed; run the month to send it")
    else:
        ledger.decide_delivery(issue, to, arrived=bool(arrived), by=by, at=now())
        say(f"issue {issue} to {to}: {'sent' if arrived else 'failed; run the month to send it'}")

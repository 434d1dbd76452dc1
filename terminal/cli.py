"""The command line: the list of commands; they are defined in `terminal/commands/`."""

from __future__ import annotations

import errno
import logging
import os
import sys
from typing import NoReturn

import typer

from disk.errors import StorageError
from pipeline.settings import Settings
from scoring.errors import ScorewrightError
from terminal.commands import asking, making, proving, reading, repairing, showing

app = typer.Typer(
    help="Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help="The ledger itself.", no_args_is_help=True)
targets = typer.Typer(help="The agreed targets.", no_args_is_help=True)
appraisal = typer.Typer(
    help="Ask people for what no source knows, and enter their answers.", no_args_is_help=True
)

# in the order in which the help lists them
app.command()(making.run)
app.command()(making.backfill)
app.command()(reading.check)
app.command()(reading.kpis)
app.command()(showing.show)
app.command("diff")(showing.diff_revisions)
app.command()(showing.what_if)
app.command()(showing.rollup)
app.command()(showing.status)
app.command()(proving.trace)
app.command()(proving.verify)
app.command()(proving.rebuild)
app.command()(proving.quarantine)
app.command()(asking.settle)
ledger.command()(repairing.adopt)
app.add_typer(ledger, name="ledger")
app.command()(repairing.book)
app.add_typer(targets, name="targets")
targets.command()(reading.diff)
app.add_typer(appraisal, name="appraisal")
appraisal.command()(asking.form)
appraisal.command()(asking.enter)

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


@app.callback()
def log() -> None:
    """Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust."""
    level = Settings.from_environment(os.environ).log_level
    logging.basicConfig(level=level, format="%(name)s: %(message)s")


def main() -> None:
    """Run the command; every refusal is one sentence on stderr and the exit code of its class."""
    try:
        app(standalone_mode=True)
    except ScorewrightError as error:
        _refuse(error)
    except OSError as error:
        # the last resort: code with more context raises its own error
        if error.errno not in _OF_THE_DISK:
            raise
        _refuse(StorageError(error.filename or "disk", error.strerror))


def _refuse(error: ScorewrightError) -> NoReturn:
    typer.echo(f"scorewright: {error}", err=True)
    sys.exit(error.exit_code)

"""The command line: the list of commands; they are defined in `terminal/commands/`."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
from _thread import interrupt_main
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from typing import Annotated, NoReturn, Self

import typer

from disk.errors import StorageError
from processes.collector import rarely_collected
from processes.stack import on_one_piece
from scoring.errors import ScorewrightError, UsageError
from scoring.visible import visible
from settings import SETTINGS, log_format_of, log_level_of, place_beside_the_default
from terminal import INTERRUPTED, STOPPED
from terminal.commands import asking, making, proving, reading, repairing, showing, sourcing, starting, trying
from terminal.out import flush, log_to_stderr, say, say_all, watched_pipes

app = typer.Typer(
    help="Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help="The ledger itself.", no_args_is_help=True)
targets = typer.Typer(help="The agreed targets.", no_args_is_help=True)
appraisal = typer.Typer(
    help="Ask people for what no source knows, and enter their answers.", no_args_is_help=True
)

sources = typer.Typer(invoke_without_command=True, callback=sourcing.overview)

# in the order in which the help lists them
app.command()(starting.init)
app.command()(making.run)
app.command()(making.backfill)
app.command()(reading.check)
app.command("try")(trying.try_files)
app.add_typer(sources, name="sources")
sources.command("test")(sourcing.test_account)
sources.command()(sourcing.login)
app.command()(reading.kpis)
app.command()(showing.cards)
app.command()(showing.export)
app.command()(showing.archive)
app.command()(showing.show)
app.command("diff")(showing.diff_revisions)
app.command()(showing.what_if)
app.command()(showing.rollup)
app.command()(showing.calibrate)
app.command()(showing.status)
app.command()(proving.trace)
app.command()(proving.drivers)
app.command()(proving.verify)
app.command()(proving.certify)
app.command()(proving.rebuild)
app.command()(repairing.tidy)
app.command()(proving.quarantine)
app.command()(asking.approve)
app.command()(asking.settle)
app.command()(asking.bounces)
ledger.command()(repairing.adopt)
ledger.command()(repairing.tabulate)
app.add_typer(ledger, name="ledger")
app.command()(repairing.book)
app.add_typer(targets, name="targets")
targets.command()(reading.diff)
app.add_typer(appraisal, name="appraisal")
appraisal.command()(asking.form)
appraisal.command()(asking.enter)
appraisal.command()(asking.remind)

_A_MOMENT = 0.05

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EINTR)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"scorewright {version('scorewright')}")
        raise typer.Exit


@app.callback()
def log(
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="these settings, not the scorewright.toml found"),
    ] = None,
    _: Annotated[
        bool,
        typer.Option("--version", help="print the version and end", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust."""
    if config is not None:
        # a setting like any other, so that processes started from here have it, too
        os.environ[SETTINGS] = str(config)
    log_to_stderr(log_level_of(os.environ), as_json=log_format_of(os.environ) == "JSON")
    if sys.stderr.isatty():
        say_all(place_beside_the_default(os.environ), err=True)


class _Interrupted:
    """Whether Ctrl-C was pressed: a library in the middle of its work may end with an error of its own."""

    def __init__(self) -> None:
        self._is_so = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note), sys.unraisablehook
        sys.unraisablehook = self._again
        return self

    def __exit__(self, *_: object) -> None:
        handler, sys.unraisablehook = self._before
        signal.signal(signal.SIGINT, handler)
        logging.disable(logging.NOTSET)

    def _note(self, *_: object) -> None:
        self._is_so = True
        # a library that is interrupted while it closes something logs this as a fault of its own
        logging.disable()
        raise KeyboardInterrupt

    def _again(self, lost: sys.UnraisableHookArgs) -> None:
        """Python drops what is raised while it clears up after an object; a moment later it can be heard."""
        if isinstance(lost.exc_value, KeyboardInterrupt):
            Timer(_A_MOMENT, interrupt_main).start()
        else:
            sys.__unraisablehook__(lost)

    def __bool__(self) -> bool:
        return self._is_so


def main() -> None:
    """Run the command; every refusal is one sentence on stderr and the exit code of its class.

    A reader who has gone ends it without a word, and Ctrl-C with a sentence on what is kept.
    """
    with watched_pipes(), rarely_collected(), _Interrupted() as interrupted:
        try:
            on_one_piece(_run)
        except BaseException as error:
            if interrupted:
                _end_at_once(error)
            raise


def _noted(error: BaseException | None) -> Iterator[str]:
    """What was written onto an error, and onto those before it."""
    while error is not None:
        yield from getattr(error, "__notes__", ())
        error = error.__cause__ or error.__context__


def _end_at_once(error: BaseException) -> NoReturn:
    """Without clearing up: libraries that were interrupted in the middle may crash when they are closed."""
    # whoever is impatient presses it again
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say_all(tuple(_noted(error)) or (STOPPED,), err=True)
    flush()
    os._exit(INTERRUPTED)


def _run() -> None:
    try:
        _refuse_commands(sys.argv[1:])
        app(standalone_mode=True)
    except ScorewrightError as error:
        _refuse(error)
    except OSError as error:
        # the last resort: code with more context raises its own error
        if error.errno not in _OF_THE_DISK:
            raise
        _refuse(StorageError(error.filename or "disk", error.strerror))


def _refuse_commands(words: Sequence[str]) -> None:
    """Raise `UsageError` for what would command the terminal: the usage repeats what it does not know."""
    for word in words:
        # half characters stand for the bytes of a path that is not UTF-8
        text = os.fsencode(word).decode("utf-8", "replace")
        if visible(text) != text:
            raise UsageError(
                f"command line: expected words without control characters, found {word!a}; leave them out."
            )


def _refuse(error: ScorewrightError) -> NoReturn:
    say(f"scorewright: {error}", err=True)
    sys.exit(error.exit_code)

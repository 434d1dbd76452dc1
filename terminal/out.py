"""The one way to the terminal: all that is printed goes through here, and commands it nothing."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NoReturn, TextIO

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from scoring.canonical import plain_number
from scoring.errors import UsageError
from scoring.period import Period
from scoring.visible import visible

PIPE_CLOSED = 141
"""The code of a program whose reader has gone: 128 and the number of the signal SIGPIPE."""

_UNBROKEN = 10_000
"""Columns enough for every table."""


def say(line: object = "", *, err: bool = False) -> None:
    """Print a line, on stderr where it is `err`."""
    typer.echo(visible(str(line)), err=err)


def say_all(lines: Iterable[object], *, err: bool = False) -> None:
    """Print each of the lines, on stderr where they are `err`."""
    for line in lines:
        say(line, err=err)


def say_json(value: object) -> None:
    """Print values as JSON for programs: a number of a card as the text of an exact one, days as ISO 8601."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> object:
    if isinstance(value, Decimal):
        return plain_number(value)
    if is_dataclass(value) and not isinstance(value, Period):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value.isoformat() if isinstance(value, date) else str(value)


def flush() -> None:
    """Let out what was said so far."""
    sys.stdout.flush()
    sys.stderr.flush()


def console(*, width: int | None = None, quiet: bool = False) -> Console:
    """A console for tables and styled text. Markup in them is the program's own: data is to be escaped.

    Where there is no terminal nothing is folded or cut to fit one, unless `COLUMNS` asks for it.
    """
    made = _Console(emoji=False, width=width, quiet=quiet)
    if not (width or made.is_terminal or os.environ.get("COLUMNS")):
        made.width = _UNBROKEN
    return made


def console_for(given: Console | None) -> Console:
    """The console that was given, or a new one."""
    return given or console()


def print_lines(out: Console, lines: Iterable[str]) -> None:
    """Print lines as they are, without markup or colours, and never folded."""
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def watched_pipes() -> Iterator[None]:
    """Within the block a reader who has gone ends the program quietly, and any character can be printed."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Pipe(sys.stdout), _Pipe(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def log_to_stderr(level: str, *, as_json: bool = False) -> None:
    """Log from `level` on, a line each; `as_json` for programs that collect logs."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if as_json else _Lines("%(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


def speaking(*, quiet: bool, verbose: bool) -> tuple[Callable[[object], None], Console]:
    """How a long command prints lines, and tables: as always, not at all, or with a log of each step.

    Raises `UsageError` where it is to do both.
    """
    if quiet and verbose:
        raise UsageError("--quiet: expected it without --verbose, found both; give one of the two.")
    if verbose:
        logging.getLogger().setLevel(logging.INFO)
    return (_nothing if quiet else say), console(quiet=quiet)


def _nothing(_: object) -> None:
    """Say it to nobody."""


class _Console(Console):
    """Cleans text before it is laid out, and once more as it goes out."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        return map(_cleaned, super().render(renderable, options))

    def on_broken_pipe(self) -> None:
        _end_quietly()


class _Lines(logging.Formatter):
    """A message stays on its line: data with a line break cannot write a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return visible(super().formatMessage(record), keep="\t")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return visible(super().formatException(ei))


class _JsonLines(logging.Formatter):
    """A line is a JSON object with the keys that Airflow's own logs have, in ASCII: it commands nothing."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)


class _Pipe:
    """A stream whose reader may go at any time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        encoding = self._stream.encoding or "utf-8"
        try:
            return self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        except BrokenPipeError:
            _end_quietly()

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            _end_quietly()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _cleaned(segment: Segment) -> Segment:
    if segment.control:
        return segment
    style = segment.style
    if style is not None and style.link:
        # a link is a command, too, and none of ours
        style = style.update_link(None)
    return Segment(visible(segment.text), style)


def _end_quietly() -> NoReturn:
    """End with the usual code; what is still in a buffer goes nowhere, or Python would complain of it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    raise SystemExit(PIPE_CLOSED)

"""The command that begins a book."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from shlex import quote
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from terminal.commands.arguments import now
from terminal.out import say, say_all

if TYPE_CHECKING:
    from starting import Started


class LanguageOption(StrEnum):
    """The languages of the cards."""

    EN = "en"
    ZH_CN = "zh_CN"


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="an empty folder, or one to make")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="export files, or folders of them; without any, a sample"),
    ] = None,
    name: Annotated[str, typer.Option(help="the organisation's; the folder's if left out")] = "",
    currency: Annotated[str, typer.Option(help="the reporting currency; that of the files, or EUR")] = "",
    language: Annotated[LanguageOption, typer.Option(help="of the cards")] = LanguageOption.EN,
    time_zone: Annotated[str, typer.Option(help="where a month begins, such as Europe/Berlin")] = "UTC",
    team: Annotated[str, typer.Option(help="the first team's name")] = "",
    days: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE=ORDER", help="how days of a file are written: day_first or month_first"),
    ] = None,
    numbers: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE=STYLE", help="and its numbers: english, german, french, swiss or indian"),
    ] = None,
    counted: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE=KINDS", help="the kinds of its results that count, with commas"),
    ] = None,
) -> None:
    """Begin a book of your own: settings, a small commented book, and the exports for a first card."""
    from starting import Wishes, start

    said = (days or (), numbers or (), counted or ())
    wishes = Wishes(name, currency, language.value, time_zone, team, *said)
    _tell(folder, start(folder, files or [], wishes, now()))


def _tell(folder: Path, started: Started) -> None:
    made = "a sample of leads" if started.is_sample else ", ".join(started.sources)
    begun = (
        f"A book of {started.lines} lines in {started.currency_code}, with {made} for {started.month}. Next:"
    )
    say_all(wrap(begun, 80))
    say(f"  cd {_as_word(str(folder))}")
    say("  scorewright check")
    say(f"  scorewright run --period {started.month}{'' if started.is_over else ' --unfinished'}")
    _tell_of_others(started)
    if started.empty:
        names = f"Without a row for {started.month}, read as a month without any: {', '.join(started.empty)}"
        say_all(wrap(names, 80))
    if started.untold:
        say_all(wrap(f"Other platforms call all these columns alike: {', '.join(started.untold)}", 80))
    if started.left_out:
        _tell_of_left_out(started)


def _tell_of_others(started: Started) -> None:
    """The months that the files have rows of beside the one that the commands name."""
    if started.others:
        months = ", ".join(map(str, started.others))
        say_all(wrap(f"The files also have rows of {months}: run each of them with --period.", 80))


def _tell_of_left_out(started: Started) -> None:
    say("Left out, because no run could count them:")
    files: dict[str, list[str]] = {}
    for sentence in started.left_out:
        name, _, reason = sentence.partition(": ")
        files.setdefault(reason, []).append(name)
    say_all(f"- {', '.join(names)}: {reason}" for reason, names in files.items())
    say("Mend them and begin again, or connect them: docs/how-to/connect-your-company.md")
    if started.command:
        say("With all that must be said of them, where these are right:")
        say(f"  {started.command}")


def _as_word(path: str) -> str:
    """The path as one word of a shell; letters of any script need no quotes."""
    return path if re.fullmatch(r"[\w./+,:@%-]+", path) else quote(path)

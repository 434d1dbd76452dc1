"""Begins a book: a folder with settings, a small commented book, and export files for a first card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from book import read_book
from disk import write_atomically
from scoring.errors import BookError, RefusedError, UsageError
from scoring.period import Period
from starting.asking import Asked, asked_of, asks, command, with_answers
from starting.choosing import (
    NOTHING,
    Chosen,
    LeftOut,
    NothingToReadError,
    choose,
    files_with_options,
    months_of,
    newest_month,
    of_a_sample,
)
from starting.wishes import Wishes
from starting.written import BOOK, files_of

__all__ = ["Started", "Wishes", "start"]


@dataclass(frozen=True, slots=True)
class Started:
    """What was begun: how many lines of YAML the book has, its sources, and the month it can score first.

    `left_out` has a sentence for each file that no run would read, `others` are the months that the files
    have, too, `empty` the files that have no row for the month, and `untold` those that may be of another
    platform. `command` says of the files left out all that must be said of them; nothing where that helps
    none.
    """

    lines: int
    sources: tuple[str, ...]
    month: Period
    is_sample: bool
    is_over: bool
    currency_code: str
    left_out: tuple[str, ...]
    others: tuple[Period, ...] = ()
    empty: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    command: str = ""


def start(folder: Path, files: Sequence[Path], wishes: Wishes, now: datetime) -> Started:
    """Begin a book in `folder`, from the export files named or else from a sample that is written.

    A file that no run would read is left out. Nothing is written unless the whole book is sound. Raises
    `UsageError` for a folder that is not empty and files of which no KPI can be made; `RefusedError` that
    names all files where all are left out.
    """
    _refuse_used(folder)
    last = _last_month(wishes.time_zone, now)
    chosen = _chosen(folder, files, wishes, last) if files else of_a_sample(wishes, last)
    asked = _asked(files, wishes, chosen.left_out)
    month, months = newest_month(chosen.accounts), months_of(chosen.accounts)
    book = _book(chosen, folder, months)
    _refuse_faults(book)
    for account in chosen.accounts:
        _write(folder, {f"exports/{name}": content for name, content in account.contents})
    _write(folder, _encoded(book))
    return Started(
        lines=_lines(book),
        sources=tuple(dict.fromkeys(map(attrgetter("source"), chosen.accounts))),
        month=month,
        is_sample=not files,
        is_over=month.start <= last.start,
        currency_code=chosen.wishes.currency_code,
        left_out=_all_said(chosen.left_out, asked),
        others=tuple(each for each in months if each != month),
        empty=tuple(map(attrgetter("called"), chosen.empty)),
        untold=tuple(chain.from_iterable(map(attrgetter("untold"), chosen.accounts))),
        command=command(_free(folder), files, with_answers(wishes, asked)) if asked else "",
    )


def _chosen(folder: Path, files: Sequence[Path], wishes: Wishes, last: Period) -> Chosen:
    """What a book can begin with; whoever must say something of files hears all of it, with the command."""
    try:
        return choose(files, wishes, last)
    except NothingToReadError as error:
        asked = _asked(files, wishes, error.left)
        if not asked:
            raise
        answered = with_answers(wishes, asked)
        sentences = [*_all_said(error.left, asked), *_then(files, answered, last)]
        answer = f"All of it in one command, where these are right: {command(folder, files, answered)}"
        sentences = [*dict.fromkeys(sentences), answer]
        raise RefusedError(sentences, exit_code=error.exit_code, told=NOTHING) from None


def _then(files: Sequence[Path], answered: Wishes, last: Period) -> list[str]:
    """What would still be wrong with the files if everything were said."""
    try:
        left = choose(files, answered, last).left_out
    except NothingToReadError as error:
        left = error.left
    return [each.sentence for each in left]


def _asked(files: Sequence[Path], wishes: Wishes, left: Sequence[LeftOut]) -> list[Asked]:
    """What must be said of the files that were left out."""
    names = {*chain.from_iterable(each.names for each in left if asks(each.sentence))}
    return asked_of(each for each in files_with_options(files, wishes) if each[1] in names) if names else []


def _all_said(left: Sequence[LeftOut], asked: Sequence[Asked]) -> tuple[str, ...]:
    """The sentences of files that were left out, and of all else that must be said of them."""
    sentences = [each.sentence for each in left]
    more = [each.sentence for each in asked if not any(map(each.is_in, sentences))]
    return (*sentences, *more)


def _free(folder: Path) -> Path:
    """A name beside the folder that nothing has."""
    names = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(name for name in names if not name.exists())


def _book(chosen: Chosen, folder: Path, months: Sequence[Period]) -> dict[str, str]:
    """The files of the book; whoever cannot have one hears of all that was left out, too."""
    try:
        return files_of(chosen.accounts, chosen.wishes.called_after(folder), months, chosen.filled)
    except UsageError as error:
        if not chosen.left_out:
            raise
        sentences = [*map(attrgetter("sentence"), chosen.left_out), str(error)]
        raise RefusedError(sentences, exit_code=error.exit_code, told=NOTHING) from None


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        write_atomically(folder / name, content)


def _encoded(book: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in book.items()}


def _lines(book: Mapping[str, str]) -> int:
    return sum(text.count("\n") for name, text in book.items() if name.endswith(".yaml"))


def _refuse_used(folder: Path) -> None:
    try:
        is_used = _is_used(folder)
    except OSError as error:
        raise UsageError(f"{folder}: expected a folder to begin in, found {error.strerror!r}.") from None
    if is_used:
        raise UsageError(f"{folder}: expected an empty folder or none, found something; name another.")


def _is_used(place: Path) -> bool:
    return any(place.iterdir()) if place.is_dir() else place.exists()


def _last_month(time_zone: str, now: datetime) -> Period:
    """The month before today's, in the zone; raises `UsageError` for a zone that there is not."""
    try:
        today = now.astimezone(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"--time-zone: expected a time zone such as Europe/Berlin, found {time_zone!r}; correct it."
        ) from None
    return Period.containing(today.replace(day=1) - timedelta(days=1))


def _refuse_faults(book: Mapping[str, str]) -> None:
    """Raise `BookError` where a wish does not make a sound book, before anything is written."""
    with TemporaryDirectory() as trial:
        _write(Path(trial), _encoded(book))
        faults = read_book(Path(trial) / BOOK).faults
    if faults:
        raise BookError(f"init: expected what makes a sound book, found otherwise: {faults[0]}.")

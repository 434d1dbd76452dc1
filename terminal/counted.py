"""How far long work is: a line with n of m on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from terminal.out import console

T = TypeVar("T")


def counted(items: Iterable[T], total: int) -> Iterator[T]:
    """The items one by one; meanwhile the last line of a terminal says how many are done."""
    out = console()
    columns = TextColumn("cards"), MofNCompleteColumn(separator=" of "), BarColumn()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        yield from progress.track(items, total=total)

"""How far a backfill is: a bar with rate and remaining time on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pipeline.backfill import Watch


@contextmanager
def watching(console: Console) -> Iterator[Watch]:
    """The watch that suits the console: a log must not be overwritten by a bar."""
    if not console.is_terminal:
        yield Lines(console)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        CardsAMinute(),
        TextColumn("remaining"),
        TimeRemainingColumn(),
        console=console,
    )
    with bar:
        yield Bar(bar)


class CardsAMinute(ProgressColumn):
    """How many cards a minute are done."""

    def render(self, task: Task) -> Text:
        """`24 cards/min`; a dash before the second card."""
        return Text(f"{'–' if task.speed is None else round(task.speed * 60)} cards/min")


class Lines:
    """A line for each thing done, with the count of cards so far once there is one."""

    def __init__(self, console: Console) -> None:
        self._console, self._done, self._all = console, 0, 0

    def say(self, line: str) -> None:
        """The line, unbroken."""
        count = f" ({self._done} of {self._all})" if self._all else ""
        self._console.print(f"{line}{count}", markup=False, highlight=False, soft_wrap=True)

    def plan(self, cards: int) -> None:
        """How many cards there will be."""
        self._all = cards

    def card_done(self) -> None:
        """One more."""
        self._done += 1


class Bar:
    """A bar that stays below the lines."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        # the bar for the data has no length: how much is new is not known in advance
        self._task = progress.add_task("data", total=None)

    def say(self, line: str) -> None:
        """The line above the bar."""
        self._progress.console.print(escape(line), highlight=False)

    def plan(self, cards: int) -> None:
        """Restart the bar, counting cards."""
        self._progress.reset(self._task, total=cards, description="cards")

    def card_done(self) -> None:
        """One more."""
        self._progress.advance(self._task)

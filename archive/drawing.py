"""Many cards are drawn in processes apart, as many as there are cores; few are drawn in this one.

A process apart gets a card and gives its documents: it writes nothing, and whoever asked keeps and issues
them in the order of the cards. So a process that dies takes nothing with it but the card it was drawing.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from queue import SimpleQueue
from typing import TypeVar

from archive.cards import CardRef, Drawn
from archive.documents import draw
from processes import cores
from processes.collector import collected_afterwards
from processes.guarded import BudgetError, Process
from scoring.canonical import from_json, to_json
from scoring.errors import DataError
from scoring.scorecard import Scorecard

T = TypeVar("T")
Drawing = Callable[[], Drawn]
"""Waits for the documents of a card, or draws them; raises why it cannot be drawn."""

MANY = 12
"""Two processes apart import what draws, for 1.6 s of computing more than this one alone, which the ten cards
of a small book are not to pay. On two quiet cores 12 take 8.9 s instead of 12.3, and 40 take 19.8 instead of
38.0 s."""
MOST_MEMORY = 1024 * 2**20
MOST_SECONDS = 60
MOST_CARDS = 200
"""Then the process makes way for a new one: what WeasyPrint is built on keeps some 0.2 MiB of each card."""
_OF_FONTS = ("HOME", "XDG_CACHE_HOME")
"""Where fontconfig keeps what it knows about our fonts."""


class UnfinishedError(DataError):
    """A card whose drawing came to no end in its time and memory."""


def drawings(cards: Iterable[tuple[T, Scorecard | None]], among: int = 0) -> Iterator[tuple[T, Drawing]]:
    """Each name with the drawing of its card, in order; without a card there is nothing to draw.

    Here one is drawn when it is asked for; in processes apart some are drawn ahead, and not all, so that
    memory does not grow with the number of cards. `among` is how many there are in all, if these are only
    those of one period. Raises `UndrawableError`, or `UnfinishedError` of a card that needs more than is said
    here or whose process was ended; the next one gets another process.
    """
    left, first = iter(cards), list[tuple[T, Scorecard | None]]()
    for named in left:
        first.append(named)
        if max(among, sum(card is not None for _, card in first)) >= MANY:
            return _apart(chain(first, left))
    return _here(first)


def _here(cards: Iterable[tuple[T, Scorecard | None]]) -> Iterator[tuple[T, Drawing]]:
    for name, card in cards:
        yield name, _nothing if card is None else partial(draw, card)


def _nothing() -> Drawn:
    return {}


def _apart(cards: Iterable[tuple[T, Scorecard | None]]) -> Iterator[tuple[T, Drawing]]:
    ahead, desks = deque[tuple[T, Drawing]](), _desks()
    try:
        for name, card in cards:
            ahead.append((name, _nothing if card is None else desks.begin(card)))
            if len(ahead) > 2 * desks.count:
                yield ahead.popleft()
        yield from ahead
    except BaseException:
        stop()  # nobody will take what is still being drawn
        raise


@dataclass(slots=True)
class _Desk:
    """A process that draws one card at a time; started with its first, and anew after many, or after one
    that ended it.
    """

    process: Process | None = None
    drawn: int = 0
    is_closed: bool = False

    def draw(self, card: Scorecard) -> Drawn:
        """The documents of the card. Raises what drawing raises, and `UnfinishedError`."""
        try:
            is_good, answer = self._open().ask(MOST_SECONDS, _draw_json, (to_json(card),))
        except BudgetError as error:
            is_good, answer = False, error
        if is_good:
            drawn: Drawn = answer
            return drawn
        if isinstance(answer, BudgetError):
            self._end()
            raise _unfinished(card, answer)
        raise answer

    def _open(self) -> Process:
        if self.is_closed:
            raise BudgetError("a run that was ended")
        if self.drawn == MOST_CARDS:
            self._end()
        if self.process is None:
            self.process = Process.start(MOST_MEMORY, passed_on=_OF_FONTS)
        self.drawn += 1
        return self.process

    def _end(self) -> None:
        if self.process is not None:
            self.process.stop()
            self.process, self.drawn = None, 0

    def close(self) -> None:
        """From any thread: whoever waits for an answer gets none."""
        self.is_closed = True
        if self.process is not None:
            self.process.running.kill()


@dataclass(slots=True)
class _Desks:
    """As many as there are cores."""

    count: int
    all: list[_Desk] = field(init=False)
    idle: SimpleQueue[_Desk] = field(init=False, default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self.all = [_Desk() for _ in range(self.count)]
        for desk in self.all:
            self.idle.put(desk)

    def begin(self, card: Scorecard) -> Drawing:
        """Begin with the card as soon as a desk is idle."""
        drawn: Future[Drawn] = Future()
        threading.Thread(target=self._draw, args=(drawn, card), daemon=True).start()
        return drawn.result

    def _draw(self, drawn: Future[Drawn], card: Scorecard) -> None:
        desk = self.idle.get()
        try:
            drawn.set_result(desk.draw(card))
        except BaseException as error:
            drawn.set_exception(error)
        finally:
            self.idle.put(desk)


def _draw_json(card_json: str) -> Drawn:
    """In the process apart; its WeasyPrint and its fonts are those of all cards that it draws."""
    with collected_afterwards():
        return draw(from_json(card_json))


def _unfinished(card: Scorecard, error: BudgetError) -> UnfinishedError:
    return UnfinishedError(
        f"{CardRef.of(card)}: expected a card that is drawn in {MOST_SECONDS} s of computing and "
        f"{MOST_MEMORY // 2**20} MiB of memory, found {error.found}; the others are drawn: run again, and if "
        "it is the same, look in its drafted card for texts or lists of an unusual length."
    )


class _Kept:
    """The desks of this process, from one period to the next."""

    desks: _Desks | None = None


def _desks() -> _Desks:
    if _Kept.desks is None:
        _Kept.desks = _Desks(cores())
    return _Kept.desks


@atexit.register
def stop() -> None:
    """End the processes, if there are any; the next cards begin with others."""
    if _Kept.desks is not None:
        for desk in _Kept.desks.all:
            desk.close()
    _Kept.desks = None


def _forget() -> None:
    """After a fork: the processes are the parent's."""
    for desk in _Kept.desks.all if _Kept.desks else ():
        if desk.process is not None:
            desk.process.forget()
    _Kept.desks = None


os.register_at_fork(after_in_child=_forget)

"""The memory in which Python keeps the variables of the calls that are under way.

CPython gets it from the system in pieces of 16 KiB and gives a piece back as soon as the calls in it are over
(`_PyThreadState_PushFrame` in its source). A loop whose calls begin at the end of a piece gets and gives back
one in every round: 6,200 times for the documents of a card, a fifteenth of what they cost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_SLOTS = 2**16 + 1024
"""Of 8 bytes: a call of this size gets a piece of 1 MiB for itself and for the half of it the calls that it
makes, more than 1,000 of them within each other. What nobody writes to costs no memory."""


def on_one_piece(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What the function returns; the calls that it makes share one piece of memory."""
    return function(*arguments, **named)


on_one_piece.__code__ = on_one_piece.__code__.replace(co_stacksize=_SLOTS)

"""Answers that are whole, and say themselves that their figures are not what they seem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pulling.platform import Doubt
from pulling.signals import is_said
from pulling.styles import TooManyError, UnsoundError

_RAISED = {"refuse": UnsoundError, "fewer_days": TooManyError}


def warned_of(pages: Sequence[Any], doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """What somebody should know of the pages; raises `UnsoundError` for figures that nobody can use, and
    `TooManyError` where fewer days at once would give others.
    """
    for doubt in doubts:
        if any(is_said(doubt, page) for page in pages):
            if doubt.then in _RAISED:
                raise _RAISED[doubt.then](doubt.said)
            yield doubt

"""The known name that was probably meant by an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean eu-brand?)`, to be put behind the `word` in a sentence; nothing if none is near.

    Capital letters count as small ones.
    """
    by_small = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_small, n=1)
    return "".join(f" (did you mean {by_small[name]}?)" for name in found)

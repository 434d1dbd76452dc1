"""Names that are read from right to left, kept from turning the sentence around them.

Beside such a name a number goes to its other side, a minus goes to the wrong end of its number, and two names
change places. WeasyPrint does nothing for `<bdi>`, and a text has none; Unicode's own marks do it in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from markupsafe import escape

from reports.texts import texts_of
from scoring.scorecard import Scorecard

APART, TOGETHER = "\u2068", "\u2069"
"""First strong isolate, and its end: nobody sees them, and no copied text has them."""
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001eeff"
_LETTER = f"[{_LETTERS}]"
_JOINED = f"[{_LETTERS}\\d]"
_WITHIN = f"[{_LETTERS} .'’\u00a0\u200c\u200d\u0300-\u036f-]"
_PART = f"{_LETTER}(?:{_WITHIN}*{_LETTER})?"
_DONE = f"{APART}[^{TOGETHER}]*{TOGETHER}"
_NOTHING = "(?!)"
_ANY = re.compile(_LETTER)
_FIRST = re.compile(r"[^\W\d_]")


def set_apart(content: str, cards: Iterable[Scorecard], *, markup: bool) -> str:
    """A page or mail in which each text of its cards that begins with such letters stands for itself.

    Whatever else has them, such as the beginning of a name that was too long, is set apart by its letters.
    Where there are none, nothing is changed.
    """
    said = chain.from_iterable(texts_of(card, card.language) for card in cards)
    return set_texts_apart(content, (text for _, text in said), markup=markup)


def set_texts_apart(content: str, texts: Iterable[str], *, markup: bool) -> str:
    """The same for whole texts that are of no card at hand."""
    if not _ANY.search(content):
        return content
    names = {" ".join(text.split()) for text in texts if _begins_so(text)}
    # a long one first, for it may begin with a short one, and none inside of a longer word
    longest = map(re.escape, sorted(map(escape, names) if markup else names, key=len, reverse=True))
    whole = f"(?<!{_JOINED})(?:{'|'.join(longest)})(?!{_JOINED})" if names else _NOTHING
    return re.sub(f"{_DONE}|{whole}|{_PART}", _apart, content)


def _begins_so(text: str) -> bool:
    """Whether a whole text is read from right to left, and is no sentence that only has such a name in it."""
    first = _FIRST.search(text)
    return bool(first and _ANY.match(first[0]))


def _apart(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith(APART) else f"{APART}{match[0]}{TOGETHER}"

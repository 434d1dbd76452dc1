"""Characters that no font of ours has: a page would show an empty box, or nothing, in their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from typing import Any

from reports.texts import texts_of
from scoring.errors import DataError
from scoring.scorecard import Scorecard

TOLD = 3
"""So many characters of a text, and so many texts, are named; nobody mends more at a time than a few."""
_AROUND = 20
PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


class UndrawableError(DataError):
    """Pages that would lose characters; they must not reach anybody."""

    def __init__(self, sentence: str, characters: Sequence[str]) -> None:
        super().__init__(sentence)
        self.characters = tuple(characters)


def lost(fonts: Iterable[Any]) -> list[str]:
    """The characters for which pages show `.notdef`, of the fonts of a WeasyPrint document that is drawn,
    and those of Private Use: what a font draws for one is its maker's icon, and not what was meant.

    It is read from what was drawn and not from WeasyPrint's warning, which a logging configuration may
    switch off.
    """
    found: dict[str, None] = {}
    for font in fonts:
        found.update(dict.fromkeys(map(chr, font.missing)))
        found.update(dict.fromkeys(font.to_unicode.get(0, "")))
        found.update(dict.fromkeys(PRIVATE_USE.findall("".join(font.to_unicode.values()))))
    return [*found]


def named(characters: Sequence[str]) -> str:
    """Characters for people who see only a box: `'𠮷' (U+20BB7, CJK UNIFIED IDEOGRAPH-20BB7)`."""
    told = [_named(each) for each in characters[:TOLD]]
    if len(characters) > TOLD:
        told.append(f"{len(characters) - TOLD} more")
    return " and ".join(told)


def _named(character: str) -> str:
    name = unicodedata.name(character, "which has no name")
    return f"{shown(character)} (U+{ord(character):04X}, {name})"


def shown(text: str) -> str:
    """Text in quotes; what would not be seen of it is spelled out."""
    spelled = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return f"'{''.join(spelled)}'"


def refusal(html: str, characters: Sequence[str]) -> UndrawableError:
    """Why pages cannot be printed, with the text around each character."""
    return _refusal("pages", {each: _around(html, each) for each in characters})


def refusal_of(card: Scorecard, error: UndrawableError) -> UndrawableError:
    """The same for the pages of a card, with the field of the card instead of the text around, if in one."""
    texts = [*texts_of(card, card.language)]
    places = {each: _place(texts, each) for each in error.characters}
    if not all(places.values()):
        return error
    return _refusal(f"{card.period} {card.team_id}", places)


def _refusal(what: str, places: Mapping[str, str]) -> UndrawableError:
    """The sentence; `places` says where each character is."""
    found: dict[str, list[str]] = {}
    for character, place in places.items():
        found.setdefault(place, []).append(character)
    told = [f"{named(found[place])} in {place}" for place in [*found][:TOLD]]
    if len(found) > TOLD:
        told.append(f"more in {len(found) - TOLD} other texts")
    return UndrawableError(
        f"{what}: expected only characters that our fonts can draw, found {', and '.join(told)}; a card that "
        "loses one is not issued: write the text without it where it comes from, and run again; "
        "`scorewright check` names the lines of the book.",
        [*places],
    )


def _around(html: str, character: str) -> str:
    """The text that the character stands in."""
    match = re.search(f"[^<>]{{0,{_AROUND}}}{re.escape(character)}[^<>]{{0,{_AROUND}}}", unescape(html))
    return shown(match[0].strip()) if match else "a chart or a mark"


def _place(texts: Iterable[tuple[str, str]], character: str) -> str:
    """The first field that the character is in, with its text."""
    found = (f"{place}, {shown(text)}" for place, text in texts if character in text)
    return next(found, "")

"""What a report says, in the reader's language.

English is the message id; the Chinese catalogue is a reviewed text file, compiled in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from scoring.text import Language

CATALOGUE = Path(__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES" / "scorewright.po"


_BEFORE = re.compile(r"(?<=[\u4e00-\u9fff])%\((?P<name>\w+)\)s")
_AFTER = re.compile(r"%\((?P<name>\w+)\)s(?=[\u4e00-\u9fff])")


def _blank(place: re.Match[str], values: Mapping[str, object], end: int) -> str:
    """A space where the value has a Latin letter at that end, else nothing."""
    letter = str(values[place["name"]])[end:][:1]
    return " " if letter.isascii() and letter.isalpha() else ""


def msgid(text: str) -> str:
    """Mark a text for the catalogue where it is only translated later."""
    return text


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language. Placeholders are named: `%(month)s`."""

    language: Language
    translations: NullTranslations

    def say(self, message: str, /, **values: object) -> str:
        """`message` in the language, filled in."""
        text: str = self.translations.gettext(message)
        return self._filled(text, values) if values else text

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The singular or plural as `number` asks for; `%(number)s` is `number`."""
        text: str = self.translations.ngettext(one, many, number)
        return self._filled(text, {"number": number, **values})

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        """Names in Latin letters get a space on the side where a Chinese sign would touch them."""
        if self.language != "en":
            text = _BEFORE.sub(lambda place: _blank(place, values, 0) + place[0], text)
            text = _AFTER.sub(lambda place: place[0] + _blank(place, values, -1), text)
        return text % values

    def and_more(self, listed: str, one: str, many: str, hidden: int, /) -> str:
        """What is listed, and how many more there are: `NPS and 2 more KPIs`; alone where none is hidden."""
        if hidden <= 0:
            return listed
        return self.say("%(names)s and %(more)s", names=listed, more=self.count(one, many, hidden))

    def listing(self, items: list[str]) -> str:
        """Names one after the other, as a sentence lists them."""
        return self.say(", ").join(items)

    @property
    def html_lang(self) -> str:
        """The language tag of HTML and PDF."""
        return "en" if self.language == "en" else "zh-CN"


@cache
def wording(language: Language) -> Wording:
    """The texts of `language`; the catalogue is read once per process."""
    if language == "en":
        return Wording(language, NullTranslations())
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Wording(language, Translations(compiled))

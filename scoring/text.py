"""Text that exists in every language of the reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh_CN"]
LANGUAGES: tuple[Language, ...] = ("en", "zh_CN")


@dataclass(frozen=True, slots=True)
class LocalText:
    """The same text in English and Simplified Chinese."""

    en: str
    zh_CN: str  # noqa: N815 - the name of the locale

    def to(self, language: Language) -> str:
        """The text in `language`."""
        return self.en if language == "en" else self.zh_CN


def numbered(count: int, thing: str) -> str:
    """`1 card`, `2 cards`, `1,000 cards`: a number with what it counts, in English."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"

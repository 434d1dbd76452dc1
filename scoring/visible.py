"""Text as it may reach a terminal or a page: what would command it or turn it is shown and not done."""

from __future__ import annotations

import re

_LETTING_THROUGH = "\n\t"
_OF_DOCUMENTS = f"{_LETTING_THROUGH}\r\u061c\u200e\u200f"
"""The last three turn nothing: they are of the scripts that are read from right to left."""
_COMMANDS = re.compile(
    # C0 with the escape that begins every command, DEL, C1; the marks that turn the direction of
    # writing; the two other ends of a line; half characters, which no terminal can show
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str, keep: str = _LETTING_THROUGH) -> str:
    r"""The text with each control and direction mark as its code, such as `\x1b` or `\u202e`.

    Line breaks and tabs stay: it is `keep` that says which.
    """
    return _COMMANDS.sub(lambda found: found[0] if found[0] in keep else _code(found[0]), text)


def printable(text: str) -> str:
    """The text as it may enter a page, a mail or a workbook, where it could turn what stands around it."""
    return visible(text, _OF_DOCUMENTS)


def _code(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"

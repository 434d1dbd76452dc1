"""What must not be seen: values of a connection, however they are written where somebody repeats them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

HIDDEN = "***"
_SHORTEST = 4
"""What is shorter than this occurs in any text."""
_WORD = 8
"""What is shorter than this is hidden only where it stands alone."""


@dataclass(frozen=True, slots=True)
class _Secret:
    """A secret; `run` are signs of it that are written the same everywhere, which are quickly looked for."""

    pattern: re.Pattern[bytes]
    run: bytes

    @classmethod
    def of(cls, value: str) -> _Secret:
        written = "".join(map(_spellings, value))
        whole = written if len(value) >= _WORD else rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])"
        run = max(re.findall("[A-Za-z0-9]*", value), key=len)
        return cls(re.compile(whole.encode()), run.encode())

    def hidden_in(self, content: bytes) -> bytes:
        return self.pattern.sub(HIDDEN.encode(), content) if self.run in content else content


@dataclass(slots=True)
class Secrets:
    """What must not be seen; tokens are added as they are got."""

    _of_texts: dict[str, _Secret] = field(default_factory=dict, repr=False)
    _of_data: dict[str, _Secret] = field(default_factory=dict, repr=False)

    def add(self, secret: str, *, in_data: bool = True) -> None:
        """Hide this from now on; where not `in_data`, only in what is said, for data may have it rightly."""
        if len(secret) < _SHORTEST:
            return
        self._of_texts[secret] = _Secret.of(secret)
        if in_data and len(secret) >= _WORD:
            self._of_data[secret] = self._of_texts[secret]

    def hidden(self, text: str) -> str:
        """A text without any of them."""
        return _hidden(text.encode("utf-8", "surrogatepass"), self._of_texts).decode("utf-8", "replace")

    def hidden_in(self, content: bytes) -> bytes:
        """The same of bytes: some platforms repeat the token in the links that they answer."""
        return _hidden(content, self._of_data)


def _hidden(content: bytes, secrets: dict[str, _Secret]) -> bytes:
    # the longest first: one may stand in another
    for value in sorted(secrets, key=len, reverse=True):
        content = secrets[value].hidden_in(content)
    return content


def _spellings(sign: str) -> str:
    """A pattern for a sign of a secret, as addresses, JSON and HTML may write it."""
    return sign if sign.isascii() and sign.isalnum() else f"(?:{'|'.join(_ways(sign))})"


def _ways(sign: str) -> Iterator[str]:
    percent = quote(sign, safe="") if quote(sign, safe="") != sign else f"%{ord(sign):02X}"
    ways = (
        sign,
        json.dumps(sign)[1:-1],
        escape(sign),
        f"&#{ord(sign)};",
        percent,
        percent.replace("%", "%25"),
    )
    yield from (f"(?i:{re.escape(way)})" for way in dict.fromkeys(ways))
    # JSON within JSON has more of them
    yield rf"\\+{re.escape(sign)}"
    yield "".join(rf"(?i:\\+u{int.from_bytes(unit):04x})" for unit in _units(sign))
    if sign == " ":
        yield r"\+"


def _units(sign: str) -> Iterator[bytes]:
    units = sign.encode("utf-16-be", "surrogatepass")
    return (units[at : at + 2] for at in range(0, len(units), 2))

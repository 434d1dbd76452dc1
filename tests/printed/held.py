"""Numbers as they are printed, held against the numbers of a card's JSON."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext

NOTHING = "–"
_NUMBER = re.compile(
    r"(?P<sign>[-−+])?[^\d+−-]*(?P<digits>\d[\d,]*(?:\.\d+)?)(?:e(?P<power>\d+)|(?P<step>万亿|亿|万|[kMBT](?![A-Za-z])))?"
)
_POWERS = {"k": 3, "M": 6, "B": 9, "T": 12, "万": 4, "亿": 8, "万亿": 12}
CURRENCY_DIGITS = {"EUR": 2, "CNY": 2, "JPY": 0, "KWD": 3}


@dataclass
class Held:
    """What was compared, by where it stands, and what differs."""

    compared: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)
    place: str = ""

    def number(
        self, where: str, printed: str, number: object, scale: int = 1, digits: int | None = None
    ) -> None:
        """Hold a printed number against the exact one, rounded half up to the digits that are printed.

        `digits` are those that must be printed, unless it is shortened as in 1.2M. No number is `–`.
        """
        self.compared[where] += 1
        if not is_number(printed.strip(), number, scale, digits):
            self.differing.append(
                f"{self.place} {where}: printed {printed!r}, the card says {number} x {scale}"
            )

    def same(self, where: str, found: object, wanted: object) -> None:
        """Hold anything against what it is to equal; a float may be off by what binary adds."""
        self.compared[where] += 1
        is_close = isinstance(found, float | int) and isinstance(wanted, Decimal)
        if is_close and abs(Decimal(found) - wanted) <= abs(wanted) * Decimal("1e-12"):
            return
        if found != wanted:
            self.differing.append(f"{self.place} {where}: found {found!r}, the card says {wanted!r}")


def decimal(number: object) -> Decimal | None:
    """A number of the JSON, which has them as text."""
    return None if number is None else Decimal(str(number))


def value(read: re.Match[str]) -> tuple[Decimal, int, int]:
    """The number before its step or power, that power of ten, and its digits after the point."""
    found = Decimal(read["digits"].replace(",", ""))
    power = int(read["power"] or 0) or _POWERS.get(read["step"] or "", 0)
    return -found if read["sign"] in ("-", "−") else found, power, -int(found.as_tuple().exponent)


def is_number(printed: str, number: object, scale: int, digits: int | None = None) -> bool:
    """Whether a printed number is the exact one, rounded half up to the digits that are printed."""
    exact = decimal(number)
    if exact is None:
        return printed == NOTHING
    read = _NUMBER.search(printed)
    if read is None:
        return False
    found, power, shown = value(read)
    with localcontext(prec=60):
        wanted = (exact * scale).scaleb(-power).quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    return found == wanted and (digits is None or bool(power) or shown == digits)


def printed_number(text: str) -> Decimal:
    """The first number of a text, exactly as it is printed; 0 where there is none."""
    read = _NUMBER.search(text)
    if read is None:
        return Decimal(0)
    found, power, _ = value(read)
    return found.scaleb(power)


def numbers_in(text: str) -> list[str]:
    """The numbers of a sentence, as they are printed."""
    return [match[0] for match in _NUMBER.finditer(text)]

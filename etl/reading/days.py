"""How a platform writes days, found from what a whole column says.

Which of two numbers is the month is never guessed: a cell above 12, the period asked for, the account or the
format say it, or the column is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from itertools import product
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
_HALVES = "[上下]午|午[前後后]|오[전후]"
_AFTERNOON = frozenset("Pp下後后후")
_UNSEEN = dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks of the direction in which a text is read."""
_TIME = (
    rf"(?:(?:[ T,]{{1,2}}|(?={_HALVES}))(?:(?P<part>{_HALVES}) ?)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9][0-9])(?::(?P<second>[0-9][0-9])(?:\.[0-9]+)?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-][0-9][0-9]:?[0-9][0-9])?"
)
_OF_SHORT = (
    "WET 0, WEST 1, CET 1, CEST 2, EET 2, EEST 3, MSK 3, EST -5, EDT -4, CDT -5, MST -7, MDT -6, PST -8, "
    "PDT -7, AEST 10, AEDT 11, JST 9, KST 9, SGT 8, HKT 8, BST 1 6, CST -6 8, IST 5.5 1 2"
)
_SHORT = {
    name: {timedelta(hours=float(each)) for each in hours}
    for name, *hours in map(str.split, _OF_SHORT.split(","))
}
"""Short names of zones and how far these are from UTC; some are those of several countries."""
_DISTANCE = r"(?:GMT|UTC) ?(?:(?P<sign>[-+−]) ?(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9][0-9]))?)?"
_ZONE_BEHIND = re.compile(rf" ?[(\[](?:{_DISTANCE}|(?P<short>{'|'.join(_SHORT)}))[)\]]$")
"""The zone behind the name of a column, such as `(GMT+2)`."""
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_WEEKDAY = r"(?:[^\W\d]{2,10}\.?,? )?"
_CHINESE = "(?P<y>[0-9]{4})[年년] ?(?P<m>[0-9]{1,2})[月월] ?(?P<d>[0-9]{1,2})[日일]"
_CHINESE_TIME = (
    rf"(?: ?(?P<part>{_HALVES})? ?"
    r"(?P<hour>[0-9]{1,2})时(?P<minute>[0-9]{1,2})分(?:(?P<second>[0-9]{1,2})秒)?)?(?P<half>)(?P<zone>)"
)
_FORMS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"),
    ("slashed", r"(?P<y>[0-9]{4})/(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})"),
    ("packed", r"(?P<y>[0-9]{4})(?P<m>[0-9][0-9])(?P<d>[0-9][0-9])"),
    ("dotted", r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"),
    ("dotted_short", r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<yy>[0-9]{2})"),
    ("korean", r"(?P<y>[0-9]{4})\. ?(?P<m>[0-9]{1,2})\. ?(?P<d>[0-9]{1,2})\.?"),
    ("two", r"(?P<a>[0-9]{1,2})[/-](?P<b>[0-9]{1,2})[/-](?P<y>[0-9]{4})"),
    ("named", rf"{_WEEKDAY}(?P<name>[^\W\d]{{3,12}}\.?) (?P<d>[0-9]{{1,2}}),? (?P<y>[0-9]{{4}})"),
    (
        "named_after",
        rf"{_WEEKDAY}(?P<d>[0-9]{{1,2}})(?:[.]|er)?[ -](?:de )?(?P<name>[^\W\d]{{3,12}}\.?)"
        r"[ -](?:de )?(?P<y>[0-9]{4})",
    ),
    ("short", r"(?P<d>[0-9]{1,2})[/-](?P<name>[^\W\d]{3})[/-](?P<yy>[0-9][0-9])"),
    ("chinese", rf"{_CHINESE}{_CHINESE_TIME}"),
    ("chinese", rf"{_CHINESE}{_TIME}"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day as written, with its time of day and its distance from UTC where they stand there."""

    form: str
    year: int
    first: int
    second: int
    order: str | None
    at: tuple[int, int, int] | None
    zone: timedelta | None

    @property
    def is_ambiguous(self) -> bool:
        """Whether it may be two different days."""
        return self.order is None and self.first != self.second

    def day(self, order: str) -> date:
        """The day, its two numbers taken in `order`; raises `ValueError`."""
        is_day_first = (self.order or order) == DAY_FIRST
        month, day = (self.second, self.first) if is_day_first else (self.first, self.second)
        return date(self.year, month, day)

    def local(self, order: str, own_zone: tzinfo | None, there: str) -> date:
        """The day it is in the zone `there`; `own_zone` is that of a time which names none."""
        day = self.day(order)
        zone = own_zone if self.zone is None else timezone(self.zone)
        if self.at is None or zone is None:
            return day
        at = datetime(day.year, day.month, day.day, *self.at, tzinfo=zone)
        return at.astimezone(UTC).astimezone(ZoneInfo(there)).date()


def moment(text: str) -> Moment:
    """A cell taken apart; raises `ValueError` for what is no day in any form."""
    plain = text if text.isascii() else _without_variants(text)
    for name, pattern in _compiled():
        match = pattern.fullmatch(plain)
        if match is not None:
            return _moment(name, match.groupdict())
    raise ValueError(text)


def _without_variants(text: str) -> str:
    """A text without marks of the direction in which it is read, and with plain digits for wide ones."""
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip()


@cache
def _compiled() -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(form if name == "chinese" else form + _TIME)) for name, form in _FORMS]


def _moment(form: str, found: Mapping[str, str | None]) -> Moment:
    known = {name: text for name, text in found.items() if text}
    year = int(known.get("y") or f"20{known['yy']}")
    at, zone = _time(known), _zone(known.get("zone"))
    if form == "two":
        return Moment(form, year, int(known["a"]), int(known["b"]), None, at, zone)
    return Moment(form, year, _month(known), int(known["d"]), MONTH_FIRST, at, zone)


def _month(known: Mapping[str, str]) -> int:
    return month_of(known["name"]) if "name" in known else int(known["m"])


def _time(known: Mapping[str, str]) -> tuple[int, int, int] | None:
    if "hour" not in known:
        return None
    hour = int(known["hour"])
    if half := known.get("half") or known.get("part"):
        hour = _of_twelve(hour, half)
    return hour, int(known["minute"]), int(known.get("second", "0"))


def _of_twelve(hour: int, half: str) -> int:
    """The hour of a day of which its half is said, such as `PM` or `下午`; raises `ValueError`."""
    if hour > 12:
        raise ValueError(f"{hour} {half}")
    return hour % 12 + (0 if _AFTERNOON.isdisjoint(half) else 12)


def _zone(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return timedelta(0)
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))


@lru_cache(maxsize=2**14)  # each cell of a header is held against every format
def without_zone(name: str) -> str:
    """The name of a column without the zone that its times are in."""
    return _ZONE_BEHIND.sub("", name)


def zone_behind(name: str, year: int, there: str) -> tzinfo | None:
    """The zone that the name of a column says for times of a year, if it is another one than `there`.

    Programs write the distance from UTC as it is on the day of the export, in summer or in winter. Raises
    `ValueError` for a short name of zones of several countries, none of which is `there`.
    """
    found = _ZONE_BEHIND.search(name)
    if found is None:
        return None
    possible = _possible(found.groupdict("0"))
    if not possible.isdisjoint(_distances(there, year)):
        return None
    (distance,) = possible
    return timezone(distance)


def _possible(said: Mapping[str, str]) -> set[timedelta]:
    """How far from UTC the zone may be that stands behind a name."""
    ahead = timedelta(hours=int(said["hours"]), minutes=int(said["minutes"]))
    return _SHORT.get(said["short"], {ahead if said["sign"] in "0+" else -ahead})


def _distances(zone: str, year: int) -> set[timedelta | None]:
    """How far a zone is from UTC in a year, in winter and in summer."""
    return {datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)}


def month_of(name: str) -> int:
    """The number of a month by its name in one of the languages of exports; raises `ValueError`."""
    try:
        return _month_names()[name.lower().rstrip(".")]
    except KeyError:
        raise ValueError(name) from None


@cache
def _month_names() -> Mapping[str, int]:
    names = {"sept": 9}
    for language, width, context in product(_LANGUAGES, _WIDTHS, _CONTEXTS):
        found = get_month_names(width, context, language)
        names |= {name.lower().rstrip("."): number for number, name in found.items()}
    return names


def fitting_orders(moments: Sequence[Moment], is_wanted: Callable[[date], bool]) -> list[str]:
    """The orders in which every moment is a wanted day."""
    found = []
    for order in (MONTH_FIRST, DAY_FIRST):
        with suppress(ValueError):
            found += [order] if all(is_wanted(each.day(order)) for each in moments) else []
    return found


def order_of(moments: Sequence[Moment], is_wanted: Callable[[date], bool]) -> str | None:
    """Which order makes every moment a wanted day; None where it is neither, or where both do and differ."""
    fitting = fitting_orders(moments, is_wanted)
    if len(fitting) == 2 and any(each.day(MONTH_FIRST) != each.day(DAY_FIRST) for each in moments):
        return None
    return next(iter(fitting), None)


def possible_order(moments: Sequence[Moment]) -> str | None:
    """The only order in which every moment is a day at all; None where it is neither or both."""
    return order_of(moments, lambda _: True)


def day_or_month(text: str) -> Moment:
    """A cell taken apart; a month such as `2026-10` is its first day. Raises `ValueError` like `moment`."""
    return moment(f"{text}-01" if _MONTH.fullmatch(text) else text)


def moments_in(texts: Iterable[str]) -> list[Moment]:
    """Those of the texts that are days in any form; a month is its first day."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(day_or_month(text))
    return found


def moments_of_column(texts: Sequence[str]) -> list[Moment]:
    """The same of the different cells of a column that may have no days at all."""
    # most columns have none, as their first cell tells
    return moments_in(texts) if moments_in(texts[:1]) else []

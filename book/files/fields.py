"""The kinds of values in the book's files; each says in words what it expects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Sized
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from ledger import CHATS, MAIL
from scoring.addresses import with_ascii_domain
from scoring.due import DueTime
from scoring.errors import UsageError
from scoring.period import Cadence, Period
from scoring.reading import number_of, whole_of
from scoring.text import LANGUAGES

NAME_LENGTH = 200
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the writing direction of what follows: with them a text reads as another."""


def _like(pattern: str, expected: str) -> AfterValidator:
    known = re.compile(pattern)

    def check(text: str) -> str:
        if not known.fullmatch(text):
            raise ValueError(expected)
        return text

    return AfterValidator(check)


def _one_of(known: Sequence[str]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return word

    return AfterValidator(check)


def _with_known_domain(address: str) -> str:
    """The address; refused where no server could be found for it."""
    with_ascii_domain(address)
    return address


def printed(text: str) -> str:
    """The text without surrounding spaces.

    Control and half characters cannot be printed or mailed, and what changes the writing direction would
    turn what is printed beside it, too.
    """
    text = text.strip()
    if not text:
        raise ValueError("text")
    if _has_controls(text.replace("\n", "")):
        raise ValueError("text without control characters")
    if TURNING & set(text):
        raise ValueError("text without marks that change the writing direction (U+202A–202E, U+2066–2069)")
    return text


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def one_line(text: str) -> str:
    """The text, refused if it has a line break: in a name it would end a mail's header."""
    if text.splitlines() != [text]:
        raise ValueError("text on one line")
    return text


def in_every_language(value: Any, *, is_name: bool) -> Any:
    """A plain text as the same text in every language; a mapping is left to its shape."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise ValueError("text")
    return dict.fromkeys(LANGUAGES, short_line(value, NAME_LENGTH) if is_name else printed(value))


def short_line(text: str, most: int) -> str:
    """The text on one line, refused if it has more than so many characters."""
    if len(text) > most:
        raise ValueError(f"at most {most} characters")
    return one_line(printed(text))


def _some(entries: Sized) -> Sized:
    """Runs after the entries: pydantic's own length would only count those without faults."""
    if not entries:
        raise ValueError("at least one entry")
    return entries


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("a time zone such as Europe/Berlin") from None
    return name


def _number(value: Any) -> Any:
    """A text as a number; what else is none is left to say to its shape."""
    return number_of(value) if _is_written(value) else value


def _whole(value: Any) -> Any:
    """The same for a whole number."""
    return whole_of(value) if _is_written(value) else value


def _is_written(value: Any) -> bool:
    """Whether it is a text that can be read as a number; true is refused, which would pass as 1."""
    if isinstance(value, bool):
        raise ValueError("a number")
    return isinstance(value, str) and value != ""


def _day(value: Any) -> date:
    """By text only: pydantic would read a number as seconds since 1970."""
    return day_of(value, "2027-06-30")


def day_of(text: Any, such_as: str) -> date:
    """The day; what is none is refused with one as it should be."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"a day such as {such_as}") from None


def _period(value: Any) -> Period:
    try:
        return Period.parse(str(value))
    except UsageError:
        raise ValueError("a period such as 2026-Q4, 2026-10, 2026-W41, 2026 or FY2026-04-Q3") from None


def _due(text: Any, cadence: Cadence) -> DueTime:
    try:
        return DueTime.parse(str(text), cadence)
    except UsageError as error:
        raise ValueError(str(error)) from None


def _export_pattern(pattern: str) -> str:
    """A pattern must stay below the exports folder, and {month} is all that is filled in."""
    if "\\" in pattern or not all(map(_is_step_down, pattern.split("/"))):
        raise ValueError("a path below the exports folder")
    if re.search("[{}]", pattern.replace("{month}", "")):
        raise ValueError("no braces but {month}")
    return pattern


def _is_step_down(part: str) -> bool:
    """Whether a part of a pattern is a name, or `**` by itself."""
    return part not in ("", ".", "..") and ("**" not in part or part == "**")


def _card_link(address: str) -> str:
    """An address that a group reads, so it must hold no login, and nothing that ends a link."""
    plain = address.replace("{period}", "").replace("{file}", "")
    if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/?=&%+-]*", plain):
        raise ValueError("an address such as https://cards.company.example/{period}/{file}")
    return address


Some = AfterValidator(_some)
Text = Annotated[str, AfterValidator(printed)]
Name = Annotated[Text, AfterValidator(one_line), Field(max_length=NAME_LENGTH)]
Id = Annotated[
    str,
    _like(
        r"[a-z][a-z0-9_]{0,39}", "an id of at most 40 small letters, digits and underscores such as ad_roi"
    ),
]
TeamId = Annotated[
    str,
    _like(r"[a-z][a-z0-9-]{0,39}", "an id of at most 40 small letters, digits and hyphens such as eu-brand"),
]
Entity = Annotated[
    str,
    _like(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        "an id of at most 64 letters, digits, dots, hyphens and underscores",
    ),
]
Email = Annotated[
    str,
    # letters of any script; the composed form, so that the same address is one
    AfterValidator(partial(unicodedata.normalize, "NFC")),
    _like(
        r"(?=.{1,254}$)[\w%+-]+(\.[\w%+-]+)*@([^\W_]|-)+(\.([^\W_]|-)+)+",
        "an address such as name@company.example",
    ),
    AfterValidator(_with_known_domain),
]
Domain = Annotated[
    str,
    AfterValidator(partial(unicodedata.normalize, "NFC")),
    _like(r"(?=.{1,253}$)([^\W_]|-)+(\.([^\W_]|-)+)+", "a domain such as company.example"),
    AfterValidator(_with_known_domain),
]
ConnectionName = Annotated[
    str,
    _like(
        r"[a-z][a-z0-9_]{0,39}",
        "a name of at most 40 small letters, digits and underscores such as brand_people",
    ),
]
ChannelKind = Annotated[str, _one_of((MAIL, *CHATS))]
ChatKind = Annotated[str, _one_of(CHATS)]
CardLink = Annotated[str, AfterValidator(_card_link)]
ArchiveAddress = Annotated[
    str,
    # cards print it, so it must hold no login, and nothing that their own names could not follow
    _like(
        r"(?=.{1,200}$)https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~%+-]+)*/?",
        "the address of a folder of an archive such as https://cards.company.example/archive/",
    ),
]
CurrencyCode = Annotated[str, _like(r"[A-Z]{3}", "a currency such as EUR")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
ExportPattern = Annotated[Name, AfterValidator(_export_pattern)]
Day = Annotated[date, BeforeValidator(_day)]
MonthlyDue = Annotated[DueTime, BeforeValidator(partial(_due, cadence=Cadence.MONTH))]
WeeklyDue = Annotated[DueTime, BeforeValidator(partial(_due, cadence=Cadence.WEEK))]
LaterDue = Annotated[DueTime, BeforeValidator(partial(_due, cadence=Cadence.QUARTER))]
Daily = Annotated[
    str, _like(r"[0-5]?[0-9] ([01]?[0-9]|2[0-3]) \* \* \*", "a cron of each day such as '0 5 * * *'")
]
PeriodName = Annotated[Period, BeforeValidator(_period)]
Whole = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[Decimal, BeforeValidator(_number), Field(allow_inf_nan=False)]
Cutoff = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, lt=1000)]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100)]
Share = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, le=1, decimal_places=4)]

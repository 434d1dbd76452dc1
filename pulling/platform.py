"""A platform as data: what its YAML file may say, and the files there are, shipped and of a book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from disk import ordinary_bytes
from etl.formats.library import LOADER
from scoring.errors import BookError

SHIPPED = Path(__file__).resolve().parent / "platforms"
FOLDER = "platforms"
"""The folder of a book in which it has platforms of its own."""
Path_ = Annotated[str, Field(pattern=r"^[^.]+(\.[^.]+)*$")]
Address = Annotated[
    str, Field(pattern=r"^(https://[^/\s]+|https?://(127\.0\.0\.1|localhost)(:\d+)?)(/\S*)?$")
]
Place = Annotated[str, Field(pattern=r"^(params|body)\.[^.]+(\.[^.]+)*$")]


class Shape(BaseModel):
    """Nothing is read that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Signal(Shape):
    """A sign in the body: what stands at a path is one of some values, or anything at all."""

    at: Path_
    has: tuple[str, ...] = ()


class Doubt(Signal):
    """A sign that figures are not what they seem although all is there, such as that they are estimated."""

    said: str
    """What they are then, in words."""
    then: Literal["refuse", "fewer_days", "warn"] = "refuse"
    """What helps: nothing, fewer days at once, or that somebody knows of it."""
    field: str = ""
    """Of a warning: the field that the rows get, by which their format says it on the card."""


class WaitHint(Shape):
    """Where it says how long to wait: a header or a path of the body, in a unit or as a time of day."""

    header: str | None = None
    of: str | None = None
    """Of a header with JSON: the key at which the number stands."""
    body: Path_ | None = None
    unit: Literal["seconds", "minutes", "epoch"] = "seconds"


def _listed(said: object) -> object:
    """One or several, as several."""
    return said if isinstance(said, list | tuple) else [said]


class Signals(Shape):
    """What tells a good answer from others. By status: 429 and 5xx wait, 401 is a token that has expired."""

    good: Annotated[tuple[Signal, ...], BeforeValidator(_listed)] = ()
    """Where every answer says that it is one; what says something else is an error, in spite of HTTP 200."""
    bad: tuple[Path_, ...] = ()
    """What stands only in an error."""
    again: tuple[Signal, ...] = ()
    expired: tuple[Signal, ...] = ()
    wait: tuple[WaitHint, ...] = ()
    message: tuple[Path_, ...] = ()
    """Where an error says what is wrong."""
    quota: tuple[str, ...] = ()
    """Headers that say what is left."""


class Pages(Shape):
    """How one page leads to the next, and how it is known that all are there."""

    style: Literal["token", "offset", "page", "link", "stream", "file"] = "stream"
    next: Path_ | None = None
    """Where the next token or link stands; where there is none, it was the last page."""
    more: Path_ | None = None
    """Where something stands only if there is another page, for a token that the last page has, too."""
    into: Place | None = None
    """Where the token, offset or number of a page goes."""
    start: int = 0
    size: int = 1
    """How many rows a full page has."""
    total: Path_ | None = None
    """Where the number of all rows stands."""
    total_once: bool = False
    """Whether only the first page has it, and later ones that of the rows that are left."""
    count: Path_ | None = None
    """Where the number of the page's own rows stands."""
    last: Path_ | None = None
    """Where the number of the last page stands."""
    leave_out: tuple[str, ...] = ()
    """Parameters of a link that are not sent, such as a token that stands in headers."""
    most: int = 10_000
    """The most pages that one slice can have."""
    most_rows: int | None = None
    """As many rows as the platform gives at most, without a word of those that it leaves out."""


class Asked(Shape):
    """One question, in which `{start}`, `{last}`, `{entity}` and others stand for what is asked for."""

    method: Literal["GET", "POST"] = "GET"
    path: Annotated[str, Field(pattern=r"^/\S*$")]
    params: Mapping[str, str] = Field(default_factory=dict)
    body: Any = None
    plain: str = ""


class Job(Shape):
    """A report that is ordered, asked for until it is there, and fetched."""

    id: Path_
    poll: Asked
    state: Path_
    done: tuple[str, ...]
    failed: tuple[str, ...]
    every_seconds: float = 10.0
    at_most_seconds: float = 1800.0
    fetch: Asked | None = None
    """How the rows of the finished report are asked for, `{report}` its id."""
    download: Path_ | None = None
    """Or where the address of its file stands; none there means that it has no rows."""


class Sums(Shape):
    """Totals that the platform gives with the rows: the fields of each row that must add up to them."""

    at: Path_
    fields: tuple[Path_, ...]


class Wide(Shape):
    """Rows of one figure each, put together where they are alike in `by`; each figure keeps its name."""

    by: tuple[Path_, ...]
    name: Path_
    value: Path_


class Listed(Asked):
    """What is asked for first, whose items the question then names by their ids, as `{ids}`."""

    pages: Pages = Pages()
    rows: Path_
    """Where the items are in a page."""
    id: Path_ = "id"
    """Where in each of them its id stands."""
    most: Annotated[int, Field(ge=1)] = 1
    """How many ids one question may name."""
    among: str = ","
    """What stands between them."""
    at: Path_ = "id"
    """Where in a row of the question the id stands that it is of."""
    all: bool = False
    """Whether it answers something of each id, also where nothing happened."""
    fields: Mapping[str, Path_] = Field(default_factory=dict)
    """More fields of a row, and where in its item their values stand."""


class Series(Shape):
    """Figures as lists, with a value for each day that was asked for."""

    at: Path_
    """Where in a row the object with the lists stands."""
    into: str = "figures"
    """The field that gets those of one day."""
    day: str = "day"
    """The field that gets the day."""


class Questions(Asked):
    """What is asked for each window of days, and where its rows are."""

    name: str = ""
    for_each: Listed | None = None
    repeated: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Names that stand for one value after the other: it is asked for each, and rows have it."""
    ordered: Job | None = None
    pages: Pages = Pages()
    rows: Path_ | None = None
    """Where the rows are in a page; of `file`, everything is the file."""
    inner: Path_ | None = None
    """Where in each of them a list is whose items are the rows; they have the fields around it, too."""
    key: tuple[Path_, ...] = ()
    """What no two rows share; rows that move from page to page while they are pulled are found by it."""
    sums: Sums | None = None
    doubts: tuple[Doubt, ...] = ()
    own: Mapping[str, str] = Field(default_factory=dict)
    """What stands at paths of each page, wherever it is there, such as the account's id."""
    pairs: Mapping[str, tuple[Path_, Path_] | tuple[Path_, Path_, Path_]] = Field(default_factory=dict)
    """Lists of a row that become objects: where the name and where the value stands in each item, and where
    the items are if not under this key.
    """
    wide: Wide | None = None
    series: Series | None = None
    counter: str | None = None
    """For what shows only how it stands now, as an object and no list: the field that gets the day of the
    question. Each pull of the month keeps those of the days before.
    """
    columns: tuple[tuple[str, str], ...] = ()
    """For cells in lists: where the names of columns stand in the page, and where the cells of a row."""

    values: Mapping[str, Path_] = Field(default_factory=dict)
    """More fields of a row, and where in it their values stand."""
    added: Mapping[str, tuple[Path_, ...]] = Field(default_factory=dict)
    """More fields of a row, which are sums of others."""
    epochs: tuple[str, ...] = ()
    """Fields that are seconds since 1970."""
    days: Mapping[str, Path_] = Field(default_factory=dict)
    """More fields of a row, which are days: where an object with year, month and day stands."""
    ended: Mapping[str, Path_] = Field(default_factory=dict)
    """More fields of a row, which are the days that end at a time, as much as twelve hours into the next."""


class Token(Shape):
    """How a token for an hour is got with one that stays."""

    url: Address
    form: Mapping[str, str]
    as_json: bool = False
    in_address: bool = False
    """Whether the platform wants the form in the address of a GET, and in no body."""
    at: Path_ = "access_token"
    signed: str | None = None
    """The scope that a service account asks for with what it signs, if the connection has its key."""
    refresh: Path_ | None = None
    """Where the answer has the next refresh token, for platforms that forget the one that they were sent."""


class Login(Shape):
    """How a person signs in once: in a browser that is led back to this machine, or on another device."""

    url: Address | None = None
    """The page of the platform on which a person agrees; it is left out where there is only `device`."""
    params: Mapping[str, str] = Field(default_factory=dict)
    """What else it is asked with, such as the scope."""
    port: int = 0
    """The port of this machine to which the platform was told to lead back; 0 where it may be any."""
    path: str = "/"
    form: Mapping[str, str] = Field(default_factory=dict)
    """What a token is asked for with besides what the standard says, such as a client secret."""
    refresh: Path_ = "refresh_token"
    """Where the answer has the token that stays."""
    device: Address | None = None
    """Where a code for another device is asked for."""


class Version(Shape):
    """The version of the interface that is asked, and the last day on which it answers, if that is known."""

    name: str
    sunset: date | None = None


class Platform(Shape):
    """A platform: everything that is known of its interface."""

    source: str
    title: str
    status: Literal["verified", "code", "assumed"] = "assumed"
    note: str = ""
    assumed: tuple[str, ...] = ()
    """What nobody could confirm, in words."""
    url: Address
    headers: Mapping[str, str] = Field(default_factory=dict)
    headers_if: Mapping[str, str] = Field(default_factory=dict)
    """Headers that are sent only where the connection has what they name."""
    sent: Mapping[Place, str] = Field(default_factory=dict)
    """What goes out with each question in another place than a header, and is kept and said nowhere."""
    sign: Literal["oauth1", "oauth1_sha256"] | None = None
    """How each question is signed, with what the connection has for it."""
    token: Token | None = None
    login: Login | None = None
    elsewhere: tuple[str, ...] = ()
    """Hosts from which it hands out files."""
    version: Version | None = None
    restated_days: int = 30
    """For how many days after a month it still changes its figures."""
    window_days: Annotated[int, Field(ge=1)] = 366
    """How many days one question may span."""
    at_once: Annotated[int, Field(ge=1, le=32)] = 4
    """For how many accounts it is asked at a time."""
    a_second: Annotated[float, Field(gt=0)] | None = None
    """How many questions it takes in a second, of all accounts together."""
    signals: Signals = Signals()
    options: Mapping[str, str] = Field(default_factory=dict)
    """More names that may stand in its questions; a connection may give others."""
    questions: tuple[Questions, ...] = Field(min_length=1)


class PlatformError(BookError):
    """A file that is no platform: `file` is its name, `place` the keys that lead to what is wrong in it."""

    def __init__(self, file: str, found: str, place: tuple[str | int, ...] = ()) -> None:
        where = f"{'.'.join(map(str, place))}: " if place else ""
        self.file, self.place = file, place
        self.message = f"{where}expected what a platform can say, found {found}; correct it"
        super().__init__(f"{file}: {self.message}.")

    def __reduce__(self) -> tuple[type[PlatformError], tuple[str, str, tuple[str | int, ...]]]:
        return PlatformError, (self.file, self.message, self.place)


@cache
def shipped_platforms() -> Mapping[str, Platform]:
    """The platforms that the product ships, by name."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(SHIPPED.glob("*.yaml"))})


def platforms_with(folder: Path) -> Mapping[str, Platform]:
    """The shipped platforms with those of a book, which replace shipped ones; raises `PlatformError`."""
    own = {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}
    return MappingProxyType({**shipped_platforms(), **own})


def _read(path: Path) -> Platform:
    try:
        said = yaml.load(ordinary_bytes(path).decode(), Loader=LOADER)  # noqa: S506 - a safe loader
        return Platform.model_validate(said)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        problem, place = f"{found['input']!r:.80} ({found['msg']})", tuple(found["loc"])
    except (OSError, ValueError, yaml.YAMLError) as error:
        problem, place = " ".join(str(error).split())[:120], ()
    raise PlatformError(path.name, problem, place)

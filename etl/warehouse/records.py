"""The values that go into and come out of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from etl.sources.base import Conformed
from scoring.period import Period

UNASSIGNED = "unassigned"
"""The team id of rows that nobody owns."""


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """What is replaced whole: one source's one account (`entity`) in one month."""

    source: str
    entity: str
    month: Period

    def __str__(self) -> str:
        return f"{self.source}/{self.entity} {self.month}"


@dataclass(frozen=True, slots=True)
class Content:
    """What a slice was made of: the same pull read by the same reader needs no load."""

    sha256: str
    reader_version: int


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A landed file that a slice came from, and how many of its rows are in the slice."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class SliceLoad:
    """A slice to be replaced. `loaded_at` is a UTC time with its zone."""

    slice: Slice
    content: Content
    files: tuple[LoadedFile, ...]
    conformed: Conformed
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """What the warehouse remembers of the newest load of a slice."""

    source: str
    entity: str
    month: Period
    files: tuple[LoadedFile, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    """A team's share (0 to 1, four digits) of the rows with `owner_key`; `*` = the rest of the account."""

    source: str
    entity: str
    owner_key: str
    team_id: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A currency's first and last rate of a month: reporting currency units for one unit of it."""

    currency_code: str
    first_rate: Decimal
    last_rate: Decimal
    source: str

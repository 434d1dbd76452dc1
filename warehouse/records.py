"""The values written to and read from the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from scoring.period import Period
from warehouse.conformed import Conformed, Control

UNASSIGNED = "unassigned"
"""The team id of rows that nobody owns."""


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """The unit of replacement: one account (`entity`) of one source in one month."""

    source: str
    entity: str
    month: Period

    def __str__(self) -> str:
        return f"{self.source}/{self.entity} {self.month}"


@dataclass(frozen=True, slots=True)
class Content:
    """What determines a slice: the same pull, read in the same way into the same columns, needs no load.

    `schema_sha256` covers the columns of the facts, `account_sha256` the account's settings in the book.
    """

    sha256: str
    reader: str
    schema_sha256: str
    account_sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """By what way a slice came: export format or API version, the account's zone, when it was landed.

    `landing_seal` is that of the pull's manifest; an older program made none.
    """

    api_version: str
    time_zone: str
    landed_at: datetime
    landing_seal: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPull:
    """What a load record knows of the pull it was made of; `seal` is None where it knows none."""

    source: str
    entity: str
    month: Period
    content_sha256: str
    seal: str | None


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A landed file that a slice came from, and how many of its rows are in the slice."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class RowCounts:
    """An account of the rows of a slice's files: `rows_in` is the sum of the other three."""

    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    rows_set_aside: int


@dataclass(frozen=True, slots=True)
class SliceLoad:
    """A slice to be replaced. Times are UTC with their zone."""

    slice: Slice
    content: Content
    provenance: Provenance
    files: tuple[LoadedFile, ...]
    conformed: Conformed
    loaded_at: datetime

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the slice feeds."""
        return tuple(self.conformed.tables)

    @property
    def size(self) -> int:
        """Bytes still to be read: none, its files have been read."""
        return 0

    def read(self) -> SliceLoad:
        """The load itself: its files have been read."""
        return self

    @property
    def rows(self) -> RowCounts:
        """An account of all rows of the files."""
        tallies = self.conformed.tallies
        return RowCounts(
            rows_in=sum(tally.rows_in for tally in tallies),
            rows_loaded=sum(tally.rows_used for tally in tallies),
            rows_quarantined=sum(tally.rows_quarantined for tally in tallies),
            rows_set_aside=sum(tally.rows_set_aside for tally in tallies),
        )


class Loadable(Protocol):
    """A slice to be replaced whose files may still have to be read, which `read` does."""

    @property
    def slice(self) -> Slice:
        """Which slice it is."""
        ...

    @property
    def content(self) -> Content:
        """What determines its rows."""
        ...

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it feeds."""
        ...

    @property
    def size(self) -> int:
        """Bytes of the files that are still to be read."""
        ...

    def read(self) -> SliceLoad:
        """The rows; if it raises `BadFileError`, none of them is used."""
        ...


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """The warehouse's record of a load; `vintage` counts the loads of the slice from 1.

    `facts` are the rows that each fact got. Times are UTC with their zone.
    """

    source: str
    entity: str
    month: Period
    vintage: int
    content: Content
    provenance: Provenance
    rows: RowCounts
    facts: Mapping[str, int]
    files: tuple[LoadedFile, ...]
    controls: tuple[Control, ...]
    findings: tuple[str, ...]
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class Ownership:
    """A team's share (0 to 1, four digits) of the rows with `owner_key`; `*` = the rest of the account.

    It holds from `valid_from` until the day before `valid_until`.
    """

    source: str
    entity: str
    owner_key: str
    team_id: str
    share: Decimal
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A currency's first and last rate of a month: reporting currency units for one unit of it."""

    currency_code: str
    first_rate: Decimal
    last_rate: Decimal
    source: str

"""What a source is: two functions and a few facts about them; and the values that go in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from etl.landing import LandedFile
from scoring.period import Period


class OwnerKeys(Enum):
    """What a source's owner keys say of the account that a row belongs to.

    `IDS` are in one account of the platform only; `NAMES` are an account's own, but may be alike;
    `SHARED` are in all of them, or are the account itself.
    """

    IDS = "ids"
    NAMES = "names"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a source, as `config/sources.yaml` has it.

    `currency_code` is the currency its amounts are in, None where the export says it itself;
    `files` are glob patterns below the exports folder, in which `{month}` stands for `YYYY-MM`.
    `printed_as` is how its exports name it, where they do not name its id; `quarantine` is how many
    rows of a file may be set apart because they cannot be read; `largest_drop` is by how many percent
    the rows of a month may fall below those of the months before without a word on the card.
    """

    source: str
    entity: str
    currency_code: str | None
    time_zone: str
    files: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    printed_as: str | None = None
    quarantine: int = 0
    largest_drop: Decimal = Decimal(80)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as the source gave it, not yet landed."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileTally:
    """Where each row of a file went: `rows_in = rows_used + rows_set_aside + rows_quarantined`.

    `rows_in` are the lines below the header that are not blank, counted without looking into them.
    Set aside are totals, and rows that belong to other months or repeat others by declaration.
    Quarantined are rows that cannot be used and that the account's book allows to go without.
    """

    name: str
    rows_in: int
    rows_used: int
    rows_set_aside: int
    rows_quarantined: int = 0


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that a load went without, and why; `row` counts the file's lines as a spreadsheet shows them."""

    file: str
    row: int
    column: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Control:
    """A total that the file itself declares, beside the sum of the rows that were read."""

    name: str
    declared: Decimal
    computed: Decimal


@dataclass(frozen=True, slots=True)
class Conformed:
    """A slice in the columns of the facts (without those that name the slice)."""

    tables: Mapping[str, pa.Table]
    tallies: tuple[FileTally, ...]
    controls: tuple[Control, ...] = ()
    quarantined: tuple[QuarantinedRow, ...] = ()


class Source(Protocol):
    """A module of `etl/sources/`.

    `FACTS` are the facts it feeds, `DAILY_FACTS` those that have a row on every day of a complete
    month; `FILES` says how many patterns an account has, in the order `read` takes them;
    `LOOKBACK_MONTHS` says how long before a month rows may have begun that still count in it (a lead
    created in May and won in August); `READER_VERSION` goes up when the same bytes are read
    differently, so that slices are loaded anew. `API_VERSION` names the format of the export or the
    version of the interface that the bytes came by; `RELOAD_DAYS` says for how many days after a
    month's end the platform still changes it. `PRINTED_IN` says where in an export `printed_as` of
    an account is looked for, None where nothing prints it.
    """

    NAME: str
    READER_VERSION: int
    FACTS: tuple[str, ...]
    DAILY_FACTS: tuple[str, ...]
    FILES: int
    LOOKBACK_MONTHS: int
    API_VERSION: str
    RELOAD_DAYS: int
    PRINTED_IN: str | None
    OWNER_KEYS: OwnerKeys

    def extract(self, account: Account, month: Period, exports: Path) -> tuple[ExportFile, ...] | None:
        """What the source has for the month, in the order of the account's patterns; None where nothing."""
        ...

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """Conformed rows of a complete pull; raises `BadFileError` and then nothing of it is used."""
        ...

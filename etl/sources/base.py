"""What a source is: two functions and a few facts about them; and the values that go in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from etl.landing import LandedFile
from scoring.period import Period


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a source, as `config/sources.yaml` has it.

    `currency_code` is the currency its amounts are in, None where the export says it itself;
    `files` are glob patterns below the exports folder, in which `{month}` stands for `YYYY-MM`.
    """

    source: str
    entity: str
    currency_code: str | None
    time_zone: str
    files: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as the source gave it, not yet landed."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileTally:
    """Where each row of a file went: `rows_in = rows_used + rows_set_aside`.

    Set aside are totals, blanks and rows that belong to other months or repeat others by declaration.
    """

    name: str
    rows_in: int
    rows_used: int
    rows_set_aside: int


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


class Source(Protocol):
    """A module of `etl/sources/`.

    `FACTS` are the facts it feeds, `DAILY_FACTS` those that have a row on every day of a complete
    month; `FILES` says how many patterns an account has, in the order `read` takes them;
    `LOOKBACK_MONTHS` says how long before a month rows may have begun that still count in it (a lead
    created in May and won in August); `READER_VERSION` goes up when the same bytes are read
    differently, so that slices are loaded anew.
    """

    NAME: str
    READER_VERSION: int
    FACTS: tuple[str, ...]
    DAILY_FACTS: tuple[str, ...]
    FILES: int
    LOOKBACK_MONTHS: int

    def extract(self, account: Account, month: Period, exports: Path) -> tuple[ExportFile, ...] | None:
        """What the source has for the month, in the order of the account's patterns; None where nothing."""
        ...

    def read(self, files: Sequence[LandedFile], account: Account, month: Period) -> Conformed:
        """Conformed rows of a complete pull; raises `BadFileError` and then nothing of it is used."""
        ...

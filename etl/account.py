"""Accounts of a source, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any


class OwnerKeys(Enum):
    """What a source's owner keys say about a row's account.

    `IDS` occur in one account of the platform only; `NAMES` are an account's own, but may coincide; `SHARED`
    occur in all accounts, or are the account itself.
    """

    IDS = "ids"
    NAMES = "names"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a source, as `config/sources.yaml` has it.

    `time_zone` is where its days begin; empty of one that nobody has named yet, whose days stand as written.
    `currency_code` is the currency its amounts are in, None if the export says it itself; `files` are glob
    patterns below the exports folder, in which `{month}` stands for `YYYY-MM`; instead of them, `query` asks
    the database that `connection` names, or `platform` is pulled from by that connection. `printed_as` is
    how its exports name it, if they do not print its id; `options` is what it says of how they are read;
    `quarantine` is how many unreadable rows of a file may be quarantined; `largest_drop` is by how many
    percent the rows of a month may fall below those of the months before without a finding. `crossed_to` is
    the currency that a table of exchange rates is crossed to, None if that is the one it is given in, its
    `currency_code`.
    """

    source: str
    entity: str
    currency_code: str | None
    time_zone: str
    files: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    printed_as: str | None = None
    query: str | None = None
    connection: str | None = None
    platform: str | None = None
    quarantine: int = 0
    largest_drop: Decimal = Decimal(80)
    crossed_to: str | None = None

    @property
    def name(self) -> str:
        """Its source and its id, as `scorewright sources` lists it."""
        return f"{self.source}/{self.entity}"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as received from the source, not yet landed."""

    name: str
    content: bytes

"""What a source makes of its files: rows in the columns of the facts, and where every row went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa


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

"""A source's output: rows in the columns of the facts, and an account of every row of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class FileTally:
    """Where each row of a file went: `rows_in = rows_used + rows_set_aside + rows_quarantined`.

    `rows_in` are the non-blank lines below the header, counted before any cell is parsed. Set aside are
    totals, and rows that belong to other months or repeat others by declaration. Quarantined are unusable
    rows that the book allows the account to skip.
    """

    name: str
    rows_in: int
    rows_used: int
    rows_set_aside: int
    rows_quarantined: int = 0


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row left out of a load, and why; `row` counts the file's lines as a spreadsheet shows them."""

    file: str
    row: int
    column: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the rows of a table stand in a file, row for row; `sheet` is that of a workbook.

    Each of `rows` is a number as a spreadsheet shows it, or several of them where a row was made of several;
    null where no row of the file says it.
    """

    file: str
    sheet: str | None
    rows: pa.Array


@dataclass(frozen=True, slots=True)
class Control:
    """A total declared in the file, with the sum of the rows that were read."""

    name: str
    declared: Decimal
    computed: Decimal


@dataclass(frozen=True, slots=True)
class Conformed:
    """A slice in the columns of the facts (without those that name the slice).

    `lines` says of each table in which rows of which files its rows stand.
    """

    tables: Mapping[str, pa.Table]
    tallies: tuple[FileTally, ...]
    controls: tuple[Control, ...] = ()
    quarantined: tuple[QuarantinedRow, ...] = ()
    lines: Mapping[str, tuple[Lines, ...]] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    """What a reader took and a manager should know, as codes such as `totals_differ` and `no_days`."""
    warnings: tuple[str, ...] = ()
    """What whoever loads it should look at, as sentences; nothing of it changes a number."""

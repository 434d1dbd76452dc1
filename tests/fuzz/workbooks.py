"""Changed workbooks: the sheet and its cells, and the XML and the archive around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from random import Random

from tests.doors import workbook_changed
from tests.etl.formats.workbooks import workbook
from tests.fuzz import table_changes
from tests.fuzz.adding import UNJUDGED, judge, shown
from tests.fuzz.csvs import Changed, text_of
from tests.fuzz.seeds import seeds
from tests.fuzz.sheets import rows_of
from tests.fuzz.tables import Cell, Table
from warehouse.conformed import Conformed

_LARGE = (
    "bomb",
    "huge_part",
    "many_cells",
    "many_strings",
    "many_sheets",
    "many_parts",
    "nested_part",
    "far_cells",
)
_LARGE_BYTES = ("repeat_block", "twice", "only_junk")
_SMALL = tuple(
    change for change in workbook_changed.WORKBOOK if change.__name__ not in (*_LARGE, *_LARGE_BYTES)
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_DAY = date(1899, 12, 30)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Case(Changed):
    """A changed workbook, and what its writer knows of it."""

    table: Table
    kept: Kept
    items: int = 1

    def judge(self, conformed: Conformed) -> tuple[str, str]:
        """Whether what was accepted is what the XML says."""
        sheet = next(lines.sheet for some in conformed.lines.values() for lines in some)
        try:
            rows = rows_of(self.content, sheet or "")
        except Exception as error:
            return UNJUDGED, f"XML that is damaged for another reader ({type(error).__name__})"
        text = text_of(self.table, rows)
        untouched = frozenset(
            tuple(shown(self.kept.seen(cell, self.table, at)) for at, cell in enumerate(row.cells))
            for row in self.table.rows
            if not row.is_touched
        )
        return judge(conformed, replace(text, untouched=untouched), self.account.source, self.form)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a workbook keeps as numbers and days of its own, and what as texts."""

    numbers: bool
    days: bool

    def cell(self, cell: Cell, table: Table, at: int) -> object:
        """A cell as it is given to the workbook."""
        if isinstance(cell, Decimal):
            return float(cell) if self.numbers else table.shown(cell, at)
        if self.days and _DAY.fullmatch(cell):
            with suppress(ValueError):
                return datetime.strptime(cell, "%Y-%m-%d")  # noqa: DTZ007
        return _CONTROL.sub("", cell)[:32_000] or None

    def seen(self, cell: Cell, table: Table, at: int) -> Cell:
        """The same cell as it stands in the XML."""
        given = self.cell(cell, table, at)
        if isinstance(given, datetime):
            return Decimal((given.date() - _FIRST_DAY).days)
        return Decimal(str(given)) if isinstance(given, float) else str(given or "")


def case(number: int, seed: int) -> Case:
    """The case of a number; the same seed and number is the same case."""
    rng = Random(f"workbook {seed} {number}")
    which = rng.choice(seeds())
    table, names = which.table(rng), []
    for change in rng.sample(table_changes.CHANGES, rng.choice((0, 1, 1, 2))):
        with suppress(IndexError, ValueError, TypeError):
            change(table, rng)
            names.append(change.__name__)
    kept = Kept(rng.random() < 0.7, rng.random() < 0.5)
    content = workbook(**_sheets(table, kept, rng))
    if not names or rng.random() < 0.4:
        some = workbook_changed.WORKBOOK if rng.random() < 0.03 else _SMALL
        of_bytes = rng.choice(some)
        with suppress(Exception):  # it may not fit what the first one left
            content = of_bytes(content, rng)
            names.append(of_bytes.__name__)
    whom = replace(which.account, quarantine=rng.choice((0, 0, 3)))
    return Case(which.name, " + ".join(names), whom, which.form, content, table, kept)


def _sheets(table: Table, kept: Kept, rng: Random) -> dict[str, list[list[object]]]:
    """The table on a sheet, sometimes with others beside it."""
    rows = [[*row] for row in _rows(table, kept)]
    others = rng.choice(((), (), ("Notes",), ("Notes", "Chart_data")))
    sheets: dict[str, list[list[object]]] = {
        "Report": rows,
        **{name: [["a", 1], ["b", 2]] for name in others},
    }
    return dict(sorted(sheets.items(), reverse=rng.random() < 0.5))


def _rows(table: Table, kept: Kept) -> Iterator[list[object]]:
    for line in table.above:
        yield [_CONTROL.sub("", line)] if line else []
    yield [_CONTROL.sub("", name) or None for name in table.header]
    for row in [*table.rows, *table.added_up()]:
        yield [kept.cell(cell, table, at) for at, cell in enumerate(row.cells)]
    for line in table.below:
        yield [_CONTROL.sub("", line)] if line else []

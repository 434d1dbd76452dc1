"""Changed CSV exports: through the door, and what was accepted added up anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from etl.account import Account, ExportFile
from etl.sources import registry
from etl.sources.quarantining import read_slice
from scoring.errors import BadFileError, BookError
from tests.doors import bytes_changed
from tests.doors.watching import landed
from tests.etl.formats.reading import OCTOBER
from tests.fuzz import table_changes
from tests.fuzz.adding import UNJUDGED, Text, judge
from tests.fuzz.columns import columns_of, plain
from tests.fuzz.reading import records_of
from tests.fuzz.seeds import seeds
from tests.fuzz.tables import Table
from warehouse.conformed import Conformed

# these make files of megabytes out of one of kilobytes; script/doors does nothing but them
_LARGE = (
    bytes_changed.long_line,
    bytes_changed.many_columns,
    bytes_changed.many_lines,
    bytes_changed.as_json,
    bytes_changed.repeat_block,
    bytes_changed.twice,
    bytes_changed.only_junk,
)
_SMALL = tuple(change for change in bytes_changed.TEXT if change not in _LARGE)


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed file: how it was changed, whose it is, its format and its bytes."""

    name: str
    how: str
    account: Account
    form: str
    content: bytes

    def put_through(self, folder: Path) -> Conformed:
        """What is made of it; raises `BadFileError`."""
        return read_one(self.name, self.content, self.account, folder)


@dataclass(frozen=True, slots=True)
class Case(Changed):
    """A changed export, and what its writer knows of it."""

    table: Table
    items: int = 1

    def judge(self, conformed: Conformed) -> tuple[str, str]:
        """Whether what was accepted is what the text says."""
        columns = columns_of(self.account.source, next(iter(conformed.tables)), self.form)
        records = records_of(self.content, self.table.encoding, columns)
        if _has_bare_return(self.content, self.table.encoding):
            return UNJUDGED, "a carriage return alone, which is a line for some"
        return judge(conformed, text_of(self.table, records), self.account.source, self.form)


def read_one(name: str, content: bytes, account: Account, folder: Path) -> Conformed:
    """What a platform's reader makes of a single file; raises `BadFileError`."""
    file = landed(ExportFile(name, content), folder / "landed")
    try:
        return read_slice(registry()[account.source], [file], account, OCTOBER)
    except BookError as error:  # a file without its currency asks the book for it
        raise BadFileError(name, expected="the currency", found=str(error)) from None


def _has_bare_return(content: bytes, encoding: str) -> bool:
    text = re.sub('"[^"]*"', "", content.decode(encoding, "replace"))
    return "\n" in text and re.search("\r(?!\n)", text) is not None


def text_of(table: Table, records: Sequence[Sequence[object]]) -> Text:
    """What was read of a table, with what its writer knows."""
    names = {
        plain(cell): table.style_of(name) for cell, name in zip(table.header, table.fields, strict=False)
    }
    return Text(
        records,  # type: ignore[arg-type]
        table.style,
        names if table.styles else {},
        table.header,
        table.untouched(),
    )


def case(number: int, seed: int) -> Case:
    """The case of a number; the same seed and number is the same case."""
    rng = Random(f"csv {seed} {number}")
    which = rng.choice(seeds())
    table, names = which.table(rng), []
    for change in rng.sample(table_changes.CHANGES, rng.choice((0, 1, 1, 1, 2, 2, 3))):
        with suppress(IndexError, ValueError, TypeError):  # the second may not fit what the first one left
            change(table, rng)
            names.append(change.__name__)
    content = table.content()
    if not names or rng.random() < 0.15:
        change = rng.choice(_LARGE if rng.random() < 0.01 else _SMALL)
        with suppress(IndexError, ValueError, TypeError):
            content = change(content, rng)
            names.append(change.__name__)
    allowed = rng.choice((0, 0, 0, 3))
    whom = replace(which.account, quarantine=allowed)
    return Case(which.name, " + ".join(names), whom, which.form, content, table)

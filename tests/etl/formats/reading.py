"""Reads what a test writes as an export, by the shipped formats."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from etl.account import Account
from etl.landing import LandedFile
from etl.sources import registry
from scoring.period import Period
from warehouse.catalog import unsaid_by
from warehouse.conformed import Conformed

OCTOBER = Period(2026, 10)
_SETTINGS = ("currency_code", "time_zone", "printed_as", "quarantine", "entity", "files")


def account(source: str, **said: Any) -> Account:
    """An account of the source; what is no setting of every account is an option of the format."""
    settings = {name: said.pop(name) for name in _SETTINGS if name in said}
    usual = {"entity": "acct-1", "currency_code": None, "time_zone": "UTC", "files": ("*",)}
    return Account(source, options=said, **{**usual, **settings})


def land(folder: Path, contents: Sequence[str | bytes]) -> list[LandedFile]:
    """The contents as landed files; texts in UTF-8."""
    landed = []
    for index, content in enumerate(contents):
        path = folder / f"{index}"
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        landed.append(LandedFile(f"{index}", sha256(data).hexdigest(), len(data), path))
    return landed


def read(
    folder: Path, source: str, *contents: str | bytes, month: Period = OCTOBER, **said: Any
) -> Conformed:
    """What the source makes of the files for the month; raises `BadFileError`."""
    return registry()[source].read(land(folder, contents), account(source, **said), month)


def remarks(conformed: Conformed) -> tuple[str, ...]:
    """The findings, but for columns that the file does not have."""
    unsaid = {code for fact in conformed.tables for code in unsaid_by(fact)}
    return tuple(code for code in conformed.findings if code not in unsaid)


def totals(conformed: Conformed, fact: str) -> dict[str, Decimal]:
    """The sums of all numbers of a fact, and its rows."""
    table = conformed.tables[fact]
    sums = {"rows": Decimal(table.num_rows)}
    for column in table.schema:
        if str(column.type).startswith(("decimal", "int")):
            known = [value for value in table[column.name].to_pylist() if value is not None]
            sums[column.name] = Decimal(sum(known))
    return sums

"""Prints quarantined rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from pipeline.site import Site
from scoring.period import Period
from scoring.spans import days_of, months_in
from warehouse.reading import SetApart, quarantined_rows


def tell_quarantine(site: Site, period: Period, say: Callable[[str], None]) -> None:
    """Say a line for each quarantined row of `period`, and how many there are."""
    found = quarantined_rows(site.warehouse, months_in(days_of(period)))
    for apart in found:
        say(_line(apart))
    say(f"{period}: {len(found)} row{'' if len(found) == 1 else 's'} in quarantine")


def quarantine_as_json(site: Site, period: Period) -> list[dict[str, object]]:
    """The same rows as values."""
    return [
        {
            "source": apart.slice.source,
            "entity": apart.slice.entity,
            "month": str(apart.slice.month),
            **asdict(apart.row),
        }
        for apart in quarantined_rows(site.warehouse, months_in(days_of(period)))
    ]


def _line(apart: SetApart) -> str:
    row = apart.row
    place = f"row {row.row}" + (f", column {row.column!r}" if row.column else "")
    return f"{apart.slice}: {row.file}, {place}: expected {row.expected}, found {row.found}"

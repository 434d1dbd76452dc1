"""All that the cards of a period are drafted from, as one hash: while it is the same, so are they."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.metadata import version

from book.history import evidence_months, periods_needed
from pipeline.site import Site
from scoring.period import Period
from settings import ROOT
from warehouse import records_sha256

_WHAT_COMPUTES = ("scoring", "book", "etl", "sql", "warehouse", "lake", "processes", "archive", "pipeline")
"""The rooms in which a change may change a card."""


def everything_sha256(site: Site, period: Period, teams: Sequence[str], today: date) -> str:
    """The hash (hex) of what cards of these teams are made of, the issued ones of the period aside: the
    program, the book, what is loaded and refused, what people entered, and the other cards.

    `today` counts until the period's months are over.
    """
    until = max(month.end for month in evidence_months(site.book, period))
    entered = site.ledger.judgements_of_all([*map(str, periods_needed(site.book, period))], teams)
    read = (
        _program_sha256(),
        site.book.sha256,
        records_sha256(site.warehouse, until),
        sorted(entered.items()),
        site.ledger.newest_beside(str(period), teams),
        (str(period), *teams),
        min(today, until),
    )
    return hashlib.sha256(repr(read).encode()).hexdigest()


@cache
def _program_sha256() -> str:
    digest = hashlib.sha256(version("scorewright").encode())
    for room in _WHAT_COMPUTES:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".sql", ".yaml"):
                digest.update(path.read_bytes())
    return digest.hexdigest()

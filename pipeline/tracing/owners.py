"""Whose a row is: the owner of its key on one of its days, by today's book."""

from __future__ import annotations

from datetime import date

from book import Book
from etl.facts import fact_catalog
from etl.warehouse import Ownership
from pipeline.tracing.landed import LandedRow, days_in

REST = "*"


def is_of(book: Book, team_id: str, row: LandedRow) -> bool:
    """Whether the row counts for the team; exchange rates do for everybody."""
    return fact_catalog()[row.fact].is_everybodys or team_id in owners(book, row)


def owners(book: Book, row: LandedRow) -> frozenset[str]:
    """The teams that own a part of the row on any of its days; none of one that is in no measure."""
    ignored = fact_catalog()[row.fact].ignored
    if ignored is not None and row.values[ignored]:
        return frozenset()
    return frozenset(team for day in days_in(row.values) for team in _on(book, row, day))


def _on(book: Book, row: LandedRow, day: date) -> set[str]:
    """The owners of its key on a day, or those of the rest of the account where the key has none."""
    held = [owned for owned in book.ownership if _is_held(owned, row, day)]
    exact = {owned.team_id for owned in held if owned.owner_key != REST}
    return exact or {owned.team_id for owned in held}


def _is_held(owned: Ownership, row: LandedRow, day: date) -> bool:
    of_account = (owned.source, owned.entity) == (row.slice.source, row.slice.entity)
    is_then = owned.valid_from <= day < owned.valid_until
    return of_account and is_then and owned.owner_key in (row.values["owner_key"], REST)

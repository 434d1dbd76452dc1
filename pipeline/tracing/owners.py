"""Whose a row is: the owner of its key on one of its days, by today's book."""

from __future__ import annotations

from book import Book
from etl.facts import fact_catalog
from etl.warehouse import Ownership
from pipeline.tracing.landed import LandedRow, days_in

REST = "*"


def is_of(book: Book, team_id: str, row: LandedRow) -> bool:
    """Whether the row counts for the team; exchange rates do for everybody."""
    spec = fact_catalog()[row.fact]
    if spec.is_everybodys:
        return True
    if spec.ignored is not None and row.values[spec.ignored]:
        return False
    return team_id in owners(book, row)


def owners(book: Book, row: LandedRow) -> frozenset[str]:
    """The teams that own a part of the row on any of its days; none if nobody does."""
    account = (row.slice.source, row.slice.entity)
    of_account = [owned for owned in book.ownership if (owned.source, owned.entity) == account]
    found: set[str] = set()
    for day in days_in(row.values):
        held = [owned for owned in of_account if owned.valid_from <= day < owned.valid_until]
        found |= {owned.team_id for owned in _of_key(held, row.values["owner_key"])}
    return frozenset(found)


def _of_key(held: list[Ownership], key: str) -> list[Ownership]:
    """The owners of the key itself, and of the rest of the account where it has none."""
    exact = [owned for owned in held if owned.owner_key == key]
    return exact or [owned for owned in held if owned.owner_key == REST]

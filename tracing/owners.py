"""Whose a row is: the owner of its key on one of its days, by today's book."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import chain

from book import Book
from scoring.scorecard import Scorecard
from tracing.landed import LandedRow, days_in
from tracing.rows import added_up
from warehouse import Ownership
from warehouse.facts import fact_catalog

REST = "*"


def is_of(book: Book, card: Scorecard, row: LandedRow) -> bool:
    """Whether the row counts for the card's team; exchange rates do for everybody."""
    return fact_catalog()[row.fact].is_everybodys or not owners(book, row).isdisjoint(added_up(book, card))


def owners(book: Book, row: LandedRow) -> frozenset[str]:
    """The teams that own a part of the row on any of its days; none of one that is in no measure."""
    is_ignored = row.values.get(str(fact_catalog()[row.fact].ignored))
    days = () if is_ignored else days_in(row.values)
    return frozenset(chain.from_iterable(_on(book, row, day) for day in days))


def _on(book: Book, row: LandedRow, day: date) -> set[str]:
    """The owners of its key on a day, or those of the rest of the account where the key has none."""
    by_key = defaultdict[str, set[str]](set)
    for owned in book.ownership:
        if _is_held(owned, row, day):
            by_key[owned.owner_key].add(owned.team_id)
    return by_key[row.values["owner_key"]] or by_key[REST]


def _is_held(owned: Ownership, row: LandedRow, day: date) -> bool:
    of_account = (owned.source, owned.entity) == (row.slice.source, row.slice.entity)
    return of_account and owned.valid_from <= day < owned.valid_until

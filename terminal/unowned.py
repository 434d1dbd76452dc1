"""The keys of rows that belong to no team: a card says that there are some, and not which."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.site import Site
from scoring.period import Period
from scoring.spans import months_in
from terminal.measured import has_warehouse
from warehouse.reading import unowned_keys

_MOST = 8


def unowned(site: Site, period: Period) -> Iterator[str]:
    """A line for each account with such rows in the period, as it is loaded now and today's book has it."""
    months = months_in((period.start, period.end))
    found = unowned_keys(site.warehouse, months) if has_warehouse(site) else {}
    ours = {(each.source, each.entity) for each in site.book.accounts}
    for source, entity in sorted(found.keys() & ours):
        yield (
            f"{source}/{entity}: rows of {period} belong to no team, those with the key "
            f"{_listed(sorted(found[source, entity]))}; name it in teams.yaml, or '*' there for all that no "
            "team names"
        )


def _listed(keys: list[str]) -> str:
    more = len(keys) - _MOST
    return ", ".join(map(repr, keys[:_MOST])) + (f" and {more} more" if more > 0 else "")

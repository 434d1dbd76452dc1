"""Amounts that would need exchange rates in a book that has no source of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import AccountShape
from book.files.yaml_file import Place
from book.lint.accounts import RATES
from scoring.text import numbered
from warehouse.facts import fact_catalog

_EXAMPLE = f'`{RATES}: {{accounts: [{{entity: ecb, files: ["fx/eurofxref-hist.csv"]}}]}}`'


@dataclass(frozen=True, slots=True)
class _Account:
    """An account with amounts, and the place of their currency in sources.yaml."""

    place: Place
    source: str
    account: AccountShape

    @property
    def code(self) -> str | None:
        """The currency, if it names one."""
        return self.account.currency_code

    @property
    def name(self) -> str:
        """As other faults call the account."""
        return f"{self.source}.{self.account.entity}"


def rates_warning(draft: Draft) -> Iterator[Fault]:
    """A warning at the first account with amounts in a foreign currency; what files say is not known here."""
    if RATES not in draft.sources and draft.organisation is not None:
        home = draft.organisation.currency_code
        found = [each for each in _with_amounts(draft) if each.code not in (None, home)]
        yield from (_fault(draft, each, home, len(found)) for each in found[:1])


def _fault(draft: Draft, first: _Account, home: str, count: int) -> Fault:
    more = f" (and in {numbered(count - 1, 'more account')})" if count > 1 else ""
    return draft.files["sources.yaml"].fault(
        first.place,
        f"{first.name}: amounts in {first.code} need rates to {home}: expected a source {RATES}, found "
        f"none, so cards with such amounts are held{more}; add {_EXAMPLE}, with a table that quotes both in "
        "exports/fx/, or correct the currency",
    )


def _with_amounts(draft: Draft) -> Iterator[_Account]:
    for source in filter(partial(_has_amounts, draft), draft.sources):
        for at, each in enumerate(draft.sources[source].accounts):
            yield _Account((source, "accounts", at, "currency_code"), source, each)


def _has_amounts(draft: Draft, source: str) -> bool:
    """Whether any fact that is made of the source's exports has amounts."""
    known = draft.known_sources.get(source)
    return known is not None and any(fact_catalog()[fact].amounts for fact in known.facts)

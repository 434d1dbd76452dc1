"""Amounts that would need exchange rates in a book that has no source of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from book.fault import Fault
from book.files.draft import Draft
from book.files.shapes import AccountShape
from book.files.yaml_file import Place
from book.lint.accounts import RATES
from warehouse.facts import fact_catalog

_EXAMPLE = f'`{RATES}: {{accounts: [{{entity: ecb, files: ["fx/eurofxref-hist.csv"]}}]}}`'


@dataclass(frozen=True, slots=True)
class _Foreign:
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
    found = [] if RATES in draft.sources or draft.organisation is None else [*_foreign(draft)]
    for first in found[:1]:
        yield draft.files["sources.yaml"].fault(first.place, _sentence(draft, first, found))


def _sentence(draft: Draft, first: _Foreign, found: Sequence[_Foreign]) -> str:
    home = draft.organisation and draft.organisation.currency_code
    others = sorted({str(each.code) for each in found} - {str(first.code)})
    beside = f" (others have {', '.join(others)})" if others else ""
    return (
        f"{first.name}: amounts in {first.code}{beside} need rates to {home}: expected a source {RATES}, "
        f"found none, so cards with such amounts are held; add {_EXAMPLE}, with a table that quotes both in "
        "exports/fx/, or correct the currency"
    )


def _foreign(draft: Draft) -> Iterator[_Foreign]:
    home = draft.organisation and draft.organisation.currency_code
    for source in filter(partial(_has_amounts, draft), draft.sources):
        accounts = enumerate(draft.sources[source].accounts)
        named = (_Foreign((source, "accounts", at, "currency_code"), source, each) for at, each in accounts)
        yield from (each for each in named if each.code not in (None, home))


def _has_amounts(draft: Draft, source: str) -> bool:
    """Whether any fact that is made of the source's exports has amounts."""
    known = draft.known_sources.get(source)
    return known is not None and any(fact_catalog()[fact].amounts for fact in known.facts)

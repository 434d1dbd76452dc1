"""The state of the data behind a card: two states are compared, never two clocks.

A state is a hash of what the slices were loaded from. It has no time and no vintage in it, so a warehouse
that was rebuilt from the landing is in the state it was in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple

from book import Book
from book.history import evidence_months
from ledger import Issue, Ledger
from pipeline.site import Site
from scoring.canonical import was_made_of
from scoring.period import Period
from warehouse import Content, Refusal, Slice, contents_in, refusals


def current_state(site: Site, period: Period) -> str:
    """The state that the period's own figures would be read at now."""
    return state_of(site.book, period, *_loaded_and_refused(site, period))


def states_now(site: Site, period: Period) -> frozenset[str]:
    """The states of the data that the cards of the period are right for now.

    A file that was refused since takes nothing back; one that a card was held for, and that is refused no
    more, does change it.
    """
    loaded, refused = _loaded_and_refused(site, period)
    return frozenset((state_of(site.book, period, loaded, refused), state_of(site.book, period, loaded)))


def _loaded_and_refused(site: Site, period: Period) -> tuple[Mapping[Slice, Content], list[Refusal]]:
    months = _all_months(site.book, period)
    with site.warehouse.opened():
        return contents_in(site.warehouse, months), refusals(site.warehouse, months)


def state_of(
    book: Book, period: Period, loaded: Mapping[Slice, Content], refused: Iterable[Refusal] = ()
) -> str:
    """The state of the slices that the period's own figures are made of, its trends not among them.

    `loaded` is what each slice was loaded from.
    """
    months = own_months(book, period)
    own = sorted(
        (which.source, which.entity, str(which.month), *astuple(content))
        for which, content in loaded.items()
        if which.month in months.get(which.source, ())
    )
    said = [*_said(refused, months)]
    return hashlib.sha256(repr([own, said] if said else own).encode()).hexdigest()


def _said(refused: Iterable[Refusal], months: Mapping[str, Collection[Period]]) -> Iterator[tuple[str, ...]]:
    for each in refused:
        if each.slice.month in months.get(each.slice.source, ()):
            yield str(each.slice), each.step, each.reason


def is_right_for(ledger: Ledger, issue: Issue, state: str) -> bool:
    """Whether an issue was made of the data in that state, or was found to say the same in it."""
    return was_made_of(issue.card_json, state) or state in ledger.confirmed_states(issue.id)


def own_months(book: Book, period: Period) -> Mapping[str, frozenset[Period]]:
    """The months of each source that the period's own figures are made of.

    A lead created before them may be won in one of them, so a source is looked at further back.
    """
    return with_lookback(book, evidence_months(book, period))


def with_lookback(book: Book, months: Collection[Period]) -> Mapping[str, frozenset[Period]]:
    """The months, and those before them whose rows can still count in them, of each source."""
    return {
        source: frozenset(
            earlier for month in months for earlier in month.window(1 + book.sources[source].lookback_months)
        )
        for source in book.source_names
    }


def _all_months(book: Book, period: Period) -> list[Period]:
    return sorted(set().union(*own_months(book, period).values()))

"""The rows behind a card: those of today's warehouse, or as they were when it was made, loaded anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, product
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.kept_books import restore_book
from book import Book, load_book
from etl.account import Account
from etl.landing import Pull
from ledger import Issue
from pipeline.site import Site
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.spans import Days, months_in
from tracing.differing import pull_with
from tracing.rows import added_up
from tracing.scratch import filled, load_of, with_rates
from tracing.subject import Subject
from warehouse import SourceRow, Warehouse, rows_of_teams


@dataclass(frozen=True)
class Vintage:
    """A warehouse, and the book that says whose its rows are; `is_of_then` where they were loaded anew."""

    warehouse: Warehouse
    book: Book
    is_of_then: bool = False

    def rows(self, card: Scorecard, measure: str, days: Days) -> tuple[SourceRow, ...]:
        """The rows that the card's team has of a measure."""
        return rows_of_teams(self.warehouse, (measure, days), added_up(self.book, card))


@contextmanager
def vintage_of(site: Site, subject: Subject, spans: Collection[Days]) -> Iterator[Vintage]:
    """The pulls that the card was made of, of all days in `spans`, in a folder for temporary files.

    Owners are those of the book that it was made with. Raises what reading a pull or a kept book raises.
    """
    with TemporaryDirectory(prefix="scorewright-vintage-") as folder:
        then = _with_its_book(site, subject.issue, Path(folder) / "book")
        months = sorted(set(chain.from_iterable(map(months_in, spans))))
        loads = [load_of(then, pull) for pull in _pulls(then, subject, months)]
        # the rows need the owners, and no measures
        with filled(then.book, loads, months[:1]) as warehouse:
            yield Vintage(warehouse, then.book, is_of_then=True)


def _with_its_book(site: Site, issue: Issue, folder: Path) -> Site:
    """The site with the book that the issue was made with; today's where older programs kept none."""
    sha256 = issue.made.book_sha256
    if sha256 is None:
        return site
    restore_book(site.landing, sha256, folder)
    return replace(site, book=load_book(folder, sha256))


def _pulls(then: Site, subject: Subject, months: Iterable[Period]) -> Iterator[Pull]:
    """Each slice once, in order: an account's months, and those that still count in them."""
    wanted = {
        (account.source, account.entity, month)
        for account, last in product(_accounts(then, subject), months)
        for month in last.window(1 + then.book.sources[account.source].lookback_months)
    }
    pulls = (_pull_of_then(then, subject, *which) for which in sorted(wanted))
    return filter(None, pulls)


def _accounts(then: Site, subject: Subject) -> list[Account]:
    """Those that have the figure's facts, and those with rates."""
    sources = then.book.sources
    with_facts = (a for a in then.book.accounts if subject.facts.intersection(sources[a.source].facts))
    return [*with_facts, *with_rates(then)]


def _pull_of_then(then: Site, subject: Subject, source: str, entity: str, month: Period) -> Pull | None:
    """The pull that the card names; of a slice that it only looks back into, the newest of then."""
    for named in subject.card.sources:
        if (named.source, named.entity, named.period) == (source, entity, str(month)):
            return pull_with(then, named)
    return then.landing.as_of(source, entity, month, subject.issue.issued_at)

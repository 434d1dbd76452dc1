"""Writes an archive of issued cards: an index, a page for each revision, and their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ledger import Issue
from pipeline.site import Site
from publishing.cards import Put, Shelf, cards_of
from publishing.folder import replacing
from publishing.readers import Reader
from reports.published import INDEX, Index, index_page
from scoring.errors import DataError, UsageError

EVERYBODY = "those who may see all cards"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cards: those of some periods and teams, or of all; and for whom, all may see all without one."""

    periods: Collection[str] | None = None
    teams: Collection[str] | None = None
    reader: Reader | None = None

    @property
    def audience(self) -> str:
        """For whom the archive is."""
        return EVERYBODY if self.reader is None else self.reader.address


@dataclass(frozen=True, slots=True)
class Published:
    """How many cards are in an archive, and which documents could not be copied as they were issued."""

    cards: int
    revisions: int
    lost: tuple[str, ...]

    def or_raise(self) -> None:
        """Raise `DataError` where a document is missing."""
        if self.lost:
            raise DataError(
                f"archive: expected each document as it was issued, found others or none of "
                f"{', '.join(self.lost)}; their pages say so. `scorewright verify` says how to get them back."
            )


def publish(site: Site, folder: Path, wanted: Wanted) -> Published:
    """Write the archive; the same ledger, book and documents give the same bytes.

    Raises `UsageError` where there is no card to be seen, and what `replacing` raises.
    """
    language = site.book.languages[0] if wanted.reader is None else wanted.reader.language
    with replacing(folder, wanted.audience) as write:
        shelf = Shelf(site, write, language, wanted.reader)
        put = [shelf.put(issues) for issues in _cards(site, wanted)]
        if not put:
            raise UsageError(
                f"archive: expected issued cards for {wanted.audience}, found none; {folder} is as it was."
            )
        write(INDEX, index_page(_index(shelf, put), [card.entry for card in put]).encode())
    lost = tuple(chain.from_iterable(card.lost for card in put))
    return Published(len(put), sum(card.revisions for card in put), lost)


def _cards(site: Site, wanted: Wanted) -> Iterator[Sequence[Issue]]:
    """Period by period, so that not all of a ledger is in memory at once."""
    periods = site.ledger.named().periods if wanted.periods is None else wanted.periods
    for period in periods:
        yield from cards_of(site, period, wanted.teams, wanted.reader)


def _index(shelf: Shelf, put: Sequence[Put]) -> Index:
    """By the day of the newest card to be seen: another one, like a clock, is nobody's business here."""
    last = max(put, key=lambda card: card.issue_id)
    book, reader = shelf.site.book, shelf.reader
    return Index(
        book.organisation.to(shelf.language),
        shelf.language,
        last.issued_on,
        "" if reader is None else reader.name,
    )

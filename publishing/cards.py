"""The pages of one card: one for each of its revisions, with their documents beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, pairwise

from archive.cards import CardRef
from ledger import Issue
from pipeline.site import Site
from publishing.folder import Write
from publishing.readers import Reader, may_see
from reports.published import (
    DocumentCopy,
    Entry,
    Mailed,
    RevisionView,
    Version,
    card_page,
    entry_of,
    revision_view,
)
from scoring.canonical import from_json
from scoring.period import Period
from scoring.text import Language
from tracing.revisions import revision_diff


@dataclass(frozen=True, slots=True)
class Put:
    """A card that was put into an archive, with the number and the day of its newest issue.

    `lost` are documents that the store has no more as issued.
    """

    issue_id: int
    issued_on: date
    entry: Entry
    revisions: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where pages of cards go, in which language the index is, and for whom: all may see all without one."""

    site: Site
    write: Write
    language: Language
    reader: Reader | None

    def put(self, issues: Sequence[Issue]) -> Put:
        """Write all of a card, whose revisions these are, oldest first."""
        versions = [self._version(issue) for issue in issues]
        changes = (None, *(self._changes(old, new) for old, new in pairwise(issues)))
        for issue, version, changed in zip(issues, versions, changes, strict=True):
            page = card_page(from_json(issue.card_json), versions, changed)
            self.write(f"{issue.period}/{version.page}", page.encode())
        issue, newest = issues[-1], versions[-1]
        entry = entry_of(from_json(issue.card_json), newest, self.language)
        copies = chain.from_iterable(version.documents for version in versions)
        lost = tuple(f"{issue.period}/{copy.name}" for copy in copies if not copy.is_whole)
        return Put(issue.id, newest.issued_on, entry, len(issues), lost)

    def _version(self, issue: Issue) -> Version:
        ref = CardRef.of(issue)
        return Version(
            issue.revision,
            f"{ref.stem}.html",
            self.site.book.today(issue.issued_at),
            tuple(self._copies(issue)),
        )

    def _copies(self, issue: Issue) -> Iterator[DocumentCopy]:
        """Each document of an issue, copied where the archive has exactly the bytes that were issued."""
        for document in issue.documents:
            content = self.site.cards.read_issued(CardRef.of(issue), document)
            if content is not None:
                self.write(f"{issue.period}/{document.name}", content)
            yield DocumentCopy(document.name, document.media_type, content is not None)

    def _changes(self, old: Issue, new: Issue) -> RevisionView:
        """What `scorewright diff` says; who got an earlier revision is not for every reader."""
        numbers = str(old.revision), str(new.revision)
        found = revision_diff(self.site, Period.parse(new.period), new.team_id, *numbers)
        received = found.received if self.reader is None else ()
        mails = tuple(Mailed(mail.revision, str(mail.recipient), mail.state.value) for mail in received)
        return revision_view(found.old, found.new, found.restatement, mails, found.is_closed)


def cards_of(
    site: Site, period: str, teams: Collection[str] | None, reader: Reader | None
) -> Iterator[Sequence[Issue]]:
    """The revisions of each card of a period that are to be seen, oldest first; a card has one at least."""
    issues = site.ledger.issues_of((period,), teams, all_revisions=True)
    for _, revisions in groupby(issues, key=lambda issue: issue.team_id):
        seen = [issue for issue in revisions if reader is None or may_see(site, reader, issue)]
        if seen:
            yield seen

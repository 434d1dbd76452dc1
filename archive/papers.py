"""What lies in the folder of scorecards, held against the issues of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import filterfalse
from operator import methodcaller

from archive.cards import CardRef, CardStore, sha256_of
from archive.seals import CLAIMED, ISSUED, handover_path, spelled_handover, spelled_issue
from archive.standing import DRAFTED
from disk import Place, files_below, matching
from disk.findings import Finding
from ledger import Issue, Recipient
from scoring.canonical import from_json, to_json

_AGAIN = "run its month again, which writes the newest revision anew, or restore it from a backup"
_UNKNOWN = (
    "restore the ledger from a backup if it was issued; if a run was cut off, run its month again, and "
    "delete the file if it stays"
)
_RECORD = "delete the file and run again: what the ledger has is written anew"
_ELSEWHERE = (
    "take it from the mail or from a backup, or delete it and run its month again, which draws the newest "
    "revision anew"
)


def strangers(store: CardStore, issues: Sequence[Issue]) -> Iterator[Finding]:
    """The files that belong to no issue: the ledger lost it, or the run that drafted them was cut off."""
    known = {path for issue in issues for path in _paths(store, issue)}
    # to whom it went is held against the ledger where the issue is
    stems = {store.path(CardRef.of(issue), "").name for issue in issues}
    for path in files_below(store.root):
        if path not in known and path.name != DRAFTED and not _is_attempt(path, stems):
            yield Finding(str(path), "the ledger has no issue that it belongs to", _UNKNOWN)


def _is_attempt(path: Place, stems: Collection[str]) -> bool:
    stem, _, rest = path.name.partition(".")
    return rest.endswith(f".{CLAIMED}") and f"{stem}." in stems


def audit_attempts(store: CardStore, issue: Issue, attempts: Mapping[Recipient, int]) -> Iterator[Finding]:
    """The records of attempts to hand an issue over that are not those of the ledger."""
    known = {
        handover_path(store, issue, recipient): (attempt, spelled_handover(issue, recipient, attempt))
        for recipient, attempt in attempts.items()
    }
    yield from _of_attempts(store, CardRef.of(issue), {path: spelled for path, (_, spelled) in known.items()})
    begun = (path for path, (attempt, _) in known.items() if attempt)
    for path in filterfalse(methodcaller("exists"), begun):
        yield Finding(str(path), "lost; the ledger has it", _RECORD)


def _of_attempts(store: CardStore, ref: CardRef, known: Mapping[Place, bytes]) -> Iterator[Finding]:
    """The records there are that the ledger does not know, or knows otherwise."""
    for path in matching(store.path(ref, "").parent, f"{ref.stem}.*.{CLAIMED}"):
        if path not in known:
            yield Finding(str(path), "the ledger knows nothing of that attempt", _UNKNOWN)
        elif path.read_bytes() != known[path]:
            yield Finding(str(path), "not the attempt that the ledger knows", _RECORD)


def audit_papers(store: CardStore, issue: Issue) -> Iterator[Finding]:
    """The files of an issue that are not what was issued."""
    record = store.path(CardRef.of(issue), ISSUED)
    if not record.exists() or record.read_bytes() != spelled_issue(issue):
        yield Finding(str(record), "not the issue that the ledger has, or lost", _RECORD)
    yield from _of_documents(store, issue)
    yield from _of_drafts(store, issue)


def _of_documents(store: CardStore, issue: Issue) -> Iterator[Finding]:
    for document in issue.documents:
        path = store.document_path(CardRef.of(issue), document)
        if not path.exists():
            yield Finding(str(path), "lost", f"{_AGAIN}, or from the mail")
        elif sha256_of(path.read_bytes()) != document.sha256:
            yield Finding(str(path), "not what was issued", _ELSEWHERE)


def _of_drafts(store: CardStore, issue: Issue) -> Iterator[Finding]:
    """The card as JSON, and the note of which card the documents were drawn from."""
    mark = " ".join([issue.content_hash, *(document.sha256 for document in issue.documents)])
    for ending, allowed in (("json", _spellings(issue)), ("drawn", {mark})):
        path = store.path(CardRef.of(issue), ending)
        if not path.exists():
            yield Finding(str(path), "lost; the ledger has what it said", _AGAIN)
        elif path.read_bytes() not in {text.encode() for text in allowed}:
            yield Finding(str(path), "not what was issued", _AGAIN)


def _spellings(issue: Issue) -> set[str]:
    """How the card is written as it was issued, and by the program of now where that knows more of it."""
    return {issue.card_json, to_json(from_json(issue.card_json))}


def _paths(store: CardStore, issue: Issue) -> Iterator[Place]:
    ref = CardRef.of(issue)
    yield from (store.path(ref, ending) for ending in ("json", "drawn", ISSUED))
    yield from (store.document_path(ref, document) for document in issue.documents)

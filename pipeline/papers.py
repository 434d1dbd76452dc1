"""What lies in the folder of scorecards, held against the issues of the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from disk.findings import Finding
from ledger import Issue
from pipeline.cards import CardRef, CardStore, sha256_of
from scoring.canonical import from_json, to_json

_AGAIN = "run its month again, which writes the newest revision anew, or restore it from a backup"
_UNKNOWN = (
    "restore the ledger from a backup if it was issued; if a run was cut off, run its month again, and "
    "delete the file if it stays"
)
_ELSEWHERE = "take it from the mail or from a backup"


def strangers(store: CardStore, issues: Sequence[Issue]) -> Iterator[Finding]:
    """The files that belong to no issue: the ledger lost it, or the run that drafted them was cut off."""
    known = {path for issue in issues for path in _paths(store, issue)}
    for path in sorted(store.root.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path not in known:
            yield Finding(
                str(path),
                "the ledger has no issue that it belongs to",
                _UNKNOWN,
            )


def audit_papers(store: CardStore, issue: Issue) -> Iterator[Finding]:
    """The files of an issue that are not what was issued."""
    ref = CardRef(issue.period, issue.team_id, issue.revision)
    for document in issue.documents:
        path = store.document_path(ref, document)
        if not path.exists():
            yield Finding(str(path), "lost", f"{_AGAIN}, or from the mail")
        elif sha256_of(path.read_bytes()) != document.sha256:
            yield Finding(str(path), "not what was issued", _ELSEWHERE)
    mark = " ".join([issue.content_hash, *(document.sha256 for document in issue.documents)])
    for ending, allowed in (("json", _spellings(issue)), ("drawn", {mark})):
        path = store.path(ref, ending)
        if not path.exists():
            yield Finding(str(path), "lost; the ledger has what it said", _AGAIN)
        elif path.read_bytes() not in {text.encode() for text in allowed}:
            yield Finding(str(path), "not what was issued", _AGAIN)


def _spellings(issue: Issue) -> set[str]:
    """How the card is written as it was issued, and by the program of now where that knows more of it."""
    return {issue.card_json, to_json(from_json(issue.card_json))}


def _paths(store: CardStore, issue: Issue) -> Iterator[Path]:
    ref = CardRef(issue.period, issue.team_id, issue.revision)
    yield from (store.path(ref, ending) for ending in ("json", "drawn"))
    yield from (store.document_path(ref, document) for document in issue.documents)

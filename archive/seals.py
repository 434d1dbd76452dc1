"""What was issued and handed over, written beside the documents: evidence that does not lie in the ledger.

A ledger that is lost, emptied or restored from an old backup looks like a new one, and everybody would be
mailed again. So a run holds these files against the ledger before it does anything.

- `<team>-<period>-r<revision>.issued`: the issue, written after the ledger has it.
- `<team>-<period>-r<revision>.<digest>.claimed`: an attempt to hand it over to somebody, written before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.cards import CardRef, CardStore
from disk import Place, contents_of, matching, write_atomically
from ledger import Document, Entered, Issue, Ledger, Made, Recipient
from ledger.errors import LostIssuesError
from scoring.errors import DataError

ISSUED, CLAIMED = "issued", "claimed"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Handover:
    """An attempt to hand an issue over: the how-manieth, to whom."""

    ref: CardRef
    recipient: Recipient
    attempt: int


def seal_issue(store: CardStore, issue: Issue) -> None:
    """Write down an issue beside its documents; the same issue is written the same."""
    write_atomically(store.path(CardRef.of(issue), ISSUED), spelled_issue(issue))


def seal_handover(store: CardStore, issue: Issue | Entered, recipient: Recipient, attempt: int) -> None:
    """Write down that an issue is about to be handed over."""
    path = handover_path(store, issue, recipient)
    write_atomically(path, spelled_handover(issue, recipient, attempt))


def spelled_issue(issue: Issue) -> bytes:
    """What is written of an issue."""
    return _spelled(asdict(issue))


def spelled_handover(issue: Issue | Entered, recipient: Recipient, attempt: int) -> bytes:
    """What is written of an attempt."""
    return _spelled({"recipient": asdict(recipient), "attempt": attempt, **asdict(CardRef.of(issue))})


def handover_path(store: CardStore, issue: Issue | Entered, recipient: Recipient) -> Place:
    """Where the attempts to hand an issue to somebody are written down."""
    digest = hashlib.sha256(f"{recipient.channel}\0{recipient.address}".encode()).hexdigest()[:16]
    return store.path(CardRef.of(issue), f"{digest}.{CLAIMED}")


def seal_all(store: CardStore, ledger: Ledger) -> None:
    """Write what the ledger knows and the folder does not: a run was killed, or was an older program's."""
    attempts = ledger.attempts_of_all()
    for issue in ledger.entered():
        if not store.path(CardRef.of(issue), ISSUED).exists():
            seal_issue(store, ledger.get_issue(issue.id))
        for recipient, attempt in attempts.get(issue.id, {}).items():
            if attempt and not _is_sealed(store, issue, recipient, attempt):
                seal_handover(store, issue, recipient, attempt)


def _is_sealed(store: CardStore, issue: Entered, recipient: Recipient, attempt: int) -> bool:
    path = handover_path(store, issue, recipient)
    return path.exists() and path.read_bytes() == spelled_handover(issue, recipient, attempt)


def sealed_issues(store: CardStore) -> tuple[Issue, ...]:
    """Every issue that was sealed, in order of entry."""
    return tuple(sorted(_sealed(store), key=lambda issue: issue.id))


def _sealed(store: CardStore) -> Iterator[Issue]:
    """One after the other: all cards ever issued need not fit into memory."""
    return (_issue(path, said) for path, said in _read(store, ISSUED))


def handovers(store: CardStore) -> Iterator[Handover]:
    """Every attempt to hand something over that was begun."""
    for path, said in _read(store, CLAIMED):
        try:
            ref = CardRef(said["period"], said["team_id"], said["revision"])
            yield Handover(ref, Recipient(**said["recipient"]), int(said["attempt"]))
        except (KeyError, TypeError, ValueError):
            raise _broken(path) from None


def refuse_lost_issues(store: CardStore, ledger: Ledger | None) -> None:
    """Raise `LostIssuesError` where the folder knows of issues or mails that the ledger does not have."""
    # the folder first: what another process writes meanwhile is in the ledger before it is there
    sealed = [(CardRef.of(issue), issue.content_hash) for issue in _sealed(store)]
    begun = [*handovers(store)]
    known = _Known.of(ledger)
    _refuse("issued cards", [str(ref) for ref, content in sealed if known.issues.get(ref) != content])
    unknown = (one for one in begun if not _has_attempt(known.attempts.get(one.ref, {}), one))
    _refuse("mails that were begun", [f"{one.ref} to {one.recipient}" for one in unknown])


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger has: the content hash of each issue, and how often it was tried to hand it over."""

    issues: Mapping[CardRef, str]
    attempts: Mapping[CardRef, Mapping[Recipient, int]]

    @classmethod
    def of(cls, ledger: Ledger | None) -> _Known:
        if ledger is None:
            return cls({}, {})
        issues, attempts = ledger.entered(), ledger.attempts_of_all()
        refs = {issue.id: CardRef.of(issue) for issue in issues}
        return cls(
            {refs[issue.id]: issue.content_hash for issue in issues},
            {refs[issue_id]: tried for issue_id, tried in attempts.items() if issue_id in refs},
        )


def knows_of(ledger: Ledger, issue: Issue, handover: Handover) -> bool:
    """Whether the ledger has that attempt, or a later one."""
    return _has_attempt(ledger.attempts(issue.id), handover)


def _has_attempt(tried: Mapping[Recipient, int], handover: Handover) -> bool:
    return tried.get(handover.recipient, 0) >= handover.attempt


def _refuse(what: str, names: Sequence[str]) -> None:
    """Raise `LostIssuesError` for what is named, unless that is nothing."""
    if not names:
        return
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    raise LostIssuesError(
        f"ledger: expected the {what} that the folder of scorecards has evidence of, found none of "
        f"{', '.join(names[:_SHOWN])}{more}; it is lost, empty or older than they are. Restore its newest "
        "backup, or run `scorewright ledger adopt`, which enters again what can be known."
    )


def _spelled(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True, default=datetime.isoformat).encode()


def _read(store: CardStore, ending: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every record with that ending, in order."""
    paths = matching(store.root, f"*/*.{ending}")
    for path, content in zip(paths, contents_of(paths), strict=True):
        yield path, _parsed(path, content)


def _parsed(path: Place, content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        raise _broken(path) from None
    if not isinstance(said, dict):
        raise _broken(path)
    return said


def _issue(path: Place, said: dict[str, Any]) -> Issue:
    try:
        documents = tuple(Document(**document) for document in said.pop("documents"))
        issued_at = datetime.fromisoformat(said.pop("issued_at"))
        made = Made(**said.pop("made"))
        return Issue(**said, issued_at=issued_at, documents=documents, made=made)
    except (KeyError, TypeError, ValueError):
        raise _broken(path) from None


def _broken(path: Place) -> DataError:
    return DataError(
        f"{path}: expected the record of an issue, found something else; restore the file from a backup, "
        "or delete it and run again: what the ledger knows is written anew."
    )

"""Checks that issued cards are unchanged: each is read from the ledger and redrawn."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from multiprocessing import get_context

from archive.cards import CardRef, CardStore
from archive.documents import draw, listed
from archive.papers import strangers
from disk.findings import Finding
from ledger import Document, Issue
from ledger.chain import broken_links
from pipeline.counting import Counted, uncounted
from pipeline.site import Site
from reports.undrawable import UndrawableError
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import DataError, UsageError
from scoring.period import Period

# Below this many cards a second process costs more than it saves.
MANY = 8

_CTRL_C_IS_FOR_THE_PARENT = (signal.SIGINT, signal.SIG_IGN)


class CardState(StrEnum):
    """Whether the ledger's JSON of a card is what was issued."""

    OK = "ok"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


class DrawingState(StrEnum):
    """Whether the card, drawn now, has the bytes that were issued.

    Another version of the program, its fonts or its libraries may draw the same card in other bytes: that
    does not mean that anybody changed anything.
    """

    OK = "ok"
    DIFFERENT = "drawn differently by this version"
    NOT_DRAWN = "not drawn"


class FileState(StrEnum):
    """Whether the documents on disk are those that were issued; the worst comes last."""

    OK = "ok"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Verified:
    """The result for one issue."""

    issue: Issue
    card: CardState
    drawing: DrawingState
    file: FileState

    @property
    def holds(self) -> bool:
        """Whether everything is as it was issued."""
        return (self.card, self.drawing, self.file) == (CardState.OK, DrawingState.OK, FileState.OK)


def verify(site: Site, period: Period | None = None, counted: Counted = uncounted) -> tuple[Verified, ...]:
    """Check every issue of `period`, or of all periods, all revisions, in order of entry.

    Needs only the ledger for the cards, and the folder of scorecards for the files; no warehouse, exports or
    drafts. Raises `UsageError` if nothing was issued.
    """
    issues = _issues(site, period)
    store = site.cards
    cards = list(map(card_state, issues))
    drawings = _drawings(issues, cards, counted)
    return tuple(
        Verified(issue, card, drawing, _file_state(store, issue))
        for issue, card, drawing in zip(issues, cards, drawings, strict=True)
    )


def beside(site: Site) -> tuple[Finding, ...]:
    """Where issues are missing or changed: links of their chain that do not hold, and files of no issue."""
    issues = site.ledger.revisions()
    broken = (
        Finding(
            f"issue {issue.id} ({issue.name})",
            "it does not follow from those before it: it or one of them was changed or taken away",
            "restore the ledger from a backup",
        )
        for issue in broken_links(issues)
    )
    return *broken, *strangers(site.cards, issues)


def _issues(site: Site, period: Period | None) -> Sequence[Issue]:
    """All issues in order of entry; raises `UsageError` where there is none."""
    issues = site.ledger.revisions(None if period is None else str(period))
    if not issues:
        raise UsageError(
            f"{period or 'ledger'}: expected issued scorecards, found none; "
            f"run `scorewright run --period {period or 'YYYY-MM'}` first."
        )
    return issues


def _drawings(
    issues: Sequence[Issue], cards: Sequence[CardState], counted: Counted
) -> Iterator[DrawingState]:
    """What each card is like when it is drawn now; only those that are what was issued can be."""
    is_sound = [state is CardState.OK for state in cards]
    drawn = iter(_draw_all([issue.card_json for issue in compress(issues, is_sound)], counted))
    for issue, is_drawn in zip(issues, is_sound, strict=True):
        yield _drawing(issue, next(drawn)) if is_drawn else DrawingState.NOT_DRAWN


def card_state(issue: Issue) -> CardState:
    """Whether the ledger's JSON of an issue is what was issued."""
    try:
        card = from_json(issue.card_json)
    except DataError:
        return CardState.UNREADABLE
    made = (to_json(card), content_hash(card), CardRef.of(card))
    issued = (issue.card_json, issue.content_hash, CardRef.of(issue))
    return CardState.OK if made == issued else CardState.CHANGED


def _drawing(issue: Issue, drawn: Sequence[Document]) -> DrawingState:
    return DrawingState.OK if set(issue.documents) <= set(drawn) else DrawingState.DIFFERENT


def _file_state(store: CardStore, issue: Issue) -> FileState:
    """The worst of its documents; a missing one can be redrawn, a changed one was tampered with."""
    states = {_document_state(store, CardRef.of(issue), document) for document in issue.documents}
    return max(states, key=list(FileState).index, default=FileState.OK)


def _document_state(store: CardStore, ref: CardRef, document: Document) -> FileState:
    if store.read_issued(ref, document) is not None:
        return FileState.OK
    return FileState.CHANGED if store.document_path(ref, document).exists() else FileState.MISSING


def _draw_all(cards: Sequence[str], counted: Counted) -> list[tuple[Document, ...]]:
    """The redrawn documents of each card, in two processes if there are many."""
    if len(cards) < MANY:
        return list(counted(map(_draw, cards), len(cards)))
    # a new interpreter, not a fork: the libraries that draw keep locks that a fork would copy shut
    with ProcessPoolExecutor(2, get_context("spawn"), signal.signal, _CTRL_C_IS_FOR_THE_PARENT) as pool:
        return list(counted(pool.map(_draw, cards, chunksize=4), len(cards)))


def _draw(card_json: str) -> tuple[Document, ...]:
    card = from_json(card_json)
    try:
        return listed(card, draw(card))
    except UndrawableError:
        # issued by a version that let characters be lost
        return ()

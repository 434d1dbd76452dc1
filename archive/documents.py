"""The documents of a card: drawing them, listing them for the ledger, and getting them as issued."""

from __future__ import annotations

from archive.cards import CardRef, CardStore, Drawn, sha256_of
from ledger import Document, Issue
from ledger.errors import DeliveryError
from reports.documents import kinds_of
from reports.undrawable import UndrawableError
from scoring.canonical import from_json
from scoring.scorecard import Scorecard


def draw(card: Scorecard) -> Drawn:
    """Every document of a card; the same card gives the same bytes."""
    return {kind.ending: kind.render(card) for kind in kinds_of(card)}


def listed(card: Scorecard, drawn: Drawn) -> tuple[Document, ...]:
    """What the ledger keeps about a card's documents."""
    stem = CardRef.of(card).stem
    return tuple(
        Document(f"{stem}.{kind.ending}", kind.media_type, sha256_of(drawn[kind.ending]))
        for kind in kinds_of(card)
    )


def issued_documents(store: CardStore, card: Scorecard, issue: Issue) -> tuple[bytes, ...]:
    """The documents of an issue as they were issued, in its order.

    Those missing or altered on disk are redrawn from the ledger's card. Raises `DeliveryError` if this
    version of the program draws one differently.
    """
    ref = CardRef.of(card)
    found = {document: store.read_issued(ref, document) for document in issue.documents}
    if None in found.values():
        found = _drawn_again(store, card, issue)
    return tuple(content for content in found.values() if content is not None)


def can_be_sent(store: CardStore, issue: Issue) -> bool:
    """Whether the documents are there as they were issued, or were drawn so again."""
    try:
        issued_documents(store, from_json(issue.card_json), issue)
    except DeliveryError:
        return False
    return True


def _redrawn(card: Scorecard) -> Drawn:
    try:
        return draw(card)
    except UndrawableError as error:
        raise DeliveryError(str(error)) from None


def _drawn_again(store: CardStore, card: Scorecard, issue: Issue) -> dict[Document, bytes | None]:
    drawn, ref = _redrawn(card), CardRef.of(card)
    now = dict(zip(listed(card, drawn), drawn.values(), strict=True))
    for document in issue.documents:
        if document not in now:
            raise DeliveryError(
                f"{ref}: expected {document.name} as it was issued, found another on the disk, and this "
                f"version of Scorewright draws it differently; restore "
                f"{store.document_path(ref, document)} from a backup."
            )
    store.write_documents(card, drawn)
    return {document: now[document] for document in issue.documents}

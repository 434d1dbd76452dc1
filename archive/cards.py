"""Drafted and rendered scorecards on disk: `scorecards/<period>/<team>-<period>-r<revision>.*`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from disk import Place, write_atomically
from killpoints import reach
from ledger import Document, Entered, Issue
from reports.documents import kinds_of
from scoring.canonical import content_hash, from_json
from scoring.errors import UsageError
from scoring.scorecard import Scorecard

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PERIOD = "|".join(
    (
        "[0-9]{4}(?:-[0-9]{2}|-W[0-9]{2}|-Q[1-4])?",
        "FY[0-9]{4}-[0-9a-z]+(?:-Q[1-4]|-P[0-9]{2})?",
        rf"{_DAY}\.\.{_DAY}",
    )
)
_REF = re.compile(rf"({_PERIOD})/([a-z0-9-]{{1,40}})/r([1-9][0-9]*)")


Drawn = Mapping[str, bytes]
"""The documents of a card by their ending."""


@dataclass(frozen=True, slots=True)
class CardRef:
    """The name of one revision of one team's card, such as `2026-10/eu-brand/r1`."""

    period: str
    team_id: str
    revision: int

    @classmethod
    def parse(cls, text: str) -> CardRef:
        """The inverse of `str`; raises `UsageError`. The pattern keeps names out of other folders."""
        match = _REF.fullmatch(text)
        if match is None:
            raise UsageError(f"scorecard: expected a name such as 2026-10/eu-brand/r1, found {text!r}.")
        return cls(match[1], match[2], int(match[3]))

    @classmethod
    def of(cls, card: Scorecard | Issue | Entered) -> CardRef:
        """The name of a card, or of an issued one."""
        return cls(card.period, card.team_id, card.revision)

    @property
    def stem(self) -> str:
        """The file name without its ending; team first, so that a folder sorts by team."""
        return f"{self.team_id}-{self.period}-r{self.revision}"

    def __str__(self) -> str:
        return f"{self.period}/{self.team_id}/r{self.revision}"


@dataclass(frozen=True, slots=True)
class CardStore:
    """The folder of drafted and rendered cards."""

    root: Place

    def path(self, ref: CardRef, ending: str) -> Place:
        """The path of the card's file with that ending: `json`, or one of its documents."""
        return self.root / ref.period / f"{ref.stem}.{ending}"

    def write_card(self, ref: CardRef, card_json: str) -> CardRef:
        """Write a card's canonical JSON atomically."""
        write_atomically(self.path(ref, "json"), card_json.encode())
        return ref

    def read_card(self, ref: CardRef) -> Scorecard:
        """The card of `ref`; raises `UsageError` if it was never scored."""
        return from_json(self._read(ref, "json").decode())

    def write_documents(self, card: Scorecard, drawn: Drawn) -> None:
        """Keep a card's documents, with a note of which card they were drawn from."""
        ref = CardRef.of(card)
        for ending, content in drawn.items():
            write_atomically(self.path(ref, ending), content)
            reach("render.document_written")
        write_atomically(self.path(ref, "drawn"), _mark(card, drawn).encode())

    def read_drawn(self, card: Scorecard) -> Drawn | None:
        """The documents drawn from exactly this card; None if the existing ones were drawn from another.

        Two runs at once can draft the same revision from different data, and no document may be issued with
        the other's numbers.
        """
        ref = CardRef.of(card)
        drawn = {kind.ending: self._read(ref, kind.ending) for kind in kinds_of(card)}
        return drawn if self._read(ref, "drawn").decode() == _mark(card, drawn) else None

    def read_issued(self, ref: CardRef, document: Document) -> bytes | None:
        """A document with the bytes that were issued; None if the disk has others or none."""
        path = self.document_path(ref, document)
        content = path.read_bytes() if path.exists() else None
        return content if content is not None and sha256_of(content) == document.sha256 else None

    def has_documents(self, issue: Issue) -> bool:
        """Whether every document is as it was issued."""
        ref = CardRef.of(issue)
        return self.path(ref, "drawn").exists() and all(
            self.read_issued(ref, document) is not None for document in issue.documents
        )

    def has_card(self, issue: Issue) -> bool:
        """Whether the card is as it was issued."""
        path = self.path(CardRef.of(issue), "json")
        return path.exists() and path.read_bytes() == issue.card_json.encode()

    def document_path(self, ref: CardRef, document: Document) -> Place:
        """The path of an issued document."""
        return self.root / ref.period / document.name

    def _read(self, ref: CardRef, ending: str) -> bytes:
        path = self.path(ref, ending)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise UsageError(
                f"{ref}: expected the file {path}, found none; run {ref.period} again from its first step."
            ) from None


def sha256_of(content: bytes) -> str:
    """The hash that identifies documents, in hex."""
    return hashlib.sha256(content).hexdigest()


def _mark(card: Scorecard, drawn: Drawn) -> str:
    """Which content was drawn into which bytes."""
    return " ".join([content_hash(card), *map(sha256_of, drawn.values())])

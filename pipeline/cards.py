"""Drafted and rendered scorecards on disk: `scorecards/<period>/<team>-<period>-r<revision>.json|.pdf`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from disk import write_atomically
from killpoints import reach
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import UsageError
from scoring.scorecard import Scorecard

_REF = re.compile(r"([0-9]{4}(?:-[0-9]{2}|-W[0-9]{2}|-Q[1-4])?)/([a-z0-9-]{1,40})/r([1-9]\d*)")


@dataclass(frozen=True, slots=True)
class CardRef:
    """The name of one revision of one team's card, such as `2026-10/eu-brand/r1`."""

    period: str
    team_id: str
    revision: int

    @classmethod
    def parse(cls, text: str) -> CardRef:
        """The inverse of `str`; raises `UsageError`. The pattern keeps names from other folders."""
        match = _REF.fullmatch(text)
        if match is None:
            raise UsageError(f"scorecard: expected a name such as 2026-10/eu-brand/r1, found {text!r}.")
        return cls(match[1], match[2], int(match[3]))

    @classmethod
    def of(cls, card: Scorecard) -> CardRef:
        """The name of `card`."""
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

    root: Path

    def path(self, ref: CardRef, ending: str) -> Path:
        """Where the card's `json` or `pdf` lies."""
        return self.root / ref.period / f"{ref.stem}.{ending}"

    def write_card(self, card: Scorecard) -> CardRef:
        """Keep the card's canonical JSON; the file appears whole or not at all."""
        ref = CardRef.of(card)
        write_atomically(self.path(ref, "json"), to_json(card).encode())
        return ref

    def read_card(self, ref: CardRef) -> Scorecard:
        """The card of `ref`; raises `UsageError` where it was never scored."""
        return from_json(self._read(ref, "json").decode())

    def write_pdf(self, card: Scorecard, pdf: bytes) -> Path:
        """Keep the rendered card, and beside it which card it was drawn from."""
        path = self.path(CardRef.of(card), "pdf")
        write_atomically(path, pdf)
        reach("render.pdf_written")
        write_atomically(self.path(CardRef.of(card), "drawn"), _mark(card, pdf).encode())
        return path

    def read_drawn(self, card: Scorecard) -> bytes | None:
        """The PDF that was drawn from exactly this card; None where the one there was drawn from another.

        Two runs at once can draft the same revision from different data, and a PDF must never be issued
        with the other's numbers.
        """
        ref = CardRef.of(card)
        pdf = self.read_pdf(ref)
        return pdf if self._read(ref, "drawn").decode() == _mark(card, pdf) else None

    def read_pdf(self, ref: CardRef) -> bytes:
        """The rendered card; raises `UsageError` where it was never rendered."""
        return self._read(ref, "pdf")

    def read_issued(self, ref: CardRef, pdf_sha256: str) -> bytes | None:
        """The rendered card if it has the bytes that were issued; None where the disk has others or none."""
        path = self.path(ref, "pdf")
        pdf = path.read_bytes() if path.exists() else None
        return pdf if pdf is not None and hashlib.sha256(pdf).hexdigest() == pdf_sha256 else None

    def _read(self, ref: CardRef, ending: str) -> bytes:
        path = self.path(ref, ending)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise UsageError(
                f"{ref}: expected the file {path}, found none; run the month again from its first step."
            ) from None


def _mark(card: Scorecard, pdf: bytes) -> str:
    """Which content was drawn into which bytes."""
    return f"{content_hash(card)} {hashlib.sha256(pdf).hexdigest()}"

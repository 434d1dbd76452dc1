"""The copy of a card's PDF that goes out in a mail and that only its reader opens, by AES-256."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from typing import Any

from book import Book
from delivery.channels import RefusedForGoodError
from delivery.message import Attachment
from ledger import MAIL, Recipient

VARIABLE = "SCOREWRIGHT_CONNECTION_"
PDF = "application/pdf"
_FITS = re.compile(r"[!-~][ -~]{6,125}[!-~]")
"""What each reader of PDF types and reads in the same way; of other letters they disagree on the spelling.
Nobody tells or types a blank at an end."""
_CLAIMS = ("pdfaid:part", "pdfaid:conformance")
"""That a file is PDF/A, which no encrypted one is."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What closes the documents that go to one reader."""

    passphrase: str = field(repr=False)

    def close(self, documents: Sequence[Attachment]) -> tuple[Attachment, ...]:
        """Of the documents the PDFs, closed. Workbooks stay behind: they are in the PDF already."""
        pdfs = (document for document in documents if document.media_type == PDF)
        return tuple(Attachment(pdf.name, PDF, locked(pdf.content, self.passphrase)) for pdf in pdfs)


def lock_for(book: Book, to: Recipient, secrets: Mapping[str, str]) -> Lock | None:
    """What closes the documents that go to a recipient; None where the book does not ask for it.

    `secrets` are the passphrases by the names that the book gives them. Raises `RefusedForGoodError` where
    there is none, or one that cannot be used: nothing goes out in clear instead.
    """
    if to.channel != MAIL or not book.mailing.passphrases:
        return None
    name = book.mailing.passphrase_of(to.address)
    if name is None:
        _refuse_unknown(book, to.address)
        return None
    return Lock(_found(to.address, f"{VARIABLE}{name.upper()}", secrets.get(name)))


def _refuse_unknown(book: Book, address: str) -> None:
    """An old address may have had a passphrase, which went out of the book with it."""
    if address not in book.readers:
        raise RefusedForGoodError(
            f"{address}: expected an address of the book, which names passphrases, found one that it has no "
            "longer; give it up (`scorewright settle`) and run again. Nothing was sent to it."
        )


def _found(address: str, variable: str, passphrase: str | None) -> str:
    """The passphrase; the sentence of the error never repeats it."""
    found = "none" if passphrase is None else "another"
    if passphrase is None or not _FITS.fullmatch(passphrase):
        raise RefusedForGoodError(
            f"{address}: expected in {variable} a passphrase of 8 to 127 letters, digits and signs of ASCII, "
            f"blanks only between them, found {found}; set it and run again. Nothing was sent to them."
        )
    return passphrase


def locked(pdf: bytes, passphrase: str) -> bytes:
    """The PDF as one that opens with the passphrase alone; other bytes each time, and no PDF/A any more."""
    # imported late: most runs lock nothing
    pikepdf: Any = import_module("pikepdf")
    closed = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        with opened.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
            for claim in _CLAIMS:
                said.pop(claim, None)
        opened.save(closed, encryption=pikepdf.Encryption(owner=passphrase, user=passphrase, R=6, aes=True))
    return closed.getvalue()

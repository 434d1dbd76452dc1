"""The mail that carries issued cards to one reader, and mails that tell people something beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from archive.cards import CardStore
from archive.documents import issued_documents
from archive.locking import lock_for
from book import Book
from delivery.message import Attachment, Message, message_id_of
from delivery.notices import id_of
from ledger import Issue, Notice, Recipient
from reports.chat import chat_card
from reports.mail import LeftOut, MailBody, MailNotes, mail_body
from scoring.canonical import from_json


def letter_of(
    store: CardStore,
    book: Book,
    issues: Sequence[Issue],
    to: Recipient,
    *,
    name: str,
    today: date,
    secrets: Mapping[str, str],
    without: Collection[str] = (),
) -> Message:
    """The mail with the issues' documents as they were issued, to `name` at the recipient's address.

    Objections are taken for some working days after `today`. The documents `without` which it goes are named,
    with where they are opened if the book says so. The documents are locked by the passphrase that the book
    names for the reader, of `secrets`. Raises `DeliveryError` where a document cannot be drawn again as
    issued, or is to be locked and cannot be.
    """
    lock = lock_for(book, to, secrets)
    documents = _documents(store, issues, without)
    cards = [from_json(issue.card_json) for issue in issues]
    left_out = [_left_out(book, issue, without) for issue in issues]
    body = mail_body(*cards, notes=_notes(book, today), left_out=left_out, is_locked=lock is not None)
    return Message(
        subject=body.subject,
        text=body.text,
        html=body.html,
        documents=documents if lock is None else lock.close(documents),
        sender=(book.sender.name, book.sender.address),
        recipient=(name, to.address),
        message_id=message_id(issues, str(to), book.sender.address),
        sent_on=max(issue.issued_at for issue in issues),
        reply_to=book.mailing.reply_to,
        returned_to=book.mailing.returned_to,
        # to a group goes one card at a time
        brief=chat_card(cards[0], book.group_of(cards[0], to), book.address_of(issues[0])),
        left_out=tuple(sorted(without)),
    )


def _documents(store: CardStore, issues: Sequence[Issue], without: Collection[str]) -> tuple[Attachment, ...]:
    """The documents of the issues as they were issued."""
    return tuple(
        Attachment(document.name, document.media_type, content)
        for issue in issues
        for document, content in zip(
            issue.documents, issued_documents(store, from_json(issue.card_json), issue), strict=True
        )
        if document.name not in without
    )


def _left_out(book: Book, issue: Issue, without: Collection[str]) -> LeftOut | None:
    names = tuple(document.name for document in issue.documents if document.name in without)
    return LeftOut(names, book.address_of(issue)) if names else None


def _notes(book: Book, today: date) -> MailNotes:
    mailing = book.mailing
    days = mailing.objection_days
    until = None if days is None else book.calendar.after(today, days)
    return MailNotes(mailing.contact, mailing.reply_to, until)


def message_id(issues: Sequence[Issue], recipient: str, sender: str) -> str:
    """The same id whenever these issues are sent to this person, so that mail programs detect duplicates."""
    return message_id_of(f"{_words(issues)}.{_short(recipient)}", sender)


def _words(issues: Sequence[Issue]) -> str:
    """Which card it is of which content; of several how many, and the content of all."""
    first = issues[0]
    if len(issues) == 1:
        return f"{first.period}.{first.team_id}.r{first.revision}.{first.content_hash[:10]}"
    contents = "".join(f"{issue.name} {issue.content_hash}\n" for issue in issues)
    return f"{first.period}.{len(issues)}-cards.{_short(contents)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def notice_mail(
    book: Book, body: MailBody, told: Sequence[Notice], *, to: tuple[str, str], at: datetime
) -> Message:
    """A mail that tells somebody (name, address) something beside the cards."""
    return Message(
        subject=body.subject,
        text=body.text,
        html=body.html,
        documents=(),
        sender=(book.sender.name, book.sender.address),
        recipient=to,
        message_id=id_of(told, book.sender.address),
        sent_on=at,
        reply_to=book.mailing.reply_to,
        returned_to=book.mailing.returned_to,
    )

"""The mail that carries scorecards: their summary as text and as HTML, without anything remote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from reports import palette
from reports.directions import set_apart
from reports.periods import PeriodNames
from reports.presenting.mail import mail_view
from reports.presenting.reader import Reader, reader_of
from reports.templating import environment, tones_of
from reports.views import MailView
from reports.wording import Wording, msgid, wording
from scoring.evidence import CertificateStatus
from scoring.scorecard import Scorecard
from scoring.text import Language, LocalText


@dataclass(frozen=True, slots=True)
class MailBody:
    """Subject and both forms of the body; `html` is one self-contained document."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class MailNotes:
    """What a mail says beside its cards: whom to ask, where answers go, until when one may object."""

    contact: LocalText | None = None
    reply_to: tuple[str, str] | None = None
    objections_until: date | None = None

    def sentences(self, language: Language) -> tuple[str, ...]:
        """A sentence for each of them that is known."""
        return tuple(self._said(wording(language)))

    def _said(self, words: Wording) -> Iterator[str]:
        if self.objections_until is not None:
            day = PeriodNames(words.language).full_date(self.objections_until)
            yield words.say(msgid("Objections are taken until %(day)s."), day=day)
        if self.contact is not None:
            yield words.say(msgid("Contact: %(contact)s"), contact=self.contact.to(words.language))
        if self.reply_to is not None:
            name, address = self.reply_to
            yield words.say(
                msgid("An answer to this mail goes to %(name)s (%(address)s)."), name=name, address=address
            )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The documents of a card that its mail does not carry: their names, and where they are to be opened."""

    names: tuple[str, ...]
    address: str | None


_Parts = Sequence[tuple[Scorecard, MailView, LeftOut | None]]


def mail_body(
    card: Scorecard,
    *more: Scorecard,
    notes: MailNotes = MailNotes(),
    left_out: Sequence[LeftOut | None] = (),
    is_locked: bool = False,
) -> MailBody:
    """What a reader sees before opening the PDFs: of each card total, status, change, the KPIs that need
    somebody and where to begin, areas, certificate.

    A mail with several cards is written in the language of the first, each card's part in its own. `left_out`
    says, in the order of the cards, what the mail does not carry. Where it `is_locked`, the PDFs take the
    reader's passphrase.
    """
    cards = (card, *more)
    views: _Parts = [
        (each, mail_view(each, reader_of(each)), missing) for each, missing in zip_longest(cards, left_out)
    ]
    subject = set_apart(_subject_of_all(views), cards, markup=False)
    heading, focus = views[0][1].heading, views[0][1].focus
    frame = {
        **mail_frame(heading.html_lang, subject if more else heading.title),
        "notes": notes.sentences(card.language),
        "in_short": "" if more else focus.in_short,
        "is_locked": is_locked,
    }
    return MailBody(subject, *(_form(form, views, frame) for form in ("txt", "html")))


def mail_frame(html_lang: str, title: str) -> dict[str, object]:
    """What the frame of every mail is filled with."""
    return {
        "p": palette,
        "html_lang": html_lang,
        "title": title,
        "dark_tones": tones_of(palette.DARK.tones),
    }


def _form(form: str, views: _Parts, frame: dict[str, object]) -> str:
    """One form of the body: the part of each card, within the frame that all share."""
    parts = [_part(form, *each, is_locked=bool(frame["is_locked"])) for each in views]
    template = environment(views[0][0].language).get_template(f"mail.{form}.j2")
    return set_apart(
        template.render(**frame, cards=parts), (card for card, _, _ in views), markup=form == "html"
    )


def _part(form: str, card: Scorecard, view: MailView, left_out: LeftOut | None, *, is_locked: bool) -> str:
    template = environment(card.language).get_template(f"_mail_card.{form}.j2")
    tones = tones_of(palette.TONES)
    missing = left_out and _said_of(left_out, reader_of(card))
    said = _attached(reader_of(card), is_locked=is_locked)
    return template.render(
        view=view, p=palette, tones=tones, provisional=_is_open(card), left_out=missing, attached=said
    )


def _attached(reader: Reader, *, is_locked: bool) -> str:
    """That the PDF is there, and what opens it."""
    if is_locked:
        return reader.words.say(
            "The full scorecard with every working is attached as a PDF that opens with your passphrase."
        )
    return reader.words.say("The full scorecard with every working is attached as a PDF.")


def _said_of(left_out: LeftOut, reader: Reader) -> dict[str, str | None]:
    """That documents are missing, and how to get them."""
    say, names = reader.words.say, reader.words.listing([*left_out.names])
    sentence = say("Left out, because the mail server takes no mail so large: %(names)s.", names=names)
    if left_out.address is None:
        sentence = say("%(sentence)s Ask the sender for it.", sentence=sentence)
    return {"sentence": sentence, "link": left_out.address}


def _subject_of_all(views: _Parts) -> str:
    """That of the only card; of several each team's total, how many more there are, and of when they are.

    Totals stand first, for phones cut the end. One line, whatever a name contains: a line break in a subject
    would start another header.
    """
    card, view, _ = views[0]
    words = reader_of(card).words
    parts = _subject(card, view, reader_of(card)) if len(views) == 1 else _totals(views, words)
    return " ".join(" · ".join(filter(None, parts)).split())


def _totals(views: _Parts, words: Wording) -> tuple[str, ...]:
    named = [
        words.say(
            "%(total)s %(certificate)s %(team)s",
            total=view.headline.total,
            certificate=view.certificate.word,
            team=_short(view.heading.team),
        )
        for _, view, _ in views[:_IN_SUBJECT]
    ]
    hidden = len(views) - len(named)
    listed = words.and_more(words.listing(named), "%(number)s more card", "%(number)s more cards", hidden)
    return listed, views[0][1].heading.period


_IN_SUBJECT, _LONGEST = 3, 60
"""So many teams stand in the subject, with so much of their names: it has to fit a header."""


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _subject(card: Scorecard, view: MailView, reader: Reader) -> tuple[str, ...]:
    """How much, how sure, which revision if it is not the first, how good that is, and whose it is."""
    whose = reader.words.say("%(team)s, %(period)s", team=view.heading.team, period=view.heading.period)
    revision = view.headline.revision if card.revision > 1 else ""
    return view.headline.total, view.certificate.word, revision, view.headline.status.word, whose


def _is_open(card: Scorecard) -> bool:
    return card.certificate.status is not CertificateStatus.FINAL

"""The mail that carries scorecards: their summary as text and as HTML, without anything remote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reports import palette
from reports.periods import PeriodNames
from reports.presenting.mail import mail_view
from reports.presenting.reader import Reader, reader_of
from reports.templating import CERTIFICATE_TONES, environment
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


def mail_body(card: Scorecard, *more: Scorecard, notes: MailNotes = MailNotes()) -> MailBody:
    """What a reader sees before opening the PDFs: of each card total, status, change, areas, certificate.

    A mail with several cards is written in the language of the first, each card's part in its own.
    """
    cards = (card, *more)
    said = notes.sentences(card.language)
    views = [(each, mail_view(each, reader_of(each))) for each in cards]
    subject = _subject_of_all(views)
    title = views[0][1].heading.title if not more else subject
    frame = {"p": palette, "html_lang": views[0][1].heading.html_lang, "title": title, "notes": said}
    return MailBody(subject, *(_form(form, views, frame) for form in ("txt", "html")))


def _form(form: str, views: Sequence[tuple[Scorecard, MailView]], frame: dict[str, object]) -> str:
    """One form of the body: the part of each card, within the frame that all share."""
    parts = [_part(form, card, view) for card, view in views]
    template = environment(views[0][0].language).get_template(f"mail.{form}.j2")
    return template.render(**frame, cards=parts)


def _part(form: str, card: Scorecard, view: MailView) -> str:
    template = environment(card.language).get_template(f"_mail_card.{form}.j2")
    return template.render(view=view, p=palette, tones=_tones(), provisional=_is_open(card))


def _subject_of_all(views: Sequence[tuple[Scorecard, MailView]]) -> str:
    """That of the only card; of several how many they are, of when, and each team's total."""
    card, view = views[0]
    words = reader_of(card).words
    if len(views) == 1:
        return _subject(card, view, reader_of(card))
    heads = [(each.heading.team, each.headline.total) for _, each in views[:_IN_SUBJECT]]
    named = words.listing([words.say("%(team)s %(total)s", team=team, total=total) for team, total in heads])
    subject = words.say(
        "%(number)s scorecards, %(period)s: %(totals)s",
        number=len(views),
        period=view.heading.period,
        totals=words.and_more(
            named, "%(number)s more card", "%(number)s more cards", len(views) - len(heads)
        ),
    )
    return _marked(subject, views, words)


def _marked(subject: str, views: Sequence[tuple[Scorecard, MailView]], words: Wording) -> str:
    """The subject on one line, begun with the word for open data where any of the cards has such."""
    opened = [view.certificate.word for card, view in views if _is_open(card)]
    if opened:
        subject = words.say("%(certificate)s · %(subject)s", certificate=opened[0], subject=subject)
    return " ".join(subject.split())


_IN_SUBJECT = 3
"""So many teams stand in the subject, which mail programs cut."""


def _subject(card: Scorecard, view: MailView, reader: Reader) -> str:
    """One line, whatever a name contains: a line break in a subject would start another header."""
    say = reader.words.say
    subject = say(
        "%(team)s, %(period)s: %(total)s, %(status)s",
        team=view.heading.team,
        period=view.heading.period,
        total=view.headline.total,
        status=view.headline.status.word,
    )
    if _is_open(card):
        subject = say("%(certificate)s · %(subject)s", certificate=view.certificate.word, subject=subject)
    if card.revision > 1:
        subject = say("%(subject)s (%(revision)s)", subject=subject, revision=view.headline.revision)
    return " ".join(subject.split())


def _is_open(card: Scorecard) -> bool:
    return card.certificate.status is not CertificateStatus.FINAL


def _tones() -> dict[str, palette.Tone]:
    return CERTIFICATE_TONES | {band.value: tone for band, tone in palette.TONES.items()}

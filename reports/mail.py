"""The mail that carries the scorecard: its summary as text and as HTML, without anything remote."""

from __future__ import annotations

from dataclasses import dataclass

from reports import palette
from reports.presenting.mail import mail_view
from reports.presenting.reader import Reader, reader_of
from reports.templating import CERTIFICATE_TONES, environment
from reports.views import MailView
from scoring.evidence import CertificateStatus
from scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class MailBody:
    """Subject and both forms of the body; `html` is one self-contained document."""

    subject: str
    text: str
    html: str


def mail_body(card: Scorecard) -> MailBody:
    """What the manager reads before opening the PDF: total, status, change, areas, certificate."""
    reader = reader_of(card)
    view = mail_view(card, reader)
    templates = environment(card.language)
    values = {"view": view, "p": palette, "tones": _tones(), "provisional": _is_open(card)}
    return MailBody(
        subject=_subject(card, view, reader),
        text=templates.get_template("mail.txt.j2").render(values),
        html=templates.get_template("mail.html.j2").render(values),
    )


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

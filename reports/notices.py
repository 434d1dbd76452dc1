"""What people are asked for by mail: to decide on cards, or to give marks; without score, grade or pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.directions import set_apart
from reports.mail import MailBody, mail_frame
from reports.periods import PeriodNames
from reports.templating import environment
from reports.wording import Wording, wording
from scoring.text import Language, LocalText


@dataclass(frozen=True, slots=True)
class Asked:
    """A card or a team that somebody is asked about: `lines` say what of it, in the reader's language."""

    team: LocalText
    period: str
    lines: tuple[LocalText, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, by which organisation, in which language, and the commands by which they answer."""

    name: str
    organisation: LocalText
    language: Language
    commands: tuple[str, ...]


def approval_notice(asking: Asking, asked: Sequence[Asked]) -> MailBody:
    """Asks an approver to decide on cards; the lines name each card and its content."""
    words = wording(asking.language)
    subject = words.count(
        "%(number)s scorecard waits for your approval",
        "%(number)s scorecards wait for your approval",
        len(asked),
    )
    closing = words.say(
        "Read the PDFs before you decide. Whoever has the command line approves with the commands below, or "
        "rejects with --reject REASON; in Airflow they are under “Required Actions”."
    )
    return _body(asking, asked, subject, closing, words)


def marks_notice(asking: Asking, asked: Sequence[Asked]) -> MailBody:
    """Reminds a superior of the marks that are missing; the lines name the KPIs."""
    words = wording(asking.language)
    subject = words.count(
        "Your marks are missing for %(number)s team",
        "Your marks are missing for %(number)s teams",
        len(asked),
    )
    closing = words.say(
        "Fill in the appraisal form and give it back. The command below writes the form; "
        "“scorewright appraisal enter” takes it."
    )
    return _body(asking, asked, subject, closing, words)


def _body(asking: Asking, asked: Sequence[Asked], subject: str, closing: str, words: Wording) -> MailBody:
    names = PeriodNames(asking.language)
    frame = {
        **mail_frame(words.html_lang, subject),
        "organisation": asking.organisation.to(asking.language),
        "greeting": words.say("%(name)s,", name=asking.name),
        "asked": [
            (
                one.team.to(asking.language),
                names.long(one.period),
                [line.to(asking.language) for line in one.lines],
            )
            for one in asked
        ],
        "closing": closing,
        "commands": asking.commands,
    }
    templates = environment(asking.language)
    forms = (templates.get_template(f"notice.{form}.j2").render(frame) for form in ("txt", "html"))
    text, html = (set_apart(form, (), markup=False) for form in forms)
    return MailBody(" ".join(subject.split()), text, html)

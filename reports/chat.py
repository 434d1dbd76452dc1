"""What a chat group reads of a card: as much as those who are in it may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reports.directions import set_apart
from reports.presenting.findings import certificate_view
from reports.presenting.headings import heading_of, headline_of
from reports.presenting.reader import Reader, reader_of
from scoring.scorecard import Scorecard
from scoring.working import Band

_NAMED = 8
_LONGEST = 60
"""How many KPIs are named, and how many characters of a name: platforms take about 4,000 bytes."""


@dataclass(frozen=True, slots=True)
class ChatCard:
    """A card in short, each text on one line. `tone` is the status, empty where it is not told.

    `facts` are names with their colon, and values; `link` is (words, address), `has_file` whether the
    documents may go with it.
    """

    title: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    link: tuple[str, str] | None = None
    has_file: bool = False


class Group(Protocol):
    """Who reads: the team's own people or others, and whether they are to get the documents."""

    @property
    def is_of_team(self) -> bool:
        """Whether only the team's people are in it."""
        ...

    @property
    def has_file(self) -> bool:
        """Whether the documents are to go to it."""
        ...


def chat_card(card: Scorecard, group: Group | None, address: str | None) -> ChatCard | None:
    """What a group reads: everybody that there is a card and how sure it is, the team's people what it says.

    Grade and pay are the manager's, so neither is ever told, and no file goes along that says them or the
    marks of an appraisal. `address` is where the card is. None where it is for no group.
    """
    return None if group is None else _said(card, group, address)


def _said(card: Scorecard, group: Group, address: str | None) -> ChatCard:
    reader = reader_of(card)
    certificate = certificate_view(card, reader, 0)
    sure = (reader.words.say("Data certificate"), f"{certificate.word} · {certificate.sentence}")
    is_told = group.is_of_team and not _waits_for_marks(card)
    facts = (*_told_to_the_team(card, reader), sure) if is_told else (sure,)
    return ChatCard(
        title=_title(card, reader),
        tone=card.band.value if is_told else "",
        facts=tuple((_with_colon(name, reader), _line(value)) for name, value in facts),
        link=_link(address, reader),
        has_file=_may_have_file(card, group),
    )


def _waits_for_marks(card: Scorecard) -> bool:
    """Whether another total follows: what lies between the two would tell a group the superior's marks."""
    return card.appraisal is not None and bool(card.appraisal.missing)


def _with_colon(name: str, reader: Reader) -> str:
    return reader.words.say("%(name)s:", name=name)


def _link(address: str | None, reader: Reader) -> tuple[str, str] | None:
    return None if address is None else (reader.words.say("Open the scorecard"), address)


def _may_have_file(card: Scorecard, group: Group) -> bool:
    """Whether the documents may go to the group: not where they say something that is the manager's alone."""
    is_personal = any(part is not None for part in (card.pay, card.grade, card.appraisal))
    return group.has_file and group.is_of_team and not is_personal


def _told_to_the_team(card: Scorecard, reader: Reader) -> tuple[tuple[str, str], ...]:
    say, headline = reader.words.say, headline_of(card, reader)
    status = f"{headline.status.glyph} {headline.status.word}"
    return (
        (say("Total score"), f"{headline.total} · {status}"),
        (say("KPIs below target"), _reds(card, reader)),
    )


def _reds(card: Scorecard, reader: Reader) -> str:
    """The KPIs that are red, in the order of the card, the first of many by name."""
    names = [_short(result.name.to(card.language)) for result in card.results if result.band is Band.RED]
    if len(names) > _NAMED:
        return reader.words.say(
            "%(names)s and %(number)s more", names=_joined(names[:_NAMED]), number=len(names) - _NAMED
        )
    return _joined(names) or reader.words.say("none")


def _joined(names: Sequence[str]) -> str:
    return " · ".join(names)


def _title(card: Scorecard, reader: Reader) -> str:
    heading = heading_of(card, reader)
    title = reader.words.say("%(team)s, %(period)s", team=_short(heading.team), period=heading.period)
    if card.revision > 1:
        revision = headline_of(card, reader).revision
        title = reader.words.say("%(subject)s (%(revision)s)", subject=title, revision=revision)
    return _line(title)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return _line(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…")


def _line(text: str) -> str:
    return set_apart(" ".join(text.split()), (), markup=False)

"""A team's place in its department, where the organisation's book asks for it."""

from __future__ import annotations

from reports.presenting.reader import Reader
from reports.presenting.rewards import reward_text
from reports.views import WorkingStep
from scoring.ranking import Rank
from scoring.scorecard import Scorecard

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def rank_text(card: Scorecard, reader: Reader) -> str:
    """`3rd of 7 in Growth`; nothing for a team without a place."""
    rank = card.rank
    return "" if rank is None or rank.place is None else _placed(rank, rank.place, reader)


def reward_line(card: Scorecard, reader: Reader) -> str:
    """Grade, pay coefficient and place, of which a card has what its book asks for."""
    return " · ".join(filter(None, (reward_text(card, reader), rank_text(card, reader))))


def rank_steps(card: Scorecard, reader: Reader) -> tuple[WorkingStep, ...]:
    """Among which teams the place is, and as of when; or why there is none."""
    if card.rank is None:
        return ()
    text = (
        _missing(card.rank, reader) if card.rank.place is None else _among(card.rank, card.rank.place, reader)
    )
    return (WorkingStep(reader.words.say("Place"), text),)


def _placed(rank: Rank, place: int, reader: Reader) -> str:
    return reader.words.say(
        "%(place)s of %(teams)s in %(department)s",
        place=ordinal(place) if reader.words.language == "en" else place,
        teams=rank.ranked,
        department=rank.department.to(reader.words.language),
    )


def _among(rank: Rank, place: int, reader: Reader) -> str:
    say = reader.words.say
    parts = [_placed(rank, place, reader)]
    if rank.teams > rank.ranked:
        parts.append(
            reader.words.count(
                "%(number)s team without a total is not ranked",
                "%(number)s teams without a total are not ranked",
                rank.teams - rank.ranked,
            )
        )
    parts.append(say("by the totals when this revision was made; equal totals share a place"))
    return say("; ").join(parts)


def _missing(rank: Rank, reader: Reader) -> str:
    say, department = reader.words.say, rank.department.to(reader.words.language)
    if not rank.is_complete:
        return say(
            "none in %(department)s: %(missing)s of its %(teams)s teams had no card when this revision "
            "was made",
            department=department,
            missing=rank.teams - rank.carded,
            teams=rank.teams,
        )
    return say("none in %(department)s: without a total a team is not ranked", department=department)


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"

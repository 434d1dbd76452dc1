"""A grade that a named person decided on beside the one by score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoring.period import Period


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry of the book: who decided on which day, and why, that a card with one grade gets another.

    It is about the grade `by_score` that the card had then.
    """

    period: Period
    team_id: str
    by_score: str
    grade: str
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """The decision as a card tells it, with the grade `by_score` that the card has now, if any.

    `decided_of` is the grade by score that was decided about, `on` an ISO date. A decision stands only while
    the score gives that grade: what was not known when it was made is for its people to decide again.
    """

    by_score: str | None
    decided_of: str
    grade: str
    by: str
    on: str
    reason: str

    @property
    def stands(self) -> bool:
        """Whether it is about the grade that the score gives."""
        return self.by_score == self.decided_of

    @property
    def final(self) -> str | None:
        """The grade that the card has."""
        return self.grade if self.stands else self.by_score


def calibrated(decided: Decided | None, by_score: str | None) -> Calibration | None:
    """The decision about a card with this grade by score; None without one."""
    if decided is None:
        return None
    return Calibration(
        by_score, decided.by_score, decided.grade, decided.by, decided.on.isoformat(), decided.reason
    )


def newest(entries: tuple[Decided, ...], period: Period, team_id: str) -> Decided | None:
    """The entry about a card that counts: the one decided last."""
    about = [entry for entry in entries if (entry.period, entry.team_id) == (period, team_id)]
    return max(about, key=lambda entry: entry.on, default=None)

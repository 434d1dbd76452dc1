"""Whom a card is written for: language, currency, and how many digits this card needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reports.figures import NOTHING, Figures, digits_of
from reports.views import Status
from reports.wording import Wording, msgid, wording
from scoring.scorecard import Scorecard
from scoring.working import Band

WORDS = {
    Band.GREEN: msgid("On target"),
    Band.AMBER: msgid("Near target"),
    Band.RED: msgid("Below target"),
    Band.NOT_AVAILABLE: msgid("Not available"),
}
GLYPHS = {Band.GREEN: "●", Band.AMBER: "▲", Band.RED: "◆", Band.NOT_AVAILABLE: "○"}
POINT_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Wording and number formats for one card, handed to every part of the presenter."""

    words: Wording
    figures: Figures
    score_digits: int
    weight_digits: int
    kpi_names: Mapping[str, str]

    def score(self, score: Decimal | None) -> str:
        """A score or total with the card's digits."""
        return NOTHING if score is None else self.figures.number(score, self.score_digits)

    def weight(self, weight: Decimal) -> str:
        """An agreed weight; all of a card with as many digits as the finest needs."""
        return self.figures.number(weight, self.weight_digits)

    def points(self, points: Decimal | None) -> str:
        """Points, to three digits: exact for whole weights and scores with one digit."""
        return NOTHING if points is None else self.figures.number(points, POINT_DIGITS)

    def kpi(self, kpi_id: str) -> str:
        """The name of one of the card's KPIs; of another one its id."""
        return self.kpi_names.get(kpi_id, kpi_id)

    def status(self, band: Band) -> Status:
        """The status with its shape and word."""
        return Status(band.value, GLYPHS[band], self.words.say(WORDS[band]))


def _most_digits(least: int, values: Iterable[Decimal | None]) -> int:
    """As many digits as the finest of the values needs, and no fewer than `least`."""
    return max([least, *(digits_of(value) for value in values if value is not None)])


def reader_of(card: Scorecard) -> Reader:
    """The reader of `card`. Digits come from the values, so a card read back from JSON looks the same."""
    words = wording(card.language)
    scores = [*(result.score for result in card.results), *(point.actual for point in card.total_history)]
    return Reader(
        words=words,
        figures=Figures(words, card.currency_code),
        score_digits=_most_digits(1, scores),
        weight_digits=_most_digits(0, [result.weight for result in card.results]),
        kpi_names={result.kpi_id: result.name.to(card.language) for result in card.results},
    )

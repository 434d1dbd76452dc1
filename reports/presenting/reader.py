"""Whom a card is written for: language, currency, and how many digits this card needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from reports.figures import NOTHING, Figures
from reports.views import Status
from reports.wording import Wording, msgid, wording
from scoring.arithmetic import digits_of
from scoring.evidence import KINDS_LEFT_OUT
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
    weights: Mapping[str, Decimal]
    kpi_names: Mapping[str, str]
    band_words: Mapping[Band, str] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()
    """The KPIs some of whose results are of kinds that do not count."""

    def score(self, score: Decimal | None) -> str:
        """A score or total with the card's digits."""
        return NOTHING if score is None else self.figures.number(score, self.score_digits)

    def weight(self, *kpi_ids: str) -> str:
        """The agreed weight of the KPIs; all of a card with as many digits as the finest needs."""
        digits = max(map(digits_of, self.weights.values()), default=0)
        return self.figures.number(sum((self.weights[kpi_id] for kpi_id in kpi_ids), Decimal(0)), digits)

    def points(self, points: Decimal | None) -> str:
        """Points, to three digits: exact for whole weights and scores with one digit."""
        return NOTHING if points is None else self.figures.number(points, POINT_DIGITS)

    def kpi(self, kpi_id: str) -> str:
        """The name of one of the card's KPIs; of another one its id."""
        return self.kpi_names.get(kpi_id, kpi_id)

    def status(self, band: Band) -> Status:
        """The status with its shape and word."""
        word = self.band_words.get(band) or self.words.say(WORDS[band])
        return Status(band.value, GLYPHS[band], word)


def _most_digits(least: int, values: Iterable[Decimal | None]) -> int:
    """As many digits as the finest of the values needs, and no fewer than `least`."""
    return max([least, *(digits_of(value) for value in values if value is not None)])


def reader_of(card: Scorecard) -> Reader:
    """The reader of `card`. Digits come from the values, so a card read back from JSON looks the same."""
    words = wording(card.language)
    left_out = (each for each in card.certificate.findings if each.code == KINDS_LEFT_OUT)
    scores = [*(result.score for result in card.results), *(point.actual for point in card.total_history)]
    return Reader(
        words=words,
        figures=Figures(words, card.currency_code, card.fiscal_named),
        score_digits=_most_digits(1, scores),
        weights=card.printed_weights,
        kpi_names={result.kpi_id: result.name.to(card.language) for result in card.results},
        uncounted=frozenset(chain.from_iterable(each.kpi_ids for each in left_out)),
        band_words={said.band: said.word.to(card.language) for said in card.status_words},
    )

"""What a reader with ten seconds should know: sentences that name numbers, computed from the card alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain
from operator import attrgetter

from reports.presenting.drivers import measure_parts
from reports.presenting.lost_points import costliest_first, lost_points, to_a_tenth, told
from reports.presenting.outlooks import outlook_sentence
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import HistoryPoint


@dataclass(frozen=True, slots=True)
class _Moved:
    """A KPI's value in the period before and now."""

    result: KpiResult
    past: Decimal
    now: Decimal

    @property
    def better(self) -> Decimal:
        """How much better it is, as a part of what it was; below zero where it is worse."""
        change = (self.now - self.past) / abs(self.past)
        return -change if self.result.direction == "lower" else change


def highlights(card: Scorecard, reader: Reader, room: int) -> tuple[str, ...]:
    """What is left to do, where most points were lost and gained, and what moved most; at most `room`."""
    return (*outlook_sentence(card, reader), *_points(card, reader), *_movement(card, reader))[:room]


def _points(card: Scorecard, reader: Reader) -> Iterator[str]:
    """Of a card whose total is not the sum of these points, such as an appraised or vetoed one, nothing."""
    if card.appraisal is None and card.mix is None and not _is_set_by_others(card):
        lost = {kpi_id: to_a_tenth(points) for kpi_id, points in lost_points(card).items()}
        costliest = costliest_first(lost)
        yield from _lost(card, {kpi_id: lost[kpi_id] for kpi_id in costliest[:2] if lost[kpi_id] > 0}, reader)
        yield from _gained(card, [kpi_id for kpi_id in costliest[-1:] if lost[kpi_id] < 0], reader)


def _is_set_by_others(card: Scorecard) -> bool:
    """Whether a veto or a closed gate sets the total or a line."""
    return card.overruled_by is not None or any(result.set_to is not None for result in card.results)


_LOST = {
    1: msgid("Most points were lost by %(first)s: %(first_lost)s of %(first_weight)s."),
    2: msgid(
        "Most points were lost by %(first)s: %(first_lost)s of %(first_weight)s; then by %(second)s: "
        "%(second_lost)s of %(second_weight)s."
    ),
}


def _lost(card: Scorecard, lost: Mapping[str, Decimal], reader: Reader) -> Iterator[str]:
    values = {}
    for place, (kpi_id, points) in zip(("first", "second"), lost.items(), strict=False):
        values[place] = reader.kpi(kpi_id)
        values[f"{place}_lost"] = told(points, reader)
        values[f"{place}_weight"] = _weight(card.by_kpi[kpi_id], reader)
    if lost:
        yield reader.words.say(_LOST[len(lost)], **values)


def _gained(card: Scorecard, most: Iterable[str], reader: Reader) -> Iterator[str]:
    for best in map(card.by_kpi.__getitem__, most):
        yield reader.words.say(
            "Most was gained by %(kpi)s: %(points)s points with a weight of %(weight)s.",
            kpi=reader.kpi(best.kpi_id),
            points=told(best.points or Decimal(0), reader),
            weight=_weight(best, reader),
        )


def _weight(result: KpiResult, reader: Reader) -> str:
    return reader.figures.exact(result.effective_weight, 1)


def _movement(card: Scorecard, reader: Reader) -> Iterator[str]:
    """What became worse by the largest part of its value; where nothing did, what became better."""
    before = str(Period.parse(card.period).shift(-1))
    found = chain.from_iterable(_moved(result, before) for result in filter(_can_be_compared, card.results))
    moved = sorted(filter(partial(_is_seen, reader), found), key=attrgetter("better"))
    for worst, best in zip(moved[:1], moved[-1:], strict=True):
        is_worse = worst.better < 0
        yield _told(_WORSE if is_worse else _BETTER, worst if is_worse else best, before, reader)


def _can_be_compared(result: KpiResult) -> bool:
    """Not where neither more nor less is better, or where the days are others, as of a year to date.

    No more where its own figure is not whole.
    """
    is_alike = not any(point.unlike for point in result.history[-1:])
    return result.direction in ("higher", "lower") and result.span is None and is_alike


def _moved(result: KpiResult, before: str) -> Iterator[_Moved]:
    """Nothing where the period before had no target, and so perhaps other days, is unlike, or began at 0."""
    past = next((point for point in result.history if point.period == before and _is_alike(point)), None)
    if past and past.actual and result.actual not in (None, past.actual):
        yield _Moved(result, past.actual, result.actual)


def _is_alike(point: HistoryPoint) -> bool:
    """Whether it has a target, and is of whole data and the same days and teams."""
    return not point.unlike and _has_target(point)


def _has_target(point: HistoryPoint) -> bool:
    return point.target is not None or point.target_high is not None


def _is_seen(reader: Reader, moved: _Moved) -> bool:
    """Whether the values as they are printed show the movement."""
    now, past = (_shown(value, moved.result, reader) for value in (moved.now, moved.past))
    return now != past and any(digit in past for digit in "123456789")


_WORSE = msgid("%(kpi)s worsened most against %(month)s: %(now)s after %(past)s.")
BEHIND = msgid("%(sentence)s Behind it: %(parts)s.")
_BEHIND = {"percent": msgid("%(sentence)s Behind it, in percentage points: %(parts)s.")}
_BETTER = msgid("%(kpi)s improved most against %(month)s: %(now)s after %(past)s.")


def _shown(value: Decimal, result: KpiResult, reader: Reader) -> str:
    return reader.figures.value(value, result.unit, result.decimals).text


def _told(message: str, moved: _Moved, before: str, reader: Reader) -> str:
    now, past = (_shown(value, moved.result, reader) for value in (moved.now, moved.past))
    month = reader.figures.periods.alone(before)
    told = reader.words.say(message, month=month, kpi=reader.kpi(moved.result.kpi_id), now=now, past=past)
    note = moved.result.drivers
    if note is None or len(note.measures) == 1:
        return told
    behind = _BEHIND.get(moved.result.unit, BEHIND)
    return reader.words.say(behind, sentence=told, parts=measure_parts(note, moved.result, reader))

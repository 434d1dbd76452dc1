"""What a reader with ten seconds should know: sentences that name numbers, computed from the card alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter

from reports.presenting.factors import factors_of
from reports.presenting.factors import told as told_factors
from reports.presenting.lost_points import costliest_first, lost_points, to_a_tenth, told
from reports.presenting.missed import missed
from reports.presenting.moved import Moved, moved_seen
from reports.presenting.outlooks import outlook_sentence
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.scorecard import KpiResult, Scorecard


def highlights(card: Scorecard, reader: Reader, room: int) -> tuple[str, ...]:
    """What is left to do, where most points were lost and gained, and what moved most; at most `room`.

    After what was lost, where the card knows it: why the costliest KPI missed its target.
    """
    moved = moved_seen(card, reader)
    why = tuple(missed(card, moved, reader))
    return (
        *outlook_sentence(card, reader),
        *_most_lost(card, reader),
        *(each.sentence for each in why),
        *_most_gained(card, reader),
        *_movement(moved, {each.kpi_id for each in why}, reader),
    )[:room]


def _most_lost(card: Scorecard, reader: Reader) -> Iterator[str]:
    lost = _points(card)
    yield from _lost(
        card, {kpi_id: lost[kpi_id] for kpi_id in costliest_first(lost)[:2] if lost[kpi_id] > 0}, reader
    )


def _most_gained(card: Scorecard, reader: Reader) -> Iterator[str]:
    lost = _points(card)
    yield from _gained(card, [kpi_id for kpi_id in costliest_first(lost)[-1:] if lost[kpi_id] < 0], reader)


def _points(card: Scorecard) -> Mapping[str, Decimal]:
    """The points that each KPI cost, as they are told.

    None of a card whose total is not the sum of these points, such as an appraised or vetoed one.
    """
    if card.appraisal is not None or card.mix is not None or _is_set_by_others(card):
        return {}
    return {kpi_id: to_a_tenth(points) for kpi_id, points in lost_points(card).items()}


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


_WORSE = msgid("%(kpi)s worsened most against %(month)s: %(now)s after %(past)s.")
_BETTER = msgid("%(kpi)s improved most against %(month)s: %(now)s after %(past)s.")
BEHIND = msgid("%(sentence)s Behind it: %(parts)s.")


def _movement(moved: Sequence[Moved], said: Collection[str], reader: Reader) -> Iterator[str]:
    """What became worse by the largest part of its value; where nothing did, what became better.

    Nothing where that is `said` already.
    """
    in_order = sorted(moved, key=attrgetter("better"))
    for worst, best in zip(in_order[:1], in_order[-1:], strict=True):
        message, most = (_WORSE, worst) if worst.better < 0 else (_BETTER, best)
        if most.result.kpi_id not in said:
            yield _told(message, most, reader)


def _told(message: str, moved: Moved, reader: Reader) -> str:
    past, now = moved.shown(reader)
    month = reader.figures.periods.alone(moved.before)
    sentence = reader.words.say(message, month=month, kpi=reader.kpi(moved.result.kpi_id), now=now, past=past)
    factors = factors_of(moved, reader)
    if not factors:
        return sentence
    return reader.words.say(BEHIND, sentence=sentence, parts=told_factors(factors, moved.result, reader))

"""Why the KPI that cost most points missed its target, as far as the card knows what moved it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from reports.presenting.factors import Factor, factors_of, in_points, told
from reports.presenting.lost_points import costliest_first, lost_points, to_a_tenth
from reports.presenting.moved import DIRECTED, Moved, is_something
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.scorecard import KpiResult, Scorecard

_WHY = {
    "alone": msgid(
        "%(kpi)s missed its target by %(missed)s. Against %(month)s it went from %(past)s to %(now)s, "
        "because %(main)s."
    ),
    "worse": msgid(
        "%(kpi)s missed its target by %(missed)s. Against %(month)s it went from %(past)s to %(now)s, "
        "because %(main)s; that %(other)s did not make up for it."
    ),
    "better": msgid(
        "%(kpi)s missed its target by %(missed)s. Against %(month)s it went from %(past)s to %(now)s, "
        "because %(main)s; that %(other)s undid a part of it."
    ),
}


@dataclass(frozen=True, slots=True)
class Missed:
    """The KPI with the sentence about it."""

    kpi_id: str
    sentence: str


def missed(card: Scorecard, moved: Sequence[Moved], reader: Reader) -> Iterator[Missed]:
    """Of the KPIs that `moved` the one that cost most points of those with a chain of factors to tell."""
    lost = {kpi_id: to_a_tenth(points) for kpi_id, points in lost_points(card).items()}
    by_kpi = {each.result.kpi_id: each for each in moved}
    costly = (by_kpi[kpi_id] for kpi_id in costliest_first(lost) if lost[kpi_id] > 0 and kpi_id in by_kpi)
    yield from islice(_sentences(costly, reader), 1)


def _sentences(costly: Iterator[Moved], reader: Reader) -> Iterator[Missed]:
    for each in costly:
        by, factors = _missed_by(each.result, reader), factors_of(each, reader)
        if by and factors:
            yield Missed(each.result.kpi_id, _sentence(each, by, factors, reader))


def _missed_by(result: KpiResult, reader: Reader) -> str:
    """By how much of the target; percentages by points. Nothing where it was met, or nothing can be seen."""
    behind = _behind(result)
    if behind <= 0 or not result.target:
        return ""
    by = _BY.get(result.unit, _share)(behind, result, reader)
    return by if is_something(by) else ""


def _behind(result: KpiResult) -> Decimal:
    """How far the actual is on the wrong side of the target."""
    if result.target is None or result.actual is None or result.direction not in DIRECTED:
        return Decimal(0)
    return (result.actual - result.target) * (1 if result.direction == "lower" else -1)


def _share(behind: Decimal, result: KpiResult, reader: Reader) -> str:
    return reader.figures.percent(behind / abs(result.target or Decimal(1)), 1).text


_BY = {"percent": in_points}


def _sentence(moved: Moved, by: str, factors: Sequence[Factor], reader: Reader) -> str:
    past, now = moved.shown(reader)
    main = [each for each in factors if each.effect * (moved.now - moved.past) > 0]
    other = [each for each in factors if each not in main]
    values = {"other": told(other, moved.result, reader)} if other else {}
    return reader.words.say(
        _WHY[_case(moved, other)],
        kpi=reader.kpi(moved.result.kpi_id),
        missed=by,
        month=reader.figures.periods.alone(moved.before),
        past=past,
        now=now,
        main=told(main, moved.result, reader),
        **values,
    )


def _case(moved: Moved, other: Sequence[Factor]) -> str:
    if not other:
        return "alone"
    return "worse" if moved.better < 0 else "better"

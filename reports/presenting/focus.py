"""What the mail names first: the KPIs below or near their targets, what each costs, and where to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reports.figures import NOTHING
from reports.presenting.comments import next_step
from reports.presenting.levels import judged_figure
from reports.presenting.lost_points import costliest_first, lost_points, to_a_tenth, told
from reports.presenting.reader import Reader
from reports.presenting.targets import target_figure
from reports.views import FocusGroup, FocusLine, FocusView
from scoring.scorecard import KpiResult, Scorecard
from scoring.working import Band

_SHOWN = {Band.RED: 5, Band.AMBER: 3, Band.NOT_AVAILABLE: 3}
"""How many KPIs of a status stand there with their figures; the others by name, so that none is left out.

Of those without a score only those that cost points by it, in books where they do.
"""

_Lost = Mapping[str, Decimal]
"""The points that each KPI costs, by its id."""


def focus_view(card: Scorecard, reader: Reader) -> FocusView:
    """The KPIs that need somebody, those that cost most points first; of a veto's all that it costs.

    They have the order that the sentences on page 1 name them in.
    """
    lost = lost_points(card)
    order = costliest_first({result.kpi_id: lost.get(result.kpi_id, Decimal(0)) for result in card.results})
    ordered = [card.by_kpi[kpi_id] for kpi_id in order]
    by_band = {band: [result for result in ordered if result.band is band] for band in _SHOWN}
    wanting = [result for result in ordered if _wants_somebody(result, lost)]
    groups = [_group(band, results, lost, reader) for band, results in by_band.items() if results]
    return FocusView(
        first=_first(card, wanting, lost, reader),
        groups=tuple(groups),
        in_short=" · ".join(_in_short(group, reader) for group in groups if group.lines),
    )


def _wants_somebody(result: KpiResult, lost: _Lost) -> bool:
    """Whether it is below or near its target, or costs points because it has no score."""
    is_missing = result.band is Band.NOT_AVAILABLE
    return result.band in (Band.RED, Band.AMBER) or (is_missing and _costs(result, lost))


def _costs(result: KpiResult, lost: _Lost) -> bool:
    """Whether what a KPI costs can be seen."""
    return to_a_tenth(lost.get(result.kpi_id, Decimal(0))) > 0


def _first(card: Scorecard, wanting: Sequence[KpiResult], lost: _Lost, reader: Reader) -> str:
    """Where to begin: at a veto over the card, or at the KPI that costs most."""
    say = reader.words.say
    if card.overruled_by in card.by_kpi:
        return say("Start with “%(kpi)s”: its veto sets the total.", kpi=reader.kpi(str(card.overruled_by)))
    if not wanting:
        return say("No KPI is below or near its target.")
    costliest = wanting[0]
    points = _points(costliest, lost, reader)
    if not points:
        return ""
    values = {"kpi": reader.kpi(costliest.kpi_id), "points": points}
    if len(wanting) == 1:
        return say("Start with “%(kpi)s”: it costs %(points)s points.", **values)
    return say("Start with “%(kpi)s”: it costs %(points)s points, the most of these.", **values)


def _group(band: Band, results: Sequence[KpiResult], lost: _Lost, reader: Reader) -> FocusGroup:
    shown = sum(_wants_somebody(result, lost) for result in results[: _SHOWN[band]])
    return FocusGroup(
        status=reader.status(band),
        lines=tuple(_line(result, lost, reader) for result in results[:shown]),
        also=reader.words.listing([reader.kpi(result.kpi_id) for result in results[shown:]]),
    )


def _in_short(group: FocusGroup, reader: Reader) -> str:
    names = reader.words.listing([line.name for line in group.lines])
    return (
        f"{group.status.glyph} {reader.words.say('%(name)s: %(text)s', name=group.status.word, text=names)}"
    )


def _line(result: KpiResult, lost: _Lost, reader: Reader) -> FocusLine:
    points = _points(result, lost, reader)
    cost = reader.words.say("costs %(points)s points", points=points) if points else ""
    step = "" if result.comment is None else next_step(result.comment, reader)
    return FocusLine(reader.kpi(result.kpi_id), _figures(result, reader), cost, step)


def _points(result: KpiResult, lost: _Lost, reader: Reader) -> str:
    """The points that a KPI costs; nothing where it costs none that can be seen."""
    points = to_a_tenth(lost.get(result.kpi_id, Decimal(0)))
    return told(points, reader) if _costs(result, lost) else ""


def _figures(result: KpiResult, reader: Reader) -> str:
    """Actual and target as the pages print them; what there is of them."""
    say, target = reader.words.say, target_figure(result, reader.figures).text
    actual = _actual(result, reader)
    if target == NOTHING:
        return actual
    return say("%(actual)s, target %(target)s", actual=actual, target=target)


def _actual(result: KpiResult, reader: Reader) -> str:
    """The result; of a milestone that has none, that it was missed."""
    is_missed = result.actual is None and result.attainment is not None
    if is_missed:
        return reader.words.say("not done by the day it was due")
    figures = reader.figures
    judged = judged_figure(result, reader)
    return (judged or figures.value(result.actual, result.unit, result.decimals)).text

"""Months of an actual against its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reports.charts.labels import GAP, labels, margins
from reports.charts.scale import Frame, runs, value_range
from reports.charts.specs import TrendPoint, TrendSpec
from reports.charts.svg import Point, circle, comb, drawing, line, polyline, text, text_width
from reports.palette import ACCENT, INK, LINE, MUTED, WHITE

MOST_DOTS = 12
ROOM_ABOVE = 1.1
"""The room above the highest value for a line of numbers, in heights of the type."""


def trend_chart(points: Sequence[TrendPoint], spec: TrendSpec) -> Markup:
    """The actuals as a line with the newest month as a dot of the status' colour; the target dashed.

    Months without an actual are a gap, those unlike the others hollow. Labels keep inside the drawing.
    """
    frame = _frame(points, spec)
    parts = [*_ticks(points, frame, spec), *_zero(frame)]
    parts += _target([point.target for point in points], frame)
    parts += _target([point.target_high for point in points], frame)
    parts += _actual(points, frame)
    parts += _newest(points[-1:], frame, spec.colour)
    parts += labels(points, frame, spec)
    return drawing(spec.width, spec.height, title=spec.title, desc=spec.desc, parts=parts)


def _frame(points: Sequence[TrendPoint], spec: TrendSpec) -> Frame:
    low, high = value_range(list(_drawn(points)))
    left, right = margins(points, spec)
    return Frame(
        left=left,
        right=spec.width - right,
        top=spec.size * ROOM_ABOVE + GAP,
        bottom=spec.axis,
        months=len(points),
        low=low,
        high=high,
    )


def _drawn(points: Sequence[TrendPoint]) -> Iterator[float]:
    """Every value that the chart shows."""
    for point in points:
        yield from (v for v in (point.actual, point.target, point.target_high) if v is not None)


def _zero(frame: Frame) -> list[Markup]:
    """Where 0 is, if values lie below it."""
    y = frame.at(0, 0)[1]
    return [line((frame.left, y), (frame.right, y), LINE, 0.6)] if frame.low < 0 else []


def _ticks(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    ends = [(frame.x(i), spec.axis + (2.6 if point.tick else 1.4)) for i, point in enumerate(points)]
    parts = [comb(ends, (frame.left, frame.right), spec.axis, MUTED, 0.6)]
    for (x, _), point in zip(ends, points, strict=True):
        for words, y in ((point.tick, spec.tick_baseline), (point.year, spec.height - 2)):
            parts += _under_the_axis(words, (x, y), spec)
    return parts


def _under_the_axis(words: str, at: Point, spec: TrendSpec) -> list[Markup]:
    """The words around a place, moved inside where they would leave the drawing."""
    if not words:
        return []
    half = text_width(words, spec.size) / 2
    inside = min(max(at[0], half), spec.width - half)
    return [text((inside, at[1]), words, spec.size, MUTED, anchor="middle")]


def _target(targets: Sequence[float | None], frame: Frame) -> list[Markup]:
    """A step for each month, half a month to either side of it."""
    parts = []
    for run in runs(targets):
        path = []
        for index, value in run:
            y = frame.at(index, value)[1]
            path += [(frame.x(max(index - 0.5, 0)), y), (frame.x(min(index + 0.5, frame.months - 1)), y)]
        if len(targets) == 1:
            path = [(frame.left, path[0][1]), (frame.right, path[0][1])]
        parts.append(polyline(path, INK, 0.9, dash="3 2"))
    return parts


def _actual(points: Sequence[TrendPoint], frame: Frame) -> list[Markup]:
    actuals = [point.actual for point in points]
    parts = []
    for run in runs(actuals):
        parts += _stretch([frame.at(*item) for item in run], has_dots=len(points) <= MOST_DOTS)
    hollow = ((index, at.actual) for index, at in enumerate(points) if at.is_unlike)
    places = [frame.at(index, actual) for index, actual in hollow if actual is not None]
    return [*parts, *(circle(at, 1.9, WHITE, ACCENT, 1) for at in places)]


def _newest(last: Sequence[TrendPoint], frame: Frame, colour: str) -> Iterator[Markup]:
    """The dot of the newest month, if it has a value; hollow where it is unlike the others."""
    for point in last:
        at = frame.newest([*[None] * (frame.months - 1), point.actual])
        if at is not None:
            hollow = point.is_unlike
            yield circle(at, 2.7, WHITE, colour, 2) if hollow else circle(at, 3.2, colour, WHITE, 1)


def _stretch(dots: Sequence[Point], *, has_dots: bool) -> list[Markup]:
    """A line through months without a hole; one alone is always a dot."""
    through = [polyline(dots, ACCENT, 1.6)] if len(dots) > 1 else []
    shown = dots if has_dots or len(dots) == 1 else ()
    return [*through, *(circle(at, 1.5, ACCENT) for at in shown)]

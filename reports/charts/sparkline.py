"""A line the size of a word: the months of one KPI against its target, the newest as a dot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from reports.charts.scale import Frame, near_range, runs
from reports.charts.svg import circle, drawing, line, polyline
from reports.palette import LINE, MUTED, WHITE

WIDTH, HEIGHT, AIR = 56.0, 12.0, 2.4


def sparkline(
    values: Sequence[float | None],
    colour: str,
    *,
    title: str,
    desc: str,
    target: float | None = None,
    hollow: Iterable[int] = (),
) -> Markup:
    """`values` oldest first; None is a hole. The newest month's dot has the `colour` of its status.

    `target` is the newest one; it is a pale line, so that the dot is seen to be near it or far from it.
    The values that are `hollow` cannot be read like the others.
    """
    aim = [] if target is None else [target]
    low, high = near_range([value for value in (*values, target) if value is not None])
    frame = Frame(AIR, WIDTH - AIR, AIR, HEIGHT - AIR, len(values), low, high)
    parts = [line((0, frame.at(0, at)[1]), (WIDTH, frame.at(0, at)[1]), LINE, 1.2) for at in aim]
    parts += [_stretch(run, frame) for run in runs(values)]
    unlike = {index: value for index in hollow if (value := values[index]) is not None}
    parts += [circle(frame.at(*each), 1.1, WHITE, MUTED, 0.6) for each in unlike.items()]
    newest = frame.newest(values)
    if newest is not None:
        is_hollow = len(values) - 1 in unlike
        parts.append(circle(newest, 1.6, WHITE, colour, 0.8) if is_hollow else circle(newest, 2, colour))
    return drawing(WIDTH, HEIGHT, title=title, desc=desc, parts=parts)


def _stretch(run: Sequence[tuple[int, float]], frame: Frame) -> Markup:
    """A line through months without a hole; one alone is a dot."""
    dots = [frame.at(*item) for item in run]
    return polyline(dots, MUTED, 1) if len(dots) > 1 else circle(dots[0], 0.9, MUTED)

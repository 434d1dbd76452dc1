"""Stephen Few's bullet graph: the attainment as a bar against one line, the target."""

from __future__ import annotations

from markupsafe import Markup

from reports.charts.svg import drawing, line, polygon, rect
from reports.palette import INK, TRACK, TRACK_BEYOND, WHITE

WIDTH, HEIGHT = 96.0, 12.0
FULL = 1.5
TOP, BAR_TOP = 1.0, 3.6


def bullet_graph(attainment: float, colour: str, *, title: str, desc: str) -> Markup:
    """A bar of `attainment` (1 = on target) on a scale to 150 %, in the colour of the status.

    The target is at the same place in every graph, so that a column of them can be read down. A bar that
    would be longer ends in an arrow head; below 0 there is no bar.
    """
    target = WIDTH / FULL
    length = WIDTH * min(max(attainment, 0.0), FULL) / FULL
    parts = [
        rect(0, TOP, target, HEIGHT - 2 * TOP, TRACK),
        rect(target, TOP, WIDTH - target, HEIGHT - 2 * TOP, TRACK_BEYOND),
        rect(0, BAR_TOP, length, HEIGHT - 2 * BAR_TOP, colour),
    ]
    if attainment > FULL:
        parts += _arrow(colour)
    parts.append(line((target, 0.4), (target, HEIGHT - 0.4), INK, 1.6))
    return drawing(WIDTH, HEIGHT, title=title, desc=desc, parts=parts)


def _arrow(colour: str) -> list[Markup]:
    tail, middle = WIDTH - 6, HEIGHT / 2
    return [
        rect(tail, TOP, 6, HEIGHT - 2 * TOP, WHITE),
        polygon([(tail + 1, TOP + 0.6), (WIDTH, middle), (tail + 1, HEIGHT - TOP - 0.6)], colour),
    ]

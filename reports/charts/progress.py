"""How far a key result has come, against how much of the time has passed; and a score as a ring."""

from __future__ import annotations

import math

from markupsafe import Markup

from reports.charts.svg import arc, circle, drawing, line, polygon, rect, text
from reports.palette import ACCENT, INK, TRACK, TRACK_BEYOND, WHITE

WIDTH, HEIGHT = 84.0, 12.0
FULL = 1.2
TOP, BAR_TOP = 1.0, 3.6
RING = 44.0
RADIUS, STROKE = 18.5, 5.0


def progress_bar(progress: float, elapsed: float, *, title: str, desc: str) -> Markup:
    """A bar of `progress` (1 = at the target) with a mark where `elapsed` is, the share of the time.

    The target is at the same place in every bar. A longer bar ends in an arrow head; below 0 there is none.
    """
    target = WIDTH / FULL
    length = target * min(max(progress, 0.0), FULL)
    mark = min(max(target * elapsed, 0.8), target)
    parts = [
        rect(0, TOP, target, HEIGHT - 2 * TOP, TRACK),
        rect(target, TOP, WIDTH - target, HEIGHT - 2 * TOP, TRACK_BEYOND),
        rect(0, BAR_TOP, length, HEIGHT - 2 * BAR_TOP, ACCENT),
    ]
    if progress > FULL:
        tip, middle = WIDTH - 6, HEIGHT / 2
        parts.append(rect(tip, TOP, 6, HEIGHT - 2 * TOP, WHITE))
        parts.append(polygon([(tip + 1, TOP + 0.6), (WIDTH, middle), (tip + 1, HEIGHT - TOP - 0.6)], ACCENT))
    parts.append(line((mark, 0.2), (mark, HEIGHT - 0.2), WHITE, 3))
    parts.append(line((mark, 0.2), (mark, HEIGHT - 0.2), INK, 1.4))
    return drawing(WIDTH, HEIGHT, title=title, desc=desc, parts=parts)


def score_ring(score: float, label: str, colour: str, *, title: str, desc: str) -> Markup:
    """A ring that is closed at a score of 1, with the score in it."""
    middle = RING / 2
    parts = [circle((middle, middle), RADIUS, "none", TRACK, STROKE)]
    if score >= 1:
        parts.append(circle((middle, middle), RADIUS, "none", colour, STROKE))
    elif score > 0:
        turn = 2 * math.pi * score
        end = (middle + RADIUS * math.sin(turn), middle - RADIUS * math.cos(turn))
        parts.append(
            arc((middle, middle - RADIUS), end, RADIUS, is_long=score > 0.5, stroke=colour, width=STROKE)
        )
    parts.append(text((middle, middle + 4), label, 11.5, INK, anchor="middle", weight=700))
    return drawing(RING, RING, title=title, desc=desc, parts=parts)

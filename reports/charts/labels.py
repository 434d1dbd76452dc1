"""The numbers in a trend chart, placed so that they overlap neither lines nor each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from reports.charts.scale import Frame
from reports.charts.specs import TrendPoint, TrendSpec
from reports.charts.svg import Point, text, text_width
from reports.palette import INK, MUTED

GAP = 3.4
BESIDE = 5.0
BASELINE = 0.36
WIDEST = 0.3
TOUCHING = 3.0
"""The least room between two numbers of a row."""
AIR = 1.8


def margins(points: Sequence[TrendPoint], spec: TrendSpec) -> tuple[float, float]:
    """The room left and right of the drawing that its labels need, each at most 30 % of the width."""
    known = [points[index].label for index in _known(points)] or [""]
    first, last, target, *ends = (
        text_width(label, spec.size)
        for label in (known[0], known[-1], spec.target_label, spec.low_label, spec.high_label)
    )
    left, right = max(ends) + BESIDE, max(last, target) + BESIDE
    if spec.every_label:
        left, right = max(left, first / 2), last / 2 + target
    most = spec.width * WIDEST
    return min(max(left, spec.size), most), min(max(right, spec.size), most)


def labels(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    """All numbers of the chart."""
    if spec.every_label:
        return _in_a_row(points, frame, spec)
    return _beside(points, frame, spec)


def _in_a_row(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    """Every known month's number above the drawing, where no line runs; all smaller if one is too wide."""
    known = _known(points)
    widest = max((text_width(points[index].label, spec.size) for index in known), default=0.0)
    room = (frame.right - frame.left) / max(len(points) - 1, 1) - TOUCHING
    size = spec.size * min(1.0, max(room, 1.0) / max(widest, 1.0))
    row = replace(spec, size=size)
    at = [(frame.x(index), frame.top - GAP - AIR) for index in known]
    numbers = [
        _number(place, points[index].label, row, anchor="middle", is_newest=index == len(points) - 1)
        for place, index in zip(at, known, strict=True)
    ]
    return [*_scale(frame, spec), *numbers, *_target_after_the_newest(points, frame, spec)]


def _known(points: Sequence[TrendPoint]) -> list[int]:
    """The months that have an actual."""
    return [index for index, point in enumerate(points) if point.actual is not None]


def _target_after_the_newest(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    target = _labelled_target(points, spec)
    if target is None:
        return []
    beside = frame.right + BESIDE
    at = _inside((beside, _middle(frame, target, spec)), spec.target_label, spec, "start")
    return [text(at, spec.target_label, spec.size, INK, weight=600)]


def _labelled_target(points: Sequence[TrendPoint], spec: TrendSpec) -> float | None:
    """The newest month's target; None also where the chart does not write it."""
    return points[-1].target if points and spec.target_label else None


def _beside(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    """The scale left, the last known month right; bold if that is the newest."""
    known, parts = _known(points), _scale(frame, spec)
    if known and not _is_in_the_targets_way(points, known[-1], frame, spec):
        parts.append(_side_number(points, known[-1], frame, spec))
    return [*parts, *_target_beside(points, frame, spec)]


def _scale(frame: Frame, spec: TrendSpec) -> list[Markup]:
    """Both ends of the scale."""
    ends = ((frame.low, spec.low_label), (frame.high, spec.high_label))
    return [
        _number((frame.left - BESIDE, _middle(frame, end, spec)), label, spec, anchor="end", is_newest=False)
        for end, label in ends
        if label
    ]


def _target_beside(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    target = _labelled_target(points, spec)
    if target is None:
        return []
    y = _middle(frame, target, spec) - _lifts(points, frame, spec)[1]
    at = _inside((frame.right + BESIDE, y), spec.target_label, spec, "start")
    return [text(at, spec.target_label, spec.size, INK)]


def _lifts(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> tuple[float, float]:
    """How far the newest number and the target's are moved up: the upper one a line above the other."""
    target, actual = _labelled_target(points, spec), points[-1].actual
    if target is None or actual is None:
        return 0.0, 0.0
    above = _middle(frame, actual, spec) - _middle(frame, target, spec)
    missing = max(0.0, spec.size * 1.05 - abs(above))
    return (0.0, missing) if above >= 0 else (missing, 0.0)


def _is_in_the_targets_way(points: Sequence[TrendPoint], index: int, frame: Frame, spec: TrendSpec) -> bool:
    """Whether an older month's number, with nothing after it, would run into the target's number."""
    point, target = points[index], _labelled_target(points, spec)
    if index == len(points) - 1 or target is None:
        return False
    reach = frame.x(index) + BESIDE + text_width(point.label, spec.size)
    level = abs(_middle(frame, point.actual or 0.0, spec) - _middle(frame, target, spec))
    return reach > frame.right and level < spec.size


def _side_number(points: Sequence[TrendPoint], index: int, frame: Frame, spec: TrendSpec) -> Markup:
    point = points[index]
    is_newest = index == len(points) - 1
    lift = _lifts(points, frame, spec)[0] if is_newest else 0.0
    at = (frame.x(index) + BESIDE, _middle(frame, point.actual or 0.0, spec) - lift)
    return _number(at, point.label, spec, anchor="start", is_newest=is_newest)


def _number(at: Point, label: str, spec: TrendSpec, *, anchor: str, is_newest: bool) -> Markup:
    tone, weight = (INK, 700) if is_newest else (MUTED, 400)
    return text(_inside(at, label, spec, anchor), label, spec.size, tone, anchor=anchor, weight=weight)


def _inside(at: Point, label: str, spec: TrendSpec, anchor: str) -> Point:
    """`at`, moved sideways if the label would leave the drawing."""
    width = text_width(label, spec.size)
    left_of_x = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    return min(max(at[0], left_of_x), spec.width - width + left_of_x), at[1]


def _middle(frame: Frame, value: float, spec: TrendSpec) -> float:
    """The baseline of a text whose digits are level with `value`."""
    return frame.at(0, value)[1] + spec.size * BASELINE

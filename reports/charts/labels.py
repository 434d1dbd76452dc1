"""The numbers in a trend chart, placed so that they overlap neither lines nor each other."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reports.charts.scale import Frame
from reports.charts.specs import TrendPoint, TrendSpec
from reports.charts.svg import Point, text, text_width
from reports.palette import INK, MUTED

GAP = 3.4
BESIDE = 5.0
BASELINE = 0.36
WIDEST = 0.3
CAP_HEIGHT = 0.72
AIR = 1.8


def margins(points: Sequence[TrendPoint], spec: TrendSpec) -> tuple[float, float]:
    """The room left and right of the drawing that its labels need, each at most 30 % of the width."""
    known = [points[index].label for index in _known(points)] or [""]
    first, last = known[0], known[-1]
    left, right = text_width(first, spec.size), text_width(last, spec.size)
    target = text_width(spec.target_label, spec.size)
    if spec.every_label:
        left, right = left / 2, right / 2 + target
    else:
        left, right = left + BESIDE, max(right, target) + BESIDE
    most = spec.width * WIDEST
    return min(max(left, spec.size), most), min(max(right, spec.size), most)


def labels(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    """All numbers of the chart."""
    if spec.every_label:
        return _above_or_below(points, frame, spec)
    return _beside(points, frame, spec)


def _above_or_below(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    numbers = [_near_its_dot(points, index, frame, spec) for index in _known(points)]
    return [*numbers, *_target_after_the_newest(points, frame, spec)]


def _near_its_dot(points: Sequence[TrendPoint], index: int, frame: Frame, spec: TrendSpec) -> Markup:
    point, around = points[index], (None, *(point.actual for point in points), None)
    actual = point.actual or 0.0
    x, y = frame.at(index, actual)
    is_newest = index == len(points) - 1
    aside, is_below = _free_side(around[index], actual, around[index + 2])
    clear = GAP + 1.6 * is_newest
    baseline = y + (spec.size * CAP_HEIGHT + clear if is_below else -clear)
    at = (x + aside * spec.size * 0.75, _off_the_target(baseline, point, frame, spec, is_below))
    return _number(at, point.label, spec, anchor="middle", is_newest=is_newest)


def _known(points: Sequence[TrendPoint]) -> list[int]:
    """The months that have an actual."""
    return [index for index, point in enumerate(points) if point.actual is not None]


def _target_after_the_newest(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    target = _labelled_target(points, spec)
    if target is None:
        return []
    beside = frame.right + text_width(points[-1].label, spec.size) / 2 + 1
    at = _inside((beside, _middle(frame, target, spec)), spec.target_label, spec, "start")
    return [text(at, spec.target_label, spec.size, INK, weight=600)]


def _labelled_target(points: Sequence[TrendPoint], spec: TrendSpec) -> float | None:
    """The newest month's target; None also where the chart does not write it."""
    return points[-1].target if points and spec.target_label else None


def _off_the_target(
    baseline: float, point: TrendPoint, frame: Frame, spec: TrendSpec, is_below: bool
) -> float:
    """The baseline, moved to the far side of the dashed line where that would run through the digits."""
    if point.target is None:
        return baseline
    line, height = frame.at(0, point.target)[1], spec.size * CAP_HEIGHT
    if not baseline - height - AIR < line < baseline + AIR:
        return baseline
    return line + height + AIR if is_below else line - AIR


def _free_side(before: float | None, here: float, after: float | None) -> tuple[int, bool]:
    """Where no line runs: -1, 0 or 1 for left, straight or right, and whether below."""
    is_fall, is_rise = _is_higher(before, here), _is_higher(after, here)
    if before is None or after is None or is_fall == is_rise:
        return 0, is_fall or is_rise
    return (1 if is_fall else -1), False


def _is_higher(value: float | None, here: float) -> bool:
    return value is not None and value > here


def _beside(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    """The first known month left of its dot, the last known right of it; bold if that is the newest."""
    known, parts = _known(points), []
    if len(known) > 1:
        parts.append(_side_number(points, known[0], frame, spec, side=-1))
    if known and not _is_in_the_targets_way(points, known[-1], frame, spec):
        parts.append(_side_number(points, known[-1], frame, spec, side=1))
    return [*parts, *_target_beside(points, frame, spec)]


def _target_beside(points: Sequence[TrendPoint], frame: Frame, spec: TrendSpec) -> list[Markup]:
    target = _labelled_target(points, spec)
    if target is None:
        return []
    y, actual = _middle(frame, target, spec), points[-1].actual
    if actual is not None and abs(y - _middle(frame, actual, spec)) < spec.size:
        return []  # too close to tell apart: the dashed line then says it alone
    at = _inside((frame.right + BESIDE, y), spec.target_label, spec, "start")
    return [text(at, spec.target_label, spec.size, INK)]


def _is_in_the_targets_way(points: Sequence[TrendPoint], index: int, frame: Frame, spec: TrendSpec) -> bool:
    """Whether an older month's number, with nothing after it, would run into the target's number."""
    point, target = points[index], _labelled_target(points, spec)
    if index == len(points) - 1 or target is None:
        return False
    reach = frame.x(index) + BESIDE + text_width(point.label, spec.size)
    level = abs(_middle(frame, point.actual or 0.0, spec) - _middle(frame, target, spec))
    return reach > frame.right and level < spec.size


def _side_number(
    points: Sequence[TrendPoint], index: int, frame: Frame, spec: TrendSpec, *, side: int
) -> Markup:
    point = points[index]
    at = (frame.x(index) + side * BESIDE, _middle(frame, point.actual or 0.0, spec))
    is_newest = index == len(points) - 1
    return _number(at, point.label, spec, anchor="end" if side < 0 else "start", is_newest=is_newest)


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

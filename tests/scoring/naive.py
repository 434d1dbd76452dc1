"""Every rule again, from its words, in fractions and without the product's code."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

F = Fraction


def proportional(params: Mapping[str, Any], attainment: F) -> F:
    """按实际与目标值的比例计分."""
    return max(F(params["floor"]), min(F(params["cap"]), 100 * attainment))


def bands(params: Mapping[str, Any], attainment: F) -> F:
    """目标达成 X 分; 80%-100% Y 分; 低于 80% Z 分."""
    score = F(params["bands"][0]["score"])
    for band in params["bands"]:
        if attainment >= F(band["from"]):
            score = F(band["score"])
    return score


def _stairs(side: Mapping[str, Any], distance: F, *, is_partial: bool) -> F:
    if is_partial:
        return distance / F(side["per"]) * F(side["points"])
    return distance // F(side["per"]) * F(side["points"])


def step(params: Mapping[str, Any], attainment: F) -> F:
    """每低5%扣2分,最高扣10分; 每高1%加0.5分."""
    if attainment < 1:
        below = params["below"]
        return 100 - min(F(below["at_most"]), _stairs(below, 1 - attainment, is_partial=params["partial"]))
    above = params["above"]
    return 100 + min(F(above["at_most"]), _stairs(above, attainment - 1, is_partial=params["partial"]))


def base_and_bonus(params: Mapping[str, Any], attainment: F) -> F:
    """达到计划给 B 分; 每超1%加1分, C 分为上限; 每低1%扣1分, 扣完为止."""
    base = F(params["base"])
    if attainment < 1:
        lost = _stairs(params["below"], 1 - attainment, is_partial=params["partial"])
        points = max(F(params["floor"]), base - lost)
    else:
        won = _stairs(params["above"], attainment - 1, is_partial=params["partial"])
        points = min(F(params["cap"]), base + won)
    return points / base * 100


def piecewise_linear(params: Mapping[str, Any], attainment: F) -> F:
    """A line through anchors, level outside of them."""
    anchors = [(F(anchor["at"]), F(anchor["score"])) for anchor in params["anchors"]]
    if attainment <= anchors[0][0]:
        return anchors[0][1]
    for (left, low), (right, high) in itertools.pairwise(anchors):
        if left < attainment <= right:
            share = (attainment - left) / (right - left)
            return low * (1 - share) + high * share
    return anchors[-1][1]


def tolerance(params: Mapping[str, Any], actual: F, target: F) -> F:
    """误差 ≤5% / 5-8% / >8%."""
    for limit in params["limits"][:-1]:
        if abs(actual - target) / target <= F(limit["up_to"]):
            return F(limit["score"])
    return F(params["limits"][-1]["score"])


def all_or_some(params: Mapping[str, Any], measures: Mapping[str, F]) -> F:
    """达成两个 / 一个 / 皆未达成."""
    met = sum(bool(eval(condition, {}, dict(measures))) for condition in params["conditions"])  # noqa: S307
    return F(params["scores"][met])


def event(params: Mapping[str, Any], events: int) -> F:
    """每发生 1 次违规扣 2 分, 扣完为止."""
    return max(100 - events * F(params["deduction"]), F(params["floor"]))


def veto(params: Mapping[str, Any], events: int) -> F:
    """一票否决."""
    return F(params["value"]) if events else F(100)


def qualitative(params: Mapping[str, Any], level: str) -> F:
    """优秀15 良好10 一般5 差0."""
    return F(params["levels"][level]) * 100 / F(params["out_of"])

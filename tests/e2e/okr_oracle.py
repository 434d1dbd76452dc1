"""The objectives of the example again, by plain loops over the oracle's sums of months.

It shares no code with the product, and reads the book's files itself.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.e2e.oracle import Month, Oracle


class Result(NamedTuple):
    """A key result as it must come out; None is not available."""

    current: Fraction | None
    progress: Fraction | None
    score: Fraction | None


class Goals:
    """The objectives of a book, over the oracle's measures."""

    def __init__(self, config: Path, oracle: Oracle) -> None:
        self.oracle = oracle
        self.objectives: dict[str, Any] = {
            path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (config / "okrs").glob("*.yaml")
        }
        lines = (config / "okrs/check-ins.csv").read_text("utf-8").splitlines()
        self.check_ins = sorted(csv.DictReader(lines), key=lambda row: row["on"])

    def of(self, team: str, month: Month) -> dict[str, dict[str, Result]]:
        """The key results of the team's objectives of the quarter that the month lies in."""
        quarter = f"{month[0]}-Q{(month[1] + 2) // 3}"
        return {
            name: {key: self._result(name, key, month) for key in goal["key_results"]}
            for name, goal in self.objectives.items()
            if (goal["team"], goal["period"]) == (team, quarter)
        }

    def score(self, name: str, results: dict[str, Result]) -> Fraction | None:
        """The mean of the scores by weight."""
        total, weights = Fraction(0), Fraction(0)
        for key, result in results.items():
            if result.score is not None:
                weight = Fraction(str(self.objectives[name]["key_results"][key]["weight"]))
                total, weights = total + weight * result.score, weights + weight
        return hundredths(total / weights) if weights else None

    def _result(self, name: str, key: str, month: Month) -> Result:
        item = self.objectives[name]["key_results"][key]
        last_day = date(month[0] + month[1] // 12, month[1] % 12 + 1, 1) - timedelta(days=1)
        said = [
            row
            for row in self.check_ins
            if (row["objective"], row["key_result"]) == (name, key) and row["on"] <= last_day.isoformat()
        ]
        start, target = Fraction(str(item.get("start", 0))), Fraction(str(item.get("target", 1)))
        if "milestone" in item:
            is_done = bool(said) and said[-1]["done"] == "yes"
            current = (
                Fraction(said[-1]["value"]) if said and said[-1]["value"] else target if is_done else None
            )
            return Result(current, _way(start, target, current), Fraction(int(is_done)))
        if "check_in" in item:
            current = Fraction(said[-1]["value"]) if said else None
        else:
            current = self._measured(self.objectives[name]["team"], item, month)
        progress = _way(start, target, current)
        return Result(
            current, progress, None if progress is None else self._score(item, start, target, progress)
        )

    def _measured(self, team: str, item: dict[str, Any], month: Month) -> Fraction | None:
        sums: defaultdict[str, Fraction] = defaultdict(Fraction)
        first = (month[1] - 1) // 3 * 3 + 1
        for number in range(first, month[1] + 1):
            for measure, value in self.oracle.sums[team, (month[0], number)].items():
                sums[measure] += value
        formula = item["measure"] if "measure" in item else self.oracle.kpis[item["kpi"]]["formula"]
        try:
            return Fraction(eval(formula, {}, dict(sums)))  # noqa: S307
        except (NameError, ZeroDivisionError):
            return None

    def _score(self, item: dict[str, Any], start: Fraction, target: Fraction, progress: Fraction) -> Fraction:
        """Along the polygon from (0, 0) through the anchors, with all places as shares of the way."""
        points = [(Fraction(0), Fraction(0))]
        for anchor in item.get("scores", [{"at": target, "score": 1}]):
            place = (Fraction(str(anchor["at"])) - start) / (target - start)
            points.append((place, Fraction(str(anchor["score"]))))
        worth = points[-1][1] if progress > points[-1][0] else Fraction(0)
        for index in range(1, len(points)):
            (left, low), (right, high) = points[index - 1], points[index]
            if left <= progress <= right:
                worth = low + (high - low) * (progress - left) / (right - left)
        return hundredths(worth)


def _way(start: Fraction, target: Fraction, current: Fraction | None) -> Fraction | None:
    return None if current is None else (current - start) / (target - start)


def hundredths(value: Fraction) -> Fraction:
    """Half-up to two digits."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)

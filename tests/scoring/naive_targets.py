"""What is agreed and what is to be reached, again from the words: day by day, in fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

F = Fraction
Row = Mapping[str, Any]


def days_between(first: date, end: date) -> list[date]:
    """Every day from `first` up to, not including, `end`."""
    return [first + timedelta(days=n) for n in range((end - first).days)]


def row_on(rows: Sequence[Row], day: date) -> Row | None:
    """The row that was agreed on last of those that are for that day."""
    valid = [row for row in rows if row["from"] <= day < row["until"]]
    return max(valid, key=lambda row: row["agreed_on"] or date.min) if valid else None


def scored_by(
    rows: Sequence[Row], policy: str, first: date, end: date, basis: F | None
) -> tuple[F, F, F] | str | None:
    """Low end, high end and weight of one KPI's period; `no_target`; None where it is not on the card."""
    on_days = [(day, row_on(rows, day)) for day in days_between(first, end)]
    held = [row for _, row in on_days if row is not None]
    if policy == "latest":
        held = [row for row in [on_days[-1][1]] if row is not None]
    if policy == "original":
        held = [row for row in [on_days[0][1]] if row is not None]
    if not held:
        return None
    newest = next(row for _, row in reversed(on_days) if row is not None)
    weight = sum(F(row["weight"]) for row in held) / len(held)
    if policy == "prorate":
        weight = sum(F(row["weight"]) for row in held) / len(on_days)
    if newest["kind"] in ("milestone", "cumulative") or not alike(held):
        held = [newest]
    ends = [reached(row, end, basis) for row in held]
    if any(isinstance(of_day, str) for of_day in ends):
        return "no_target"
    lows, highs = zip(*ends, strict=True)
    return sum(lows) / len(lows), sum(highs) / len(highs), weight


def alike(rows: Sequence[Row]) -> bool:
    """Numbers can be averaged with numbers, ranges with ranges."""
    kinds = {row["kind"] for row in rows}
    return kinds <= {"absolute", "growth"} or kinds == {"range"}


def reached(row: Row, end: date, basis: F | None) -> tuple[F, F] | str:
    """What one row asks for at the end of a period."""
    match row["kind"]:
        case "range":
            return F(row["low"]), F(row["high"])
        case "growth":
            if basis is None or basis <= 0:
                return "no_target"
            return basis * (1 + F(row["target"])), basis * (1 + F(row["target"]))
        case "cumulative":
            year = date((end - timedelta(days=1)).year, 1, 1)
            share = F(len(days_between(year, min(end, row["until"]))), len(days_between(year, row["until"])))
            return F(row["target"]) * share, F(row["target"]) * share
        case "milestone":
            days = F(len(days_between(row["from"], row["due"])) + 1)
            return days, days
        case _:
            return F(row["target"]), F(row["target"])


def in_range(low: F, high: F, actual: F) -> F:
    """Within the range is on target; below actual / low, above high / actual."""
    if actual < low:
        return actual / low
    return high / actual if actual > high else F(1)


def milestone(row: Row, last_day: date, done_on: date | None) -> F | str:
    """Planned days / days taken, both counting the first day; not done is 0 once it is due."""
    if done_on is not None and done_on <= last_day:
        taken = max(1, len(days_between(row["from"], done_on)) + 1) if done_on >= row["from"] else 1
        return F(len(days_between(row["from"], row["due"])) + 1, taken)
    return "not_due" if last_day < row["due"] else F(0)

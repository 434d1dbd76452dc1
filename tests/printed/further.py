"""What books may ask for besides: objectives, the year to date, what is left of targets, and drivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from scoring.drivers.effects import Amounts, Moved
from scoring.drivers.members import By, Driver, Member
from scoring.drivers.note import DriversNote
from scoring.drivers.noting import note_of
from scoring.drivers.quotient import Quotient, quotient_of
from scoring.formula import Formula
from scoring.kpi import Unit
from scoring.okr.agreed import Ambition, Anchor, KeyResult, Objective, Way
from scoring.okr.known import KeyValue
from scoring.okr.objectives import score_objectives
from scoring.okr.result import ObjectiveResult
from scoring.outlook import Outlook
from scoring.period import Period
from scoring.scorecard import KpiResult, Scorecard
from scoring.text import LocalText
from scoring.to_date import YearToDate
from scoring.working import MeasureValue, Reason

D = Decimal
LAST = date(2026, 10, 31)
MEMBERS = ("Search <b>", "=1+1", "-2", "品牌", "عملاء 7", "C 6", "C 7")
Measures = Mapping[Any, Decimal]


def with_further(card: Scorecard, seed: int, number: int, measures: Measures) -> Scorecard:
    """The card with some of them; which is by its number, so that a few cards have all."""
    chance = Random(f"{seed}:{number}:further")
    asked = (number % 4 in (0, 1), number % 4 in (2, 3))
    areas = tuple(
        replace(area, results=tuple(_line(chance, each, measures, asked) for each in area.results))
        for area in card.areas
    )
    return replace(card, areas=areas, objectives=_objectives(chance) if number % 4 in (1, 2) else ())


def _line(chance: Random, line: KpiResult, measures: Measures, asked: tuple[bool, bool]) -> KpiResult:
    if not line.formula:
        return line
    line = replace(line, drivers=_drivers(chance, line, measures))
    has_year, looks_ahead = asked
    if has_year and chance.random() < 0.8:
        line = replace(line, year_to_date=_year(chance, line))
    if looks_ahead and line.unit in ("count", "money") and line.target:
        line = replace(line, outlook=_outlook(chance, line.target))
    return line


def _year(chance: Random, line: KpiResult) -> YearToDate:
    """Over ten times what the month has, more or less; sometimes of nothing."""
    sums = {
        each.name: D(chance.randint(1, 10**7)) / 100 * (each.value or 1)
        for each in line.measures
        if chance.random() < 0.9
    }
    value = Formula.parse(line.formula).evaluate(sums)
    actual, reason = (None, value) if isinstance(value, Reason) else (value, None)
    known = tuple(replace(each, value=sums.get(each.name)) for each in line.measures)
    lacking = ("2026-02", "2026-03")[: chance.choice((0, 0, 1, 2))]
    return YearToDate(chance.choice(("2026-01-01", "2026-04-01")), actual, known, reason, lacking)


def _outlook(chance: Random, goal: Decimal) -> Outlook:
    days, left = chance.randint(1, 20), chance.randint(0, 9)
    so_far = (goal * D(chance.randint(200, 1100)) / 1000).quantize(D("0.01"))
    forecast, needed = so_far * (days + left) / days, goal - so_far
    tried = chance.choice((0, 3, 4, 12))
    low, high = (forecast * D("0.913"), forecast * D("1.2")) if tried >= 4 else (None, None)
    return Outlook(
        through="2026-10-19",
        until="2026-10-31",
        goal=goal,
        so_far=so_far,
        days=days,
        days_left=left,
        pace=so_far / days,
        needed=needed / left if left and needed > 0 else None,
        forecast=forecast,
        tried=tried,
        mean_error=D("0.0585") if tried else None,
        low=low,
        high=high,
    )


# --- drivers ---------------------------------------------------------------------------------------


def _drivers(chance: Random, line: KpiResult, measures: Measures) -> DriversNote | None:
    """By members among whom each measure is shared out; nothing where a figure is missing."""
    quotient = quotient_of(Formula.parse(line.formula))
    base = Period(2026, 9)
    names = [each.name for each in line.measures]
    sides = [[measures.get((period, name)) for name in names] for period in (base, Period(2026, 10))]
    past = next((point.actual for point in line.history if point.period == str(base)), None)
    if quotient is None or past is None or line.actual is None or None in (*sides[0], *sides[1]):
        return None
    members = _members(chance, quotient, names, [[each or D(0) for each in side] for side in sides])
    digits = line.decimals + (4 if line.unit == "percent" else 2)
    return note_of(
        str(base), (past, line.actual), quotient, members, digits, has_rates=quotient.below is not None
    )


def _members(
    chance: Random, quotient: Quotient, names: Sequence[str], sides: Sequence[Sequence[Decimal]]
) -> list[Driver]:
    count = chance.randint(1, len(MEMBERS))
    shares = [Fraction(chance.randint(0, 9)) for _ in range(count - 1)]
    shares.append(10 - sum(shares))
    found = []
    for name, share in zip(MEMBERS, shares, strict=False):
        values = [
            {measure: Fraction(value) * share / 10 for measure, value in zip(names, side, strict=True)}
            for side in sides
        ]
        moved = Moved(*(_amounts(quotient, each) for each in values))
        found.append(Driver(Member(By.CAMPAIGN, ("campaign", name), name), *values, moved))
    return found


def _amounts(quotient: Quotient, values: Mapping[str, Fraction]) -> Amounts:
    below = Fraction(0) if quotient.below is None else quotient.below.of(values)
    return Amounts(quotient.above.of(values), below)


# --- objectives ------------------------------------------------------------------------------------


def _objectives(chance: Random) -> tuple[ObjectiveResult, ...]:
    goals = [_objective(chance, number) for number in range(1, chance.randint(2, 4))]
    values = {
        goal.ref(item): _known(chance, item)
        for goal in goals
        for item in goal.key_results
        if chance.random() < 0.9
    }
    return score_objectives(goals, values, LAST)


def _objective(chance: Random, number: int) -> Objective:
    count = chance.randint(1, 4)
    return Objective(
        f"goal{number}",
        LocalText(f"Goal {number}", f"愿景 {number}"),
        "team",
        chance.choice((Period.parse("2026-Q4"), Period.parse("2026"), Period(2026, 10))),
        chance.choice([*Ambition]),
        tuple(_key_result(chance, f"{number}{at}", D(100) / count) for at in range(count)),
    )


def _key_result(chance: Random, at: str, weight: Decimal) -> KeyResult:
    name, weight = LocalText(f"Way {at}", f"路径 {at}"), weight.quantize(D("0.1"))
    if chance.random() < 0.2:
        return KeyResult(f"way{at}", name, weight, Way.MILESTONE, due=date(2026, 10, chance.randint(1, 31)))
    unit = chance.choice([*Unit])
    size = D(10) ** (-2 if unit is Unit.PERCENT else chance.randint(0, 9))
    start, target = (size * chance.randint(1, 99) for _ in range(2))
    target += size * 100 * chance.choice((-1, 1))
    scores = (Anchor(start + (target - start) / 4, D("0.3")), Anchor(target, D(1)))
    return KeyResult(
        f"way{at}",
        name,
        weight,
        Way.CHECK_IN,
        start,
        target,
        unit,
        chance.choice((0, 1, 2)),
        scores=chance.choice(((), scores)),
    )


def _known(chance: Random, item: KeyResult) -> KeyValue:
    if item.way is Way.MILESTONE:
        return KeyValue(done_on=chance.choice((None, date(2026, 10, 20))))
    value = item.start + (item.target - item.start) * D(chance.randint(-300, 1300)) / 1000
    measures = (MeasureValue("leads", value),)
    return KeyValue(value, formula="leads", measures=measures)

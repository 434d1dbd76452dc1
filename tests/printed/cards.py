"""Cards to print: each by a seed and a number, of random rules, units, figures and books, scored by the engine."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from scoring.aims import ABSOLUTE, Range
from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.conditional import Extra
from scoring.evidence import FileEvidence, Finding, RateEvidence, SourceEvidence
from scoring.known import Judgement
from scoring.kpi import Area, Attainment, Direction, Kpi, Method, RuleSpec, Target, Unit
from scoring.pay import pay_of
from scoring.policy import NotAvailable, ScoringPolicy
from scoring.scorecard import Scorecard
from scoring.text import LocalText
from tests.printed.further import with_further
from tests.reports.workbook_cards import (
    BY_TARGET,
    EVENTS,
    EXCESS,
    FLAT,
    GRADES,
    LEVELS,
    PERIOD,
    POLICY,
    WITHIN,
    asked,
    conditions,
    veto,
)

D = Decimal
AREAS = (
    Area("promotion", LocalText("Promotion", "推广")),
    Area("brand", LocalText("Brand", "品牌")),
    Area("service", LocalText("Service", "服务")),
)
NAMES = (
    "Leads",
    "=HYPERLINK(1)",
    "+1+1 <b>&amp;",
    "-2+3",
    "@SUM(A1)",
    "线索",
    "عملاء",
    "R&D 2.0 costs 5 points",
)
CURRENCIES = ("EUR", "CNY", "JPY", "KWD")
DECIMALS = {
    Unit.COUNT: (0, 0, 1),
    Unit.MONEY: (0, 2, 2),
    Unit.PERCENT: (0, 1, 2),
    Unit.RATIO: (2,),
    Unit.INDEX: (1,),
    Unit.DAYS: (0, 1),
}
SIZES = {
    Unit.COUNT: (0, 13),
    Unit.MONEY: (-1, 16),
    Unit.PERCENT: (-4, 1),
    Unit.RATIO: (-2, 3),
    Unit.INDEX: (0, 2),
    Unit.DAYS: (0, 3),
}
"""The powers of ten that figures are between."""
JUDGED = ("events", "levels", "conditions", "veto")
RULES = (*(rule.name for rule in BY_TARGET), *JUDGED)
POLICIES: tuple[ScoringPolicy, ...] = (
    POLICY,
    replace(POLICY, digits=0, not_available=NotAvailable.ZERO),
    replace(POLICY, digits=2, grades=GRADES, pay=pay_of(FLAT)),
    replace(POLICY, sum_unrounded=True, grades=GRADES, pay=pay_of(EXCESS)),
    replace(POLICY, total_limits=(D(0), D("80.04"))),
    replace(POLICY, extras=(Extra(LocalText("Bonus", "奖励"), D("2.5"), asked(("k1", 90))),), grades=GRADES),
)


def card(seed: int, number: int) -> Scorecard:
    """The card of that number, always the same. Each rule, unit and book comes again after a few numbers."""
    chance = Random(f"{seed}:{number}")
    rows = [_Row(chance, index, number) for index in range(1, chance.randint(4, 11))]
    weights = _weights(chance, len(rows))
    measures: dict[Any, Decimal] = {}
    for row in rows:
        measures |= row.measures
    scored = score_card(
        CardInputs(
            organisation=LocalText("Example <& 1,000> Ltd", "示例 <& 1,000> 公司"),
            team_id="team",
            team_name=LocalText("Team 99.9", "团队 99.9"),
            manager_name="Zoë 王薇",
            language="zh_CN" if number % 2 else "en",
            currency_code=CURRENCIES[number // 2 % len(CURRENCIES)],
            period=PERIOD,
            kpis={row.kpi.id: row.kpi for row in rows},
            areas=AREAS,
            targets=tuple(
                replace(row.target, weight=weight) for row, weight in zip(rows, weights, strict=True)
            ),
            measures=measures,
            policy=POLICIES[number % len(POLICIES)],
            findings=_findings(chance, rows),
            rates=(RateEvidence("USD", _near(chance, D(1), 10), _near(chance, D(1), 10), "eurofx"),),
            sources=_sources(chance),
            history=13,
            judgements={(PERIOD, row.kpi.id): row.said for row in rows},
            measure_units={f"m{row.kpi.id}": "money" for row in rows if row.kpi.unit is Unit.MONEY},
        ),
        1 + number % 3,
    )
    return with_further(scored, seed, number, measures)


class _Row:
    """A KPI with what was agreed, measured and said."""

    def __init__(self, chance: Random, index: int, number: int) -> None:
        self.said, self.measures, kpi_id = Judgement(), {}, f"k{index}"
        rule = RULES[(number * 5 + index) % len(RULES)]
        unit = chance.choice([*DECIMALS])
        spec, how = self._judged(chance, rule, index) if rule in JUDGED else (_spec(rule), _method(chance))
        is_range = rule == WITHIN.name or (rule == "bands" and chance.random() < 0.3)
        goal = D(10) ** chance.randint(*SIZES[unit]) * D(chance.randint(100, 999)) / 100
        lower = rule in JUDGED or chance.random() < 0.3
        self.kpi = Kpi(
            id=kpi_id,
            name=LocalText(*(f"{chance.choice(NAMES)} {string.ascii_uppercase[index]}",) * 2),
            description=LocalText("What it is for.", "用途。"),
            why=None,
            owner=None,
            area=AREAS[min(index // 4, 2)].id,
            unit=Unit.COUNT if rule in JUDGED else unit,
            decimals=0 if rule in JUDGED else chance.choice(DECIMALS[unit]),
            direction=Direction.RANGE if is_range else Direction.LOWER if lower else Direction.HIGHER,
            formula=self._measured(chance, index, unit, goal) if rule not in JUDGED else "",
            rule=spec,
            lag_days=0,
            review_date=None,
            attainment=Attainment() if is_range else how,
        )
        ends = Range(goal * D("0.9"), goal * D("1.075"))
        is_agreed = rule not in JUDGED and not is_range
        self.target = Target(
            "team",
            kpi_id,
            date(2025, 1, 1),
            date(2027, 1, 1),
            goal if is_agreed else None,
            D(0),
            "",
            "",
            ends if is_range else ABSOLUTE,
        )

    def _measured(self, chance: Random, index: int, unit: Unit, goal: Decimal) -> str:
        """The formula over measures, which are near the target, mostly, or are not there."""
        is_quotient = unit in (Unit.PERCENT, Unit.RATIO)
        missing = chance.random() < 0.1
        for back, period in enumerate(reversed(PERIOD.window(13))):
            if (back == 0 and missing) or chance.random() < 0.05:
                continue
            reached = goal * D(chance.choice((0, -1, *[1] * 18))) * D(chance.randint(300, 1500)) / 1000
            if is_quotient:
                below = D(chance.randint(3, 99999))
                self.measures[period, f"a{index}"] = _rounded(reached * below, chance.randint(0, 3))
                self.measures[period, f"b{index}"] = below
            else:
                self.measures[period, f"mk{index}"] = _rounded(reached, chance.randint(0, 5))
        return f"a{index} / b{index}" if is_quotient else f"mk{index}"

    def _judged(self, chance: Random, rule: str, index: int) -> tuple[RuleSpec, Attainment]:
        is_said = chance.random() < 0.9
        if rule == "levels":
            self.said = Judgement(level=chance.choice(("good", "Good", "差")) if is_said else None)
            return LEVELS, Attainment()
        if rule == "conditions":
            names = (f"x{index}", f"y{index}")
            self.measures = {(PERIOD, name): D(chance.randint(1, 60)) for name in names if is_said}
            return conditions(*names), Attainment()
        self.said = Judgement(events=chance.choice((0, 0, 1, 3)) if is_said else None)
        scope = chance.choice(("kpi", "kpi", "area", "card"))
        return (EVENTS if rule == "events" else veto(scope, chance.choice((30, 60)))), Attainment()


def _spec(name: str) -> RuleSpec:
    return next(rule for rule in BY_TARGET if rule.name == name)


def _method(chance: Random) -> Attainment:
    return chance.choice((Attainment(), Attainment(), Attainment(Method.COMPLEMENT)))


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(D(1).scaleb(-digits))


def _near(chance: Random, value: Decimal, digits: int) -> Decimal:
    return _rounded(value * D(chance.randint(80000, 120000)) / 100000, digits)


def _weights(chance: Random, number: int) -> list[Decimal]:
    """They sum to 100, in whole or half percents."""
    cuts = sorted(chance.sample(range(1, 200), number - 1))
    return [D(end - start) / 2 for start, end in zip([0, *cuts], [*cuts, 200], strict=True)]


def _findings(chance: Random, rows: list[_Row]) -> tuple[Finding, ...]:
    kpi_ids = tuple(row.kpi.id for row in rows[:2])
    found = Finding("missing_days", "google_ads", "871-220-4410", ("2026-10-03", "2026-10-04"), kpi_ids)
    return (found,) * (chance.random() < 0.3)


def _sources(chance: Random) -> tuple[SourceEvidence, ...]:
    file = FileEvidence("google_ads/871/report 2026-10.csv", "ab" * 32, chance.randint(0, 10**7))
    return (
        SourceEvidence("google_ads", LocalText("Google Ads", "谷歌广告"), "871", str(PERIOD), "EUR", (file,)),
    )

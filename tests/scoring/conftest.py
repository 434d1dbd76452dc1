"""A small book to score: two areas, four KPIs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from scoring.card.inputs import CardInputs
from scoring.kpi import Area, Direction, Kpi, RuleSpec, Target, Unit
from scoring.period import Period
from scoring.policy import ScoringPolicy
from scoring.text import LocalText

D = Decimal
MONTH = Period(2026, 10)
RULE = RuleSpec("proportional", {"cap": 120, "floor": 0})


def both(text: str) -> LocalText:
    return LocalText(text, text)


def make_kpi(kpi_id: str, area: str, formula: str, direction: Direction = Direction.HIGHER) -> Kpi:
    return Kpi(
        id=kpi_id,
        name=both(kpi_id),
        description=both(kpi_id),
        why=both("why"),
        owner=both("owner"),
        area=area,
        unit=Unit.COUNT,
        decimals=0,
        direction=direction,
        formula=formula,
        rule=RULE,
        lag_days=0,
        review_date=date(2027, 1, 1),
    )


KPIS = {
    kpi.id: kpi
    for kpi in (
        make_kpi("leads", "promotion", "leads"),
        make_kpi("cost", "promotion", "spend / leads", Direction.LOWER),
        make_kpi("rate", "brand", "engagements / reach"),
        make_kpi("posts", "brand", "posts"),
    )
}


def make_target(
    kpi_id: str,
    target: str,
    weight: str,
    valid_from: date = date(2026, 1, 1),
    valid_until: date = date(2027, 1, 1),
) -> Target:
    return Target("eu-brand", kpi_id, valid_from, valid_until, D(target), D(weight), "board", "plan")


TARGETS = (
    make_target("leads", "100", "40"),
    make_target("cost", "5", "25"),
    make_target("rate", "0.05", "20"),
    make_target("posts", "10", "15"),
)
MEASURES = {"leads": "90", "spend": "500", "engagements": "30", "reach": "600", "posts": "13"}


@pytest.fixture
def inputs() -> Callable[..., CardInputs]:
    """Card inputs of October 2026, with anything replaced by name; measures as text by name."""

    def build(measures: dict[str, str] | None = None, **changed: object) -> CardInputs:
        values = MEASURES if measures is None else measures
        parts: dict[str, object] = {
            "organisation": both("Org"),
            "team_id": "eu-brand",
            "team_name": both("Brand"),
            "manager_name": "M",
            "language": "en",
            "currency_code": "EUR",
            "period": MONTH,
            "kpis": KPIS,
            "areas": (Area("promotion", both("P")), Area("brand", both("B")), Area("research", both("R"))),
            "targets": TARGETS,
            "measures": {(MONTH, name): D(value) for name, value in values.items()},
            "policy": ScoringPolicy(1, D(95), D(80)),
            "findings": (),
            "rates": (),
            "sources": (),
            "history": 3,
        }
        return CardInputs(**{**parts, **changed})  # type: ignore[arg-type]

    return build


@pytest.fixture
def target() -> Callable[..., Target]:
    return make_target

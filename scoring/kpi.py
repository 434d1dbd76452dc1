"""What a KPI is: a reviewed definition whose id is never redefined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scoring.aims import ABSOLUTE, Aim
from scoring.period import Cadence
from scoring.text import LocalText


class Direction(StrEnum):
    """Which way is better; `range` is neither: best is within the range, or on the number, agreed."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


class Unit(StrEnum):
    """What a KPI's number counts; presenters choose the format by it.

    A `percent` KPI is held as a fraction (0.25 is shown as 25 %); `index` is a plain
    number such as an NPS, from -100 to 100; `ratio` is "x to 1" (a ROAS of 4.2); `days` is a time taken.
    """

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    INDEX = "index"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """Which scoring rule a KPI uses, by its registered name, and its checked parameters."""

    name: str
    params: Mapping[str, object]

    def __hash__(self) -> int:
        """By name alone, because parameters are mappings: enough for a rule to be read once and kept."""
        return hash(self.name)


class Method(StrEnum):
    """How attainment is worked out; the formulas are in `scoring.targets.attainment`."""

    QUOTIENT = "quotient"
    COMPLEMENT = "complement"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Attainment:
    """A KPI's method; `baseline` is the starting value, for that method only.

    `at_zero` is what an actual of 0 attains where lower is better and a quotient would divide by it.
    """

    method: Method = Method.QUOTIENT
    baseline: Decimal | None = None
    at_zero: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A business area of the cards, such as product promotion."""

    id: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI definition, as reviewed in `config/kpis/<id>.yaml` or in the product's dictionary.

    `description` may be empty; what else a definition need not say is None.

    `formula` is arithmetic over measure names; `decimals` is what the presenter shows (of the percentage for
    `percent`); `lag_days` is after how many days its data is complete. From `deprecated_on` on it has no
    targets: another KPI, with its own id, replaces it. It `adds_up` if its figure over some days is the sum
    of those of each day; `adding_up` are the formulas of its rule's conditions that do. Cards say what moved
    it if it has `drivers`.
    """

    id: str
    name: LocalText
    description: LocalText
    why: LocalText | None
    owner: LocalText | None
    area: str
    unit: Unit
    decimals: int
    direction: Direction
    formula: str
    rule: RuleSpec
    lag_days: int | None
    review_date: date | None
    attainment: Attainment = Attainment()
    deprecated_on: date | None = None
    adds_up: bool = False
    adding_up: frozenset[str] = frozenset()
    drivers: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a team agreed to reach for a KPI from `valid_from` up to, not including, `valid_until`.

    `target` is in the KPI's unit, a fraction for growth, and None where the kind has no number; `weight`
    is the share of the card in percent points. A row that was agreed on later supersedes, on its own
    days, those agreed on before; None is before all others. `per` is the length of period it is for.
    One that only `informs` has no weight: its KPI is on the card and does not count.
    """

    team_id: str
    kpi_id: str
    valid_from: date
    valid_until: date
    target: Decimal | None
    weight: Decimal
    approved_by: str
    reason: str
    aim: Aim = ABSOLUTE
    agreed_on: date | None = None
    per: Cadence = Cadence.MONTH
    informs: bool = False

    @property
    def takes_off(self) -> bool:
        """Whether it takes the KPI off the card on its days."""
        return not self.weight and not self.informs

    @property
    def known_since(self) -> date:
        """The day it was agreed on; before every other where the row does not say it."""
        return self.agreed_on or date.min

    def is_valid_on(self, day: date) -> bool:
        """Whether the row is for that day, if no other supersedes it."""
        return self.valid_from <= day < self.valid_until

"""一票否决: a grave event sets the KPI, its area or the whole card to a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import HUNDRED
from scoring.cells import InCells, settings_of
from scoring.errors import BookError
from scoring.rules.case import Case, Needs, number, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule, Scope
from scoring.rules.threshold import Unsolvable
from scoring.working import Operand, Reason, Working

NAME = "veto"


@dataclass(frozen=True, slots=True)
class Veto(Rule):
    """100 without events; with one or more, `value`, which the card applies to the whole `scope`."""

    scope: Scope
    value: Decimal
    needs: ClassVar[Needs] = Needs.EVENTS
    parameters: ClassVar[Parameters] = Parameters(fixed=("scope", "value"))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return HUNDRED

    def score(self, case: Case) -> Working | Reason:
        """The score; `applied` is `veto` if it applies. `no_data` if nobody has entered anything."""
        if case.events is None:
            return Reason.NO_DATA
        operands = (
            Operand("events", Decimal(case.events)),
            Operand("scope", self.scope.value),
            Operand("value", self.value),
        )
        struck = case.events > 0
        return Working(NAME, operands, ("veto",) if struck else (), self.value if struck else HUNDRED)

    def solve(self, score: Decimal) -> Unsolvable:
        """The score does not depend on an attainment."""
        return Unsolvable("people count the events")

    @property
    def in_cells(self) -> InCells:
        """The value as soon as there is an event."""
        return InCells("IF({events}>0,{value},100)", settings_of(value=self.value))

    @property
    def veto(self) -> tuple[Scope, Decimal]:
        """What it sets, and to which value."""
        return (self.scope, self.value)


def parse(params: Mapping[str, object]) -> Veto:
    """Read `{scope: kpi | area | card, value}`; raises `BookError` unless 0 <= value < 100."""
    refuse_unknown(NAME, params, frozenset({"scope", "value"}))
    value = number(NAME, "value", params["value"])
    if params["scope"] not in set(Scope):
        raise BookError(f"rule {NAME}: expected a scope of {', '.join(Scope)}, found {params['scope']!r}.")
    if not 0 <= value < HUNDRED:
        raise BookError(f"rule {NAME}: expected a value from 0 to under 100, found {value}.")
    return Veto(Scope(str(params["scope"])), value)


KIND = Kind(NAME, Veto, parse)

"""达成两个 / 一个 / 皆未达成: a score by how many of several conditions over measures are met."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from scoring.arithmetic import EXACT, HUNDRED
from scoring.cells import MOST_CHOICES, InCells, chosen, numbered, to_edge
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.rules.case import Case, Needs, is_list, number, refuse_unknown
from scoring.rules.parameters import Parameters
from scoring.rules.rule import Kind, Rule
from scoring.rules.threshold import Unsolvable
from scoring.working import Operand, Reason, Working

NAME = "all_or_some"

_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(r"(.+?)\s*(>=|<=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula over measures held against a number."""

    text: str
    formula: Formula
    comparison: str
    bound: Decimal

    @property
    def is_open(self) -> bool:
        """Whether the number itself does not count."""
        return self.comparison in (">", "<")

    @property
    def is_least(self) -> bool:
        """Whether it asks for more than the number, and not for less."""
        return self.comparison in (">", ">=")

    def excludes(self, most: Condition) -> bool:
        """Whether nothing is both at least this and at most the other."""
        return self.bound > most.bound or (self.bound == most.bound and (self.is_open or most.is_open))

    def is_met(self, case: Case) -> bool | Reason:
        """Whether it holds; a `Reason` where its formula has no value."""
        value = self.formula.evaluate(case.measures)
        if isinstance(value, Reason):
            return value
        # held against each other as products: a quotient could be rounded onto the number
        days, of_days = case.part_of(self.formula.text) or (1, 1)
        return _COMPARISONS[self.comparison](EXACT.multiply(value, of_days), EXACT.multiply(self.bound, days))

    def shown(self, case: Case) -> str:
        """The condition, with the days that its number is the part of."""
        part = case.part_of(self.formula.text)
        return f"{self.text} * {part[0]} / {part[1]}" if part else self.text


@dataclass(frozen=True, slots=True)
class AllOrSome(Rule):
    """`scores[n]` is the score where n conditions are met."""

    conditions: tuple[Condition, ...]
    scores: tuple[Decimal, ...]
    needs: ClassVar[Needs] = Needs.CONDITIONS
    parameters: ClassVar[Parameters] = Parameters(either=("condition_met", "condition_missed"))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formula of each condition."""
        return tuple(condition.formula for condition in self.conditions)

    @property
    def stated_target(self) -> Decimal:
        """The number of conditions: a row can only state that all are to be met."""
        return Decimal(len(self.conditions))

    @property
    def contradictions(self) -> tuple[tuple[str, str], ...]:
        """Conditions over one formula that cannot hold together: 100 could never be reached."""
        tightest = _tightest(self.conditions)
        return tuple((least.text, most.text) for least, most in tightest if least.excludes(most))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.scores[-1]

    def score(self, case: Case) -> Working | Reason:
        """The score; a `Reason` if data is missing for one of the conditions."""
        outcomes = [condition.is_met(case) for condition in self.conditions]
        for outcome in outcomes:
            if isinstance(outcome, Reason):
                return outcome
        met = outcomes.count(True)
        operands = (
            Operand("met", Decimal(met)),
            Operand("conditions", Decimal(len(self.conditions))),
            *(
                _shown(condition, case, outcome)
                for condition, outcome in zip(self.conditions, outcomes, strict=True)
            ),
        )
        return Working(NAME, operands, (), self.scores[met])

    @property
    def in_cells(self) -> InCells | None:
        """The score for as many conditions as are met."""
        if len(self.scores) > MOST_CHOICES:
            return None
        met = (
            f"({to_edge(each.formula.in_cells)}{each.comparison}{{bound_{place}}})"
            for place, each in enumerate(self.conditions, start=1)
        )
        scores = numbered("worth", self.scores)
        formula = chosen("+".join(["1", *met]), [f"{{{score.name}}}" for score in scores])
        return InCells(formula, (*numbered("bound", [each.bound for each in self.conditions]), *scores))

    def solve(self, score: Decimal) -> Unsolvable:
        """The score does not depend on an attainment."""
        return Unsolvable("several measures decide it, and no single one")


def _tightest(conditions: Sequence[Condition]) -> Iterator[tuple[Condition, Condition]]:
    """Of each formula the strictest condition from below and the strictest from above, where it has both."""
    for above, below in _sides(conditions):
        if above and below:
            yield max(above, key=_tightness), min(below, key=_tightness)


def _shown(condition: Condition, case: Case, outcome: bool | Reason) -> Operand:
    return Operand("condition_met" if outcome is True else "condition_missed", condition.shown(case))


def parse(params: Mapping[str, object]) -> AllOrSome:
    """Read `{conditions: ["mqls >= 100", ...], scores: [none met, one met, ..., all met]}`.

    Raises `BookError` unless there is one score more than conditions, none lower for more, 100 for all.
    """
    refuse_unknown(NAME, params, frozenset({"conditions", "scores"}))
    conditions = tuple(map(_condition, _list("conditions", params["conditions"])))
    scores = tuple(number(NAME, "scores", score) for score in _list("scores", params["scores"]))
    _check_scores(scores, len(conditions))
    return AllOrSome(conditions, scores)


def _check_scores(scores: Sequence[Decimal], conditions: int) -> None:
    if len(scores) != conditions + 1 or scores[-1] != HUNDRED:
        raise BookError(
            f"rule {NAME}: expected {conditions + 1} scores, from none met to all met with 100, "
            f"found {', '.join(map(str, scores))}."
        )
    if list(scores) != sorted(scores):
        raise BookError(f"rule {NAME}: expected no lower score for more conditions met.")


def _sides(conditions: Sequence[Condition]) -> Collection[tuple[list[Condition], list[Condition]]]:
    """Of each formula, the conditions that ask for at least a number, and those for at most one."""
    sides: dict[str, tuple[list[Condition], list[Condition]]] = {}
    for condition in conditions:
        least, most = sides.setdefault(condition.formula.text, ([], []))
        (least if condition.is_least else most).append(condition)
    return sides.values()


def _tightness(condition: Condition) -> tuple[Decimal, bool]:
    """Of two equal bounds the open one is tighter: higher where it is the least, lower where the most."""
    return (condition.bound, condition.is_open == condition.is_least)


def _list(name: str, value: object) -> Sequence[object]:
    if not is_list(value) or not value:
        raise BookError(f"rule {NAME}: expected a list for {name}, found {value!r}.")
    return value


def _condition(value: object) -> Condition:
    match = _CONDITION.fullmatch(str(value).strip())
    if match is None:
        raise BookError(
            f"rule {NAME}: expected a condition such as 'mqls >= 100', with one of "
            f"{' '.join(_COMPARISONS)}, found {value!r}."
        )
    return Condition(match[0], Formula.parse(match[1]), match[2], Decimal(match[3]))


KIND = Kind(NAME, AllOrSome, parse)

"""达成两个 / 一个 / 皆未达成: a score by how many of several conditions over measures are met."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scoring.arithmetic import HUNDRED
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.rules.case import Case, Needs, number, refuse_unknown
from scoring.working import Operand, Reason, Working

NAME = "all_or_some"

_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(r"(.+?)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula over measures held against a number."""

    text: str
    formula: Formula
    comparison: str
    bound: Decimal

    def is_met(self, measures: Mapping[str, Decimal]) -> bool | Reason:
        """Whether it holds; a `Reason` where its formula has no value."""
        value = self.formula.evaluate(measures)
        return value if isinstance(value, Reason) else _COMPARISONS[self.comparison](value, self.bound)


@dataclass(frozen=True, slots=True)
class AllOrSome:
    """`scores[n]` is the score where n conditions are met."""

    conditions: tuple[Condition, ...]
    scores: tuple[Decimal, ...]
    needs: Needs = Needs.CONDITIONS

    @property
    def names(self) -> tuple[str, ...]:
        """The measures in the conditions, each once."""
        return tuple(dict.fromkeys(name for c in self.conditions for name in c.formula.names))

    @property
    def best(self) -> Decimal:
        """The most it can score."""
        return self.scores[-1]

    def score(self, case: Case) -> Working | Reason:
        """The score; a `Reason` where one of the conditions cannot be told."""
        outcomes = [condition.is_met(case.measures) for condition in self.conditions]
        for outcome in outcomes:
            if isinstance(outcome, Reason):
                return outcome
        met = sum(1 for outcome in outcomes if outcome is True)
        operands = (
            Operand("met", Decimal(met)),
            Operand("conditions", Decimal(len(self.conditions))),
            *(
                Operand("condition_met" if outcome is True else "condition_missed", condition.text)
                for condition, outcome in zip(self.conditions, outcomes, strict=True)
            ),
        )
        return Working(NAME, operands, (), self.scores[met])


def parse(params: Mapping[str, object]) -> AllOrSome:
    """Read `{conditions: ["mqls >= 100", ...], scores: [none met, one met, ..., all met]}`.

    Raises `BookError` unless there is one score more than conditions, none lower for more, 100 for all.
    """
    refuse_unknown(NAME, params, frozenset({"conditions", "scores"}))
    conditions = tuple(_condition(text) for text in _list("conditions", params["conditions"]))
    scores = tuple(number(NAME, "scores", score) for score in _list("scores", params["scores"]))
    if len(scores) != len(conditions) + 1 or scores[-1] != HUNDRED:
        raise BookError(
            f"rule {NAME}: expected {len(conditions) + 1} scores, from none met to all met with 100, "
            f"found {', '.join(str(score) for score in scores)}."
        )
    if any(more < fewer for fewer, more in pairwise(scores)):
        raise BookError(f"rule {NAME}: expected no lower score for more conditions met.")
    return AllOrSome(conditions, scores)


def _list(name: str, value: object) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
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

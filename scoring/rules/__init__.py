"""The scoring rules by name. A new rule is one module here, entered in `RULES`.

A rule turns a case into a score on a scale where 100 is on target, and shows its working.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from scoring.errors import BookError
from scoring.kpi import RuleSpec
from scoring.rules import (
    all_or_some,
    bands,
    base_and_bonus,
    event,
    piecewise_linear,
    proportional,
    qualitative,
    step,
    tolerance,
    veto,
)
from scoring.rules.case import Case, Needs, Rule

RULES: Mapping[str, Callable[[Mapping[str, object]], Rule]] = {
    module.NAME: module.parse
    for module in (
        proportional,
        bands,
        step,
        base_and_bonus,
        piecewise_linear,
        tolerance,
        all_or_some,
        event,
        veto,
        qualitative,
    )
}


@lru_cache(maxsize=1024)
def rule_of(spec: RuleSpec) -> Rule:
    """The rule that `spec` describes; raises `BookError` for an unknown name or wrong parameters."""
    if spec.name not in RULES:
        raise BookError(f"rule: expected one of {', '.join(RULES)}, found {spec.name!r}.")
    return RULES[spec.name](spec.params)


__all__ = ["RULES", "Case", "Needs", "Rule", "rule_of"]

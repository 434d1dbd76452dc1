"""The scoring rules by name. A new rule is one module here that declares a `KIND`.

A rule turns a case into a score on a scale where 100 is on target, and shows its working.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from scoring.errors import BookError
from scoring.kpi import RuleSpec
from scoring.rules.case import Case, Needs
from scoring.rules.rule import Kind, Rule


def find_rules() -> dict[str, Kind]:
    """The kind that each module of this package declares, by its name in the book."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    kinds: list[Kind] = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.name: kind for kind in kinds}


RULES: Mapping[str, Kind] = find_rules()


@lru_cache(maxsize=1024)
def rule_of(spec: RuleSpec) -> Rule:
    """The rule that `spec` describes; raises `BookError` for an unknown name or wrong parameters."""
    if spec.name not in RULES:
        raise BookError(f"rule: expected one of {', '.join(RULES)}, found {spec.name!r}.")
    return RULES[spec.name].parse(spec.params)


__all__ = ["RULES", "Case", "Kind", "Needs", "Rule", "find_rules", "rule_of"]

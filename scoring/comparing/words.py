"""What a line says besides its numbers, in both revisions: words, its definition, its rule, a comment."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scoring.canonical import plain
from scoring.comparing.leaves import leaf_changes
from scoring.restatement import Cause, FieldChange, KpiChange, Restatement
from scoring.scorecard import KpiResult, Scorecard

_NUMBERS = frozenset({"actual", "target", "target_high", "attainment", "score", "points", "weight"})
"""Told as numbers, each before and now."""
_LOW_END = "target_low"
_MEASURE = re.compile(r"measures/.+/value")
"""A measure that moved is told as a number, too."""
_WORKED_OUT = frozenset(
    {"working", "target_workings", "weight_working", "band", "exact_score", "effective_weight"}
)
"""What follows from numbers, and is told where the rule is another one, or where nothing else is."""


def said_otherwise(
    old: KpiResult, new: KpiResult, names: Sequence[str], causes: Collection[Cause]
) -> tuple[FieldChange, ...]:
    """Every place in these fields that differs, but for the numbers that are told by themselves."""
    numbers = _NUMBERS | ({_LOW_END} if old.target is new.target is None else set())
    told = [name for name in names if name not in numbers | _WORKED_OUT]
    if Cause.RULE in causes or not (told or numbers.intersection(names)):
        told = [name for name in names if name not in numbers]
    pairs = [{name: values.get(name) for name in told} for values in (plain(old), plain(new))]
    found = leaf_changes(_opened(*pairs), _opened(*reversed(pairs)))
    return tuple(change for change in found if not _MEASURE.fullmatch(change.field))


def _opened(values: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with empty ones where the others have several words under that name and they have none."""
    return {
        name: {} if value is None and isinstance(others[name], dict) else value
        for name, value in values.items()
    }


def with_words(found: Restatement, old: Scorecard, new: Scorecard) -> Restatement:
    """A restatement with what the lines say besides their numbers, also where it was entered without."""
    before, after = old.by_kpi, new.by_kpi
    return replace(found, kpis=tuple(_with_words(change, before, after) for change in found.kpis))


def _with_words(
    change: KpiChange, before: Mapping[str, KpiResult], after: Mapping[str, KpiResult]
) -> KpiChange:
    if change.kpi_id not in before.keys() & after.keys():
        return change
    old, new = before[change.kpi_id], after[change.kpi_id]
    return replace(change, said=said_otherwise(old, new, change.fields, change.causes))

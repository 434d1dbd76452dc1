"""The measures that the SQL files declare, with roll-up and unit. No database is needed to read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain, product
from operator import attrgetter
from types import MappingProxyType

from scoring.errors import DataError
from scoring.formula import Formula
from warehouse.sql_files import SqlFile, sql_files

_ZERO, _OF, _FROM = "zero", "of ", "from "
BEGINS_LATER, BEGINS_WITHIN, ENDS_BEFORE = "begins_later", "begins_within", "ends_before"
"""Findings that an export of several months has no row of a month, and none before it, or none after."""

_REASON = ": "


class Rollup(StrEnum):
    """How days combine into a longer span: the sum, the last one, or one figure per month."""

    SUM = "sum"
    LAST = "last"
    PERIOD = "period"


class MeasureUnit(StrEnum):
    """What a measure counts: things, or units of the reporting currency."""

    COUNT = "count"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure as its SQL file declares it; `fact` is the table that it is counted from.

    What it counts is also counted by `part_of`, if that is another measure: it can never be more. An account
    whose exports lack one of the columns that it `needs` has no figure of it, and no zero either; where a
    constant is in the column's place, the format says so under a name of its own (`no_new_customers`).
    """

    name: str
    rollup: Rollup
    unit: MeasureUnit
    fact: str
    part_of: str | None = None
    needs: tuple[str, ...] = ()

    @property
    def unsaid(self) -> frozenset[str]:
        """The findings of a load after which its account has no figure of the measure."""
        return frozenset(map(finding_without, self.needs))

    @property
    def partly_said(self) -> frozenset[str]:
        """The findings of a load that left rows out of the measure: they lack what it is made of."""
        return frozenset(map(finding_in_part, self.needs))


@cache
def measure_catalog() -> Mapping[str, MeasureSpec]:
    """Every measure by name; raises `DataError` for a wrong or duplicate declaration."""
    catalog: dict[str, MeasureSpec] = {}
    for file in sql_files("measures"):
        for name, declared in file.measures.items():
            if name in catalog:
                raise DataError(
                    f"{file.path.name}: expected each measure once, found {name!r} again; "
                    "rename or remove one."
                )
            catalog[name] = _spec(file, name, declared)
    return MappingProxyType(catalog)


def adds_up(formula: Formula) -> bool:
    """Whether the value of a formula over some days is the sum of its values of each day."""
    specs = map(measure_catalog().get, formula.names)
    return formula.is_sum and all(spec is not None and spec.rollup is Rollup.SUM for spec in specs)


def _spec(file: SqlFile, name: str, declared: str) -> MeasureSpec:
    rollup, unit, *marks = (*declared.split(", "), "")
    whole, needs = _marked(marks, _OF), _marked(marks, _FROM)
    if rollup not in set(Rollup) or unit not in set(MeasureUnit) or not all(map(_is_mark, marks)):
        raise DataError(
            f"{file.path.name}: {name}: expected one of {', '.join(Rollup)}, a comma and one of "
            f"{', '.join(MeasureUnit)} (and perhaps , {_ZERO}, {_OF}another measure, {_FROM}a column), "
            f"found {declared!r}; correct the header."
        )
    whole_name = next(iter(whole), None)
    return MeasureSpec(name, Rollup(rollup), MeasureUnit(unit), f"fct_{file.name}", whole_name, needs)


def _is_mark(mark: str) -> bool:
    return mark in ("", _ZERO) or mark.startswith((_OF, _FROM))


def _marked(marks: Iterable[str], word: str) -> tuple[str, ...]:
    """What follows the word in the marks that begin with it."""
    return tuple(mark.removeprefix(word) for mark in marks if mark.startswith(word))


def finding_without(column: str) -> str:
    """The finding that an export does not have a column which measures need."""
    return f"no_{column}"


def with_reason(code: str, reason: str) -> str:
    """A finding as a load says it, with what there is to tell beside its code."""
    return f"{code}{_REASON}{reason}"


def parted(finding: str) -> tuple[str, str]:
    """The code of a finding, and its reason if it has one."""
    code, _, reason = finding.partition(_REASON)
    return code, reason


def finding_in_part(column: str) -> str:
    """The finding that some rows of an export lack in this column what they should have there."""
    return f"rows_without_{column}"


@cache
def unsaid_by(fact: str) -> Mapping[str, tuple[str, ...]]:
    """The measures of a fact of which an account has no figure, by the finding after which it has none."""
    return _by_finding(fact, attrgetter("unsaid"))


@cache
def partly_said_by(fact: str) -> Mapping[str, tuple[str, ...]]:
    """The measures of a fact that some rows add nothing to, by the finding that tells of such rows."""
    return _by_finding(fact, attrgetter("partly_said"))


def _by_finding(fact: str, codes: Callable[[MeasureSpec], Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    """The names of a fact's measures by findings that concern them."""
    found = defaultdict[str, tuple[str, ...]](tuple)
    of_fact = [spec for spec in measure_catalog().values() if spec.fact == fact]
    for spec, code in chain.from_iterable(product([spec], codes(spec)) for spec in of_fact):
        found[code] += (spec.name,)
    return MappingProxyType(dict(found))


def is_zero_when_empty(declared: str) -> bool:
    """Whether a measure is 0, rather than missing, in a month that was loaded without any row."""
    return _ZERO in declared.split(", ")

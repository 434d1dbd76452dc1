"""The measures that the SQL files declare, with roll-up and unit. No database is needed to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from scoring.errors import DataError
from scoring.formula import Formula
from warehouse.sql_files import SqlFile, sql_files

_ZERO, _OF = "zero", "of "


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

    What it counts is also counted by `part_of`, if that is another measure: it can never be more.
    """

    name: str
    rollup: Rollup
    unit: MeasureUnit
    fact: str
    part_of: str | None = None


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
    whole = _whole(marks)
    if rollup not in set(Rollup) or unit not in set(MeasureUnit) or set(marks) - {"", _ZERO, f"{_OF}{whole}"}:
        raise DataError(
            f"{file.path.name}: {name}: expected one of {', '.join(Rollup)}, a comma and one of "
            f"{', '.join(MeasureUnit)} (and perhaps , {_ZERO} and , {_OF}another measure), "
            f"found {declared!r}; correct the header."
        )
    return MeasureSpec(name, Rollup(rollup), MeasureUnit(unit), f"fct_{file.name}", whole)


def _whole(marks: Iterable[str]) -> str | None:
    """The measure that a measure is said to be a part of."""
    return next((mark.removeprefix(_OF) for mark in marks if mark.startswith(_OF)), None)


def is_zero_when_empty(declared: str) -> bool:
    """Whether a measure is 0, rather than missing, in a month that was loaded without any row."""
    return _ZERO in declared.split(", ")

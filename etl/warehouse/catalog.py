"""The measures that the SQL files declare, with their roll-up. No database is needed to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from etl.sqlfiles import sql_files
from scoring.errors import DataError


class Rollup(StrEnum):
    """How the days of a measure make a longer span: added up, the last one, or one figure a month."""

    SUM = "sum"
    LAST = "last"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure as its SQL file declares it; `fact` is the table that it is counted from."""

    name: str
    rollup: Rollup
    fact: str


@cache
def measure_catalog() -> Mapping[str, MeasureSpec]:
    """Every measure by name; raises `DataError` for a wrong or doubled declaration."""
    catalog: dict[str, MeasureSpec] = {}
    for file in sql_files("measures"):
        for name, rollup in file.measures.items():
            if name in catalog or rollup not in set(Rollup):
                raise DataError(
                    f"{file.path.name}: expected each measure once, with one of {', '.join(Rollup)}, "
                    f"found {name!r}: {rollup!r}; correct the header."
                )
            catalog[name] = MeasureSpec(name, Rollup(rollup), f"fct_{file.name}")
    return MappingProxyType(catalog)

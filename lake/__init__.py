"""Facts as Parquet files beside a warehouse, for more rows than its database should hold or scan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from disk import Place
from scoring.errors import UsageError
from warehouse.engine import FactsOf

if TYPE_CHECKING:
    from lake.relations import Computer


def lake_at(place: Place, spark: str = "", beneath: Place | None = None) -> FactsOf:
    """Where the facts of a warehouse are if they are in the lake at `place`.

    What is not there is read from the lake `beneath`, if one is named. Spark at the address `spark` computes,
    such as `sc://host:15002`; where there is none, DuckDB does in this process. Raises `UsageError` where the
    client of Spark is not installed, or could not name the place.
    """
    from lake.facts import Lake

    computer = _spark_at(spark, place) if spark else _in_this_process()
    return lambda warehouse: Lake(warehouse, place, computer, beneath)


def _in_this_process() -> Computer:
    from lake import duckdb

    return duckdb


def _spark_at(address: str, place: Place) -> Computer:
    if re.search(r"[][{}*?\\%]", str(place)):
        raise UsageError(
            "SCOREWRIGHT_LAKE: expected no %, *, ?, \\, brackets or braces, which Spark takes for a pattern, "
            f"found {place}; move the lake, and run `scorewright rebuild`."
        )
    try:
        from lake.spark import Spark
    except ModuleNotFoundError as error:
        raise UsageError(
            f"SCOREWRIGHT_SPARK: expected the client of Spark beside Scorewright, found no {error.name}; "
            "install Scorewright with its extra `spark`."
        ) from None
    return Spark(address)

"""Facts as Parquet files beside a warehouse, for more rows than its database should hold or scan."""

from __future__ import annotations

from disk import Place
from warehouse.engine import FactsOf


def lake_at(place: Place) -> FactsOf:
    """Where the facts of a warehouse are if they are in the lake at `place`; DuckDB computes."""
    from lake.facts import Lake

    return lambda warehouse: Lake(warehouse, place)

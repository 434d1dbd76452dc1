"""Which owner keys the loaded slices have rows for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from scoring.errors import DataError
from scoring.period import Period
from warehouse import Warehouse
from warehouse.checks import check


def keys_with_rows(
    warehouse: Warehouse, months: Sequence[Period]
) -> Mapping[tuple[str, str], frozenset[str]]:
    """The owner keys of each account (source, entity) that has any row in consecutive `months`.

    Raises `DataError` if the warehouse exists but cannot be read.
    """
    window = {"start": months[0].start, "end": months[-1].end}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    try:
        with warehouse.opened() as connection:
            for row in connection.execute(sa.text(check("owner_keys", warehouse.translated)), window):
                found[row.source, row.entity].add(row.owner_key)
    except sa.exc.DBAPIError as error:
        raise DataError(
            f"warehouse: expected to read its owner keys, found {str(error.orig).splitlines()[0]}; run the "
            "month again, or rebuild the warehouse from the landing."
        ) from None
    return {account: frozenset(keys) for account, keys in found.items()}

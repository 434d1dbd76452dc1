"""What the rows of a table add up to, for all totals of one kind at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count

import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import get_currency_precision

from etl.formats.styling import Numeric

_CENTS = 2


@dataclass(frozen=True, slots=True)
class Sum:
    """What some rows add up to, and how many of them have a number."""

    value: Decimal = Decimal(0)
    rows: int = 0

    def with_one(self, value: Decimal | None) -> Sum:
        """These rows and another one."""
        return self if value is None else Sum(self.value + value, self.rows + 1)


Sums = Mapping[tuple[str, ...], Sum]


def sums_by(keys: Sequence[pa.Array], values: pa.Array) -> dict[tuple[str, ...], Sum]:
    """The sums of the values by the texts beside them; none for those without a number."""
    # a look at all rows for each key takes minutes where every row has its own
    names = [*map(str, range(len(keys)))]
    table = pa.table([*keys, values], [*names, "value"]).group_by(names, use_threads=False)
    found = table.aggregate([("value", "sum"), ("value", "count")])
    columns = (found[name].to_pylist() for name in (*names, "value_sum", "value_count"))
    rows = zip(*columns, strict=True)
    return {tuple(key): Sum(value, count) for *key, value, count in rows if count}


def unit_of(values: pa.Array, each: Numeric) -> Decimal:
    """To what the numbers of a column are rounded: cents at least, which whole numbers need not show."""
    digits = next(filter(partial(_has_no_more, values), count(_usual_digits(each))))
    return Decimal(10) ** -digits


def _usual_digits(each: Numeric) -> int:
    currency = each.currency if each.is_money else None
    return _CENTS if currency is None else int(get_currency_precision(currency))


def _has_no_more(values: pa.Array, digits: int) -> bool:
    """Whether no value has more digits after the point; none has more than its type."""
    cut = pc.round(values, digits, round_mode="towards_zero")
    return bool(pc.all(pc.equal(values, cut), min_count=0).as_py())

"""What the values of a column of a table are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What the values of a column are. A number is an exact decimal, a moment UTC with its zone."""

    TEXT = "text"
    COUNT = "count"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"


Columns = Mapping[str, Kind]
Row = dict[str, object]

"""The facts of exports, as `sql/schema/fct_*.sql` declares them: grain, columns, Arrow types.

No database is needed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType

import pyarrow as pa
from sqlglot import exp

from scoring.errors import DataError
from warehouse.sql_files import WRITTEN_IN, SqlFile, parse, sql_file, sql_files

SLICE_COLUMNS = ("source", "entity", "slice_month")
"""The columns by which a slice is found; the load writes them, readers do not."""

WITH_IDS = frozenset({"transaction", "accumulating snapshot"})
"""The kinds of facts whose rows are single events, such as an order, each with an id of its own."""

EVERYBODY = "everybody"
"""The owner of a fact that no team has a part of, such as exchange rates."""

_DECIMAL = re.compile(r"DECIMAL\((\d+), (\d+)\)")
_ARROW: Mapping[str, pa.DataType] = {
    "TEXT": pa.string(),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "INT": pa.int32(),
    "TIMESTAMP": pa.timestamp("us"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a fact, with the Arrow type that a reader must give."""

    name: str
    type: pa.DataType
    nullable: bool


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact table: one row for each value of `grain`; `dated` is the date column that decides a row's month.

    `amounts` are its money columns in `currency_code`, converted at the rate of the day `converted`. Rows in
    which the column `ignored` is true have no owner and are in no measure. `part` is the id of what its rows
    are parts of, if they have no id of their own. A fact that `is_everybodys` has no owner. `ahead` says by
    how many days some date columns may be later than the day on which a file was landed.
    """

    name: str
    grain: tuple[str, ...]
    kind: str
    dated: str
    columns: tuple[Column, ...]
    amounts: tuple[str, ...] = ()
    converted: str = ""
    ignored: str | None = None
    part: str | None = None
    is_everybodys: bool = False
    ahead: tuple[tuple[str, int], ...] = ()

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """The columns a reader returns: all but those of the slice."""
        return tuple(column for column in self.columns if column.name not in SLICE_COLUMNS)

    @property
    def grain_names_its_month(self) -> bool:
        """Whether rows of different months can never share a grain; otherwise other slices count, too."""
        return self.dated in self.grain or "slice_month" in self.grain


@cache
def fact_catalog() -> Mapping[str, FactSpec]:
    """Every fact table by name; raises `DataError` if a header names a column that does not exist."""
    facts = [file for file in sql_files("schema") if file.name.startswith("fct_")]
    # what comes from the ledger instead of exports has no slices
    files = [file for file in facts if "from" not in file.fields]
    return MappingProxyType({file.name: _fact(file) for file in files})


@cache
def days_ahead() -> Mapping[str, int]:
    """The date columns that may be so many days ahead at most: they are of what has happened or soon will.

    Others, such as the months of a budget, may be as far ahead as anybody plans.
    """
    return dict(chain.from_iterable(fact.ahead for fact in fact_catalog().values()))


def schema_sha256(facts: Iterable[str]) -> str:
    """sha256 (hex) over the columns of these facts and their types."""
    columns = [
        (name, column.name, str(column.type), column.nullable)
        for name in facts
        for column in fact_catalog()[name].columns
    ]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()


def _fact(file: SqlFile) -> FactSpec:
    fact = FactSpec(
        name=file.name,
        grain=file.listed("grain"),
        kind=file.field("kind"),
        dated=file.field("dated"),
        columns=columns_of(file),
        amounts=file.listed("amounts") if "amounts" in file.fields else (),
        converted=file.fields.get("converted", file.field("dated")),
        ignored=file.fields.get("ignored"),
        part=file.fields.get("part"),
        is_everybodys=file.fields.get("owner") == EVERYBODY,
        ahead=tuple(map(_ahead, file.listed("ahead") if "ahead" in file.fields else ())),
    )
    _refuse_unknown_columns(file, fact)
    return fact


def _ahead(said: str) -> tuple[str, int]:
    """A column and its days, such as `won_date 366`."""
    name, _, days = said.partition(" ")
    return name, int(days)


def _refuse_unknown_columns(file: SqlFile, fact: FactSpec) -> None:
    optional = [name for name in (fact.ignored, fact.part) if name is not None]
    known = {column.name for column in fact.columns}
    for name in (*fact.grain, fact.dated, *fact.amounts, fact.converted, *optional, *dict(fact.ahead)):
        if name not in known:
            raise DataError(
                f"{file.path.name}: expected a column of the table in the header, found {name!r}; correct it."
            )


@cache
def columns_of(file: SqlFile) -> tuple[Column, ...]:
    """The columns of a file of `sql/schema/`."""
    return tuple(_column(node) for node in parse(file).find_all(exp.ColumnDef))


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The columns of a table of `sql/schema/`, of the types in which rows for it are given."""
    return pa.schema([(column.name, column.type) for column in columns_of(sql_file("schema", table))])


def _column(node: exp.ColumnDef) -> Column:
    kind = node.args["kind"].sql(dialect=WRITTEN_IN)
    if number := _DECIMAL.fullmatch(kind):
        arrow = pa.decimal128(int(number[1]), int(number[2]))
    else:
        arrow = _ARROW[kind]
    return Column(node.name, arrow, nullable=node.find(exp.NotNullColumnConstraint) is None)

"""Questions about facts: SELECTs as the SQL files write them, which whoever keeps the facts answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlglot import exp

from warehouse.sql_files import Translate, parse, sql_file

Values: TypeAlias = Mapping[str, date | str]
"""What a question asks of: the value of each of its parameters."""

Rows: TypeAlias = sa.Result[*tuple[Any, ...]]
"""An answer, row by row."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A SELECT over facts, load records, ownership and the reporting currency.

    Each is made once and equal only to itself, so that what it is in an engine's SQL can be cached.
    """

    tree: exp.Expr


@cache
def question(folder: str, name: str) -> Question:
    """What the file `sql/<folder>/<name>.sql` asks."""
    return Question(parse(sql_file(folder, name)))


@cache
def said(asked: Question, translated: Translate) -> str:
    """The question in an engine's SQL."""
    return translated(asked.tree)

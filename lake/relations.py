"""What a question is about, and who can answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from disk import Place
from warehouse.asking import Question, Values
from warehouse.facts import fact_catalog
from warehouse.sql_files import SqlFile


@dataclass(frozen=True, slots=True)
class Relations:
    """The tables of a question: the files of its facts, and the rows of the others."""

    files: Mapping[str, Sequence[Place]]
    rows: Mapping[str, pa.Table]


class Computer(Protocol):
    """Who computes with the files of a lake. Nothing is kept between two questions, and no file written."""

    def answer(self, asked: Question, values: Values, relations: Relations) -> pa.Table:
        """The answer to a question; raises `DataError` where there is none, and says why."""
        ...

    def at_once(self, file: SqlFile) -> float:
        """Of how many bytes of files it should be asked for the measures of a file at a time."""
        ...

    def select(self, statement: str, relations: Relations) -> pa.Table:
        """The answer to a statement in DuckDB's SQL; raises the same."""
        ...


def schema_of(fact: str) -> pa.Schema:
    """The columns of a fact."""
    return pa.schema([(column.name, column.type) for column in fact_catalog()[fact].columns])

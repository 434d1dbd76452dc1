"""What an engine does for a lake: it reads the files that a question is about, and answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from disk import Place
from warehouse.asking import Question, Values
from warehouse.facts import fact_catalog


@dataclass(frozen=True, slots=True)
class Relations:
    """The tables of a question: the files of its facts, and the rows of the others."""

    files: Mapping[str, Sequence[Place]]
    rows: Mapping[str, pa.Table]

    def empty(self, fact: str) -> pa.Table:
        """The columns of a fact that has no file."""
        columns = fact_catalog()[fact].columns
        return pa.schema([(column.name, column.type) for column in columns]).empty_table()


class Computes(Protocol):
    """Reads files and never writes any."""

    def answer(self, asked: Question, values: Values, relations: Relations) -> pa.Table:
        """The answer to a question; raises `DataError` or `StoreError` where the engine gives none."""
        ...

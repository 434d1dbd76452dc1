"""The SQL files: read once, their headers parsed, transpiled for the engine in use.

A header is the comment at the top: free text, `name: value` lines, and below `measures:` one indented `name:
value` line per measure. The SQL keeps to a plain subset that every engine understands the same way;
`tests/warehouse` holds the list of what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import sqlglot
from sqlglot import exp

from scoring.errors import DataError

SQL_ROOT = Path(__file__).resolve().parents[1] / "sql"
WRITTEN_IN = "duckdb"
"""The dialect of the files, as SQLGlot names it; a warehouse translates them into its own."""

Translate = Callable[[exp.Expr], str]
"""How a warehouse says a statement; one function for all warehouses of an engine."""

T = TypeVar("T", bound=exp.Expr)

_FIELD = re.compile(r"-- ([a-z]+): *(.*)")
_ITEM = re.compile(r"-- {2,}([a-z][a-z0-9_]*): *(.*)")


@dataclass(frozen=True, slots=True, eq=False)
class SqlFile:
    """One SQL file: its stem, the fields and the measures its header declares, and its text.

    Each is read once and equal only to itself, so that anything derived from it can be cached.
    """

    name: str
    path: Path
    fields: Mapping[str, str]
    measures: Mapping[str, str]
    text: str

    def field(self, name: str) -> str:
        """A header field; raises `DataError` if the file does not declare it."""
        if not self.fields.get(name):
            raise DataError(f"{self.path.name}: expected a header line '-- {name}: ...', found none; add it.")
        return self.fields[name]

    def listed(self, name: str) -> tuple[str, ...]:
        """A header field that is a list with commas."""
        return tuple(part.strip() for part in self.field(name).split(","))


@cache
def sql_file(folder: str, name: str) -> SqlFile:
    """The file `sql/<folder>/<name>.sql`."""
    path = SQL_ROOT / folder / f"{name}.sql"
    text = path.read_text(encoding="utf-8")
    fields: dict[str, str] = {}
    measures: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if item := _ITEM.fullmatch(line):
            measures[item[1]] = item[2]
        elif field := _FIELD.fullmatch(line):
            fields[field[1]] = field[2]
    return SqlFile(name, path, fields, measures, text)


@cache
def sql_files(folder: str) -> tuple[SqlFile, ...]:
    """Every file of `sql/<folder>`, in the order of names; raises `DataError` if there is none."""
    names = sorted(path.stem for path in (SQL_ROOT / folder).glob("*.sql"))
    if not names:
        raise DataError(f"{SQL_ROOT / folder}: expected SQL files, found none; install Scorewright whole.")
    return tuple(sql_file(folder, name) for name in names)


def parse(file: SqlFile) -> exp.Expr:
    """The file's one statement as a tree; raises `DataError` if it is not exactly one."""
    statements = [tree for tree in sqlglot.parse(file.text, read=WRITTEN_IN) if tree is not None]
    if len(statements) != 1:
        raise DataError(f"{file.path.name}: expected one statement, found {len(statements)}; split the file.")
    return statements[0]


def put(inner: exp.Expr, tree: T, name: str) -> T:
    """`tree` with its CTE `name` replaced by the SELECT `inner`."""
    cte = next(cte for cte in tree.find_all(exp.CTE) if cte.alias == name)
    cte.set("this", inner)
    return tree


def render(tree: exp.Expr, dialect: str) -> str:
    """SQL text in an engine's dialect, with its parameters as SQLAlchemy writes them (`:start`)."""
    # a copy already, which nobody else has
    bound = tree.transform(_as_bind_parameter)
    raised = sqlglot.ErrorLevel.RAISE
    return bound.sql(dialect=dialect, copy=False, comments=False, unsupported_level=raised)


@cache
def translation(file: SqlFile, translated: Translate) -> str:
    """The file's one statement ready to run; translated once, however many warehouses are made."""
    return translated(parse(file))


def _as_bind_parameter(node: exp.Expr) -> exp.Expr:
    return exp.Var(this=f":{node.name}") if isinstance(node, exp.Placeholder) else node

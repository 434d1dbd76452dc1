"""What an engine does its own way is in its folder: nobody else asks which engine it is, or names one."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from inspect import getmembers_static, isfunction
from pathlib import Path

import pytest
import sqlalchemy as sa

import warehouse
from scoring.errors import UsageError
from settings import ROOT
from warehouse import Warehouse, open_warehouse
from warehouse.engines import engines, warehouse_in

ROOMS = ("warehouse", "etl", "archive", "settings", "pipeline", "appraisal", "auditing")
WAREHOUSE = ROOT / "warehouse"
FOLDERS = sorted(path.parent for path in WAREHOUSE.glob("*/__init__.py"))
ENGINES_WORDS = re.compile(r"duckdb|postgres|psycopg", re.IGNORECASE)
MAY_NAME_ONE = {
    "warehouse/sql_files.py": "the dialect in which the SQL files are written",
    "etl/queries.py": "an address to write another by, in a sentence",
    "settings/__init__.py": "the addresses of a company that has set none",
    "settings/file.py": "which setting a short name in scorewright.toml stands for",
}


def files() -> list[Path]:
    """All modules of the rooms but those of the engines."""
    return sorted(
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if not any(folder in path.parents for folder in FOLDERS)
    )


def asked(text: str) -> Iterator[str]:
    """Where the code asks which engine it has: by the name of a dialect or by the class of a warehouse."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Compare() if _names(node) & {"dialect", "drivername", "scheme", "get_backend_name"}:
                yield ast.unparse(node)
            case ast.Match() if _names(node.subject) & {
                "dialect",
                "drivername",
                "scheme",
                "get_backend_name",
            }:
                yield ast.unparse(node.subject)
            case ast.Call(func=ast.Name("isinstance" | "issubclass" | "type")) if _is_of_an_engine(node):
                yield ast.unparse(node)
            case ast.MatchClass() if _names(node.cls) & classes():
                yield ast.unparse(node.cls)


def _names(tree: ast.AST) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _is_of_an_engine(call: ast.Call) -> bool:
    names = set().union(*map(_names, call.args))
    return bool(names & classes()) or "warehouse" in names


def classes() -> set[str]:
    """The classes that the engines' folders define, and the protocol."""
    found = {
        node.name
        for folder in FOLDERS
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    return found | {Warehouse.__name__}


def test_the_search_finds_what_it_is_for():
    for text in (
        'warehouse.dialect == "postgres"',
        'connection.dialect.name != "x"',
        "isinstance(given, DuckDBWarehouse)",
        "isinstance(site.warehouse, object)",
        "type(warehouse)",
        "match address.get_backend_name():\n    case _: pass",
        "match given:\n    case PostgresWarehouse(): pass",
    ):
        assert list(asked(text)), text
    assert not list(asked("isinstance(cell, str) and sql(dialect=name)"))


def test_nobody_asks_which_engine_it_is():
    found = {str(path.relative_to(ROOT)): list(asked(path.read_text("utf-8"))) for path in files()}
    assert {name: which for name, which in found.items() if which} == {}


def test_nobody_else_names_an_engine():
    named = {
        path.relative_to(ROOT).as_posix() for path in files() if ENGINES_WORDS.search(path.read_text("utf-8"))
    }
    assert named == set(MAY_NAME_ONE)


def test_no_engine_knows_another():
    for folder in FOLDERS:
        others = {other.name for other in FOLDERS} - {folder.name}
        for path in folder.glob("*.py"):
            for other in others:
                assert f"warehouse.{other}" not in path.read_text("utf-8"), path


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_engine_does_every_duty(folder):
    duties = {name for name, _ in getmembers_static(Warehouse, _is_duty) if not name.startswith("_")}
    (engine,) = (engine for engine in engines().values() if engine.at.__module__.endswith(folder.name))
    made = engine.at(sa.make_url(f"{engine.scheme}:///nowhere"), 1)
    assert {"opened", "insert", "translated", "made_anew", "make_parts"} < duties
    assert duties <= {name for name in dir(made) if not name.startswith("_")}


def _is_duty(member: object) -> bool:
    return isfunction(member) or isinstance(member, staticmethod)


TOY = """
from warehouse.engine import Engine

ENGINE = Engine("toy", "toy://box", lambda address, patience_seconds: (address.host, patience_seconds))
"""


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """An engine that the product has never seen, in a folder of its own."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").write_text(TOY, "utf-8")
    monkeypatch.setattr(warehouse, "__path__", [*warehouse.__path__, str(tmp_path)])
    engines.cache_clear()
    yield
    engines.cache_clear()
    sys.modules.pop("warehouse.toy", None)
    vars(warehouse).pop("toy", None)


def test_another_engine_is_a_folder(toy, tmp_path):
    assert open_warehouse("toy://shelf", 3) == ("shelf", 3)
    with pytest.raises(UsageError, match=r"duckdb:////.*, or postgresql://.*, or toy://box, found 'other:"):
        open_warehouse("other://shelf")
    assert not warehouse_in(tmp_path / "w.file").exists()

"""Discovers the engines in this folder, and picks the one for an address or a file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from disk.address import parsed, shown
from scoring.errors import UsageError
from warehouse.engine import PATIENCE_SECONDS, Engine, FactsOf, Warehouse


@cache
def engines() -> Mapping[str, Engine]:
    """Every engine by the scheme of its addresses: each folder beside this module is one."""
    package = importlib.import_module(str(__package__))
    folders = (
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
        if module.ispkg
    )
    found: list[Engine] = [folder.ENGINE for folder in folders]
    return MappingProxyType({engine.scheme: engine for engine in found})


def open_warehouse(
    url: str, patience_seconds: float = PATIENCE_SECONDS, facts_of: FactsOf | None = None
) -> Warehouse:
    """The warehouse at the address `url`, with its facts in its tables or elsewhere; does not connect yet.

    Raises `UsageError`, with each engine's example, for any other address.
    """
    address = parsed(url)
    if address is None:
        # not echoed: what cannot be parsed may still hold a password
        raise _unusable("one that cannot be read")
    engine = engines().get(address.get_backend_name())
    warehouse = None if engine is None else engine.at(address, patience_seconds)
    if warehouse is None:
        raise _unusable(repr(shown(address)))
    return warehouse if facts_of is None else warehouse.with_facts(facts_of)


def warehouse_in(file: Path, patience_seconds: float = PATIENCE_SECONDS) -> Warehouse:
    """The warehouse in a file, by the engine that keeps warehouses in files."""
    in_file = next(engine.in_file for engine in engines().values() if engine.in_file is not None)
    return in_file(file, patience_seconds)


def _unusable(found: str) -> UsageError:
    examples = ", or ".join(engine.example for engine in engines().values())
    return UsageError(f"SCOREWRIGHT_WAREHOUSE: expected an address such as {examples}, found {found}.")

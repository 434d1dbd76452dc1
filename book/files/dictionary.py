"""The dictionary that comes with the product: KPIs that a book uses by their ids, and names it need not say.

A definition says what a KPI means and nothing of how a company judges it; its rule is the default one where
there is no better, and `scoring` has no word in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from book.files.yaml_file import YamlFile, read_yaml
from scoring.errors import BookError
from scoring.text import LocalText

ROOT = Path(__file__).resolve().parents[1] / "dictionary"


@cache
def dictionary() -> Mapping[str, YamlFile]:
    """The file of each KPI, by its id, in the order of ids."""
    paths = sorted((ROOT / "kpis").glob("*.yaml"))
    return MappingProxyType({path.stem: _read(f"kpis/{path.name}") for path in paths})


def standard_areas() -> Mapping[str, Any]:
    """The areas of a book that states none."""
    areas: Mapping[str, Any] = _read("areas.yaml").content
    return areas


def source_name(source: str) -> LocalText:
    """What a source is called on cards of a book that does not name it."""
    names: Mapping[str, Any] = _read("sources.yaml").content
    return LocalText(**names.get(source, {"en": source, "zh_CN": source}))


def _read(name: str) -> YamlFile:
    file = read_yaml(ROOT, name)
    if file.faults:
        raise BookError(f"{ROOT / name}: expected a file of this program, found {file.faults[0]}.")
    return file

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

from book.files.yaml_file import YamlFile, read_yaml, yaml_content
from scoring.errors import BookError
from scoring.text import LocalText

ROOT = Path(__file__).resolve().parents[1] / "dictionary"
USES = "uses"
FOLDER = "dictionary"
"""Where a kept book has the definitions that it used."""


@cache
def dictionary() -> Mapping[str, YamlFile]:
    """The file of each KPI, by its id, in the order of ids."""
    paths = sorted((ROOT / "kpis").glob("*.yaml"))
    return MappingProxyType({path.stem: _read(f"kpis/{path.name}") for path in paths})


def definitions(root: Path) -> Mapping[str, YamlFile]:
    """The dictionary for the book in `root`: a book that was kept with an issue brings the files of then."""
    kept = sorted((root / FOLDER).glob("*.yaml"))
    return {**dictionary(), **{path.stem: read_yaml(root, f"{FOLDER}/{path.name}") for path in kept}}


def used_ids(organisation: Any) -> list[str]:
    """The ids under `uses` in the content of organisation.yaml, whatever else is wrong with it."""
    listed = organisation.get(USES) if isinstance(organisation, dict) else None
    return _texts_in(listed) if isinstance(listed, list) else []


def _texts_in(listed: list[Any]) -> list[str]:
    return [each for each in listed if isinstance(each, str)]


def used_definitions(organisation: str) -> dict[str, bytes]:
    """The bytes of each definition that the text of an organisation.yaml uses, as this program has it."""
    ids = used_ids(yaml_content(organisation))
    return {kpi_id: (ROOT / f"kpis/{kpi_id}.yaml").read_bytes() for kpi_id in ids if kpi_id in dictionary()}


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

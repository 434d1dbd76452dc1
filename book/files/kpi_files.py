"""The KPIs of a book: those it uses from the product's dictionary, and those of its own folder.

A file of a KPI that the book also uses is laid over the dictionary's: it says how the KPI is judged here, and
may not say that it means something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from book.fault import Fault
from book.files.dictionary import FOLDER, USES, standard_areas, used_ids
from book.files.fitting import fit
from book.files.shapes import KpiShape, OrganisationShape
from book.files.text_file import visible_files, wrong_ending
from book.files.yaml_file import YamlFile, read_yaml
from disk.nearest import did_you_mean
from scoring.errors import BookError
from scoring.formula import Formula

_MEANING = ("formula", "unit", "direction")


@dataclass(frozen=True, slots=True)
class KpiFile:
    """A KPI and its file."""

    file: YamlFile
    kpi: KpiShape


@dataclass(frozen=True, slots=True)
class Organisation:
    """What organisation.yaml says about KPIs: the ids it uses, and the areas, as far as they can be read.

    `dictionary` has the definitions to be used.
    """

    file: YamlFile
    shape: OrganisationShape | None
    dictionary: Mapping[str, YamlFile]

    @property
    def uses(self) -> tuple[str, ...]:
        """The ids used from the dictionary, without those that it does not have."""
        return tuple(kpi_id for kpi_id in self._listed() if kpi_id in self.dictionary)

    def faults(self) -> Iterator[Fault]:
        """Ids that the dictionary does not have, and ids listed twice."""
        for index, kpi_id in enumerate(self._listed()):
            if kpi_id not in self.dictionary:
                expected, meant = "an id that `scorewright kpis --dictionary` lists", self.dictionary
            elif kpi_id in self._listed()[:index]:
                expected, meant = "each id once", {}
            else:
                continue
            found = f"{kpi_id!r}{did_you_mean(kpi_id, meant)}"
            yield self.file.fault((USES, index), f"{USES}: expected {expected}, found {found}; correct it")

    def definitions(self) -> dict[str, YamlFile]:
        """The definitions used, under names that no file of the book's own has."""
        return {
            kpi_id: replace(self.dictionary[kpi_id], name=f"{FOLDER}/{kpi_id}.yaml") for kpi_id in self.uses
        }

    def meaning_of(self, kpi_id: str) -> Mapping[str, Any]:
        """What the dictionary says of a KPI that is used; nothing of others."""
        return self.dictionary[kpi_id].mapping if kpi_id in self.uses else {}

    def ids(self) -> frozenset[str]:
        """All ids listed, known or not."""
        return frozenset(self._listed())

    @property
    def uses_none(self) -> bool:
        """Whether it says that it uses none; of what cannot be read nobody knows."""
        return isinstance(self.file.content, dict) and not self.file.content.get(USES)

    def area_for(self, wanted: str | None) -> str:
        """The area wanted if the book has it, or else its first one."""
        areas = self._areas()
        return wanted if wanted in areas else areas[0]

    def _areas(self) -> tuple[str, ...]:
        """The ids of the areas, also where the file has other faults: one mistake is said once."""
        if self.shape is not None:
            return tuple(self.shape.areas)
        return tuple(self.file.keys("areas") or standard_areas())

    def _listed(self) -> list[str]:
        return used_ids(self.file.content)


@dataclass(frozen=True, slots=True)
class KpiFiles:
    """What could be read; `ids` includes the KPIs with faults and is None if there is none at all."""

    entries: Mapping[str, KpiFile]
    ids: frozenset[str] | None
    files: Mapping[str, YamlFile]
    faults: tuple[Fault, ...]


def read_kpis(root: Path, organisation: Organisation) -> KpiFiles:
    """Every KPI of the book in `root`, in the order of ids."""
    paths = visible_files(root, "kpis")
    faults = [*organisation.faults(), *_wrong_names(paths), *_none_at_all(paths, organisation)]
    own = _own_files(root, paths)
    files = {**organisation.definitions(), **own}
    entries: dict[str, KpiFile] = {}
    for kpi_id, file in sorted(files.items()):
        faults += _enter(entries, kpi_id, _entry(kpi_id, file, organisation))
    ids = organisation.ids() | {path.stem for path in paths}
    return KpiFiles(entries, ids or None, {file.name: file for file in own.values()}, tuple(faults))


def _own_files(root: Path, paths: Sequence[Path]) -> dict[str, YamlFile]:
    return {path.stem: read_yaml(root, f"kpis/{path.name}") for path in paths if path.suffix == ".yaml"}


def _enter(entries: dict[str, KpiFile], kpi_id: str, entry: KpiFile | list[Fault]) -> Iterable[Fault]:
    """Enter a KPI that could be read; returns what is wrong with it."""
    if isinstance(entry, list):
        return entry
    entries[kpi_id] = entry
    return entry.file.misnamed(kpi_id, entry.kpi.id)


def _wrong_names(paths: Sequence[Path]) -> Iterator[Fault]:
    return (wrong_ending(f"kpis/{path.name}", ".yaml") for path in paths if path.suffix != ".yaml")


def _none_at_all(paths: Sequence[Path], organisation: Organisation) -> Iterator[Fault]:
    if not paths and organisation.uses_none:
        yield Fault("kpis", 0, "expected a file such as kpis/nps.yaml, found none; add it")


def _entry(kpi_id: str, file: YamlFile, organisation: Organisation) -> KpiFile | list[Fault]:
    if file.faults or file.content is None:
        return list(file.faults)
    shipped = organisation.meaning_of(kpi_id)
    if faults := list(_contradictions(file, shipped)):
        return faults
    shape = fit(file, TypeAdapter(KpiShape), _content(file.content, shipped, organisation))
    return shape if isinstance(shape, list) else KpiFile(file, shape)


def _content(content: Any, shipped: Mapping[str, Any], organisation: Organisation) -> Any:
    """The file's content over the dictionary's, with an area that the book has."""
    if not isinstance(content, dict):
        return content
    area = organisation.area_for(shipped.get("area"))
    # a file of the dictionary itself says nothing that is the book's own
    own = {} if content is shipped else content
    return {**shipped, "area": area, **own}


def _contradictions(file: YamlFile, shipped: Mapping[str, Any]) -> Iterator[Fault]:
    """The parts of the meaning that the file gives another value than the dictionary."""
    for part in _stated(file, shipped):
        if not _is_same(part, file.content[part], shipped.get(part)):
            yield file.fault(
                (part,),
                f"{part}: expected {shipped.get(part)!r}, as the dictionary defines {shipped['id']}, found "
                f"{file.content[part]!r}; take it out, or take the KPI out of `{USES}` in organisation.yaml",
            )


def _stated(file: YamlFile, shipped: Mapping[str, Any]) -> Iterable[str]:
    """The parts of the meaning that the file states, where the dictionary states them, too."""
    return filter(file.mapping.__contains__, _MEANING) if shipped else ()


def _is_same(part: str, own: Any, shipped: Any) -> bool:
    return bool(own == shipped or (part == "formula" and _spelling(own) == _spelling(shipped)))


def _spelling(formula: Any) -> str:
    try:
        return Formula.parse(str(formula)).spelling
    except BookError:
        return str(formula)

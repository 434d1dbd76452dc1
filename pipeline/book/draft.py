"""The book's files in their shapes, before they are held against each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pipeline.book.fault import Fault
from pipeline.book.schema import (
    CalendarShape,
    GradingShape,
    Id,
    KpiShape,
    OrganisationShape,
    Shape,
    ShapeT,
    SourceShape,
    TeamId,
    TeamShape,
    fit,
)
from pipeline.book.targetfile import TargetRow, read_targets
from pipeline.book.yamlfile import YamlFile, read_yaml


@dataclass(frozen=True, slots=True)
class KpiFile:
    """A KPI and the file it stands in."""

    file: YamlFile
    kpi: KpiShape


@dataclass
class Draft:
    """What could be read; the parts that could not are None or absent, each with a fault."""

    organisation: OrganisationShape | None = None
    calendar: CalendarShape | None = None
    grading: GradingShape | None = None
    sources: dict[str, SourceShape] = field(default_factory=dict)
    teams: dict[str, TeamShape] = field(default_factory=dict)
    kpis: dict[str, KpiFile] = field(default_factory=dict)
    targets: list[TargetRow] = field(default_factory=list)
    files: dict[str, YamlFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_draft(root: Path) -> Draft:
    """Read every file of the book in `root`."""
    draft = Draft()
    draft.organisation = _one(draft, root, "organisation.yaml", OrganisationShape)
    draft.calendar = _one(draft, root, "calendar.yaml", CalendarShape)
    draft.grading = _one(draft, root, "grading.yaml", GradingShape)
    draft.sources = _many(draft, root, "sources.yaml", SourceShape, TypeAdapter(Id))
    draft.teams = _many(draft, root, "teams.yaml", TeamShape, TypeAdapter(TeamId))
    _read_kpis(draft, root)
    draft.targets, faults = read_targets(root)
    draft.faults += faults
    return draft


def _read(draft: Draft, root: Path, name: str) -> YamlFile:
    file = read_yaml(root, name)
    draft.files[name] = file
    draft.faults += file.faults
    return file


def _one(draft: Draft, root: Path, name: str, shape: type[ShapeT]) -> ShapeT | None:
    """The whole file as one shape."""
    file = _read(draft, root, name)
    return None if file.content is None else _fitted(draft, file, shape, file.content)


def _many(
    draft: Draft, root: Path, name: str, shape: type[ShapeT], key: TypeAdapter[str]
) -> dict[str, ShapeT]:
    """The file as a mapping from ids to shapes."""
    file = _read(draft, root, name)
    if file.content is None:
        return {}
    if not isinstance(file.content, dict) or not file.content:
        draft.faults.append(file.fault((), "expected a mapping from ids to entries, found something else"))
        return {}
    entries: dict[str, ShapeT] = {}
    for name_, content in file.content.items():
        if not _is_valid(key, name_):
            draft.faults.append(
                file.fault(
                    (name_,), f"expected an id of small letters and digits, found {name_!r}; rename it"
                )
            )
        entry = _fitted(draft, file, shape, content, (name_,))
        if entry is not None:
            entries[name_] = entry
    return entries


def _read_kpis(draft: Draft, root: Path) -> None:
    paths = sorted((root / "kpis").glob("*.yaml"))
    if not paths:
        draft.faults.append(Fault("kpis", 0, "expected a file such as kpis/nps.yaml, found none; add it"))
    for path in paths:
        kpi = _one(draft, root, f"kpis/{path.name}", KpiShape)
        if kpi is None:
            continue
        file = draft.files[f"kpis/{path.name}"]
        if kpi.id != path.stem:
            draft.faults.append(
                file.fault(("id",), f"expected the id {path.stem} of the file's name, found {kpi.id!r}")
            )
        draft.kpis[path.stem] = KpiFile(file, kpi)


def _fitted(
    draft: Draft, file: YamlFile, shape: type[ShapeT], content: object, place: tuple[str | int, ...] = ()
) -> ShapeT | None:
    result = fit(file, shape, content, place)
    if isinstance(result, Shape):
        return result
    draft.faults += result
    return None


def _is_valid(key: TypeAdapter[str], text: str) -> bool:
    try:
        key.validate_python(text)
    except ValidationError:
        return False
    return True

"""The book's files in their shapes, before they are checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from book.fault import Fault
from book.files.calibration import DecisionRow, read_decisions
from book.files.comments import CommentRow, read_comments
from book.files.dictionary import definitions
from book.files.fields import TeamId
from book.files.fitting import T, fit, found
from book.files.kpi_files import KpiFile, Organisation, read_kpis
from book.files.okrs import OkrFiles, read_okrs
from book.files.shapes import (
    CalendarShape,
    GradingShape,
    KpiShape,
    OrganisationShape,
    SourceShape,
    TeamShape,
)
from book.files.targets import TargetFiles, read_targets
from book.files.yaml_file import Place, YamlFile, read_yaml
from etl.sources import Source, registry, sources_with
from pulling.platform import FOLDER, Platform, PlatformError, platforms_with, shipped_platforms
from scoring.text import Language

FORMATS = "formats"
"""The folder of the book's own formats."""


@dataclass
class Draft:
    """What could be read; the parts that could not are None or absent, each with a fault.

    The `_ids` include entries with faults, so that one mistake is not reported twice; they are None if
    unknown.
    """

    organisation: OrganisationShape | None = None
    calendar: CalendarShape | None = None
    grading: GradingShape | None = None
    sources: dict[str, SourceShape] = field(default_factory=dict)
    teams: dict[str, TeamShape] = field(default_factory=dict)
    kpis: dict[str, KpiFile] = field(default_factory=dict)
    targets: TargetFiles = field(default_factory=TargetFiles)
    okrs: OkrFiles = field(default_factory=OkrFiles)
    decisions: list[DecisionRow] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    area_ids: frozenset[str] | None = None
    source_ids: frozenset[str] | None = None
    team_ids: frozenset[str] | None = None
    kpi_ids: frozenset[str] | None = None
    known_sources: Mapping[str, Source] = field(default_factory=registry)
    platforms: Mapping[str, Platform] = field(default_factory=shipped_platforms)
    are_all_sources_known: bool = True
    """Whether every file of the folder `formats` is a format."""
    files: dict[str, YamlFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def kpi(self, kpi_id: str) -> KpiShape | None:
        """What the book says of a KPI, as far as it could be read."""
        entry = self.kpis.get(kpi_id)
        return None if entry is None else entry.kpi

    @property
    def stated_languages(self) -> tuple[Language, ...]:
        """The languages that organisation.yaml states."""
        return (self.organisation and self.organisation.languages) or ()


def read_draft(root: Path) -> Draft:
    """Read every file of the book in `root`."""
    draft = Draft()
    _read_formats(draft, root)
    _read_platforms(draft, root)
    draft.organisation = _one(draft, root, "organisation.yaml", TypeAdapter(OrganisationShape))
    draft.calendar = _one(draft, root, "calendar.yaml", TypeAdapter(CalendarShape))
    draft.grading = _one(draft, root, "grading.yaml", TypeAdapter(GradingShape))
    draft.sources = _many(draft, root, "sources.yaml", TypeAdapter(SourceShape))
    draft.teams = _many(draft, root, "teams.yaml", TypeAdapter(TeamShape), TypeAdapter(TeamId))
    draft.area_ids = _area_ids(draft)
    draft.source_ids = draft.files["sources.yaml"].keys()
    draft.team_ids = draft.files["teams.yaml"].keys()
    _read_kpis(draft, root)
    draft.targets = read_targets(root)
    draft.faults += draft.targets.faults
    draft.okrs = read_okrs(root)
    draft.faults += draft.okrs.faults
    draft.decisions, faults = read_decisions(root)
    draft.faults += faults
    draft.comments, faults = read_comments(root)
    draft.faults += faults
    return draft


def _area_ids(draft: Draft) -> frozenset[str] | None:
    if draft.organisation is not None:
        return frozenset(draft.organisation.areas)
    return draft.files["organisation.yaml"].keys("areas")


def _read_formats(draft: Draft, root: Path) -> None:
    """The sources with the book's own formats; files that are none become faults with their lines."""
    draft.known_sources, errors = sources_with(root / FORMATS)
    draft.are_all_sources_known = not errors
    for error in errors:
        file = read_yaml(root, f"{FORMATS}/{error.file}")
        draft.faults += file.faults or (file.fault(error.place, error.message),)


def _read_platforms(draft: Draft, root: Path) -> None:
    """The platforms with the book's own ones; the first file that is none becomes a fault."""
    try:
        draft.platforms = platforms_with(root / FOLDER)
    except PlatformError as error:
        draft.faults.append(read_yaml(root, f"{FOLDER}/{error.file}").fault(error.place, error.message))


def _read(draft: Draft, root: Path, name: str) -> YamlFile:
    file = read_yaml(root, name)
    draft.files[name] = file
    draft.faults += file.faults
    return file


def _one(draft: Draft, root: Path, name: str, shape: TypeAdapter[T]) -> T | None:
    """The whole file as one shape."""
    file = _read(draft, root, name)
    return None if file.content is None else _fitted(draft, file, shape, file.content)


def _many(
    draft: Draft, root: Path, name: str, shape: TypeAdapter[T], key: TypeAdapter[str] | None = None
) -> dict[str, T]:
    """The file as a mapping from ids, checked by `key`, to shapes."""
    file = _read(draft, root, name)
    if file.content is None:
        return {}
    if not file.mapping:
        draft.faults.append(
            file.fault((), f"expected ids with an entry each, found {found(file.content)}; correct it")
        )
        return {}
    if key is not None:
        _check_keys(draft, file, key)
    return _entries(draft, file, shape)


def _entries(draft: Draft, file: YamlFile, shape: TypeAdapter[T]) -> dict[str, T]:
    entries: dict[str, T] = {}
    for entry_id, content in file.content.items():
        entry = _fitted(draft, file, shape, content, (entry_id,))
        if entry is not None:
            entries[entry_id] = entry
    return entries


def _check_keys(draft: Draft, file: YamlFile, key: TypeAdapter[str]) -> None:
    for entry_id in file.content:
        _fitted(draft, file, key, entry_id, (entry_id,))


def _read_kpis(draft: Draft, root: Path) -> None:
    found = read_kpis(
        root, Organisation(draft.files["organisation.yaml"], draft.organisation, definitions(root))
    )
    draft.kpis = dict(found.entries)
    draft.kpi_ids = found.ids
    draft.files |= found.files
    draft.faults += found.faults


def _fitted(
    draft: Draft, file: YamlFile, shape: TypeAdapter[T], content: object, place: Place = ()
) -> T | None:
    result = fit(file, shape, content, place)
    if isinstance(result, list):
        draft.faults += result
        return None
    return result

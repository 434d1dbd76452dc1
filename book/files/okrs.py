"""okrs/: one YAML file per objective, and check-ins.csv with the reports on key results."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from book.fault import Fault
from book.files.check_ins import CheckInRow, read_check_ins
from book.files.fitting import fit
from book.files.okr_shapes import ObjectiveShape
from book.files.text_file import visible_files, wrong_ending
from book.files.yaml_file import YamlFile, read_yaml

CHECK_INS = "check-ins.csv"


@dataclass(frozen=True, slots=True)
class ObjectiveFile:
    """An objective and its file."""

    file: YamlFile
    shape: ObjectiveShape


@dataclass
class OkrFiles:
    """What could be read from the folder, which may be missing. `ids` includes the files with faults."""

    objectives: dict[str, ObjectiveFile] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    check_ins: list[CheckInRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_okrs(root: Path) -> OkrFiles:
    """Every file in `root/okrs`, and their faults."""
    okrs = OkrFiles()
    paths = visible_files(root, "okrs")
    for path in paths:
        _read_one(okrs, root, path)
    return okrs


def _read_one(okrs: OkrFiles, root: Path, path: Path) -> None:
    if path.name == CHECK_INS:
        okrs.check_ins, faults = read_check_ins(root, f"okrs/{CHECK_INS}")
        okrs.faults += faults
    elif path.suffix == ".yaml":
        _read_objective(okrs, root, path)
    else:
        okrs.faults.append(wrong_ending(f"okrs/{path.name}", ".yaml"))


def _read_objective(okrs: OkrFiles, root: Path, path: Path) -> None:
    okrs.ids.add(path.stem)
    file = read_yaml(root, f"okrs/{path.name}")
    okrs.faults += file.faults
    if file.content is None:
        return
    shape = fit(file, TypeAdapter(ObjectiveShape), file.content)
    if isinstance(shape, list):
        okrs.faults += shape
        return
    okrs.faults += file.misnamed(path.stem, shape.id)
    okrs.objectives[path.stem] = ObjectiveFile(file, shape)

"""A workbook worked out anew by LibreOffice, held against what is stored in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

SOFFICE = shutil.which("soffice")
# else LibreOffice believes the numbers that are stored beside the formulas
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
CLOSE = 1e-9


@dataclass(frozen=True)
class Cell:
    """A formula with what was stored beside it and what it comes to."""

    place: str
    formula: str
    stored: object
    found: object

    @property
    def agrees(self) -> bool:
        if isinstance(self.stored, int | float) and isinstance(self.found, int | float):
            return abs(self.stored - self.found) <= CLOSE * max(1, abs(self.stored))
        return self.stored == self.found


def recalculate(workbooks: Mapping[str, bytes], folder: Path) -> dict[str, list[Cell]]:
    """Every formula of each workbook, by its name; one start of LibreOffice for all."""
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS)
    for name, content in workbooks.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    files = [str(folder / f"{name}.xlsx") for name in workbooks]
    subprocess.run([*command, "--outdir", str(out), *files], check=True, capture_output=True, timeout=300)
    return {name: [*_cells(folder / f"{name}.xlsx", out / f"{name}.xlsx")] for name in workbooks}


def _cells(written: Path, recalculated: Path) -> Iterator[Cell]:
    formulas, stored, found = (
        openpyxl.load_workbook(path, data_only=data_only)
        for path, data_only in ((written, False), (written, True), (recalculated, True))
    )
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    at = cell.coordinate
                    yield Cell(
                        f"{sheet.title}!{at}",
                        str(cell.value),
                        stored[sheet.title][at].value,
                        found[sheet.title][at].value,
                    )

"""What somebody who begins a book may wish for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scoring.text import Language


@dataclass(frozen=True, slots=True)
class Wishes:
    """The names are those of the folder and of the language unless given, the currency that of the files."""

    name: str = ""
    currency_code: str = ""
    language: Language = "en"
    time_zone: str = "UTC"
    team: str = ""
    days: Sequence[str] = ()
    numbers: Sequence[str] = ()
    """How those of single files are written, as in `leads.csv=day_first`."""
    counted: Sequence[str] = ()
    """The kinds of results that count in single files, as in `meta.csv=lead,purchase`."""

    def called_after(self, folder: Path) -> Wishes:
        """The wishes with every name filled in."""
        name = self.name or folder.resolve().name
        return replace(self, name=name, team=self.team or TEAMS[self.language])

    @property
    def team_id(self) -> str:
        """The team's name as an id; names in other scripts have none."""
        return _id_of(self.team) or "marketing"

    @property
    def domain(self) -> str:
        """A domain that belongs to nobody, for addresses that are still to be filled in."""
        return f"{_id_of(self.name) or 'company'}.example"


TEAMS: dict[Language, str] = {"en": "Marketing", "zh_CN": "市场部"}


def _id_of(name: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return text if re.match("[a-z]", text) else ""

"""What a check of kept files finds wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: `where`, what was `found`, and the step that heals it."""

    where: str
    found: str
    heal: str

    def __str__(self) -> str:
        return f"{self.where}: {self.found}; {self.heal}"

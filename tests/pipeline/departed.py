"""The small company with a department that both of its teams are in, and a head who gets its card."""

from __future__ import annotations

from tests.pipeline.conftest import Place
from tests.pipeline.exports import change

HEAD = """up:
  name: {en: The whole North, zh_CN: 北方大区}
  manager: {name: Hal Ekström, email: hal.ekstroem@lantern.example, language: LANGUAGE}
  of: [up]
"""
ROWS = """up,clicks,2026-01-01,2027-01-01,900,40,T. Lind,As both
up,cost_per_click,2026-01-01,2027-01-01,0.5,30,T. Lind,As both
up,nps,2026-01-01,2027-01-01,35,30,T. Lind,As both
"""


def give_a_head(place: Place, *, language: str = "en") -> None:
    """Both teams come into a department, which has a card of its own."""
    config = place.root / "config"
    change(config / "organisation.yaml", lambda text: text + "departments:\n  up: {en: Up, zh_CN: 北方}\n")
    change(config / "teams.yaml", lambda text: _in_department(text) + HEAD.replace("LANGUAGE", language))
    change(config / "targets/2026.csv", lambda text: text + ROWS)


def _in_department(text: str) -> str:
    for team in ("north", "south"):
        text = text.replace(f"{team}:\n", f"{team}:\n  department: up\n")
    return text

"""How high the table of page 1 gets, and where it turns the page if one page cannot hold it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.charts.svg import text_width
from reports.columns import MM_PER_POINT, SIZE
from scoring.paper import Paper
from scoring.scorecard import Scorecard

NAME_ROOM, NAME_ROOM_BESIDE, NAME_ROOM_WITH_YEAR = 36.0, 27.5, 24.5
"""How wide the names of KPIs are set, in mm: usually, beside a column of earlier values, and beside one of
the year to date as well.
"""

PAIR = 5.4
"""How high two earlier values are, one above the other, in mm."""

AREAS_BESIDE, AREA_BOX = 5, 21.0
"""How many areas stand side by side, and how much each further row of them takes, in mm."""

FINDING, SENTENCE = 6.0, 8.5
"""What a finding takes, and what any sentence may take at most, in mm."""

FIRST, OTHER = 130.0, 225.0
"""What a table over several pages has of page 1 and of those behind it, in mm of A4."""

SHORTER: Mapping[Paper, float] = {"A4": 0.0, "Letter": 17.0}
"""How much less a page of that paper holds, in mm."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How high a line of a name, what is around it and an area's row are, and the table at most."""

    line: float
    around: float
    group: float
    most: float


SETTINGS = {
    "roomy": Setting(3.4, 2.75, 5.6, 152),
    "full": Setting(3.4, 2.0, 4.8, 156),
    "crowded": Setting(3.05, 1.25, 4.1, 160),
}
SEVERAL = "long"


def fits(card: Scorecard, density: str, findings: int) -> bool:
    """Whether the table is likely to fit on page 1 with so many findings below it."""
    setting = SETTINGS[density]
    height = sum(height for _, height in _rows(card, setting))
    return height + FINDING * findings <= setting.most - _gone(card)


def fits_with_earlier(card: Scorecard, density: str, sentences: float, room: float) -> bool:
    """Whether it is certain to with columns of earlier values, which leave names so much `room`, and so many
    sentences around it.
    """
    setting = SETTINGS[density]
    names = (_lines(each.name.to(card.language), room) * setting.line for each in card.results)
    rows = sum(max(name, PAIR) + setting.around for name in names) + setting.group * len(card.areas)
    return rows + SENTENCE * sentences <= setting.most - _gone(card)


def turns_of(card: Scorecard) -> frozenset[str]:
    """The KPIs before which a long table turns the page, so that no page gets a few rows alone."""
    rows, first = list(_rows(card, SETTINGS["roomy"])), FIRST - _gone(card)
    other = OTHER - SHORTER[card.paper]
    total = sum(height for _, height in rows)
    pages = 1 + math.ceil(max(0.0, total - first) / other)
    share = total / (first + (pages - 1) * other)
    turns: set[str] = set()
    used, limit = 0.0, first * share
    for kpi_id, height in rows[1:]:
        used += height
        if used > limit and len(turns) < pages - 1:
            turns.add(kpi_id)
            limit += other * share
    return frozenset(turns)


def _gone(card: Scorecard) -> float:
    """What page 1 has less: for the paper, and for the areas' boxes beyond one row of them."""
    return SHORTER[card.paper] + AREA_BOX * ((len(card.areas) - 1) // AREAS_BESIDE)


def _rows(card: Scorecard, setting: Setting) -> Iterator[tuple[str, float]]:
    """Each KPI with the height of its row; the first of an area has the area's own row with it."""
    for area in card.areas:
        for index, result in enumerate(area.results):
            height = _lines(result.name.to(card.language)) * setting.line + setting.around
            yield result.kpi_id, height + setting.group * (index == 0)


def _lines(name: str, room: float = NAME_ROOM) -> int:
    """Over how many lines a name goes."""
    return math.ceil(text_width(name, SIZE) * MM_PER_POINT * 0.92 / room) or 1

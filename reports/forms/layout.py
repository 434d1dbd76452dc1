"""The appraisal form as values, and where each of them is on its sheet.

Reading a filled-in form needs the same places, so they are only defined here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.fiscal import Naming
from scoring.period import Period
from scoring.text import Language, LocalText

MARK, VERSION = "scorewright appraisal form", "1"
"""What tells a sheet of this form from any other, and which layout it has."""

EVENTS, LEVEL, DONE_ON = "events", "level", "done_on"
SELF, SELF_COMMENT, SUPERIOR, SUPERIOR_COMMENT = "self", "self_comment", "superior", "superior_comment"
FIELDS = (EVENTS, LEVEL, DONE_ON, SELF, SELF_COMMENT, SUPERIOR, SUPERIOR_COMMENT)
"""What a row may ask, in the order of its columns."""

COMMENTS = frozenset({SELF_COMMENT, SUPERIOR_COMMENT})
RECORDER = "recorder"
ROLES = (SELF, SUPERIOR, RECORDER)
"""Who signs below the rows, in order: for the own marks, the superior's, and events, levels and days."""

FIRST_ROW = 5
"""The row (from 0) of the first KPI; the header stands right above."""

FIRST_FIELD = 4
"""The column (from 0) of the first field; before it name, target, actual and the system's score."""

NAME_COLUMN, DAY_COLUMN = 1, 3
"""Where a person's name and day stand below the rows."""

HIDDEN = 13
"""The first hidden column: the KPI's id and what its fields said when the form was made; in the first
row the form's mark, version, period, team, seal, and which forms it comes after."""

LEVELS = HIDDEN + 1 + len(FIELDS)
"""The first hidden column of a row's levels, which the list of its cell is taken from."""

COMMENT_LENGTH, NAME_LENGTH, MOST_EVENTS, SCORE_DIGITS = 500, 200, 9999, 2


@dataclass(frozen=True, slots=True)
class FormRow:
    """A KPI: what it is, how the system scored it, and what the form asks of it.

    `was` is what is entered already, as text by field; `levels` are those of a qualitative KPI.
    """

    kpi_id: str
    name: LocalText
    unit: str
    decimals: int
    target: Decimal | None
    actual: Decimal | None
    score: Decimal | None
    asks: frozenset[str]
    levels: tuple[str, ...] = ()
    was: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One team's sheet; `cap` is the highest mark, None where nobody gives marks.

    `after` is a fingerprint of the forms that what is entered already came by; empty where nothing is.
    """

    period: Period
    team_id: str
    team_name: LocalText
    organisation: LocalText
    manager_name: str
    appraiser_name: str | None
    language: Language
    currency_code: str
    cap: Decimal | None
    rows: tuple[FormRow, ...]
    after: str = ""
    fiscal_named: Naming = Naming.BOTH

    @property
    def asks(self) -> frozenset[str]:
        """Every field that any row asks for."""
        return frozenset().union(*(row.asks for row in self.rows))


def role_row(rows: int, role: str) -> int:
    """The row (from 0) of a person's name and day on a sheet of so many KPIs."""
    return FIRST_ROW + rows + 2 + ROLES.index(role)


def role_of(name: str) -> str:
    """Who answers for a field."""
    if name in (SELF, SELF_COMMENT):
        return SELF
    return SUPERIOR if name in (SUPERIOR, SUPERIOR_COMMENT) else RECORDER


def seal(period: str, team_id: str, rows: Sequence[Sequence[str]], after: str = "") -> str:
    """A fingerprint of the hidden cells (of each row its id and what its fields said).

    It detects slips, such as a sorted column; it is not a secret, and does not stop an attacker.
    """
    cells = [MARK, VERSION, period, team_id, [list(row) for row in rows], *([after] if after else [])]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def hidden_cells(row: FormRow) -> tuple[str, ...]:
    """The row's hidden texts: its id, and what each field said."""
    return (row.kpi_id, *(row.was.get(name, "") for name in FIELDS))

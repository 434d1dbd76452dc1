"""People's marks on scores, and the appraisal made from them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Whose = Literal["self", "superior"]
"""Who gives a mark in an appraisal."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A score that a person gave, on the scale where 100 is on target; `said_on` is an ISO date."""

    score: Decimal
    comment: str
    said_by: str
    said_on: str


@dataclass(frozen=True, slots=True)
class AppraisedLine:
    """The three scores of a KPI that counts in the appraisal; `system` is as the card scored it.

    `is_given`: people have already judged it, by events or a level, or a veto set it: the system's score is
    used for all three. `appraised` (unrounded) is None while a mark is missing.
    """

    kpi_id: str
    weight: Decimal
    system: Decimal
    is_given: bool
    self_mark: Mark | None
    superior_mark: Mark | None
    appraised: Decimal | None


@dataclass(frozen=True, slots=True)
class MissingMark:
    """A missing mark of an appraisal."""

    kpi_id: str
    whose: Whose


@dataclass(frozen=True, slots=True)
class Appraisal:
    """How system, self and superior make up the total, with their shares in percent.

    `total` is None while marks are missing: the card then prints the system's total and has neither
    grade nor pay.
    """

    system_share: Decimal
    self_share: Decimal
    superior_share: Decimal
    system_total: Decimal
    total: Decimal | None
    lines: tuple[AppraisedLine, ...]
    missing: tuple[MissingMark, ...]

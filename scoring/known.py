"""The known data of a team in one period: measures, and what people entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from scoring.marks import Mark


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people entered for one KPI: how many events, which level, on which day it was done, their marks.

    None means no entry, which is not the same as no event.
    """

    events: int | None = None
    level: str | None = None
    done_on: date | None = None
    self_mark: Mark | None = None
    superior_mark: Mark | None = None

    @property
    def counted(self) -> Decimal | None:
        """The number of events, which is the actual of a KPI over events."""
        return None if self.events is None else Decimal(self.events)


NOTHING_SAID = Judgement()


@dataclass(frozen=True, slots=True)
class Known:
    """A team's measures by name, and judgements by KPI id."""

    measures: Mapping[str, Decimal]
    judgements: Mapping[str, Judgement] = field(default_factory=dict)

    def judgement(self, kpi_id: str) -> Judgement:
        """What was entered for the KPI."""
        return self.judgements.get(kpi_id, NOTHING_SAID)

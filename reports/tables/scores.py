"""Issued cards as rows: one for each KPI of each card, and one for a card that has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reports.tables.further import OUTLOOK, YEAR, further_of
from reports.tables.kinds import Columns, Kind, Row
from scoring.period import Period
from scoring.scorecard import AreaResult, KpiResult, Scorecard


@dataclass(frozen=True, slots=True)
class Issued:
    """A card with what the ledger knows of it; `is_current` is false of a replaced revision."""

    issue_id: int
    issued_at: datetime
    is_current: bool
    card: Scorecard


_CARD: Columns = {
    "issue_id": Kind.COUNT,
    "period": Kind.TEXT,
    "cadence": Kind.TEXT,
    "start_date": Kind.DAY,
    "last_date": Kind.DAY,
    "team_id": Kind.TEXT,
    "team_name": Kind.TEXT,
    "revision": Kind.COUNT,
    "is_current": Kind.FLAG,
    "issued_at": Kind.MOMENT,
    "certificate": Kind.TEXT,
    "total": Kind.NUMBER,
    "total_band": Kind.TEXT,
    "grade": Kind.TEXT,
    "currency_code": Kind.TEXT,
}
LINE: Columns = {
    "area_id": Kind.TEXT,
    "area_name": Kind.TEXT,
    "kpi_id": Kind.TEXT,
    "kpi_name": Kind.TEXT,
    "unit": Kind.TEXT,
    "direction": Kind.TEXT,
    "target": Kind.NUMBER,
    "target_low": Kind.NUMBER,
    "target_high": Kind.NUMBER,
    "actual": Kind.NUMBER,
    "attainment": Kind.NUMBER,
    "weight": Kind.NUMBER,
    "effective_weight": Kind.NUMBER,
    "score": Kind.NUMBER,
    "points": Kind.NUMBER,
    "band": Kind.TEXT,
    "reason": Kind.TEXT,
}
"""What there is of a KPI of one card."""
COLUMNS: Columns = {**_CARD, **LINE}
"""What every table of scores has. Nobody's pay, name, mark or comment is among it."""
PAY: Columns = {"pay": Kind.NUMBER}
"""The card's pay coefficient, for who asks for it."""


def rows_of(issued: Issued) -> Iterator[Row]:
    """The rows of a card, with the columns of `COLUMNS`, `PAY`, `YEAR` and `OUTLOOK`, in its language."""
    head = _head(issued)
    for line in [*lines_of(issued.card)] or [dict.fromkeys({**LINE, **YEAR, **OUTLOOK})]:
        yield head | line


def lines_of(card: Scorecard) -> Iterator[Row]:
    """A row for each KPI, with the columns of `LINE`, `YEAR` and `OUTLOOK`."""
    for area in card.areas:
        yield from (_line(card, area, line) for line in area.results)


def _head(issued: Issued) -> Row:
    card = issued.card
    period = Period.parse(card.period)
    return {
        "issue_id": issued.issue_id,
        "period": card.period,
        "cadence": period.cadence.value,
        "start_date": period.start,
        "last_date": period.last_day,
        "team_id": card.team_id,
        "team_name": card.team_name.to(card.language),
        "revision": card.revision,
        "is_current": issued.is_current,
        "issued_at": issued.issued_at,
        "certificate": card.certificate.status.value,
        "total": card.total,
        "total_band": card.band.value,
        "grade": card.grade,
        "currency_code": card.currency_code,
        "pay": None if card.pay is None else card.pay.result,
    }


def _line(card: Scorecard, area: AreaResult, line: KpiResult) -> Row:
    said = {name: getattr(line, name) for name in LINE if hasattr(line, name)}
    return {
        **said,
        **further_of(line),
        "area_id": area.area_id,
        "area_name": area.name.to(card.language),
        "kpi_name": line.name.to(card.language),
        "band": line.band.value,
        "reason": None if line.reason is None else line.reason.value,
    }

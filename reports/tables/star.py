"""Issued cards as the rows of a star of tables: facts by card and by KPI, and what the KPIs and teams are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from reports.tables.kinds import Row
from reports.tables.numbers import LARGEST, fitted
from reports.tables.scores import Issued, rows_of


def star_of(issues: Iterable[tuple[Issued, str]]) -> dict[str, list[Row]]:
    """The rows of `dim_kpi`, `dim_team`, `fct_score` and `fct_total` for issues with their content hashes.

    Numbers have 18 digits after the point, rounded half up; one of 10^20 or more is missing, for no database
    has a decimal so wide. Times are UTC without a zone. Nobody's pay or name is among them.
    """
    found: dict[str, list[Row]] = {"dim_kpi": [], "dim_team": [], "fct_score": [], "fct_total": []}
    for issued, content_hash in issues:
        card, lines = issued.card, [*map(_fitting, rows_of(issued))]
        head = lines[0] | {"band": lines[0]["total_band"], "content_hash": content_hash}
        found["fct_total"].append(head | _fitting({"total_weight": card.total_weight}))
        found["fct_score"] += [line for line in lines if line["kpi_id"] is not None]
        found["dim_team"].append(_team(issued))
        found["dim_kpi"] += _kpis(issued)
    return found


def _team(issued: Issued) -> Row:
    card = issued.card
    return {
        "team_id": card.team_id,
        "name_en": card.team_name.en,
        "name_zh_cn": card.team_name.zh_CN,
        "organisation_en": card.organisation.en,
        "organisation_zh_cn": card.organisation.zh_CN,
        "currency_code": card.currency_code,
        "issue_id": issued.issue_id,
    }


def _kpis(issued: Issued) -> list[Row]:
    return [
        {
            "kpi_id": line.kpi_id,
            "area_id": area.area_id,
            "name_en": line.name.en,
            "name_zh_cn": line.name.zh_CN,
            "area_name_en": area.name.en,
            "area_name_zh_cn": area.name.zh_CN,
            "unit": str(line.unit),
            "decimals": line.decimals,
            "direction": str(line.direction),
            "formula": line.formula,
            "issue_id": issued.issue_id,
        }
        for area in issued.card.areas
        for line in area.results
    ]


def _fitting(row: Row) -> Row:
    """The values as the columns can hold them."""
    return {name: _HOLDS.get(type(value), _same)(value) for name, value in row.items()}


def _same(value: object) -> object:
    return value


def _number(value: Decimal) -> Decimal | None:
    return fitted(value) if abs(value) < LARGEST else None


def _moment(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


_HOLDS: Mapping[type, Callable[[Any], object]] = {Decimal: _number, datetime: _moment}

"""Cumulative targets whose number counts from before their own first day, because another row does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter

from book.fault import Fault
from book.files.draft import Draft
from book.files.targets import TargetRow
from book.lint.fiscal import fiscal_of
from scoring.aims import Kind
from scoring.fiscal import CALENDAR_YEAR
from scoring.kpi import Target


def beside_others(draft: Draft, rows: Mapping[Target, TargetRow], today: date) -> Iterator[Fault]:
    """Cumulative rows of a card that share a year with an earlier row of another kind for the same KPI."""
    years = fiscal_of(draft) or CALENDAR_YEAR
    for target in filter(_is_paced, rows):
        year = years.year_start(target.valid_from)
        earlier = [other for other in rows if _is_mixed(other, target, year)]
        if earlier and target.valid_until > today:
            yield rows[target].fault(_told(target, min(earlier, key=attrgetter("valid_from")), year))


def _is_paced(target: Target) -> bool:
    return target.aim.kind is Kind.CUMULATIVE


def _is_mixed(other: Target, target: Target, year: date) -> bool:
    is_of_year = other.valid_from < target.valid_from and other.valid_until > year
    return is_of_year and other.kpi_id == target.kpi_id and not _is_paced(other)


def _told(target: Target, other: Target, year: date) -> str:
    begins = max(other.valid_from, year)
    return (
        f"{target.team_id} {target.kpi_id}: expected rows of one kind in a year, found cumulative from "
        f"{target.valid_from} on and {other.aim.kind} from {begins} on, so the number counts as that of all "
        f"days from {begins} on, and so do the figures; give the number for these days, or take the other "
        "row out"
    )

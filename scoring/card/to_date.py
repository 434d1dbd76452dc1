"""The year to date of each line that can have one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from scoring.card.inputs import CardInputs
from scoring.card.results import with_results
from scoring.card.window import Past
from scoring.scorecard import AreaResult, KpiResult
from scoring.spans import days_of, months_in
from scoring.to_date import ToDate, can_be_summed, year_to_date


def with_year_to_date(areas: tuple[AreaResult, ...], inputs: CardInputs, now: Past) -> tuple[AreaResult, ...]:
    """The areas with the year to date of their lines, if the card shows it.

    A card of a part of its period has none: its figures end, or began, on days of their own.
    """
    if inputs.to_date is None or _is_of_a_part(inputs, now):
        return areas
    return with_results(areas, partial(_with_its_year, inputs, inputs.to_date, now))


def _is_of_a_part(inputs: CardInputs, now: Past) -> bool:
    return inputs.period in inputs.parted or any(line.terms.covered for line in now.lines)


def _with_its_year(inputs: CardInputs, asked: ToDate, now: Past, result: KpiResult) -> KpiResult:
    if not can_be_summed(result.formula):
        return result
    found = year_to_date(result.formula, inputs.period, now.known.measures, inputs.measure_units, asked)
    months = set(map(str, months_in(days_of(inputs.period, asked.span))))
    lacking = tuple(month for month in asked.lacking.get(result.kpi_id, ()) if month in months)
    return replace(result, year_to_date=replace(found, lacking=lacking))

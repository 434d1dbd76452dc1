"""The year to date, and what is left of a target, on the sheet of figures: of cards that say either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.presenting.outlooks import FORECAST
from reports.presenting.to_date import labelled, months_lacking
from reports.wording import msgid
from reports.workbook.formats import unit_format
from reports.workbook.paper import FIGURES, LINE, PLAIN, Paper, beside
from scoring.formula import Formula
from scoring.outlook import Outlook
from scoring.scorecard import KpiResult
from scoring.to_date import YearToDate

_SUMS = (
    msgid("KPI"),
    msgid("Measure, from the first day on"),
    msgid("Value"),
    msgid("Counts from"),
    msgid("Formula of the KPI"),
    msgid("Months of which data are missing"),
)
_AHEAD = (
    msgid("KPI"),
    msgid("Figures up to"),
    msgid("To be reached by"),
    msgid("To be reached"),
    msgid("So far"),
    msgid("Working days so far"),
    msgid("Working days left"),
    msgid("So far, each working day"),
    msgid("Needed, each working day left"),
    FORECAST,
    msgid("Forecast, lowest"),
    msgid("Forecast, highest"),
    msgid("Earlier periods tried"),
    msgid("Mean error"),
)
_VALUE = 2
_GOAL, _SO_FAR, _DAYS, _LEFT, _PACE, _NEEDED, _FORECAST, _LOW, _HIGH, _TRIED, _ERROR = range(3, 14)
_PERCENT = "0.0%"


def write_further(paper: Paper, row: int) -> int:
    """Both tables from `row` on, as far as the card has them; returns the row after them."""
    return _outlooks(paper, _years(paper, row))


def _day(paper: Paper, text: str) -> str:
    return paper.reader.figures.periods.full_date(date.fromisoformat(text))


def _name(paper: Paper, result: KpiResult) -> str:
    return result.name.to(paper.card.language)


# --- the year to date ------------------------------------------------------------------------------


def _years(paper: Paper, row: int) -> int:
    """For each KPI its measures over the year, and below them what its formula makes of them."""
    years = [(each, each.year_to_date) for each in paper.card.results if each.year_to_date is not None]
    if not years:
        return row
    paper.heads(FIGURES, row, _SUMS, {_VALUE})
    for result, year in years:
        cells = dict(_sums(paper, row + 1, result, year))
        row += len(year.measures) + 1
        _year(paper, row, (result, year), cells)
    return row + 2


def _sums(paper: Paper, row: int, result: KpiResult, year: YearToDate) -> Iterator[tuple[str, str]]:
    """A row for each measure; where its number stands."""
    for at, measure in enumerate(year.measures, start=row):
        paper.texts(FIGURES, at, (_name(paper, result), measure.name), **LINE)
        yield measure.name, paper.number(FIGURES, at, _VALUE, measure.value, num_format=PLAIN, **LINE)


def _year(paper: Paper, row: int, told: tuple[KpiResult, YearToDate], cells: Mapping[str, str]) -> None:
    result, year = told
    label = labelled(year, paper.reader)
    paper.texts(FIGURES, row, (_name(paper, result), label), bold=True, **LINE)
    shown = {"num_format": unit_format(result, paper.reader), "bold": True, **LINE}
    if year.actual is None:
        cell = paper.number(FIGURES, row, _VALUE, None, **shown)
    else:
        cell = paper.formula(FIGURES, row, _VALUE, _in_cells(result, cells), year.actual, **shown)
    paper.check(f"{_name(paper, result)}: {label}", year.actual, cell)
    texts = (_day(paper, year.first), result.formula, months_lacking(year, paper.reader))
    for column, text in enumerate(texts, start=_VALUE + 1):
        paper.text(FIGURES, row, column, text, **beside(column, {_VALUE}), **LINE)


def _in_cells(result: KpiResult, cells: Mapping[str, str]) -> str:
    formula = Formula.parse(result.formula).in_cells
    for name, cell in cells.items():
        formula = formula.replace(f"{{measure:{name}}}", cell)
    return formula


# --- what is left of a target ----------------------------------------------------------------------


def _outlooks(paper: Paper, row: int) -> int:
    ahead = [(each, each.outlook) for each in paper.card.results if each.outlook is not None]
    if not ahead:
        return row
    paper.heads(FIGURES, row, _AHEAD, range(_GOAL, _ERROR + 1))
    for result, outlook in ahead:
        row += 1
        days = (_day(paper, outlook.through), _day(paper, outlook.until))
        paper.texts(FIGURES, row, (_name(paper, result), *days), **LINE)
        _given(paper, row, result, outlook)
        _worked_out(paper, row, result, outlook)
    return row + 2


def _given(paper: Paper, row: int, result: KpiResult, outlook: Outlook) -> None:
    """The numbers that no formula gives: the range is of periods that the card has only in part."""
    whole = unit_format(result, paper.reader)
    given = (
        (_GOAL, outlook.goal, whole),
        (_SO_FAR, outlook.so_far, whole),
        (_DAYS, Decimal(outlook.days), PLAIN),
        (_LEFT, Decimal(outlook.days_left), PLAIN),
        (_LOW, outlook.low, whole),
        (_HIGH, outlook.high, whole),
        (_TRIED, Decimal(outlook.tried), PLAIN),
        (_ERROR, outlook.mean_error, _PERCENT),
    )
    for column, value, shown in given:
        paper.number(FIGURES, row, column, value, num_format=shown, **LINE)


def _worked_out(paper: Paper, row: int, result: KpiResult, outlook: Outlook) -> None:
    """The pace, what is needed and the forecast, each by its formula, and held against what was issued."""
    goal, so_far, days, left = (paper.at(FIGURES, row, at) for at in (_GOAL, _SO_FAR, _DAYS, _LEFT))
    daily = unit_format(replace(result, decimals=result.decimals + 1), paper.reader)
    formulas = (
        (_PACE, outlook.pace, f"{so_far}/{days}", daily),
        (_NEEDED, outlook.needed, f"({goal}-{so_far})/{left}", daily),
        (_FORECAST, outlook.forecast, f"{so_far}*({days}+{left})/{days}", unit_format(result, paper.reader)),
    )
    for column, value, formula, shown in formulas:
        if value is None:
            paper.number(FIGURES, row, column, None, **LINE)
        else:
            cell = paper.formula(FIGURES, row, column, formula, value, num_format=shown, **LINE)
            paper.check(f"{_name(paper, result)}: {paper.say(_AHEAD[column])}", value, cell)

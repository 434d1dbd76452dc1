"""The sheet of source figures: measures, the past, what people entered, files and exchange rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from reports.presenting.unlike import MARK, card_lines
from reports.wording import msgid
from reports.workbook.further import write_further
from reports.workbook.paper import FIGURES, HEADER, LINE, PLAIN, Paper, beside
from scoring.scorecard import KpiResult
from scoring.working import HistoryPoint

_VALUE = 2
_PAST_FROM = 2
"""The column of the oldest period."""
_MEASURES = (msgid("KPI"), msgid("Measure"), msgid("Value"), msgid("Unit"), msgid("Formula of the KPI"))
_ENTRIES = (msgid("KPI"), msgid("Entered"), msgid("Value"), msgid("By"), msgid("Day"), msgid("Comment"))
_FILES = (msgid("Source"), msgid("Account"), msgid("Period"), msgid("File"), msgid("Rows"), msgid("SHA-256"))
_RATES = (msgid("Currency"), msgid("Source"), msgid("First rate"), msgid("Last rate"))
_WIDTHS = (32, 28, 16, 16, 16, 34)


def write_figures(paper: Paper) -> None:
    """Everything that the numbers of the card are from, as far as the card has it."""
    paper.text(FIGURES, 0, 0, paper.say("Figures"), bold=True, font_size=16)
    for column, width in enumerate(_WIDTHS):
        paper.pages[FIGURES].set_column(column, column, width)
    row = write_further(paper, _past(paper, _measures(paper, 2)))
    row = _table(paper, row, _ENTRIES, _entries(paper))
    row = _table(paper, row, _FILES, _files(paper))
    _table(paper, row, _RATES, _rates(paper))


def _measures(paper: Paper, row: int) -> int:
    """The measures of each KPI, one to a row; returns the row after them."""
    paper.heads(FIGURES, row, _MEASURES, {_VALUE})
    for result in paper.card.results:
        for measure in result.measures:
            row += 1
            paper.texts(FIGURES, row, (result.name.to(paper.card.language), measure.name), **LINE)
            cell = paper.number(FIGURES, row, _VALUE, measure.value, num_format=PLAIN, **LINE)
            paper.cells[f"measure:{measure.name}:{result.kpi_id}"] = cell
            unit = paper.card.currency_code if measure.unit == "money" else paper.say("count")
            paper.text(FIGURES, row, 3, unit, **beside(3, {_VALUE}), **LINE)
            paper.text(FIGURES, row, 4, result.formula, **LINE)
    return row + 2


def _past(paper: Paper, row: int) -> int:
    """The actual of each KPI in each period of the window, and the totals; the trends are drawn from it."""
    periods = [point.period for point in paper.card.total_history]
    paper.heads(FIGURES, row, (msgid("KPI"), msgid("Past")), ())
    for column, period in enumerate(map(paper.reader.figures.periods.short, periods), start=_PAST_FROM):
        paper.text(FIGURES, row, column, period, align="right", **HEADER)
    for result in paper.card.results:
        row += 1
        paper.texts(FIGURES, row, (result.name.to(paper.card.language), paper.say("Actual")), **LINE)
        _points(paper, row, result.history)
        paper.cells[f"past:{result.kpi_id}"] = _past_of(paper, row, result)
    row += 1
    paper.texts(FIGURES, row, (paper.say("Total"), paper.say("Score")), **LINE)
    _points(paper, row, paper.card.total_history)
    for line in card_lines(paper.card, paper.reader):
        row += 1
        paper.text(FIGURES, row, 0, line)
    return row + 2


def _points(paper: Paper, row: int, points: Iterable[HistoryPoint]) -> None:
    """Numbers beside each other; where there is none a gap, which a small chart leaves out."""
    for column, point in enumerate(points, start=_PAST_FROM):
        if point.actual is not None:
            shown = f'{PLAIN}"{MARK}"' if point.unlike else PLAIN
            paper.number(FIGURES, row, column, point.actual, num_format=shown, **LINE)


def _past_of(paper: Paper, row: int, result: KpiResult) -> str:
    """The cells of a KPI's past; nothing where there are not two points to draw a line between."""
    if sum(point.actual is not None for point in result.history) < 2:
        return ""
    first, last = (
        paper.at(FIGURES, row, column) for column in (_PAST_FROM, _PAST_FROM + len(result.history) - 1)
    )
    return f"{first}:{last.partition('!')[2]}"


def _table(
    paper: Paper, row: int, heads: Sequence[str], rows: Sequence[Sequence[str | Decimal | int]]
) -> int:
    """A table of texts and numbers, if it has any row; returns the row after it."""
    if not rows:
        return row
    numbers = {column for column, value in enumerate(rows[0]) if not isinstance(value, str)}
    paper.heads(FIGURES, row, heads, numbers)
    for cells in rows:
        row += 1
        for column, value in enumerate(cells):
            if isinstance(value, str):
                paper.text(FIGURES, row, column, value, **beside(column, numbers), **LINE)
            else:
                paper.number(FIGURES, row, column, Decimal(value), num_format=PLAIN, **LINE)
    return row + 2


def _entries(paper: Paper) -> list[tuple[str, ...]]:
    return [
        (paper.reader.kpi(each.kpi_id), each.kind, each.value, each.said_by, each.said_on, each.comment)
        for each in paper.card.entries
    ]


def _files(paper: Paper) -> list[tuple[str | int, ...]]:
    return [
        (
            source.source_name.to(paper.card.language),
            source.entity,
            source.period,
            file.name,
            file.rows,
            file.sha256,
        )
        for source in paper.card.sources
        for file in source.files
    ]


def _rates(paper: Paper) -> list[tuple[str | Decimal, ...]]:
    return [(rate.currency_code, rate.source, rate.first_rate, rate.last_rate) for rate in paper.card.rates]

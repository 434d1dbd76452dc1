"""The first sheet: the table that people sign, 指标、目标值、实际值、完成率、权重、得分、评注."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reports import palette
from reports.figures import NOTHING
from reports.presenting.headings import heading_of, headline_of
from reports.wording import msgid
from reports.workbook.colours import colour_rows
from reports.workbook.formats import digits_format, unit_format
from reports.workbook.paper import FRONT, HEADER, LINE, PLAIN, TO_FILL, Paper, rounded
from scoring.formula import Formula
from scoring.scorecard import AreaResult, KpiResult
from scoring.working import Band

FIRST = 6
NAME, TARGET, ACTUAL, ATTAINMENT, WEIGHT, SCORE, POINTS, STATUS, TREND, COMMENT = range(10)
HEADERS = (
    msgid("KPI"),
    msgid("Target"),
    msgid("Actual"),
    msgid("Attainment"),
    msgid("Weight"),
    msgid("Score"),
    msgid("Points"),
    msgid("Status"),
    msgid("Trend"),
    msgid("Comment"),
)
_WIDTHS = (34, 15, 15, 12, 9, 9, 9, 15, 16, 44)
_TEXTS = frozenset({NAME, STATUS, TREND, COMMENT})
_ALIGN = {True: "left", False: "right"}
COMMENT_LENGTH = 1000
_HEIGHT, _LINE_HEIGHT, _MOST_LINES = 20, 14, 25
"""The height of a row, of a line in it, and how many lines a row may have: a sheet's rows end at 409."""
ATTAINMENT_DIGITS = 12
"""Digits after the point of an attainment in a cell: what binary adds to an exact quotient lies beyond."""
_AREA: Mapping[str, Any] = {"bold": True, "bg_color": palette.PANEL, **LINE}
_NAMED = {"target": TARGET, "actual": ACTUAL, "attainment": ATTAINMENT, "weight": WEIGHT, "score": SCORE}
_GRADES = {False: msgid("Grade"), True: msgid("Grade, as decided by people")}
_RELEVANT = {"top": 1, "top_color": palette.INK, "bold": True}


def place(paper: Paper) -> None:
    """Decide where each line stands, so that formulas can name its cells."""
    row = FIRST
    for area in paper.card.areas:
        paper.cells[f"row:{area.area_id}:"] = str(row)
        for below, result in enumerate(area.results, start=row + 1):
            _place_line(paper, below, result.kpi_id)
        row += len(area.results) + 1
    paper.cells["row:total"] = str(row)


def _place_line(paper: Paper, row: int, kpi_id: str) -> None:
    paper.cells[f"row::{kpi_id}"] = str(row)
    for name, column in _NAMED.items():
        paper.cells[f"{name}:{kpi_id}"] = paper.at(FRONT, row, column)


def row_of(paper: Paper, result: KpiResult) -> int:
    """The row of a KPI."""
    return int(paper.cells[f"row::{result.kpi_id}"])


def write_front(paper: Paper) -> None:
    """The table, with what is above and below it."""
    page = paper.pages[FRONT]
    for column, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
        align = _ALIGN[column in _TEXTS]
        paper.text(
            FRONT, FIRST - 1, column, paper.say(header), **HEADER, align=align, indent=int(column == STATUS)
        )
        page.set_column(column, column, width)
    page.set_row(FIRST - 1, 30)
    page.freeze_panes(FIRST, 1)
    page.repeat_rows(FIRST - 1)
    _head(paper)
    for area in paper.card.areas:
        _area(paper, area)
        for result in area.results:
            _line(paper, result)
    _total(paper)
    colour_rows(paper, FRONT, (FIRST, int(paper.cells["row:total"])), (SCORE, STATUS))


def _head(paper: Paper) -> None:
    card, words = paper.card, paper.reader.words
    heading, headline = heading_of(card, paper.reader), headline_of(card, paper.reader)
    paper.pages[FRONT].set_row(0, 28)
    paper.text(FRONT, 0, 0, heading.title, bold=True, font_size=18)
    responsible = words.say("Responsible: %(name)s", name=card.manager_name)
    paper.text(FRONT, 1, 0, f"{heading.organisation} · {responsible}", font_color=palette.MUTED)
    paper.text(FRONT, 2, 0, f"{headline.revision} · {headline.short_hash}", font_color=palette.MUTED)


def _bar(paper: Paper, row: int, style: Mapping[str, Any]) -> None:
    """The look of a row in all its columns."""
    for column in range(len(HEADERS)):
        paper.text(FRONT, row, column, "", **style)


def _area(paper: Paper, area: AreaResult) -> None:
    row = int(paper.cells[f"row:{area.area_id}:"])
    rows = (row + 1, row + len(area.results))
    _bar(paper, row, _AREA)
    paper.text(FRONT, row, NAME, area.name.to(paper.card.language), **_AREA)
    weight = f"SUM({paper.span(FRONT, rows, WEIGHT)})"
    paper.check(
        f"{area.name.to(paper.card.language)}: {paper.say('Weight')}",
        area.weight,
        paper.formula(FRONT, row, WEIGHT, weight, area.weight, num_format=PLAIN, **_AREA),
    )
    _subtotals(paper, area, row)


def _subtotals(paper: Paper, area: AreaResult, row: int) -> None:
    name, digits = area.name.to(paper.card.language), paper.reader.score_digits
    points, score = (paper.cells[f"{what}:area:{area.area_id}"] for what in ("points", "score"))
    paper.check(
        f"{name}: {paper.say('Score')}",
        area.score,
        paper.formula(FRONT, row, SCORE, score, area.score, num_format=digits_format(digits), **_AREA),
    )
    paper.check(
        f"{name}: {paper.say('Points')}",
        area.points,
        paper.formula(FRONT, row, POINTS, points, area.points, num_format=digits_format(3), **_AREA),
    )
    _status(paper, row, area.band, **_AREA)


def _line(paper: Paper, result: KpiResult) -> None:
    row, name = row_of(paper, result), result.name.to(paper.card.language)
    paper.text(FRONT, row, NAME, name, text_wrap=True, **LINE)
    _target(paper, row, result)
    for what, write in (("Actual", _actual), ("Attainment", _attainment), ("Score", _score)):
        value, cell = write(paper, row, result)
        paper.check(f"{name}: {paper.say(what)}", value, cell)
    paper.number(FRONT, row, WEIGHT, result.weight, num_format=PLAIN, **LINE)
    points = paper.cells[f"points:{result.kpi_id}"]
    cell = paper.formula(FRONT, row, POINTS, points, result.points, num_format=digits_format(3), **LINE)
    paper.check(f"{name}: {paper.say('Points')}", result.points, cell)
    _status(paper, row, result.band, **LINE)
    _trend(paper, row, result)
    _comment(paper, row, result)


def _target(paper: Paper, row: int, result: KpiResult) -> None:
    """The number; both ends of a range as text, for a formula takes them from the sheet of the working."""
    ends = result.target_range
    if ends is None:
        shown = unit_format(result, paper.reader)
        paper.number(FRONT, row, TARGET, result.target, num_format=shown, **LINE)
    else:
        text = paper.reader.figures.span(*ends, result.unit, result.decimals).text
        paper.text(FRONT, row, TARGET, text, align="right", **LINE)


def _actual(paper: Paper, row: int, result: KpiResult) -> tuple[Decimal | None, str]:
    """By the formula of the KPI, where its measures give the number."""
    style = {"num_format": unit_format(result, paper.reader), **LINE}
    if result.actual is None or not _is_by_formula(result):
        return result.actual, paper.number(FRONT, row, ACTUAL, result.actual, **style)
    formula = Formula.parse(result.formula).in_cells
    for name in Formula.parse(result.formula).names:
        formula = formula.replace(f"{{measure:{name}}}", paper.cell_of(f"measure:{name}", result.kpi_id))
    return result.actual, paper.formula(FRONT, row, ACTUAL, formula, result.actual, **style)


def _is_by_formula(result: KpiResult) -> bool:
    """Whether the measures on the card give the actual; days and events are no measures."""
    if not result.formula:
        return False
    known = {measure.name: measure.value for measure in result.measures if measure.value is not None}
    return Formula.parse(result.formula).evaluate(known) == result.actual


def _attainment(paper: Paper, row: int, result: KpiResult) -> tuple[Decimal | None, str]:
    style = {"num_format": "0.0%", **LINE}
    cells = paper.cells.get(f"formula:attainment:{result.kpi_id}")
    if cells is None:
        return result.attainment, paper.number(FRONT, row, ATTAINMENT, result.attainment, **style)
    formula = f"ROUND({cells},{ATTAINMENT_DIGITS})"
    return result.attainment, paper.formula(FRONT, row, ATTAINMENT, formula, result.attainment, **style)


def _score(paper: Paper, row: int, result: KpiResult) -> tuple[Decimal | None, str]:
    style = {"num_format": digits_format(paper.reader.score_digits), "bold": True, **LINE}
    unrounded = paper.cells.get(f"unrounded:{result.kpi_id}")
    if unrounded is None:
        return result.score, paper.number(FRONT, row, SCORE, result.score, **style)
    formula = rounded(unrounded, "card_digits")
    return result.score, paper.formula(FRONT, row, SCORE, formula, result.score, **style)


def _status(paper: Paper, row: int, band: Band, **style: Any) -> None:
    """The word of the status by the book's cut-offs."""
    score = paper.at(FRONT, row, SCORE)
    below = f"IF({score}>=card_amber_from,card_word_amber,card_word_red)"
    words = f"IF({score}>=card_green_from,card_word_green,{below})"
    formula = f"IF(ISNUMBER({score}),{words},card_word_not_available)"
    word = paper.reader.status(band).word
    paper.formula(FRONT, row, STATUS, formula, word, **{**style, "align": "left", "indent": 1})


def _trend(paper: Paper, row: int, result: KpiResult) -> None:
    paper.text(FRONT, row, TREND, "", **LINE)
    past = paper.cells[f"past:{result.kpi_id}"]
    if past:
        wish = {"range": past, "series_color": palette.ACCENT, "last_point": True, "show_hidden": True}
        paper.pages[FRONT].add_sparkline(row, TREND, wish)


def _said(paper: Paper, result: KpiResult) -> str:
    """What people said of the line: its cause and the next step, and their notes beside what they entered."""
    steps = paper.said.get(result.kpi_id, ())
    notes = (entry.comment for entry in paper.card.entries if entry.kpi_id == result.kpi_id)
    return "\n".join(filter(None, (*(f"{step.label}: {step.text}" for step in steps), *notes)))


def _comment(paper: Paper, row: int, result: KpiResult) -> None:
    """What people said already, and a cell to say more in."""
    said = _said(paper, result)
    paper.text(FRONT, row, COMMENT, said, **TO_FILL)
    # not every program makes a row as high as its text by itself
    wanted = max(1 + len(said) // 40 + said.count("\n"), 1 + len(paper.reader.kpi(result.kpi_id)) // 34)
    paper.pages[FRONT].set_row(row, max(_HEIGHT, _LINE_HEIGHT * min(wanted, _MOST_LINES)))
    message = paper.say("at most %(number)s characters", number=COMMENT_LENGTH)
    paper.pages[FRONT].data_validation(
        row,
        COMMENT,
        row,
        COMMENT,
        {
            "validate": "length",
            "criteria": "<=",
            "value": COMMENT_LENGTH,
            "ignore_blank": True,
            "error_title": paper.say("Comment"),
            "error_message": message,
        },
    )


def _total(paper: Paper) -> None:
    row, card = int(paper.cells["row:total"]), paper.card
    _bar(paper, row, _RELEVANT)
    paper.text(FRONT, row, NAME, paper.say("Total"), **_RELEVANT)
    weight = paper.cells["agreed"]
    paper.formula(FRONT, row, WEIGHT, weight, card.total_weight, num_format=PLAIN, **_RELEVANT)
    shown = digits_format(paper.reader.score_digits)
    total = paper.formula(FRONT, row, SCORE, paper.cells["total"], card.total, num_format=shown, **_RELEVANT)
    paper.check(paper.say("Total"), card.total, total)
    _status(paper, row, card.band, **_RELEVANT)
    _grade(paper, row + 1)
    _pay(paper, row + 2)


def _grade(paper: Paper, row: int) -> None:
    """The grade by the total, or the one that people decided on, which no formula gives."""
    card = paper.card
    if paper.rules.grade is None:
        return
    is_decided = card.calibration is not None and card.calibration.stands
    paper.text(FRONT, row, NAME, paper.say(_GRADES[is_decided]), bold=True)
    cell = "" if is_decided else paper.cells.get("grade", "")
    _reward(paper, row, cell, card.grade, PLAIN)


def _pay(paper: Paper, row: int) -> None:
    pay, paid = paper.rules.pay, paper.card.pay
    if pay is None:
        return
    paper.text(FRONT, row, NAME, paper.say("Pay coefficient"), bold=True)
    value = None if paid is None else paid.result
    _reward(paper, row, paper.cells.get("pay", ""), value, digits_format(pay.digits, "0"))
    paper.check(paper.say("Pay coefficient"), value, paper.at(FRONT, row, SCORE))


def _reward(paper: Paper, row: int, cell: str, value: Decimal | str | None, shown: str) -> None:
    """What a cell of the working says, or else the value as it is."""
    if cell:
        paper.formula(FRONT, row, SCORE, cell, value, num_format=shown, bold=True)
    else:
        paper.text(FRONT, row, SCORE, str(value or NOTHING), bold=True, align="right")

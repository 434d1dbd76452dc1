"""The three scores of an appraisal, with cells for the marks that are still to come."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reports.figures import NOTHING
from reports.wording import msgid
from reports.workbook.lines import COUNTED, NAME
from reports.workbook.paper import HEADER, LINE, PLAIN, TO_FILL, WORKING, Paper, beside
from reports.workbook.rows import Rows, put_total
from scoring.arithmetic import HUNDRED, round_half_up, weighted_sum
from scoring.marks import Appraisal, AppraisedLine, Mark

_SYSTEM, _SELF, _SUPERIOR, _WEIGHT = range(2, 6)
_HEADERS = (
    (NAME, msgid("KPI")),
    (_SYSTEM, msgid("System score")),
    (_SELF, msgid("Own score")),
    (_SUPERIOR, msgid("Superior's score")),
    (_WEIGHT, msgid("Weight")),
    (COUNTED, msgid("Appraised")),
)
_SHOWN = "0.0###"
MOST = 1000
"""The highest mark that any book can allow."""


def write_appraisal(rows: Rows, appraisal: Appraisal, system: str, system_value: Decimal | None) -> str:
    """The marks of each line and the total that they make; returns its cell.

    While a mark is missing it is the system's: `system` before it is rounded, as a formula, `system_value`
    after.
    """
    paper = rows.paper
    _shares(rows, appraisal)
    for column, header in _HEADERS:
        style = beside(column, range(_SYSTEM, COUNTED + 1))
        paper.text(WORKING, rows.row, column, paper.say(header), **HEADER, **style)
    first = rows.row + 1
    for row, line in enumerate(appraisal.lines, start=first):
        _line(paper, row, line)
    rows.row = first + len(appraisal.lines)
    return _total(rows, appraisal, (first, rows.row - 1), (system, system_value))


def _shares(rows: Rows, appraisal: Appraisal) -> None:
    say = rows.paper.say
    shares = (
        ("system", say("Share of the system, in percent"), appraisal.system_share),
        ("self", say("Share of the own score, in percent"), appraisal.self_share),
        ("superior", say("Share of the superior's score, in percent"), appraisal.superior_share),
    )
    for name, label, share in shares:
        rows.called(f"card_share_{name}", rows.put(label, str(share), share))


def _line(paper: Paper, row: int, line: AppraisedLine) -> None:
    paper.text(WORKING, row, NAME, paper.reader.kpi(line.kpi_id), **LINE)
    counted = paper.cells[f"counted:{line.kpi_id}"]
    system = paper.formula(WORKING, row, _SYSTEM, counted, line.system, num_format=_SHOWN, **LINE)
    paper.number(WORKING, row, _WEIGHT, line.weight, num_format=PLAIN, **LINE)
    marks = [_mark(paper, row, column, line, mark) for column, mark in _marks(line)]
    formula = system if line.is_given else _by_shares(system, marks)
    value = NOTHING if line.appraised is None else line.appraised
    paper.formula(WORKING, row, COUNTED, formula, value, num_format=_SHOWN, **LINE)


def _marks(line: AppraisedLine) -> tuple[tuple[int, Mark | None], ...]:
    return ((_SELF, line.self_mark), (_SUPERIOR, line.superior_mark))


def _mark(paper: Paper, row: int, column: int, line: AppraisedLine, mark: Mark | None) -> str:
    """A cell for a mark, which takes only numbers; a dash where people judged the line already."""
    cell = paper.at(WORKING, row, column)
    if line.is_given:
        paper.text(WORKING, row, column, NOTHING, align="right", **LINE)
        return cell
    if mark is None:
        paper.pages[WORKING].write_blank(row, column, None, paper.style(**TO_FILL))
    else:
        paper.number(WORKING, row, column, mark.score, num_format=_SHOWN, **TO_FILL)
    message = paper.say("a number from 0 to %(most)s", most=MOST)
    check = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": MOST}
    wish = {**check, "error_title": paper.say("Score"), "error_message": message}
    paper.pages[WORKING].data_validation(row, column, row, column, wish)
    return cell


def _by_shares(system: str, marks: Sequence[str]) -> str:
    """The three scores by their shares; a dash while one that has a share is missing."""
    own, superior = marks
    voices = (("self", own), ("superior", superior))
    missing = ",".join(f"AND(card_share_{whose}>0,NOT(ISNUMBER({mark})))" for whose, mark in voices)
    summed = f"(card_share_system*{system}+card_share_self*N({own})+card_share_superior*N({superior}))/100"
    return f'IF(OR({missing}),"{NOTHING}",{summed})'


def _total(rows: Rows, appraisal: Appraisal, at: tuple[int, int], system: tuple[str, Decimal | None]) -> str:
    paper = rows.paper
    appraised, weights = (paper.span(WORKING, at, column) for column in (COUNTED, _WEIGHT))
    missing = sum(line.appraised is None for line in appraisal.lines)
    count = f"{len(appraisal.lines)}-COUNT({appraised})"
    cell = rows.put(paper.say("Lines without all marks"), count, Decimal(missing), "0")
    rows.called("card_marks_missing", cell)
    marked = f"card_agreed*SUMPRODUCT({weights},{appraised})/(SUM({weights})*100)+card_extra_points"
    value = system[1] if missing else _value(paper, appraisal)
    formula = f"IF(card_marks_missing=0,{marked},{system[0]})"
    return put_total(rows, paper.say("Total with the marks"), formula, value)


def _value(paper: Paper, appraisal: Appraisal) -> Decimal:
    """The rounded total of an appraisal that is complete, before limits and vetoes."""
    products = weighted_sum((line.weight, line.appraised or 0) for line in appraisal.lines)
    counting = sum((line.weight for line in appraisal.lines), Decimal(0))
    raw = paper.card.total_weight * products / (counting * HUNDRED) + paper.card.extra_points
    return round_half_up(raw, paper.rules.digits)

"""The sheet of the working, line by line: from the unrounded score to the points in the total.

The lines of the card stand below each other without the areas between them, in the same order, so that a sum
over all of them, or over those of an area, is one span of cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.figures import NOTHING
from reports.presenting.workings import steps_of
from reports.wording import msgid
from reports.workbook.formats import unit_format
from reports.workbook.paper import LINE, NO_LIMIT, TO_FILL, WORKING, Paper, setting_name
from scoring.cells import to_edge
from scoring.conditional import OnlyIf
from scoring.scorecard import AreaResult, KpiResult, LineInCells

FIRST = 3
NAME, RULE, LOW, HIGH, HELD, SAID, UNROUNDED, MOST, OWN, COUNTED, WEIGHT, SHARE, EFFECTIVE, POINTS, HOW = (
    range(15)
)
_HEADERS = (
    msgid("KPI"),
    msgid("Rule"),
    msgid("From"),
    msgid("To"),
    msgid("Held against"),
    msgid("Events or level"),
    msgid("Score before rounding"),
    msgid("Counts at most as"),
    msgid("Counts as, before vetoes"),
    msgid("Counts as"),
    msgid("Weight"),
    msgid("Weight in the sum"),
    msgid("Weight, scaled"),
    msgid("Points"),
    msgid("How"),
)
_WIDTHS = (34, 17, 11, 11, 13, 13, 13, 11, 13, 11, 9, 11, 11, 11, 90)
_LINE_HEIGHT = 14
_LINE_WIDTH = {"en": 80, "zh_CN": 45}
"""How many characters fit into the last column."""
_LIMIT_FORMAT = f'[>={NO_LIMIT}]"{NOTHING}";0.0###'


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with where it stands, and the rows of its area."""

    result: KpiResult
    area: AreaResult
    row: int
    of_area: tuple[int, int]


def lines_of(paper: Paper) -> list[_Line]:
    """Every line of the card with its row."""
    found, first = [], FIRST
    for area in paper.card.areas:
        rows = (first, first + len(area.results) - 1)
        found += [_Line(result, area, row, rows) for row, result in enumerate(area.results, start=first)]
        first = rows[1] + 1
    return found


def write_lines(paper: Paper) -> None:
    """All columns, and the cells in which others find them."""
    paper.text(WORKING, 0, 0, paper.say("Working"), bold=True, font_size=16)
    paper.heads(WORKING, FIRST - 1, _HEADERS, range(LOW, HOW))
    for column, width in enumerate(_WIDTHS):
        paper.pages[WORKING].set_column(column, column, width)
    paper.pages[WORKING].set_row(FIRST - 1, 44)
    paper.pages[WORKING].freeze_panes(FIRST, 1)
    lines = lines_of(paper)
    rows = (lines[0].row, lines[-1].row)
    for column, name in (
        (UNROUNDED, "unrounded"),
        (OWN, "own"),
        (COUNTED, "counted"),
        (WEIGHT, "weight"),
        (SHARE, "share"),
    ):
        paper.cells[f"all:{name}"] = paper.span(WORKING, rows, column)
    _write_inputs(paper, lines)
    for line in lines:
        _write_sums(paper, line)


def _write_inputs(paper: Paper, lines: Iterable[_Line]) -> None:
    """What the formulas of the lines take, and the formulas; those may name each other's cells."""
    rules = {line.kpi_id: line for line in paper.rules.lines}
    for line in lines:
        result, row = line.result, line.row
        paper.text(WORKING, row, NAME, result.name.to(paper.card.language), **LINE)
        paper.text(WORKING, row, RULE, result.working.rule if result.working else NOTHING, **LINE)
        _held_against(paper, line)
        _said(paper, line)
        _unrounded(paper, line, rules[result.kpi_id])
        _write_how(paper, row, _how(paper, result, rules[result.kpi_id]))


def _write_how(paper: Paper, row: int, steps: Sequence[str]) -> None:
    """One step to a line, in a row that is high enough: not every program makes it so by itself."""
    paper.text(WORKING, row, HOW, "\n".join(steps), text_wrap=True, indent=1, **LINE)
    wide = _LINE_WIDTH[paper.card.language]
    paper.pages[WORKING].set_row(row, min(400, _LINE_HEIGHT * sum(1 + len(step) // wide for step in steps)))


def _how(paper: Paper, result: KpiResult, rules: LineInCells) -> list[str]:
    """The working in words, as the pages print it, and whether a number is none of a formula."""
    steps = [f"{step.label}: {step.text}" for step in steps_of(result, paper.reader)]
    if result.score is not None and rules.score is None:
        steps.append(paper.say("as the program worked it out: this rule has no formula"))
    return steps


def _held_against(paper: Paper, line: _Line) -> None:
    """The target, or what of a range is nearest to the actual."""
    ends = line.result.target_range
    style = {"num_format": unit_format(line.result, paper.reader), **LINE}
    at = line.row
    if ends is not None:
        cells = [paper.number(WORKING, at, LOW + place, end, **style) for place, end in enumerate(ends)]
        formula, value = _nearest(paper, line.result, ends, cells)
        cell = paper.formula(WORKING, at, HELD, formula, value, **style)
    else:
        cell = _target(paper, line, style)
    paper.cells[f"held_against:{line.result.kpi_id}"] = cell


def _target(paper: Paper, line: _Line, style: Mapping[str, Any]) -> str:
    target = line.result.target
    if target is None:
        return paper.number(WORKING, line.row, HELD, None, **style)
    return paper.formula(
        WORKING, line.row, HELD, paper.cells[f"target:{line.result.kpi_id}"], target, **style
    )


def _nearest(
    paper: Paper, result: KpiResult, ends: tuple[Decimal, Decimal], cells: Sequence[str]
) -> tuple[str, Decimal]:
    """What of a range is nearest to the actual; its low end without one."""
    actual, (low, high) = paper.cells[f"actual:{result.kpi_id}"], ends
    formula = f"IF(ISNUMBER({actual}),MIN(MAX({actual},{cells[0]}),{cells[1]}),{cells[0]})"
    return formula, low if result.actual is None else min(max(result.actual, low), high)


def _said(paper: Paper, line: _Line) -> None:
    """The events or the level that people entered, in a cell that takes no other kind of answer."""
    kpi_id, working = line.result.kpi_id, line.result.working
    said = None if working is None else working.values.get("events", working.values.get("level"))
    if said is None:
        paper.text(WORKING, line.row, SAID, "", **LINE)
        return
    cell = paper.at(WORKING, line.row, SAID)
    paper.cells[f"events:{kpi_id}"] = paper.cells[f"level:{kpi_id}"] = cell
    if isinstance(said, str):
        paper.text(WORKING, line.row, SAID, said, **TO_FILL)
        check: dict[str, Any] = {"validate": "list", "source": f"={_levels(paper, kpi_id)}"}
        message = paper.say("one of the list")
    else:
        paper.number(WORKING, line.row, SAID, said, num_format="0", **TO_FILL)
        check = {"validate": "integer", "criteria": ">=", "value": 0}
        message = paper.say("a whole number from 0 on")
    wish = {**check, "error_title": paper.say("Events or level"), "error_message": message}
    paper.pages[WORKING].data_validation(line.row, SAID, line.row, SAID, wish)


def _levels(paper: Paper, kpi_id: str) -> str:
    """The cells of the levels of a KPI, which stand below each other."""
    own = f"setting:{setting_name(kpi_id, 'level_')}"
    first, *_, last = [cell for name, cell in paper.cells.items() if name.startswith(own)]
    return f"{first}:{last.partition('!')[2]}"


def _unrounded(paper: Paper, line: _Line, rules: LineInCells) -> None:
    result, row = line.result, line.row
    if rules.attainment is not None:
        paper.cells[f"formula:attainment:{result.kpi_id}"] = paper.filled_in(rules.attainment, result.kpi_id)
    if result.score is None:
        paper.text(WORKING, row, UNROUNDED, NOTHING, align="right", **LINE)
        return
    if rules.score is None:
        cell = paper.number(WORKING, row, UNROUNDED, rules.unrounded, num_format="0.0###", **LINE)
    else:
        formula = paper.filled_in(rules.score, result.kpi_id)
        cell = paper.formula(WORKING, row, UNROUNDED, formula, rules.unrounded, num_format="0.0###", **LINE)
    paper.cells[f"unrounded:{result.kpi_id}"] = cell


def _write_sums(paper: Paper, line: _Line) -> None:
    """What the line counts as, its weight and its points."""
    result, row = line.result, line.row
    value = counted_of(paper, result)
    _own(paper, line)
    _dashed(paper, row, COUNTED, _counted(paper, line), value)
    _dashed(paper, row, WEIGHT, paper.cells[f"weight:{result.kpi_id}"], result.weight)
    weight = paper.at(WORKING, row, WEIGHT)
    is_shared = paper.card.not_available == "equal_parts"
    share = f"{weight}*card_parts+card_missing" if is_shared else weight
    _dashed(paper, row, SHARE, share, share_of(paper, result))
    counted = paper.at(WORKING, row, COUNTED)
    effective = f"IF(ISNUMBER({counted}),{paper.at(WORKING, row, SHARE)}*card_scale,0)"
    _dashed(paper, row, EFFECTIVE, effective, result.effective_weight)
    _dashed(paper, row, POINTS, f"{paper.at(WORKING, row, EFFECTIVE)}*{counted}/100", result.points)
    paper.cells[f"points:{result.kpi_id}"] = paper.at(WORKING, row, POINTS)
    paper.cells[f"counted:{result.kpi_id}"] = counted


def _dashed(paper: Paper, row: int, column: int, formula: str, value: Decimal | None) -> None:
    """A formula, or a dash where the card has no number."""
    if value is None:
        paper.text(WORKING, row, column, NOTHING, align="right", **LINE)
    else:
        paper.formula(WORKING, row, column, formula, value, num_format="0.0###", **LINE)


def _own(paper: Paper, line: _Line) -> None:
    """What the line counts as by its own score and the gates over it."""
    result, row = line.result, line.row
    gates = _gates_over(paper, line)
    limit = _closed_at(paper, gates)
    if gates:
        most = ",".join(
            f"IF({_is_missed(paper, number, gate)},card_gate_{number}_at_most,{NO_LIMIT})"
            for number, gate in gates
        )
        paper.formula(WORKING, row, MOST, f"MIN({most})", limit, num_format=_LIMIT_FORMAT, **LINE)
    else:
        paper.text(WORKING, row, MOST, NOTHING, align="right", **LINE)
    _dashed(paper, row, OWN, _own_formula(paper, line, bool(gates)), _own_value(paper, result, limit))


_SUMMED = {False: "score", True: "unrounded"}
"""Which of a line's numbers the total sums."""


def _own_formula(paper: Paper, line: _Line, has_gates: bool) -> str:
    kpi_id, most = line.result.kpi_id, paper.at(WORKING, line.row, MOST)
    if line.result.score is None:
        return "0"
    own = paper.cells[f"{_SUMMED[paper.rules.sums_unrounded]}:{kpi_id}"]
    return f"IF({paper.cells[f'unrounded:{kpi_id}']}>{most},{most},{own})" if has_gates else own


def _own_value(paper: Paper, result: KpiResult, limit: Decimal) -> Decimal | None:
    if not result.weight or result.score is None:
        return _without_score(paper, result)
    own = result.score if result.exact_score is None else result.exact_score
    return limit if paper.exact_scores[result.kpi_id] > limit else own


def _without_score(paper: Paper, result: KpiResult) -> Decimal | None:
    """What a line without a score counts as: 0 where the book says so, and it has a weight."""
    return Decimal(0) if result.weight and paper.card.not_available == "zero" else None


def _gates_over(paper: Paper, line: _Line) -> list[tuple[int, OnlyIf]]:
    """The gates of the book over a line, by their numbers, of those that ask for any score of this card."""
    found = enumerate(paper.rules.gates, start=1)
    return [
        (number, gate)
        for number, gate in found
        if gate.is_over(line.result.kpi_id, line.area.area_id) and _known(paper, gate)
    ]


def scores_asked(paper: Paper) -> dict[str, Decimal]:
    """The scores that gates ask for, as the engine knows them: 0 of a KPI without one, where it counts so."""
    scores = {result.kpi_id: result.score for result in paper.card.results if result.score is not None}
    if not scores or paper.card.not_available != "zero":
        return scores
    return dict.fromkeys(paper.card.by_kpi, Decimal(0)) | scores


def asked_cell(paper: Paper, kpi_id: str) -> str:
    """The score of a KPI in a formula; 0 where it has none and counts as that."""
    return paper.cells[f"score:{kpi_id}"] if paper.card.by_kpi[kpi_id].score is not None else "0"


def _known(paper: Paper, gate: OnlyIf) -> list[tuple[int, str]]:
    """What a gate asks of this card: the number of the setting, and the KPI."""
    scores = scores_asked(paper)
    return [(place, each.kpi_id) for place, each in enumerate(gate.asked, start=1) if each.is_known(scores)]


def _is_missed(paper: Paper, number: int, gate: OnlyIf) -> str:
    missed = (
        f"{asked_cell(paper, kpi_id)}<card_gate_{number}_from_{place}"
        for place, kpi_id in _known(paper, gate)
    )
    return f"OR({','.join(missed)})"


def _closed_at(paper: Paper, gates: Iterable[tuple[int, OnlyIf]]) -> Decimal:
    scores = scores_asked(paper)
    return min(
        (gate.at_most for _, gate in gates if gate.closed_by(scores) is not None), default=Decimal(NO_LIMIT)
    )


def counted_of(paper: Paper, result: KpiResult) -> Decimal | None:
    """What the engine counted a line as; None where it left it out."""
    return _without_score(paper, result) if result.counted is None or not result.weight else result.counted


def _counted(paper: Paper, line: _Line) -> str:
    """What the line counts as by itself, or the value of a veto over its area, if that is not more."""
    own, veto = paper.at(WORKING, line.row, OWN), struck_at(paper, line.area.results, "area")
    if not veto:
        return own
    shares, owns = (paper.span(WORKING, line.of_area, column) for column in (SHARE, OWN))
    products = to_edge(f"SUMPRODUCT({shares},{owns})")
    weighed = to_edge(f"{veto}*SUMPRODUCT({shares},ISNUMBER({owns})*1)")
    return f"IF({products}>={weighed},{veto},{own})"


def struck_at(paper: Paper, results: Iterable[KpiResult], scope: str) -> str:
    """The lowest value of the vetoes of a scope that have struck, as a formula; nothing without any veto."""
    vetoes = [
        f"IF({paper.cells[f'events:{result.kpi_id}']}>0,{setting_name(result.kpi_id, 'value')},{NO_LIMIT})"
        for result in results
        if result.working is not None and result.working.operand("scope") == scope
    ]
    return f"MIN({','.join(vetoes)})" if vetoes else ""


def share_of(paper: Paper, result: KpiResult) -> Decimal:
    """The weight of a line in the sum, on the scale that the formulas use."""
    if paper.card.not_available != "equal_parts":
        return result.weight
    return result.weight * parts_of(paper) + missing_of(paper)


def parts_of(paper: Paper) -> int:
    """How many lines share the weight of those without a score."""
    return sum(result.score is not None and bool(result.weight) for result in paper.card.results)


def missing_of(paper: Paper) -> Decimal:
    """The weight of the lines without a score."""
    return sum((result.weight for result in paper.card.results if result.score is None), Decimal(0))

"""Below the lines of the working: subtotals, the total with what limits it, grade and pay."""

from __future__ import annotations

from decimal import Decimal, localcontext

from reports.figures import NOTHING
from reports.workbook.appraised import write_appraisal
from reports.workbook.formats import digits_format
from reports.workbook.lines import (
    COUNTED,
    FIRST,
    POINTS,
    SHARE,
    asked_cell,
    counted_of,
    lines_of,
    missing_of,
    parts_of,
    share_of,
)
from reports.workbook.paper import NO_LIMIT, WORKING, Paper, rounded
from reports.workbook.rows import Rows, put_total
from scoring.arithmetic import EXACT, HUNDRED, round_half_up, weighted_sum
from scoring.cells import InCells
from scoring.conditional import ExtraResult
from scoring.scorecard import MixPart, PayInCells
from scoring.weights import as_hundred


def write_sums(paper: Paper) -> None:
    """All rows; what the first sheet shows is kept among the cells."""
    rows = Rows(paper, FIRST + len(paper.card.results) + 1)
    with localcontext(EXACT):
        _weights(rows)
        _areas(rows)
        raw, value = _system_total(rows)
        own = put_total(rows, paper.say("Total by the system"), raw, value)
        if paper.card.appraisal is not None:
            own = write_appraisal(rows, paper.card.appraisal, raw, value)
        paper.cells["total"] = _mixed(rows, own)
        _grade(rows)
        _pay(rows)


def _weights(rows: Rows) -> None:
    paper, card = rows.paper, rows.paper.card
    counting = _counting(paper)
    scale = card.total_weight / as_hundred(counting) if counting else Decimal(0)
    weights, shares, owns = (paper.cells[f"all:{name}"] for name in ("weight", "share", "own"))
    agreed = rows.put(paper.say("Agreed weight"), _as_hundred(f"SUM({weights})"), card.total_weight)
    paper.cells["agreed"] = rows.called("card_agreed", agreed)
    if card.not_available == "equal_parts":
        label = paper.say("Lines that share the weight of those without a score")
        rows.called("card_parts", rows.put(label, f"COUNT({owns})", Decimal(parts_of(paper))))
        missing = f"SUMPRODUCT({weights},1-ISNUMBER({paper.cells['all:unrounded']}))"
        rows.called("card_missing", rows.put(paper.say("Weight without a score"), missing, missing_of(paper)))
    counted = f"SUMPRODUCT({shares},ISNUMBER({paper.cells['all:counted']})*1)"
    cell = rows.put(paper.say("Weight that counts"), counted, counting)
    rows.called("card_counting", cell)
    of_hundred = _as_hundred("card_counting")
    formula = f"IF(card_counting=0,0,card_agreed/{of_hundred})"
    rows.called("card_scale", rows.put(paper.say("Scale of the weights"), formula, scale))


def _as_hundred(weight: str) -> str:
    """A sum of weights that is almost 100 is 100, as three written-out thirds are."""
    return f"IF(ABS({weight}-100)<0.000001,100,{weight})"


def _counting(paper: Paper) -> Decimal:
    counting = (result for result in paper.card.results if counted_of(paper, result) is not None)
    return sum((share_of(paper, result) for result in counting), Decimal(0))


def _areas(rows: Rows) -> None:
    """The subtotal of each area: the mean score of its lines, and their points."""
    paper = rows.paper
    for area in paper.card.areas:
        of_area = next(line.of_area for line in lines_of(paper) if line.area is area)
        shares, counted, points = (
            paper.span(WORKING, of_area, column) for column in (SHARE, COUNTED, POINTS)
        )
        name = area.name.to(paper.card.language)
        mean = f"SUMPRODUCT({shares},{counted})/SUMPRODUCT({shares},ISNUMBER({counted})*1)"
        shown = digits_format(paper.rules.digits)
        score = rows.put(f"{name}: {paper.say('Score')}", rounded(mean, "card_digits"), area.score, shown)
        summed = rows.put(f"{name}: {paper.say('Points')}", f"SUM({points})", area.points)
        paper.cells[f"score:area:{area.area_id}"] = score
        paper.cells[f"points:area:{area.area_id}"] = summed


def _system_total(rows: Rows) -> tuple[str, Decimal | None]:
    """The system's total before it is rounded, as a formula, and rounded; None without any score."""
    paper, card = rows.paper, rows.paper.card
    extras = rows.called("card_extra_points", _extras(rows))
    mean = _mean(paper)
    formula = (
        f"card_agreed*SUMPRODUCT({paper.cells['all:share']},{paper.cells['all:counted']})/(card_counting*100)"
    )
    weighted = rows.put(paper.say("Weighted sum"), formula, mean)
    value = None if mean is None else round_half_up(mean + card.extra_points, paper.rules.digits)
    return f"{weighted}+{extras}", value


def _mean(paper: Paper) -> Decimal | None:
    """The weighted sum of the card, as the formulas have it; None without any score."""
    if not parts_of(paper):
        return None
    counted = ((share_of(paper, result), counted_of(paper, result) or 0) for result in paper.card.results)
    return paper.card.total_weight * weighted_sum(counted) / (_counting(paper) * HUNDRED)


def _extras(rows: Rows) -> str:
    """The points on top, given or not, and their sum."""
    paper = rows.paper
    cells = [
        rows.put(
            extra.name.to(paper.card.language),
            _extra(paper, number, extra),
            extra.points if extra.is_given else Decimal(0),
        )
        for number, extra in enumerate(paper.card.extras, start=1)
    ]
    label = paper.say("Points on top")
    return rows.put(label, "+".join(cells) or "0", paper.card.extra_points)


_HOLDS = {True: ">=", False: "<"}
"""How what is asked of points on top is held against the scores, by whether they are a bonus."""


def _extra(paper: Paper, number: int, extra: ExtraResult) -> str:
    """Given if all that is asked is reached; a penalty if all of it is missed."""
    if any(asked.score is None for asked in extra.asked):
        return "0"
    holds = _HOLDS[extra.points > 0]
    asked = (
        f"{asked_cell(paper, each.kpi_id)}{holds}card_extra_{number}_from_{place}"
        for place, each in enumerate(extra.asked, start=1)
    )
    return f"IF(AND({','.join(asked)}),card_extra_{number}_points,0)"


def _mixed(rows: Rows, own: str) -> str:
    """The total that also counts the shorter periods within; the own one where the book mixes none."""
    paper, mix = rows.paper, rows.paper.card.mix
    if mix is None or mix.result is None:
        return own
    parts = [_part(rows, part, own) for part in mix.parts if part.mean is not None]
    products = "+".join(f"{share}*{mean}" for share, mean in parts)
    shares = "+".join(share for share, _ in parts)
    return put_total(rows, paper.say("Mixed total"), f"({products})/({shares})", mix.result)


def _part(rows: Rows, part: MixPart, own: str) -> tuple[str, str]:
    """The share of the periods of one length, and their mean total."""
    share = rows.put(rows.paper.say("Share in percent"), str(part.share), part.share)
    return share, _mean_of(rows, part, own)


def _mean_of(rows: Rows, part: MixPart, own: str) -> str:
    """The mean total of the periods of one length; the card's own period is its own total."""
    paper, cells = rows.paper, []
    for point in part.totals:
        name = paper.reader.figures.periods.long(point.period)
        is_own = point.period == paper.card.period
        cells.append(rows.put(name, own if is_own else str(point.actual), point.actual))
    return rows.put(paper.say("Their mean"), f"AVERAGE({','.join(cells)})", part.mean)


def _grade(rows: Rows) -> None:
    paper, grade = rows.paper, rows.paper.rules.grade
    by_score = paper.card.grade_by_score or _open(paper)
    if grade is not None and by_score is not None:
        formula = _once_complete(paper, paper.filled_in(grade, prefix="grade_"))
        paper.cells["grade"] = rows.put(paper.say("Grade by score"), formula, by_score)


def _open(paper: Paper) -> str | None:
    """What stands there while marks are missing: people can give them here, and see what comes of it."""
    appraisal = paper.card.appraisal
    return NOTHING if appraisal is not None and appraisal.missing else None


def _once_complete(paper: Paper, formula: str) -> str:
    """A formula that has a value once all marks are given."""
    return formula if paper.card.appraisal is None else f'IF(card_marks_missing=0,{formula},"{NOTHING}")'


def _pay(rows: Rows) -> None:
    paper, pay = rows.paper, rows.paper.rules.pay
    value = _open(paper) if paper.card.pay is None else paper.card.pay.result
    if pay is None or value is None:
        return
    label, shown = paper.say("Pay coefficient"), digits_format(pay.digits, "0")
    formula = str(value) if pay.coefficient is None else _paid(paper, pay, pay.coefficient)
    paper.cells["pay"] = rows.put(label, formula, value, shown)


def _paid(paper: Paper, pay: PayInCells, coefficient: InCells) -> str:
    """The rounded coefficient, or less where a score is below what the book asks of each."""
    formula = rounded(paper.filled_in(coefficient, prefix="pay_"), "card_pay_digits")
    scores = [paper.cells[f"score:{kpi_id}"] for kpi_id in pay.asked] + ["0"] * pay.counts_0
    if pay.lowest_score is not None and scores:
        closed = f"MIN({','.join(scores)})<card_pay_lowest_score"
        formula = f"MIN({formula},IF({closed},card_pay_at_most,{NO_LIMIT}))"
    return _once_complete(paper, formula)

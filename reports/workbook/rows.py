"""Rows of one number each below the lines of the working, and the total with what limits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.figures import NOTHING
from reports.workbook.formats import digits_format
from reports.workbook.lines import COUNTED, NAME, struck_at
from reports.workbook.paper import LINE, WORKING, Paper, rounded
from scoring.arithmetic import round_half_up

_VALUE = COUNTED
_EXACT = "0.0###"


@dataclass
class Rows:
    """The rows of sums under way: each has a label and one number."""

    paper: Paper
    row: int

    def put(self, label: str, formula: str, value: Decimal | str | None, shown: str = _EXACT) -> str:
        """One more row; returns the cell of its number."""
        row = self.row
        self.row += 1
        self.paper.text(WORKING, row, NAME, label, **LINE)
        if value is None:
            self.paper.text(WORKING, row, _VALUE, NOTHING, align="right", **LINE)
            return self.paper.at(WORKING, row, _VALUE)
        return self.paper.formula(WORKING, row, _VALUE, formula, value, num_format=shown, **LINE)

    def called(self, name: str, cell: str) -> str:
        """Give a cell a name that formulas use; returns the name."""
        self.paper.book.define_name(name, f"={cell}")
        return name


def put_total(rows: Rows, label: str, raw: str, value: Decimal | None) -> str:
    """A total, rounded and then held between the book's limits, and by the vetoes over the card.

    `value` is the rounded one before both.
    """
    paper, shown = rows.paper, digits_format(rows.paper.rules.digits)
    cell = rows.put(label, rounded(raw, "card_digits"), value, shown)
    limits = paper.card.total_limits
    if limits is not None and value is not None:
        least, most = (round_half_up(limit, paper.rules.digits) for limit in limits)
        value = min(most, max(least, value))
        label = paper.say("Within the limits of a total")
        cell = rows.put(label, f"MIN(card_total_most,MAX(card_total_least,{cell}))", value, shown)
    return _vetoed(rows, cell, value)


def _vetoed(rows: Rows, cell: str, value: Decimal | None) -> str:
    """The total after the vetoes over the card."""
    paper, digits = rows.paper, rows.paper.rules.digits
    struck = struck_at(paper, paper.card.results, "card")
    if not struck or value is None:
        return cell
    value = min([value, *(round_half_up(each, digits) for each in _struck_values(paper))])
    return rows.put(
        paper.say("After vetoes"), f"MIN(ROUND({struck},card_digits),{cell})", value, digits_format(digits)
    )


def _struck_values(paper: Paper) -> Iterable[Decimal]:
    """The values of the vetoes over the card that have struck."""
    for result in paper.card.results:
        working = result.working
        if working is not None and working.applied and working.operand("scope") == "card":
            yield working.numbers["value"]

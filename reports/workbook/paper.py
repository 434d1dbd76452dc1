"""The sheets under way: cells are written here, and it is known where each number stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from reports import palette
from reports.figures import NOTHING
from reports.presenting.comments import comment_steps
from reports.presenting.reader import Reader
from reports.wording import msgid
from scoring.cells import EDGE, InCells
from scoring.period import Period
from scoring.scorecard import CardInCells, Scorecard
from scoring.visible import printable

FONT = "Arial"
FRONT, WORKING, SETTINGS, FIGURES, CHECK = (
    msgid("Scorecard"),
    msgid("Working"),
    msgid("Settings"),
    msgid("Figures"),
    msgid("Check"),
)
SHEETS = (FRONT, WORKING, SETTINGS, FIGURES, CHECK)
_NUMBERS: Mapping[str, int] = {"A4": 9, "Letter": 1}
"""What spreadsheets call each paper."""
NO_LIMIT = 10**9
"""What stands for no limit where a formula looks for the lowest of several; no score comes near it."""
PLAIN = "General"
_NAME = re.compile(r"\{([^{}]+)\}")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
HEADER: Mapping[str, Any] = {
    "bold": True,
    "text_wrap": True,
    "bottom": 2,
    "bottom_color": palette.INK,
    "valign": "bottom",
}
LINE: Mapping[str, Any] = {"bottom": 1, "bottom_color": palette.LINE}
TO_FILL: Mapping[str, Any] = {
    "bg_color": "#FFF8DC",
    "border": 1,
    "border_color": palette.MUTED,
    "locked": False,
    "text_wrap": True,
    "valign": "top",
}


def beside(column: int, numbers: Collection[int]) -> Mapping[str, Any]:
    """The style of a text above a column of numbers, or apart from one that ends before it."""
    if column in numbers:
        return {"align": "right"}
    return {"align": "left", "indent": 1} if column - 1 in numbers else {}


@dataclass(frozen=True, slots=True)
class Checked:
    """A number of the card, as it was issued, and the cell that works it out again."""

    label: str
    issued: Decimal
    cell: str


@dataclass
class Paper:
    """A workbook under way for one card.

    `cells` has where each number stands, such as `score:leads`; `checked` is every number that the last sheet
    holds against what was issued.
    """

    card: Scorecard
    rules: CardInCells
    reader: Reader
    buffer: BytesIO = field(default_factory=BytesIO)
    cells: dict[str, str] = field(default_factory=dict)
    checked: list[Checked] = field(default_factory=list)
    as_they_are: list[str] = field(default_factory=list)
    styles: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.said = comment_steps(self.card, self.reader)
        self.book = xlsxwriter.Workbook(self.buffer, _OPTIONS)
        # a day derived from the card: the clock would give other bytes each time
        made = datetime.combine(Period.parse(self.card.period).end, time())
        self.book.set_properties(
            {"created": made, "title": "Scorewright", "author": self.card.organisation.en}
        )
        self.book.set_calc_mode("auto")
        self.pages = {name: self.book.add_worksheet(self.say(name)) for name in SHEETS}
        for page in self.pages.values():
            page.hide_gridlines(2)
            page.set_paper(_NUMBERS[self.card.paper])
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.protect("", {"format_columns": True, "format_rows": True})

    @property
    def exact_scores(self) -> Mapping[str, Decimal]:
        """The scores before they were rounded, by KPI, of those that have one."""
        return {line.kpi_id: line.unrounded for line in self.rules.lines if line.unrounded is not None}

    def say(self, message: str, **values: object) -> str:
        """A text in the card's language."""
        return self.reader.words.say(message, **values)

    def style(self, **wanted: Any) -> Any:
        """A format; the same wish is met by the same one."""
        said = {"font_name": FONT, "font_size": 10, "font_color": palette.INK, "valign": "vcenter", **wanted}
        key = tuple(sorted(said.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format(said)
        return self.styles[key]

    def at(self, sheet: str, row: int, column: int) -> str:
        """The cell as every sheet can name it."""
        return f"'{self.say(sheet)}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def span(self, sheet: str, rows: tuple[int, int], column: int) -> str:
        """The cells of a column from a row to another."""
        first, last = (xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in rows)
        return f"'{self.say(sheet)}'!{first}:{last}"

    def text(self, sheet: str, row: int, column: int, text: str, **wanted: Any) -> None:
        """Text that is never a formula, whatever it begins with."""
        self.pages[sheet].write_string(row, column, printable(text), self.style(quote_prefix=True, **wanted))

    def texts(self, sheet: str, row: int, texts: Iterable[str], **wanted: Any) -> None:
        """Texts beside each other from the first column on."""
        for column, text in enumerate(texts):
            self.text(sheet, row, column, text, **wanted)

    def heads(self, sheet: str, row: int, texts: Iterable[str], numbers: Collection[int]) -> None:
        """Heads of columns, those of `numbers` above where the numbers end."""
        for column, text in enumerate(texts):
            self.text(sheet, row, column, self.say(text), **HEADER, **beside(column, numbers))

    def number(self, sheet: str, row: int, column: int, value: Decimal | None, **wanted: Any) -> str:
        """A number, or a dash where there is none; returns its cell."""
        if value is None:
            self.text(sheet, row, column, NOTHING, align="right", **wanted)
        else:
            self.pages[sheet].write_number(row, column, float(value), self.style(align="right", **wanted))
        return self.at(sheet, row, column)

    def formula(
        self, sheet: str, row: int, column: int, formula: str, value: Decimal | str | None, **wanted: Any
    ) -> str:
        """A formula with what it comes to; returns its cell. `value` is what the engine says."""
        cached = float(value) if isinstance(value, Decimal) else (value or NOTHING)
        self.pages[sheet].write_formula(
            row, column, f"={formula}", self.style(**{"align": "right", **wanted}), cached
        )
        return self.at(sheet, row, column)

    def check(self, label: str, issued: Decimal | None, cell: str) -> None:
        """Have the last sheet hold the cell against what was issued."""
        if issued is not None:
            self.checked.append(Checked(label, issued, cell))

    def filled_in(self, cells: InCells, owner: str = "", prefix: str = "") -> str:
        """A formula with its names replaced by cells: its own settings, or numbers of the KPI `owner`.

        Without an owner it is the card's, and its settings begin with `prefix`.
        """
        own = {setting.name for setting in cells.settings}

        def cell(found: re.Match[str]) -> str:
            name = found[1]
            return setting_name(owner, prefix + name) if name in own else self.cell_of(name, owner)

        return _NAME.sub(cell, cells.formula)

    def cell_of(self, name: str, owner: str) -> str:
        """Where `actual` of the KPI `owner` stands, or a name that says whose it is, `attainment:leads`."""
        return self.cells.get(name) or self.cells[f"{name}:{owner}"]

    def finished(self) -> bytes:
        """The bytes of the file."""
        self.book.close()
        return self.buffer.getvalue()


def setting_name(owner: str, name: str) -> str:
    """What a setting is called: `nps.cap` of a KPI, whose ids have no point, and else `card_...`."""
    return f"{owner}.{name}" if owner else f"card_{name}"


def rounded(formula: str, digits: str) -> str:
    """A formula rounded half-up, where a half that binary cannot hold is still one."""
    return f"ROUND(ROUND({formula},{EDGE}),{digits})"

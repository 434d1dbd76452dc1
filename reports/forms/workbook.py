"""The appraisal form drawn as a workbook: the same form gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from reports import palette
from reports.figures import NOTHING, Figures
from reports.forms import layout
from reports.forms.layout import FormRow, FormSheet
from reports.wording import Wording, msgid, wording

HEADERS = {
    layout.EVENTS: msgid("Events"),
    layout.LEVEL: msgid("Level"),
    layout.DONE_ON: msgid("Done on"),
    layout.SELF: msgid("Own score"),
    layout.SELF_COMMENT: msgid("Own comment"),
    layout.SUPERIOR: msgid("Superior's score"),
    layout.SUPERIOR_COMMENT: msgid("Superior's comment"),
}
ROLES = {
    layout.SELF: msgid("Own scores by"),
    layout.SUPERIOR: msgid("Superior's scores by"),
    layout.RECORDER: msgid("Events, levels and days by"),
}
WIDTHS = (32, 13, 13, 12, 10, 14, 13, 11, 34, 13, 34)
TO_FILL: Mapping[str, Any] = {
    "bg_color": "#FFF8DC",
    "border": 1,
    "border_color": palette.MUTED,
    "locked": False,
}
TEXTS = layout.COMMENTS | {layout.LEVEL}
FONT = "Arial"
SHEET_NAME = 31
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def form_workbook(sheets: Sequence[FormSheet]) -> bytes:
    """One workbook with a sheet for each team, protected but for the cells to fill in."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    # a day derived from the form: the clock would give other bytes each time
    made = datetime.combine(sheets[0].period.end, time())
    book.set_properties({"created": made, "title": "Scorewright", "author": sheets[0].organisation.en})
    for name, sheet in zip(sheet_names(sheets), sheets, strict=True):
        _Drawing(book, book.add_worksheet(name), sheet, wording(sheet.language)).draw()
    book.close()
    return buffer.getvalue()


def sheet_names(sheets: Sequence[FormSheet]) -> list[str]:
    """The teams' ids, cut where a workbook would refuse them, each still once."""
    ids = [sheet.team_id for sheet in sheets]
    return [
        team_id if len(team_id) <= SHEET_NAME else f"{team_id[: SHEET_NAME - 4]}~{number:03}"
        for number, team_id in enumerate(ids, start=1)
    ]


def _alignment(name: str) -> dict[str, Any]:
    """How a field's cell holds what is entered: as text, or as a number with or without digits."""
    if name in TEXTS:
        return {"text_wrap": True, "quote_prefix": True, "num_format": "@"}
    return {"align": "right", "num_format": "0" if name == layout.EVENTS else "0.##"}


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A sheet being drawn."""

    book: Any
    page: Any
    sheet: FormSheet
    words: Wording

    def draw(self) -> None:
        self._head()
        for number, row in enumerate(self.sheet.rows):
            self._row(layout.FIRST_ROW + number, row)
        self._people()
        self._hidden()
        self.page.protect("", {"format_rows": True, "format_columns": False})
        self.page.freeze_panes(layout.FIRST_ROW, 1)
        self.page.hide_gridlines(2)
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.print_area(0, 0, layout.role_row(len(self.sheet.rows), layout.ROLES[-1]), len(WIDTHS) - 1)

    def _style(self, **wanted: Any) -> Any:
        base = {
            "font_name": FONT,
            "font_size": 10,
            "font_color": palette.INK,
            "valign": "vcenter",
            "indent": 1,
        }
        return self.book.add_format({**base, **wanted})

    def _text(self, row: int, column: int, text: str, **wanted: Any) -> None:
        """Text that stays text, whatever a name begins with."""
        self.page.write_string(row, column, text, self._style(quote_prefix=True, **wanted))

    def _texts(self, row: int, first: int, texts: Iterable[str], **wanted: Any) -> None:
        """Texts beside each other from a column on."""
        for column, text in enumerate(texts, start=first):
            self._text(row, column, text, **wanted)

    def _head(self) -> None:
        say, sheet = self.words.say, self.sheet
        figures = Figures(self.words, sheet.currency_code, sheet.fiscal_named)
        period = figures.periods.long(str(sheet.period))
        title = say(
            "Appraisal form: %(team)s, %(period)s", team=sheet.team_name.to(sheet.language), period=period
        )
        self._text(0, 0, title, bold=True, font_size=16)
        responsible = say("Responsible: %(name)s", name=sheet.manager_name)
        self._text(1, 0, f"{sheet.organisation.to(sheet.language)} · {responsible}", font_color=palette.MUTED)
        self._text(2, 0, self._advice(), font_color=palette.MUTED)
        header = {
            "bold": True,
            "text_wrap": True,
            "bottom": 2,
            "bottom_color": palette.INK,
            "valign": "bottom",
        }
        shown = [say("KPI"), say("Target"), say("Actual"), say("System score")]
        for column, text in enumerate([*shown, *(say(HEADERS[name]) for name in layout.FIELDS)]):
            self._text(
                layout.FIRST_ROW - 1, column, text, **header, align="right" if column in (1, 2, 3) else "left"
            )
            is_unasked = (
                column >= len(shown) and layout.FIELDS[column - len(shown)] not in self._shown_fields()
            )
            self.page.set_column(column, column, WIDTHS[column], None, {"hidden": is_unasked})
        self.page.set_row(0, 26)
        self.page.set_row(layout.FIRST_ROW - 1, 30)

    def _shown_fields(self) -> frozenset[str]:
        """Comments are shown with their marks; columns that no KPI needs are hidden."""
        return self.sheet.asks

    def _advice(self) -> str:
        say = self.words.say
        text = say("Fill in the yellow cells only; leave empty what is not known yet.")
        if self.sheet.cap is not None:
            most = Figures(self.words, self.sheet.currency_code).exact(self.sheet.cap, layout.SCORE_DIGITS)
            text += " " + say("Scores go from 0 to %(most)s; 100 is on target.", most=most)
        return text + " " + say("Below the table, give a name and a day for what you entered.")

    def _row(self, at: int, row: FormRow) -> None:
        line = {"bottom": 1, "bottom_color": palette.LINE}
        self._text(at, 0, row.name.to(self.sheet.language), bold=True, text_wrap=True, **line)
        self._texts(at, 1, self._numbers(row), align="right", **line)
        for column, name in enumerate(layout.FIELDS, start=layout.FIRST_FIELD):
            if name in row.asks:
                self._field(at, column, name, row)
            else:
                self.page.write_blank(at, column, None, self._style(bg_color=palette.TRACK, **line))
        self._texts(at, layout.LEVELS, row.levels)
        self.page.set_row(at, 32)

    def _numbers(self, row: FormRow) -> tuple[str, str, str]:
        """Target, actual and system score."""
        figures = Figures(self.words, self.sheet.currency_code)
        target, actual = (
            figures.value(each, row.unit, row.decimals).text for each in (row.target, row.actual)
        )
        return target, actual, NOTHING if row.score is None else figures.exact(row.score, 4)

    def _field(self, at: int, column: int, name: str, row: FormRow) -> None:
        was = row.was.get(name, "")
        if name == layout.DONE_ON:
            self._day(at, column, date.fromisoformat(was) if was else None, **TO_FILL)
            return
        cell = self._style(**TO_FILL, **_alignment(name))
        if not was:
            self.page.write_blank(at, column, None, cell)
        elif name in TEXTS:
            self.page.write_string(at, column, was, cell)
        else:
            # the shortest double of a number with two digits gives exactly these digits back
            self.page.write_number(at, column, float(was), cell)
        self.page.data_validation(at, column, at, column, self._limits(at, name, row))

    def _limits(self, at: int, name: str, row: FormRow) -> dict[str, Any]:
        say, title = self.words.say, self.words.say(HEADERS[name])
        if name in layout.COMMENTS:
            text = say("at most %(number)s characters", number=layout.COMMENT_LENGTH)
            check: dict[str, Any] = {"validate": "length", "criteria": "<=", "value": layout.COMMENT_LENGTH}
        elif name == layout.LEVEL:
            text = say("one of the list")
            last = layout.LEVELS + len(row.levels) - 1
            check = {"validate": "list", "source": "=" + xl_range_abs(at, layout.LEVELS, at, last)}
        elif name == layout.EVENTS:
            text = say("a whole number from 0 on")
            check = {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": layout.MOST_EVENTS,
            }
        else:
            most = self.sheet.cap or Decimal(0)
            text = say(
                "a number from 0 to %(most)s", most=Figures(self.words, "").exact(most, layout.SCORE_DIGITS)
            )
            check = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(most)}
        return {**check, "ignore_blank": True, "error_title": title, "error_message": text}

    def _people(self) -> None:
        say, count = self.words.say, len(self.sheet.rows)
        header = {"bold": True, "bottom": 1, "bottom_color": palette.INK}
        top = layout.role_row(count, layout.ROLES[0]) - 1
        self._text(top, 0, say("Who"), **header)
        self._text(top, layout.NAME_COLUMN, say("Name"), **header)
        self._text(top, layout.DAY_COLUMN, say("Day"), **header)
        self._text(top, layout.NAME_COLUMN + 1, "", **header)
        # a comment is its writer's, who stands there for the value beside it
        wanted = {layout.role_of(name) for name in self.sheet.asks - layout.COMMENTS}
        names = {layout.SELF: self.sheet.manager_name}
        for role in layout.ROLES:
            if role in wanted:
                self._person(
                    layout.role_row(count, role), role, names.get(role, self.sheet.appraiser_name or "")
                )

    def _person(self, at: int, role: str, name: str) -> None:
        self._text(at, 0, self.words.say(ROLES[role]))
        cell = self._style(**TO_FILL, quote_prefix=True, num_format="@")
        self.page.merge_range(at, layout.NAME_COLUMN, at, layout.NAME_COLUMN + 1, "", cell)
        if name:
            self.page.write_string(at, layout.NAME_COLUMN, name, cell)
        self._day(at, layout.DAY_COLUMN, None, **TO_FILL)
        self.page.set_row(at, 22)

    def _day(self, at: int, column: int, day: date | None, **style: Any) -> None:
        cell = self._style(**style, align="left", num_format="yyyy-mm-dd")
        if day is None:
            self.page.write_blank(at, column, None, cell)
        else:
            self.page.write_datetime(at, column, datetime.combine(day, time()), cell)
        first = datetime.combine(self.sheet.period.start, time())
        check = {"validate": "date", "criteria": ">=", "value": first, "ignore_blank": True}
        text = self.words.say("a day such as %(day)s", day=self.sheet.period.last_day.isoformat())
        self.page.data_validation(
            at, column, at, column, {**check, "error_title": self.words.say("Day"), "error_message": text}
        )

    def _hidden(self) -> None:
        """What the reading needs: ids, what the cells said, and a fingerprint of both."""
        sheet = self.sheet
        rows = list(map(layout.hidden_cells, sheet.rows))
        fingerprint = layout.seal(str(sheet.period), sheet.team_id, rows, sheet.after)
        first = [layout.MARK, layout.VERSION, str(sheet.period), sheet.team_id, fingerprint]
        first += [sheet.after] if sheet.after else []
        self._texts(0, layout.HIDDEN, first)
        for number, cells in enumerate(rows, start=layout.FIRST_ROW):
            self._texts(number, layout.HIDDEN, cells)
        most = max((len(row.levels) for row in sheet.rows), default=0)
        self.page.set_column(layout.HIDDEN, layout.LEVELS + most, 8, None, {"hidden": True})

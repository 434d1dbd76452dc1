"""The workbook of a card: every number a formula that comes to what the engine says, and no text a formula."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from reports.documents import kinds_of
from reports.workbook import paper
from reports.workbook.render import render_workbook
from scoring.canonical import content_hash, from_json, to_json
from scoring.errors import UsageError
from scoring.outlook import Outlook
from scoring.to_date import YearToDate
from scoring.visible import printable
from scoring.working import MeasureValue, Reason
from tests.reports.recalculated import SOFFICE, recalculate
from tests.reports.workbook_cards import (
    HOSTILE,
    LINE,
    MISSING,
    POLICY,
    PROPORTIONAL,
    TWO_AREAS,
    Row,
    books,
    card_of,
    entry,
    every_rule,
)

D = Decimal
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (libreoffice-calc) is not here")
HEADINGS = {
    "en": ["KPI", "Target", "Actual", "Attainment", "Weight", "Score"],
    "zh_CN": ["指标", "目标值", "实际值", "完成率", "权重", "得分"],
}


def opened(content: bytes, *, data_only: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        # it cannot read sparklines, and says so
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)


def cells_of(content: bytes):
    for sheet in opened(content).worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet, cell) for cell in row if cell.value is not None)


def looking_ahead(language="en"):
    """A card whose first line has a year to date, which is a quotient, and whose second has what is left."""
    card = card_of(TWO_AREAS, language=language)
    sums = (MeasureValue("clicks", D(120)), MeasureValue("views", D(9)), MeasureValue("none", None))
    year = YearToDate("2026-04-01", D(40) / 3, sums[:2], None, ("2026-08",))
    unknown = YearToDate("2026-04-01", None, sums[1:], Reason.NO_DATA)
    so_far = D("131.5")
    outlook = Outlook(
        "2026-10-19", "2026-10-31", D(420), so_far, 11, 9, so_far / 11, (D(420) - so_far) / 9, so_far * 20 / 11,
        12, D("0.0585"), D("205.9"), D("262.7"),
    )  # fmt: skip
    changed = {
        "k1": {"formula": "clicks / views", "year_to_date": year},
        "k2": {"formula": "views / none", "year_to_date": unknown, "outlook": outlook},
        "k3": {
            "outlook": replace(outlook, days=0, pace=None, needed=None, forecast=None, low=None, high=None)
        },
    }
    areas = [[replace(each, **changed.get(each.kpi_id, {})) for each in area.results] for area in card.areas]
    both = zip(card.areas, areas, strict=True)
    return replace(card, areas=tuple(replace(area, results=tuple(results)) for area, results in both))


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Every workbook of `books` and the one of every rule, worked out anew in one start of LibreOffice."""
    cards = {"every_rule": card_of([*every_rule()]), "ahead": looking_ahead(), **books()}
    drawn = {name: render_workbook(card) for name, card in cards.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cards, recalculate(drawn, tmp_path_factory.mktemp("recalculated"))


@needs_libreoffice
def test_libreoffice_finds_in_every_cell_what_the_engine_says(recalculated):
    cards, found = recalculated
    assert len(found) == len(cards) > 20
    assert [(name, cell) for name, cells in found.items() for cell in cells if not cell.agrees] == []
    # every line of every rule has its formulas, and every card its total
    assert len(found["every_rule"]) > 15 * len(cards["every_rule"].results)


@needs_libreoffice
def test_a_number_that_is_stored_wrongly_is_found(monkeypatch, tmp_path):
    write = paper.Paper.formula
    monkeypatch.setattr(
        paper.Paper, "formula", lambda self, *at, **wanted: write(self, *at[:4], D(-777), **wanted)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (cells,) = recalculate({"wrong": render_workbook(card_of(TWO_AREAS))}, tmp_path).values()
    assert cells
    assert not any(cell.agrees for cell in cells)


@pytest.mark.parametrize("language", HEADINGS)
def test_the_first_sheet_is_the_table_that_people_sign(language):
    book = opened(render_workbook(card_of(TWO_AREAS, language=language)))
    headings = [cell.value for cell in book.worksheets[0][6]]
    assert headings[:6] == HEADINGS[language]
    assert headings[-1] == {"en": "Comment", "zh_CN": "评注"}[language]


def test_the_first_sheet_shows_the_numbers_of_the_card():
    card = card_of(MISSING)
    (front, *_) = opened(render_workbook(card), data_only=True).worksheets
    shown = {row[0].value: row for row in front.iter_rows(min_row=7)}
    for result in card.results:
        row = shown[result.name.en]
        wanted = (result.target, result.actual, result.attainment, result.weight, result.score, result.points)
        for cell, value in zip(row[1:7], wanted, strict=True):
            assert cell.value == ("–" if value is None else pytest.approx(float(value), rel=1e-12))
    assert shown["Total"][5].value == float(card.total)


def test_numbers_are_formulas_on_named_settings():
    book = opened(render_workbook(card_of([Row(PROPORTIONAL, "83"), Row(LINE, "91")])))
    front, working, *_ = book.worksheets
    assert front["C8"].value == "='Figures'!$C$4"
    assert front["D8"].value == "=ROUND('Scorecard'!$C$8/'Working'!$E$4,12)"
    assert front["F8"].value == "=ROUND(ROUND('Working'!$G$4,9),card_digits)"
    assert working["G4"].value == "=MIN(k1.cap,MAX(k1.floor,100*'Scorecard'!$D$8))"
    assert {"k1.cap", "k1.floor", "k2.at_1", "card_digits", "card_green_from"} <= {*book.defined_names}


@pytest.mark.parametrize("language", HEADINGS)
def test_the_year_to_date_and_what_is_left_are_formulas_on_the_sheet_of_figures(language):
    card = looking_ahead(language)
    content = render_workbook(card)
    sheets = zip(opened(content).worksheets, opened(content, data_only=True).worksheets, strict=True)
    *_, (formulas, shown), (_, check) = sheets
    (top,) = (
        row[0].row for row in shown.iter_rows() if row[4].value == "clicks / views" and "2026" in row[3].value
    )
    cells = [f"'{formulas.title}'!$C${top - above}" for above in (2, 1)]
    assert all(cell in formulas[f"C{top}"].value for cell in cells)
    assert shown[f"C{top}"].value == pytest.approx(40 / 3)
    assert shown[f"F{top}"].value == {"en": "Aug 26", "zh_CN": "26年8月"}[language]
    assert shown[f"C{top + 3}"].value == "–"
    ahead = [row for row in shown.iter_rows(min_row=top, values_only=True) if row[3] == 420]
    (full, begun) = ahead
    assert full[4:9] == (131.5, 11, 9, pytest.approx(131.5 / 11), pytest.approx(288.5 / 9))
    assert full[9:14] == (pytest.approx(131.5 * 20 / 11), 205.9, 262.7, 12, 0.0585)
    assert begun[7:12] == ("–",) * 5
    held = [row[0] for row in check.iter_rows(min_row=4, values_only=True)]
    words = {"en": ("Fiscal year to date", "Forecast"), "zh_CN": ("财年累计", "预测")}[language]
    assert [sum(word in label for label in held) for word in words] == [1, 1]
    assert not any(
        word in str(cell.value) for word in words for _, cell in cells_of(render_workbook(card_of(TWO_AREAS)))
    )


def test_no_text_from_outside_is_a_formula():
    rows = [Row(PROPORTIONAL, "83", name=text) for text in HOSTILE]
    card = card_of(rows, entries=(entry(),))
    content = render_workbook(card)
    texts = {cell.value for _, cell in cells_of(content) if cell.data_type == "s"}
    assert set(map(printable, HOSTILE)) <= texts
    said = "|".join(re.escape(text) for text in ("HYPERLINK", "SUM(A1)", "+1+1", "-2+3"))
    formulas = [cell.value for _, cell in cells_of(content) if cell.data_type == "f"]
    assert not [formula for formula in formulas if re.search(said, formula)]
    # and it stays text where somebody edits the cell
    hostile = [cell for _, cell in cells_of(content) if cell.value in map(printable, HOSTILE)]
    assert all(cell.quotePrefix for cell in hostile)


def test_nothing_is_asked_for_elsewhere():
    content = render_workbook(card_of([Row(PROPORTIONAL, "83", name="http://a.example/")]))
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert not [name for name in parts.namelist() if "externalLink" in name or "vbaProject" in name]
    assert not [name for name in parts.namelist() if b"TargetMode" in parts.read(name)]


def test_cells_to_fill_in_take_only_what_fits():
    card = card_of(TWO_AREAS)
    front, working, *_ = opened(render_workbook(card)).worksheets
    lengths = [check for check in front.data_validations.dataValidation if check.type == "textLength"]
    assert len(lengths) == len(card.results)
    (events,) = working.data_validations.dataValidation
    assert (events.type, events.operator, events.formula1) == ("whole", "greaterThanOrEqual", "0")
    assert front.protection.sheet
    assert not front["J8"].protection.locked
    assert front["F8"].protection.locked


def test_a_mark_that_is_still_to_come_has_a_cell():
    working = opened(render_workbook(books()["half_marked"])).worksheets[1]
    marks = [check for check in working.data_validations.dataValidation if check.type == "decimal"]
    # two for each line that counts and is not judged already
    assert len(marks) == 2 * 4


def test_levels_are_chosen_from_the_list_of_the_rule():
    card = card_of([row for row in every_rule() if row.said.level])
    working = opened(render_workbook(card)).worksheets[1]
    checks = working.data_validations.dataValidation
    assert {check.type for check in checks} == {"list"}
    assert len(checks) == 4


def test_a_rule_with_more_bands_than_a_formula_takes_is_printed_and_says_so():
    bands = [{"from": "0", "score": 0}, *({"from": str(D(n) / 100), "score": n} for n in range(1, 121))]
    rule = replace(PROPORTIONAL, name="bands", params={"bands": bands})
    (line, *_) = (
        row
        for row in opened(render_workbook(card_of([Row(rule, "83.5")]))).worksheets[1].iter_rows(min_row=4)
    )
    assert line[6].value == 83
    assert line[-1].value.endswith("as the program worked it out: this rule has no formula")


def test_a_part_of_a_card_that_changes_is_told_on_the_first_sheet():
    front = opened(render_workbook(card_of(TWO_AREAS)), data_only=True).worksheets[0]
    assert front["A4"].value == "All numbers are as they were issued."


def test_the_same_card_gives_the_same_bytes_in_any_process():
    code = (
        "import hashlib\n"
        "from reports.workbook.render import render_workbook\n"
        "from tests.reports.workbook_cards import MISSING, card_of\n"
        "print(hashlib.sha256(render_workbook(card_of(MISSING))).hexdigest())\n"
    )
    other = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
        "LC_ALL": "C",
        "PYTHONPATH": os.getcwd(),
    }
    done = subprocess.run([sys.executable, "-c", code], env=other, capture_output=True, text=True, check=True)
    again = card_of(MISSING)
    assert done.stdout.strip() == hashlib.sha256(render_workbook(from_json(to_json(again)))).hexdigest()


def test_only_a_book_that_asks_for_it_has_a_workbook():
    card, plain = card_of(TWO_AREAS), card_of(TWO_AREAS, replace(POLICY, has_workbook=False))
    assert [kind.ending for kind in kinds_of(card)] == ["pdf", "xlsx"]
    assert [kind.ending for kind in kinds_of(plain)] == ["pdf"]
    assert "in_cells" not in to_json(plain)
    # asking for one is no new content: cards that are issued stay as they are
    assert content_hash(card) == content_hash(plain)
    with pytest.raises(UsageError, match=r"documents: \[pdf, workbook\]"):
        render_workbook(plain)


def test_trends_and_colours_are_drawn_from_cells(make_card):
    card = make_card(policy=replace(POLICY, has_workbook=True))
    content = render_workbook(card)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<x14:sparkline>") == len(card.results)
    figures = opened(content, data_only=True)["Figures"]
    of_the_first = r"<xm:f>'Figures'!([A-Z]+[0-9]+):([A-Z]+[0-9]+)</xm:f><xm:sqref>I8</xm:sqref>"
    first, last = re.search(of_the_first, sheet).groups()
    shown = [cell.value for cell in figures[f"{first}:{last}"][0]]
    assert shown == [pytest.approx(float(point.actual)) for point in card.results[0].history]
    rules = opened(content).worksheets[0].conditional_formatting
    formulas = [rule.formula[0] for area in rules for rule in area.rules]
    assert any("card_green_from" in formula for formula in formulas)

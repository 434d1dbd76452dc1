"""The form goes out, is filled in as Excel would, and comes back whole or not at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from appraisal import BadFormError, enter_form, write_form
from appraisal import workbook as opening
from ledger import Entry, EntryKind
from reports.forms import layout
from scoring.errors import UsageError
from tests.book.books import HERE, lay_out
from tests.pipeline.command import Done
from tests.pipeline.conftest import Place
from tests.pipeline.exports import OCTOBER, write_exports

NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
# the north team's rows, as the book has them: clicks, cost per click, teamwork, violations, grave mistake
FILLED: Mapping[str, Any] = {
    "H6": 100,
    "I6": "=A1 is no formula here",
    "J6": 92.5,
    "K6": "A good month.\nKeep going.",
    "H7": 95,
    "J7": 90,
    "F8": "良好",
    "K8": "Sales was content",
    "E9": 1,
    "E10": 0,
    "D13": date(2026, 11, 2),
    "D14": date(2026, 11, 3),
    "D15": "2026-11-03",
}


@pytest.fixture
def form(judged, tmp_path) -> Path:
    """A form of both teams that nobody has filled in."""
    path = tmp_path / "form.xlsx"
    write_form(judged.open(), OCTOBER, (), path, lambda _: None)
    return path


def fill(path: Path, cells: Mapping[str, Any], sheet: str = "north") -> Path:
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book[sheet][place] = value
        if isinstance(value, str) and value.startswith("=A1 is"):
            book[sheet][place].data_type = "s"
    book.save(path)
    return path


def enter(place: Place, path: Path) -> int:
    return enter_form(place.open(), path, now=NOW, say=lambda _: None)


def entries(place: Place, team: str = "north") -> dict[tuple[str, EntryKind], Entry]:
    return {(entry.kpi_id, entry.kind): entry for entry in place.open().ledger.judgements(["2026-10"], team)}


def refusals(place: Place, path: Path) -> tuple[str, ...]:
    with pytest.raises(BadFormError) as refusal:
        enter(place, path)
    assert entries(place) == {}
    assert entries(place, "south") == {}
    return refusal.value.sentences


def test_a_filled_form_is_entered_with_who_and_when(judged, form):
    assert enter(judged, fill(form, FILLED)) == 7
    found = entries(judged)
    assert {key: entry.value for key, entry in found.items()} == {
        ("clicks", EntryKind.SELF): "100",
        ("clicks", EntryKind.SUPERIOR): "92.5",
        ("cost_per_click", EntryKind.SELF): "95",
        ("cost_per_click", EntryKind.SUPERIOR): "90",
        ("teamwork", EntryKind.LEVEL): "良好",
        ("violations", EntryKind.EVENTS): "1",
        ("grave_mistake", EntryKind.EVENTS): "0",
    }
    own, superior = found["clicks", EntryKind.SELF], found["clicks", EntryKind.SUPERIOR]
    assert (own.said_by, own.said_on, own.comment) == (
        "Ana Ruiz",
        date(2026, 11, 2),
        "=A1 is no formula here",
    )
    assert (superior.said_by, superior.comment) == ("Tove Lind", "A good month. Keep going.")
    assert found["teamwork", EntryKind.LEVEL].comment == "Sales was content"
    assert (own.form_name, own.entered_at) == ("form.xlsx", NOW)
    assert found["violations", EntryKind.EVENTS].said_on == date(2026, 11, 3)


def test_entering_a_form_twice_is_entering_it_once(judged, form):
    fill(form, FILLED)
    assert [enter(judged, form), enter(judged, form)] == [7, 0]


def saved_later(form: Path, path: Path) -> Path:
    """The form as another program saves it at another time: numbers as text, days as text, other bytes."""
    book = openpyxl.load_workbook(form)
    book.properties.creator = "somebody else"
    book["north"]["H6"], book["north"]["D13"] = "100.0", "2026-11-02"
    book.save(path)
    assert path.read_bytes() != form.read_bytes()
    return path


def test_the_same_answers_saved_at_another_time_are_the_same_entries(judged, form, tmp_path):
    fill(form, FILLED)
    (tmp_path / "later").mkdir()
    later = saved_later(form, tmp_path / "later/form.xlsx")
    enter(judged, form)
    first = entries(judged)
    assert enter(judged, later) == 0
    other = tmp_path / "other"
    lay_out(HERE / "appraised", other / "config")
    write_exports(other / "exports")
    assert enter(Place(other), later) == 7
    assert entries(Place(other)) == first


def test_an_old_form_saved_anew_does_not_undo_a_newer_one(judged, form, tmp_path):
    enter(judged, fill(form, FILLED))
    newer = tmp_path / "newer.xlsx"
    write_form(judged.open(), OCTOBER, (), newer, lambda _: None)
    assert enter(judged, fill(newer, {"H6": 90, "D13": date(2026, 11, 2)})) == 1
    assert enter(judged, saved_later(form, tmp_path / "again.xlsx")) == 0
    assert entries(judged)["clicks", EntryKind.SELF].value == "90"


def test_the_same_answers_in_a_newer_form_are_a_new_word(judged, form, tmp_path):
    """There and back and there again: the fourth form looks like the second, and comes after the third."""
    enter(judged, fill(form, FILLED))
    for number, mark in enumerate((90, 100, 90)):
        path = tmp_path / f"{number}.xlsx"
        write_form(judged.open(), OCTOBER, (), path, lambda _: None)
        assert enter(judged, fill(path, {"H6": mark, "D13": date(2026, 11, 2)})) == 1
    assert entries(judged)["clicks", EntryKind.SELF].value == "90"


def test_saving_the_same_answers_again_makes_no_new_revision(judged, form, tmp_path):
    enter(judged, fill(form, FILLED))
    judged.run(send=False)
    enter(judged, saved_later(form, tmp_path / "again.xlsx"))
    judged.run(send=False)
    issues = judged.open().ledger.latest_revisions("2026-10")
    assert {issue.revision for issue in issues} == {1}


def test_a_form_without_anything_filled_in_says_nothing(judged, form):
    assert enter(judged, form) == 0


def test_the_same_form_is_the_same_bytes(judged, form, tmp_path):
    again = tmp_path / "again.xlsx"
    write_form(judged.open(), OCTOBER, (), again, lambda _: None)
    assert again.read_bytes() == form.read_bytes()


def test_a_form_shows_what_is_scored_and_what_was_said_and_only_changes_are_entered(judged, form, tmp_path):
    enter(judged, fill(form, FILLED))
    judged.run(send=False)
    second = tmp_path / "second.xlsx"
    write_form(judged.open(), OCTOBER, ("north",), second, lambda _: None)
    page = openpyxl.load_workbook(second)["north"]
    assert [page[cell].value for cell in ("A6", "B6", "C6", "D6")] == ["Ad clicks", "1,000", "1,054", "105.4"]
    assert [page[cell].value for cell in ("H6", "J6", "K6", "F8", "E10")] == [
        100,
        92.5,
        "A good month. Keep going.",
        "良好",
        0,
    ]
    assert enter(judged, second) == 0
    assert enter(judged, fill(second, {"J7": 70, "D14": date(2026, 11, 3)})) == 1
    changed = entries(judged)["cost_per_click", EntryKind.SUPERIOR]
    assert (changed.value, changed.form_name) == ("70", "second.xlsx")


def test_before_a_month_is_scored_actual_and_score_are_empty(form):
    page = openpyxl.load_workbook(form)["north"]
    assert [page[cell].value for cell in ("B6", "C6", "D6")] == ["1,000", "–", "–"]


def test_only_the_cells_to_fill_in_are_open_and_each_row_opens_what_its_rule_needs(form):
    page = openpyxl.load_workbook(form)["north"]
    assert page.protection.sheet
    open_cells = {
        cell.coordinate
        for row in page.iter_rows(min_row=1, max_row=20)
        for cell in row
        if not cell.protection.locked
    }
    marks = {f"{column}{row}" for column in "HIJK" for row in (6, 7)}
    people = {f"{column}{row}" for column in "BCD" for row in (13, 14, 15)}
    assert open_cells == marks | people | {"F8", "K8", "E9", "K9", "E10", "K10"}
    assert page.column_dimensions["G"].hidden
    assert page.column_dimensions["N"].hidden


def test_the_form_is_in_the_language_of_its_card(form):
    page = openpyxl.load_workbook(form)["south"]
    assert page["A1"].value == "考核表：南方市场部，2026年10月"
    assert page["A6"].value == "净推荐值"


def test_a_name_that_begins_like_a_formula_stays_text(judged, tmp_path):
    teams = judged.root / "config/teams.yaml"
    teams.write_text(teams.read_text("utf-8").replace("Ana Ruiz", '"=HYPERLINK(1)"'), "utf-8")
    path = tmp_path / "form.xlsx"
    write_form(judged.open(), OCTOBER, (), path, lambda _: None)
    cell = openpyxl.load_workbook(path)["north"]["B13"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (
        "=HYPERLINK(1)",
        "s",
        1,
    )


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        (
            "H6",
            120.5,
            "expected a number from 0 to 120 with at most 2 decimal places, found 120.5; correct it.",
        ),
        ("H6", -1, "expected a number from 0 to 120 with at most 2 decimal places, found -1; correct it."),
        (
            "H6",
            99.999,
            "expected a number from 0 to 120 with at most 2 decimal places, found 99.999; correct it.",
        ),
        (
            "J7",
            "gut",
            "expected a number from 0 to 120 with at most 2 decimal places, found 'gut'; correct it.",
        ),
        (
            "J7",
            True,
            "expected a number from 0 to 120 with at most 2 decimal places, found true without quotes;",
        ),
        ("E9", 1.5, "expected a whole number from 0 to 9999, found 1.5; correct it."),
        ("E9", -2, "expected a whole number from 0 to 9999, found -2; correct it."),
        ("F8", "极好", "expected one of 优秀, 良好, 一般, 差, found '极好'; correct it."),
        ("I6", "x" * 501, "expected text of at most 500 characters, found 'xxx"),
        ("I6", "a\u202eb", "and without marks that change the writing direction, found"),
        (
            "D13",
            date(2026, 11, 4),
            "expected a day from 2026-10-01 to 2026-11-03, found '2026-11-04';",
        ),
        (
            "D13",
            date(2026, 9, 30),
            "expected a day from 2026-10-01 to 2026-11-03, found '2026-09-30';",
        ),
        ("D13", None, "expected a day from 2026-10-01 to 2026-11-03, found nothing; correct it."),
        ("B14", None, "expected a name of at most 200 characters, found nothing; correct it."),
        ("B14", "12", "expected a name of at most 200 characters, found '12'; correct it."),
        ("H8", 90, "expected nothing, because teamwork does not ask for it, found 90; correct it."),
        ("J6", "=1+1", "expected a value, found a formula without one; correct it."),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_entered(judged, form, cell, value, expected):
    (sentence,) = refusals(judged, fill(form, {**FILLED, cell: value}))
    assert sentence.startswith(f"form.xlsx, sheet 'north', cell {cell}: ")
    assert expected in sentence


def test_every_bad_cell_of_every_sheet_is_named_at_once(judged, form):
    fill(form, {**FILLED, "H6": 500, "E9": "x"})
    fill(form, {"H6": "viel"}, "south")
    assert [sentence.split(": ")[0] for sentence in refusals(judged, form)] == [
        "form.xlsx, sheet 'north', cell H6",
        "form.xlsx, sheet 'north', cell E9",
        "form.xlsx, sheet 'south', cell H6",
    ]


def test_a_comment_needs_its_value(judged, form):
    (sentence,) = refusals(judged, fill(form, {"I6": "why"}))
    assert (
        sentence
        == "form.xlsx, sheet 'north', cell H6: expected a value beside the comment, found nothing; correct it."
    )


def test_what_was_said_is_not_taken_back(judged, form, tmp_path):
    enter(judged, fill(form, FILLED))
    second = tmp_path / "second.xlsx"
    write_form(judged.open(), OCTOBER, (), second, lambda _: None)
    with pytest.raises(
        BadFormError, match=r"cell H6: expected '100' or another value, because an entry cannot be"
    ):
        enter(judged, fill(second, {"H6": None}))


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("N7", "clicks", "cell R1: expected the form's hidden cells unchanged, found changed ones"),
        ("P1", "2026-09", "cell R1: expected the form's hidden cells unchanged"),
        (
            "P1",
            "October",
            "cell P1: expected a period and one of the teams north, south, found 'October' and 'north'",
        ),
        (
            "Q1",
            "west",
            "cell P1: expected a period and one of the teams north, south, found '2026-10' and 'west'",
        ),
    ],
)
def test_hidden_cells_that_were_changed_are_refused(judged, form, cell, value, expected):
    (sentence,) = refusals(judged, fill(form, {**FILLED, cell: value}))
    assert expected in sentence


def test_a_kpi_that_the_team_has_no_more_is_refused(judged, form):
    targets = judged.root / "config/targets/2026.csv"
    text = targets.read_text("utf-8").replace("north,violations,2026-01-01", "north,nps,2026-01-01")
    targets.write_text(text.replace("2027-01-01,,15", "2027-01-01,40,15"), "utf-8")
    (sentence,) = refusals(judged, fill(form, FILLED))
    assert "cell N9: expected a KPI that north has in 2026-10, found 'violations'" in sentence


def test_sheets_of_two_periods_or_a_team_twice_are_refused(judged, form, tmp_path):
    book = openpyxl.load_workbook(form)
    book.copy_worksheet(book["north"])
    book.save(form)
    (sentence,) = refusals(judged, form)
    assert "expected one sheet of north, found 2; remove the others" in sentence
    page = book["north Copy"]
    rows = [[page.cell(row, column).value or "" for column in range(14, 22)] for row in range(6, 11)]
    page["P1"], page["R1"] = "2026-09", layout.seal("2026-09", "north", rows)
    book.save(form)
    assert "expected sheets of one period, found 2026-09 and 2026-10" in refusals(judged, form)[0]


def test_another_workbook_and_another_file_are_refused(judged, tmp_path):
    other = openpyxl.Workbook()
    other.save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("score,90")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "other.xlsx").read_bytes()[:900])
    (sentence,) = refusals(judged, tmp_path / "other.xlsx")
    assert "expected a sheet of an appraisal form of this program, found none" in sentence
    for name in ("text.xlsx", "cut.xlsx"):
        assert f"{name}: expected an Excel workbook (.xlsx), found" in refusals(judged, tmp_path / name)[0]
    assert "expected a file that can be read" in refusals(judged, tmp_path / "none.xlsx")[0]


def test_a_file_that_would_unpack_to_too_much_is_not_unpacked(judged, tmp_path, monkeypatch):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 60_000_000)
    (tmp_path / "bomb.xlsx").write_bytes(buffer.getvalue())
    (sentence,) = refusals(judged, tmp_path / "bomb.xlsx")
    assert "expected at most 50,000,000 bytes unpacked, found 60,000,000" in sentence
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    assert "expected at most 10 bytes" in refusals(judged, tmp_path / "bomb.xlsx")[0]


def test_a_form_that_may_be_filled_in_is_not_written_over(judged, form):
    fill(form, FILLED)
    with pytest.raises(UsageError, match=r"expected no file of this name, found one, which may be filled in"):
        write_form(judged.open(), OCTOBER, (), form, lambda _: None)


def test_a_book_in_which_people_say_nothing_has_no_form(place):
    with pytest.raises(UsageError, match="expected KPIs over events or levels, or an appraiser"):
        write_form(place.open(), OCTOBER, (), None, lambda _: None)


def test_the_commands_write_and_enter_a_form(judged, command: Callable[..., Done]):
    done = command(judged, "appraisal", "form", "2026-10", "--team", "north")
    path = judged.home / "forms/appraisal-2026-10.xlsx"
    assert (done.code, done.out) == (0, f"{path}: north\n")
    done = command(judged, "appraisal", "enter", str(path))
    assert done.out.endswith("0 new; run `scorewright run --period 2026-10` to score them\n")
    done = command(judged, "appraisal", "enter", str(fill(path, {"H6": "x", "E9": "y"})))
    assert done.code == 3
    assert done.err.startswith(
        "scorewright: expected a form without faults, found 2:\n  appraisal-2026-10.xlsx, sheet"
    )

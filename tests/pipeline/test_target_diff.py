"""`scorewright targets diff`: what is new between two states of the targets."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from book.files.target_cells import COLUMNS
from book.target_diff import differences, read_side, told
from scoring.errors import BookError, UsageError
from tests.book.books import VALID
from tests.pipeline.command import here

HEADER = ",".join([*COLUMNS, "kind", "basis", "low", "high", "due", "agreed_on", "per"])
PLAN = "north,clicks,2026-01-01,2027-01-01,900,50,T. Lind,The plan,,,,,,,"


def lines(before: list[str], after: list[str], folder: Path) -> list[str]:
    sides = []
    for name, rows in (("a.csv", before), ("b.csv", after)):
        (folder / name).write_text("\n".join([HEADER, *rows]), "utf-8")
        sides.append(read_side(folder / name))
    return list(told(differences(*sides)))


def test_the_same_rows_in_another_order_are_no_difference(tmp_path):
    other = PLAN.replace("clicks", "nps")
    assert lines([PLAN, other], [other, PLAN], tmp_path) == ["no differences"]


def test_a_new_row_is_told_with_what_it_supersedes(tmp_path):
    new = "north,clicks,2026-07-01,2026-10-01,1000,40,T. Lind,New shop,,,,,,2026-06-15,"
    assert lines([PLAN], [PLAN, new], tmp_path) == [
        "north clicks",
        "  added       2026-07-01 to 2026-09-30: 1000, weight 40, agreed on 2026-06-15 (T. Lind: New shop)",
        "  superseded  2026-07-01 to 2026-09-30: 900, weight 50 (T. Lind: The plan)",
        "1 added, 0 removed, 0 changed, 1 superseded",
    ]


def test_only_rows_that_were_in_force_until_now_are_superseded(tmp_path):
    first = PLAN.replace("900,", "950,").replace(",,,,,,,", ",,,,,,2026-03-01,")
    second = PLAN.replace("900,", "990,").replace(",,,,,,,", ",,,,,,2026-06-01,")
    told_lines = lines([PLAN, first], [PLAN, first, second], tmp_path)
    assert [line for line in told_lines if "superseded  " in line] == [
        "  superseded  2026-01-01 to 2026-12-31: 950, weight 50, agreed on 2026-03-01 (T. Lind: The plan)"
    ]


def test_a_row_of_another_length_of_period_supersedes_nothing(tmp_path):
    year = "north,clicks,2026-01-01,2027-01-01,9000,100,T. Lind,Year,,,,,,2026-06-15,year"
    assert lines([PLAN], [PLAN, year], tmp_path)[1:] == [
        "  added       2026-01-01 to 2026-12-31: 9000 per year, weight 100, agreed on 2026-06-15 (T. Lind: Year)",
        "1 added, 0 removed, 0 changed, 0 superseded",
    ]


def test_an_edited_row_says_which_cells_were_changed(tmp_path):
    edited = "north,clicks,2026-01-01,2026-07-01,0.1,45,T. Lind,The  plan,growth,previous_period,,,,,"
    assert lines([PLAN], [edited], tmp_path)[1:] == [
        "  changed     2026-01-01 to 2026-06-30: valid_until 2027-01-01 -> 2026-07-01; target 900 -> 0.1; "
        "weight 50 -> 45; reason 'The plan' -> 'The  plan'; kind absolute -> growth over previous period",
        "0 added, 0 removed, 1 changed, 0 superseded",
    ]


def test_each_kind_is_told_in_words(tmp_path):
    rows = [
        "north,clicks,2026-01-01,2027-01-01,,50,T. Lind,R,range,,38,42,,,",
        "north,launch,2026-01-01,2027-01-01,,50,T. Lind,M,milestone,,,,2026-05-31,,",
        "north,sales,2026-01-01,2027-01-01,365,50,T. Lind,C,cumulative,,,,,,",
    ]
    assert [line.split(": ", 1)[1] for line in lines([], rows, tmp_path) if "added  " in line] == [
        "range 38 to 42, weight 50 (T. Lind: R)",
        "milestone due 2026-05-31, weight 50 (T. Lind: M)",
        "365 cumulative, weight 50 (T. Lind: C)",
    ]
    assert lines(rows, [rows[0].replace("38", "39"), *rows[1:]], tmp_path)[1] == (
        "  changed     2026-01-01 to 2026-12-31: kind range 38 to 42 -> range 39 to 42"
    )


def test_a_removed_row_and_a_doubled_one_are_counted_each(tmp_path):
    assert lines([PLAN, PLAN], [PLAN], tmp_path)[-1] == "0 added, 1 removed, 0 changed, 0 superseded"


def test_a_book_a_folder_and_a_workbook_are_sides(tmp_path):
    shutil.copytree(VALID, tmp_path / "book")
    assert read_side(tmp_path / "book") == read_side(tmp_path / "book/targets")
    book = openpyxl.Workbook()
    for line in (
        (VALID / "targets/2026.csv").read_text("utf-8").replace('"Last year, plus 10 %"', "x").splitlines()
    ):
        book.active.append(line.split(","))
    book.save(tmp_path / "targets.xlsx")
    (found, _, _) = told(differences(read_side(tmp_path / "book"), read_side(tmp_path / "targets.xlsx")))
    assert found == "north clicks"


def test_what_is_not_there_or_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(UsageError, match="expected a book, a folder of targets or a file, found none"):
        read_side(tmp_path / "nowhere")
    (tmp_path / "bad.csv").write_text("team,kpi\n", "utf-8")
    with pytest.raises(BookError, match=r"bad.csv:1: expected the columns team,kpi,valid_from"):
        read_side(tmp_path / "bad.csv")


def test_the_command_ends_with_0_unless_it_is_asked_for_the_exit_code(tmp_path):
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{PLAN}\n", "utf-8")
    (tmp_path / "b.csv").write_text(f"{HEADER}\n", "utf-8")
    sides = (tmp_path / "a.csv", tmp_path / "b.csv")
    done = here("targets", "diff", *sides)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "0 added, 1 removed, 0 changed, 0 superseded"
    assert here("targets", "diff", *sides, "--exit-code").code == 1
    assert here("targets", "diff", sides[0], sides[0], "--exit-code").code == 0
    assert here("targets", "diff", tmp_path / "nowhere", sides[0]).code == 2

"""A number is read in one way, whichever file of the book it stands in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from book import read_book
from scoring.errors import BookError
from scoring.formula import Formula
from scoring.reading import number_of, whole_of
from scoring.rules.case import number
from tests.book.books import VALID, lay_out

NO_NUMBERS = (
    "９5",
    "٩٥",
    "९५",
    "9_5",
    "9e1",
    "+95",
    "0x5f",
    "95.",
    ".95",
    "9,5",
    "1" * 19,
    "nan",
    "inf",
    "95 %",
)


@pytest.mark.parametrize("text", [*NO_NUMBERS, "", " 95", "95\n"])
def test_what_somebody_could_read_otherwise_is_no_number(text):
    for read in (number_of, whole_of):
        with pytest.raises(ValueError, match="number"):
            read(text)


def test_numbers_are_what_they_look_like():
    assert [number_of(text) for text in ("0", "-0.25", "007")] == [0, Decimal("-0.25"), 7]
    assert [whole_of(text) for text in ("0", "-3", "12")] == [0, -3, 12]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_file_of_the_book_takes_another(tmp_path, text):
    """A cut-off, a grade, digits, a rule's cap, decimals and a share: each with its fault."""
    book = lay_out(VALID, tmp_path / "config")

    def put(name, before, after):
        path = book / name
        assert before in path.read_text("utf-8"), (name, before)
        path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")

    put("grading.yaml", "green: ", f"green: '{text}' # ")
    put("grading.yaml", "digits: ", f"digits: '{text}' # ")
    put("calendar.yaml", "history_months: ", f"history_months: '{text}' # ")
    put("kpis/nps.yaml", "lag_days: ", f"lag_days: '{text}' # ")
    wrong = {(fault.file, fault.message.split(":")[0]) for fault in read_book(book).faults}
    assert wrong >= {
        ("grading.yaml", "green"),
        ("grading.yaml", "digits"),
        ("calendar.yaml", "history_months"),
        ("kpis/nps.yaml", "lag_days"),
    }


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_parameter_of_a_rule_is_another(text):
    with pytest.raises(BookError, match="expected a number for cap"):
        number("proportional", "cap", text)


@pytest.mark.parametrize("text", ["clicks / 9_5", "clicks / 0x5f", "clicks / 0b1", "clicks * 1_0.5"])
def test_a_formula_has_plain_numbers(text):
    with pytest.raises(BookError, match="expected measure names, numbers"):
        Formula.parse(text)
    assert Formula.parse("clicks / 95 + 0.5 * 1e3").names == ("clicks",)

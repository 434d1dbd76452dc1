"""Each broken book gives exactly its faults, each with its line, all at once and in order."""

from __future__ import annotations

import re

import pytest

from book import load_book, read_book
from scoring.errors import BookError
from tests.book.books import INVALID, VALID, expected_faults, lay_out

broken_books = pytest.mark.parametrize("broken", INVALID, ids=lambda path: path.name.removeprefix("invalid-"))

SENTENCE = re.compile(r"[\w./-]+(:[1-9]\d*)?: .*expected .+, found .+; .*[^.]", re.DOTALL)


def test_there_are_broken_books():
    assert len(INVALID) >= 70


def test_the_valid_book_has_no_fault():
    assert read_book(VALID).faults == ()


@broken_books
def test_a_broken_book_has_exactly_the_faults_expected(broken, tmp_path):
    faults = read_book(lay_out(broken, tmp_path / "config")).faults
    assert [str(fault) for fault in faults] == expected_faults(broken)


@broken_books
def test_every_fault_says_where_it_is_what_was_expected_and_found_and_what_to_do(broken):
    for line in expected_faults(broken):
        assert SENTENCE.fullmatch(line), line


@broken_books
def test_a_broken_book_differs_from_the_valid_one_in_every_file_it_brings(broken):
    """A fixture that repeats the valid file would prove nothing."""
    for path in broken.rglob("*"):
        twin = VALID / path.relative_to(broken)
        assert path.is_dir() or not twin.exists() or path.read_bytes() != twin.read_bytes(), path


@broken_books
def test_a_broken_book_is_never_loaded(broken, tmp_path):
    config = lay_out(broken, tmp_path / "config")
    with pytest.raises(BookError) as refusal:
        load_book(config)
    faults = expected_faults(broken)
    if len(faults) == 1:
        assert str(refusal.value) == f"{config}/{faults[0]}."
    else:
        first, *lines = str(refusal.value).split("\n  ")
        assert first == f"{config}: expected a sound book, found {len(faults)} faults:"
        assert lines == faults


@broken_books
def test_faults_come_sorted_by_file_and_by_the_value_of_the_line(broken, tmp_path):
    places = [(fault.file, fault.line) for fault in read_book(lay_out(broken, tmp_path / "config")).faults]
    assert places == sorted(places)


def test_a_book_that_is_not_there_is_one_fault(tmp_path):
    missing = tmp_path / "cnofig"
    assert [str(fault) for fault in read_book(missing).faults] == [
        ".: expected the folder of the book, found none; "
        "correct `book` in scorewright.toml or SCOREWRIGHT_CONFIG"
    ]
    with pytest.raises(BookError, match="expected the folder of the book"):
        load_book(missing)


def test_a_folder_in_the_place_of_a_file_is_a_fault_and_no_crash(tmp_path):
    config = lay_out(VALID.with_name("invalid-cut-offs"), tmp_path / "config")
    (config / "grading.yaml").unlink()
    (config / "grading.yaml").mkdir()
    (config / "kpis" / "more.yaml").mkdir()
    assert [str(fault) for fault in read_book(config).faults] == [
        "grading.yaml: expected a file that can be read, found 'Is a directory'; fix that",
        "kpis/more.yaml: expected a file that can be read, found 'Is a directory'; fix that",
    ]

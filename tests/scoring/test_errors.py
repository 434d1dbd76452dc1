"""What a refusal says."""

import pytest

from disk.errors import StorageError
from scoring import errors
from scoring.errors import BadFileError, BadRowError, RefusedError, ScorewrightError


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, f"a.csv: expected x, found y; {errors.NEW_EXPORT}."),
        ({"row": 3}, f"a.csv, row 3: expected x, found y; {errors.NEW_EXPORT}."),
        ({"row": 3, "column": "Cost"}, "a.csv, row 3, column 'Cost': expected x, found y; ask, then rerun."),
    ],
)
def test_a_bad_file_names_file_row_and_column(place, text):
    hint = {"hint": "ask, then rerun"} if "column" in place else {}
    assert str(BadFileError("a.csv", expected="x", found="y", **place, **hint)) == text


def test_every_class_has_an_exit_code_that_is_neither_success_nor_a_signal():
    classes = [item for item in vars(errors).values() if isinstance(item, type)]
    assert len(classes) > 5
    assert all(issubclass(item, ScorewrightError) and 0 < item.exit_code < 64 for item in classes)


def test_bad_rows_are_told_by_the_first_and_kept_all():
    error = BadRowError("a.csv", rows=[(3, "'x'"), (7, "'y'")], column="Cost", expected="a number")
    assert str(error) == f"a.csv, row 3, column 'Cost': expected a number, found 'x'; {errors.NEW_EXPORT}."
    assert error.rows == ((3, "'x'"), (7, "'y'"))
    assert isinstance(error, BadFileError)


def test_a_disk_that_fails_is_named_with_what_it_said():
    error = StorageError("/data/landing", "No space left on device")
    assert (error.exit_code, error.found) == (7, "No space left on device")
    assert str(error) == (
        "/data/landing: expected a disk that can be written to and read, found: No space left on device; "
        "fix its space or permissions, then run again."
    )


def test_the_reason_of_a_bad_file_leaves_out_what_was_found():
    error = BadFileError("a.csv", row=3, column="Cost", expected="a number", found="'secret'")
    assert error.reason == "a.csv, row 3, column 'Cost': expected a number"
    assert "secret" in str(error)


def test_one_refusal_is_its_sentence_and_several_are_a_line_each():
    assert str(RefusedError(["one."], exit_code=3)) == "one."
    error = RefusedError(["one.", "two."], exit_code=4)
    assert error.exit_code == 4
    assert str(error) == "2 refusals; all else was done:\n  one.\n  two."

"""The one reader of numbers in texts: plain digits, and nothing that only looks like a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring import reading

REFUSED = [
    "",
    " 1",
    "1 ",
    "+1",
    "9_5",
    "1e3",
    "1,000",
    "٣",
    "１",
    "0x5f",
    ".5",
    "5.",
    "--1",
    "1\n",
    "NaN",
]


@pytest.mark.parametrize(
    ("text", "number"), [("0", "0"), ("-0.25", "-0.25"), ("100", "100"), ("9" * 18, "9" * 18)]
)
def test_a_plain_number_is_read(text, number):
    assert reading.number_of(text) == Decimal(number)


@pytest.mark.parametrize("text", REFUSED)
def test_what_only_looks_like_a_number_is_refused(text):
    with pytest.raises(ValueError, match=r"^a number$"):
        reading.number_of(text)
    with pytest.raises(ValueError, match=r"^a whole number$"):
        reading.whole_of(text)


@pytest.mark.parametrize("text", ["1" * 19, "-0." + "3" * 17])
def test_a_number_of_too_many_digits_is_told_so(text):
    with pytest.raises(ValueError, match=r"^a number of at most 18 digits before the point and 16 after it$"):
        reading.number_of(text)
    with pytest.raises(ValueError, match="a whole number"):
        reading.whole_of(text)
    assert reading.wanted_number("-5", "a number above 0") == "a number above 0"


def test_a_whole_number_has_no_point():
    assert (reading.whole_of("12"), reading.whole_of("-3")) == (12, -3)
    with pytest.raises(ValueError, match="a whole number"):
        reading.whole_of("1.0")

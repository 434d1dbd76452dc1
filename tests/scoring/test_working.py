"""A working gives its operands by their names."""

from __future__ import annotations

from decimal import Decimal

from scoring.working import Operand, Working

FROM, UNTIL = Decimal("0.8"), "open"
WORKING = Working("bands", (Operand("from", FROM), Operand("until", UNTIL)), (), Decimal(80))


def test_the_values_have_the_names_of_their_operands() -> None:
    assert WORKING.values == {"from": FROM, "until": UNTIL}


def test_the_numbers_are_the_values_that_are_no_words() -> None:
    assert WORKING.numbers == {"from": FROM}


def test_of_two_operands_with_one_name_the_first_is_asked_for() -> None:
    twice = Working("prorate", (Operand("days", Decimal(15)), Operand("days", Decimal(31))), (), Decimal(1))
    assert twice.operand("days") == 15
    assert twice.values == {"days": Decimal(31)}

"""How far the target was reached, as a sum that can be redone by hand."""

from __future__ import annotations

from decimal import Decimal

from reports.presenting.operands import PERCENT_DIGITS, percent
from reports.presenting.reader import Reader
from reports.presenting.sums import equals, precise
from reports.views import WorkingStep
from scoring.scorecard import KpiResult


def attainment_step(result: KpiResult, reader: Reader) -> WorkingStep:
    """The attainment with its sum; only the value where there is none to show."""
    say = reader.words.say
    if result.attainment is None:
        return WorkingStep(say("Attainment"), say("no data"))
    value = percent(result.attainment, reader)
    sums = _sums(result, reader)
    return WorkingStep(
        say("Attainment"),
        f"{sums} {equals(result.attainment, PERCENT_DIGITS + 2)} {value}" if sums else value,
    )


def _sums(result: KpiResult, reader: Reader) -> str:
    """The method's formula in words and in numbers; nothing for a method without words yet."""
    if result.actual is None:
        return ""
    if result.direction == "range":
        return _range_sums(result, result.actual, reader)
    if result.target is None:
        return ""
    return _number_sums(result, result.actual, result.target, reader)


def _number_sums(result: KpiResult, actual: Decimal, target: Decimal, reader: Reader) -> str:
    say = reader.words.say
    a, t = precise(result, actual, reader), precise(result, target, reader)
    match result.attainment_method, result.direction:
        case "baseline", _ if result.baseline is not None:
            b = _subtracted(precise(result, result.baseline, reader), result.baseline)
            words = say("(actual − baseline) ÷ (target − baseline)")
            return f"{words} = ({a} − {b}) ÷ ({t} − {b})"
        case "complement", "lower":
            return say("2 − actual ÷ target") + f" = 2 − {a} ÷ {t}"
        case "quotient", "lower" if actual <= 0:
            return _at_zero(target, reader)
        case "quotient", "lower":
            return say("target ÷ actual") + f" = {t} ÷ {a}"
        case "quotient", "higher":
            return say("actual ÷ target") + f" = {a} ÷ {t}"
        case _:
            return ""


def _at_zero(target: Decimal, reader: Reader) -> str:
    """Where nothing can be divided: a target of 0 is kept, and of another the book says what it attains."""
    say = reader.words.say
    return say("as agreed for a result of zero or less") if target else say("as agreed")


def _subtracted(text: str, value: Decimal) -> str:
    """A number after a minus: one below 0 stands in parentheses."""
    return f"({text})" if value < 0 else text


def _range_sums(result: KpiResult, actual: Decimal, reader: Reader) -> str:
    """Against the end of the range that is nearest, or against the number where it is one."""
    say, a = reader.words.say, precise(result, actual, reader)
    ends = _ends(result)
    if ends is None:
        return ""
    low, high = ends
    if low <= actual <= high:
        return say("as agreed")
    is_number = low == high
    if actual < low:
        words = say("actual ÷ target") if is_number else say("actual ÷ lower end")
        return f"{words} = {a} ÷ {precise(result, low, reader)}"
    words = say("target ÷ actual") if is_number else say("upper end ÷ actual")
    return f"{words} = {precise(result, high, reader)} ÷ {a}"


def _ends(result: KpiResult) -> tuple[Decimal, Decimal] | None:
    """The range that was agreed, a number as one without breadth; None where nothing was."""
    if result.target is None:
        return result.target_range
    return result.target, result.target

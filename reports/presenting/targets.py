"""What was to be reached, and how it came about where it is not the agreed number itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from reports.figures import TABLE_WIDTH, Figure, Figures
from reports.presenting.operands import Operands, percent, plain, unsigned
from reports.presenting.reader import Reader
from reports.presenting.rulewords import any_rule
from reports.presenting.sums import equals_in_unit, precise
from reports.views import WorkingStep
from reports.wording import msgid
from scoring.arithmetic import HUNDRED, digits_of
from scoring.kpi import Unit
from scoring.scorecard import KpiResult
from scoring.working import Working

GROWTH = {
    "previous_period": msgid("growth over the period before"),
    "same_period_last_year": msgid("growth over the same period of last year"),
}


def target_figure(result: KpiResult, figures: Figures) -> Figure:
    """The target as it was agreed: a number, or both ends of a range."""
    if result.target_range is not None:
        return figures.span(*result.target_range, result.unit, target_decimals(result))
    return figures.value(result.target, result.unit, target_decimals(result))


def target_in_table(result: KpiResult, figures: Figures) -> Figure:
    """The same for a column of page 1: compact where it is too long."""
    ends = result.target_range
    if ends is None:
        return figures.in_table(result.target, result.unit, target_decimals(result))
    figure = target_figure(result, figures)
    if len(figure.text) <= TABLE_WIDTH:
        return figure
    return Figure("–".join(figures.compact(end, result.unit, result.decimals) for end in ends))


def target_steps(result: KpiResult, reader: Reader) -> tuple[WorkingStep, ...]:
    """The working of the target and of a weight that was averaged; nothing where they were agreed so."""
    say = reader.words.say
    steps = [
        WorkingStep(say("Target"), _sentence(result, working, reader)) for working in result.target_workings
    ]
    if result.weight_working is not None:
        sums = _weighed(result.weight_working, lambda value: plain(value, reader))
        shown = reader.figures.exact(result.weight_working.result, 4)
        text = say("averaged by days: %(sums)s ≈ %(result)s", sums=sums, result=shown)
        steps.append(WorkingStep(say("Weight"), text))
    return tuple(steps)


def target_decimals(result: KpiResult) -> int:
    """The digits that show an agreed number as it was agreed, at most two more than the KPI's own.

    One that was worked out is shown with the KPI's own digits; its working has the others.
    """
    ends = (result.target, result.target_low, result.target_high)
    agreed = [end * HUNDRED if result.unit == Unit.PERCENT else end for end in ends if end is not None]
    if not agreed or result.target_workings:
        return result.decimals
    return min(max(result.decimals, *map(digits_of, agreed)), result.decimals + 2)


def _sentence(result: KpiResult, working: Working, reader: Reader) -> str:
    sentence = _SENTENCES.get(working.rule)
    if sentence is None:
        return any_rule(working, reader, lambda value: precise(result, value, reader))
    sums = sentence(result, working, working.values, reader)
    sign, value = equals_in_unit(result, working.result), precise(result, working.result, reader)
    return f"{sums} {sign} {value}"


def _growth(result: KpiResult, working: Working, operands: Operands, reader: Reader) -> str:
    basis, growth = str(operands["basis"]), operands["growth"]
    what = reader.words.say(GROWTH[basis]) if basis in GROWTH else basis.replace("_", " ")
    before = _in_unit(result, operands["before"], reader)
    is_less = isinstance(growth, Decimal) and growth < 0
    part = percent(unsigned(growth), reader)
    sums = f"{before} × (1 {'−' if is_less else '+'} {part})"
    return reader.words.say("%(what)s: %(sums)s", what=what, sums=sums)


def _cumulative(result: KpiResult, working: Working, operands: Operands, reader: Reader) -> str:
    if "planned" in operands:
        return _planned(result, operands, reader)
    numbers = {
        "until": _day(operands["until"], reader),
        "target": _in_unit(result, operands["target"], reader),
        "elapsed": plain(operands["elapsed"], reader),
        "days": plain(operands["days"], reader),
    }
    begins = operands.get("since", operands.get("begins"))
    if begins is None:
        return reader.words.say(
            "year to date, by days until %(until)s: %(target)s × %(elapsed)s ÷ %(days)s", **numbers
        )
    return reader.words.say(
        "from %(since)s on, by days until %(until)s: %(target)s × %(elapsed)s ÷ %(days)s",
        since=_day(begins, reader),
        **numbers,
    )


def _planned(result: KpiResult, operands: Operands, reader: Reader) -> str:
    return reader.words.say(
        "year to date, by the plan %(phases)s: %(target)s × %(planned)s",
        phases=operands["phases"],
        target=_in_unit(result, operands["target"], reader),
        planned=f"{plain(operands['planned'], reader)}%",
    )


def _part_period(result: KpiResult, working: Working, operands: Operands, reader: Reader) -> str:
    """The team's own days, and the part of a number that adds up by days that these are."""
    last = date.fromisoformat(str(operands["until"])) - timedelta(days=1)
    days = {"first": _day(operands["since"], reader), "last": _day(last.isoformat(), reader)}
    if "target" not in operands:
        return reader.words.say("from %(first)s to %(last)s, with the whole period's target", **days)
    return reader.words.say(
        "from %(first)s to %(last)s: %(target)s × %(days)s ÷ %(of_days)s",
        target=_in_unit(result, operands["target"], reader),
        days=plain(operands["days"], reader),
        of_days=plain(operands["of_days"], reader),
        **days,
    )


def _day(day: Decimal | str, reader: Reader) -> str:
    return reader.figures.periods.full_date(date.fromisoformat(str(day)))


def _milestone(result: KpiResult, working: Working, operands: Operands, reader: Reader) -> str:
    first, due = (_day(operands[name], reader) for name in ("from", "due"))
    return reader.words.say("from %(first)s to %(due)s, both included", first=first, due=due)


def _prorate(result: KpiResult, working: Working, operands: Operands, reader: Reader) -> str:
    sums = _weighed(working, lambda value: precise(result, value, reader))
    if "target_low" in operands:
        return reader.words.say("lower end, averaged by days: %(sums)s", sums=sums)
    if "target_high" in operands:
        return reader.words.say("upper end, averaged by days: %(sums)s", sums=sums)
    return reader.words.say("averaged by days: %(sums)s", sums=sums)


def _weighed(working: Working, in_unit: Callable[[Decimal], str]) -> str:
    """`(900 × 15 + 1,000 × 16) ÷ 31`"""
    numbers = [operand.value for operand in working.operands if isinstance(operand.value, Decimal)]
    *pairs, of_days = numbers
    products = [f"{in_unit(value)} × {days:f}" for value, days in zip(pairs[::2], pairs[1::2], strict=True)]
    return f"({' + '.join(products)}) ÷ {of_days:f}"


def _in_unit(result: KpiResult, value: Decimal | str, reader: Reader) -> str:
    return precise(result, value, reader) if isinstance(value, Decimal) else value


_SENTENCES: Mapping[str, Callable[[KpiResult, Working, Operands, Reader], str]] = {
    "growth": _growth,
    "cumulative": _cumulative,
    "part_period": _part_period,
    "milestone": _milestone,
    "prorate": _prorate,
}

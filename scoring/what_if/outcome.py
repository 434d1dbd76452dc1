"""What if: the same period with other measures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from scoring.arithmetic import EXACT, HUNDRED
from scoring.card.line import Line
from scoring.card.rewards import grade_name, pay_coefficient
from scoring.card.total import total_score
from scoring.card.vetoes import score_lines
from scoring.errors import UsageError
from scoring.known import Known
from scoring.kpi import Kpi
from scoring.policy import ScoringPolicy
from scoring.spans import EARLIER, AnySpan, FiscalToDate, Since, name_in, split_name
from scoring.targets.terms import Terms
from scoring.working import Working

_CHANGE = re.compile(r"([a-z][a-z0-9_]*)=([+-]?)([0-9]+(?:\.[0-9]+)?)(%?)")


@dataclass(frozen=True, slots=True)
class Change:
    """A measure set to a value (`leads=120`), moved by one (`sqls=+6`) or by a part (`ad_spend=-10%`)."""

    measure: str
    sign: str
    amount: Decimal
    is_percent: bool

    @classmethod
    def parse(cls, text: str) -> Change:
        """Read a change; raises `UsageError`."""
        match = _CHANGE.fullmatch(text)
        if match is None or (match[4] and not match[2]):
            raise UsageError(
                f"change: expected one such as leads=120, sqls=+6 or ad_spend=-10%, found {text!r}."
            )
        return cls(match[1], match[2], Decimal(match[3]), bool(match[4]))

    def apply(self, value: Decimal) -> Decimal:
        """The measure after the change."""
        if not self.sign:
            return self.amount
        step = value * self.amount / HUNDRED if self.is_percent else self.amount
        return value + step if self.sign == "+" else value - step


@dataclass(frozen=True, slots=True)
class Outcome:
    """A month scored: its lines, total, grade and pay."""

    lines: tuple[Line, ...]
    total: Decimal | None
    grade: str | None
    pay: Working | None

    def line(self, kpi_id: str) -> Line:
        """The line of a KPI that was scored."""
        return next(line for line in self.lines if line.kpi.id == kpi_id)


def outcome(
    kpis: Mapping[str, Kpi], targets: Sequence[Terms], known: Known, policy: ScoringPolicy
) -> Outcome:
    """The month as what is known would make it."""
    with localcontext(EXACT):
        lines = score_lines(kpis, targets, known, policy)
        total = total_score(lines, policy)
        return Outcome(lines, total, grade_name(total, policy), pay_coefficient(total, lines, policy))


def changed(
    measures: Mapping[str, Decimal],
    changes: Sequence[Change],
    own: AnySpan | None = None,
    start: date = date.max,
) -> dict[str, Decimal]:
    """The measures after the changes, the year to date with them.

    `own` are the team's own days, `start` is the period's first: what is said of a card's figure is said of
    the days that it is of, and all longer spans move by as much.
    Raises `UsageError` for a measure that the month does not have.
    """
    result = dict(measures)
    for change in changes:
        _refuse_unknown(change, result)
        with localcontext(EXACT):
            result |= dict(_moved(change, result, name_in(change.measure, own), start))
    return result


def _moved(
    change: Change, measures: Mapping[str, Decimal], of_own: str, start: date
) -> Iterator[tuple[str, Decimal]]:
    """The measure after the change over the period's own days, and over each span that ends with them."""
    before = measures.get(of_own, Decimal(0))
    after = change.apply(before)
    for name, span in _with_these_days(change.measure, measures):
        value = measures[name]
        yield name, change.apply(value) if _is_within(span, start) else value + after - before
    yield of_own, after


def _is_within(span: AnySpan | None, start: date) -> bool:
    return isinstance(span, Since | FiscalToDate) and span.first >= start


def _with_these_days(measure: str, names: Iterable[str]) -> list[tuple[str, AnySpan | None]]:
    """The names of the measure over the period and over spans that end with its own days."""
    named = ((name, *split_name(name)) for name in names)
    return [(name, span) for name, base, span in named if base == measure and span not in EARLIER]


def _refuse_unknown(change: Change, measures: Mapping[str, Decimal]) -> None:
    """A measure may be set to a number that it does not have yet, but not moved."""
    if change.sign and change.measure not in measures:
        known = ", ".join(sorted(measures)) or "none"
        raise UsageError(f"change: expected one of the month's measures, {known}, found {change.measure!r}.")

"""Why a line of a card differs from the revision before.

Only the content of the two cards is compared: measures, targets, workings, entries, exchange rates and files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.period import Period
from scoring.restatement import Cause, LateSource, MovedMeasure
from scoring.rules import RULES
from scoring.scorecard import KpiResult
from scoring.spans import Span, days_of, months_in, split_name
from scoring.working import Operand, Working

Feeds = Mapping[str, Collection[str]]
"""The sources that can feed each measure."""

Late = tuple[LateSource, ...]
Wanted = Collection[tuple[str, tuple[Period, ...]]]
Found = Iterator[Cause]

_WORDS = frozenset({"name", "description", "why", "owner", "decimals"})
_DEFINITION = frozenset({"formula", "unit", "direction", "attainment_method", "baseline"})
_WEIGHT = frozenset({"weight", "weight_working"})
_TARGET = frozenset({"target", "target_low", "target_high", "target_workings"})
_RESULT = frozenset({"actual", "attainment", "score", "exact_score", "points", "working", "reason", "band"})
_OTHERS = frozenset({"effective_weight", "points", "set_to", "overruled_by", "gate"})
_ONLY_WORDS = frozenset({Cause.WORDING, Cause.COMMENT})
"""What changes no number."""
_SPANS = {"previous_period": Span.PREVIOUS, "same_period_last_year": Span.LAST_YEAR}


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed around a line: the slices with other files, the rates, whose entries.

    `late` leaves out the exchange rates; `feeds` is None if it is unknown which source feeds a measure.
    """

    period: Period
    late: tuple[LateSource, ...]
    rates_moved: bool
    entered: frozenset[str]
    feeds: Feeds | None = None


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One KPI in both revisions, and the names of the fields that differ."""

    old: KpiResult
    new: KpiResult
    fields: tuple[str, ...]
    measures: tuple[MovedMeasure, ...]

    def differs(self, names: Collection[str]) -> bool:
        """Whether one of these fields differs."""
        return any(name in names for name in self.fields)


def causes_of(line: ChangedLine, changes: Changes) -> tuple[tuple[Cause, ...], Late]:
    """The causes, and the accounts and months of the late data; there is always a cause."""
    late = late_sources(line, changes)
    found = _of_its_own(line, changes, late)
    if found <= _ONLY_WORDS:
        found |= _of_other_lines(line)
    if not _is_explained(line, found):
        found.add(Cause.FIX)
    causes = tuple(sorted(found, key=list(Cause).index))
    return causes, late if Cause.LATE_DATA in found else ()


def _is_explained(line: ChangedLine, found: set[Cause]) -> bool:
    """Whether something that the cards name can have changed the line; other words change no number."""
    return bool(found - _ONLY_WORDS if line.differs(_RESULT) else found)


def _of_its_own(line: ChangedLine, changes: Changes, late: Late) -> set[Cause]:
    return {cause for ask in _QUESTIONS for cause in ask(line, changes, late)}


def _of_other_lines(line: ChangedLine) -> set[Cause]:
    """Where only what other lines do to this one differs: by their weights, or by a veto."""
    is_theirs = line.differs(_OTHERS) and not line.differs(_RESULT - _OTHERS)
    return {Cause.OTHER_KPI} if is_theirs else set()


def late_sources(line: ChangedLine, changes: Changes) -> Late:
    """The slices with other files that can have moved the line's measures, or what its target grows from."""
    wanted = _wanted(line, changes.period)
    return tuple(late for late in changes.late if _can_feed(late, wanted, changes.feeds))


def _wanted(line: ChangedLine, period: Period) -> Wanted:
    """The measures that moved, or that a moved base is made of, each with its months."""
    wanted = {(measure.name, _months(measure.name, line, period)) for measure in line.measures}
    if _base_moved(line):
        span = _SPANS[str(_operand(_growth(line.new), "basis"))]
        wanted |= {(measure.name, months_in(days_of(period, span))) for measure in line.new.measures}
    return wanted


def _can_feed(late: LateSource, wanted: Wanted, feeds: Feeds | None) -> bool:
    period = Period.parse(late.period)
    return any(period in months and _feeds(late.source, name, feeds) for name, months in wanted)


def _months(name: str, line: ChangedLine, period: Period) -> tuple[Period, ...]:
    """The months behind a measure of the line."""
    span = split_name(name)[1] or line.new.span
    return months_in(days_of(period, span))


def _feeds(source: str, name: str, feeds: Feeds | None) -> bool:
    return feeds is None or source in feeds.get(split_name(name)[0], ())


def _data(line: ChangedLine, changes: Changes, late: Late) -> Found:
    """Late data or changed rates if a measure or a growth basis moved; otherwise none."""
    if line.measures or _base_moved(line):
        yield from _of_moved_data(line, changes, late) or [Cause.FIX]


def _of_moved_data(line: ChangedLine, changes: Changes, late: Late) -> list[Cause]:
    has_happened = {Cause.LATE_DATA: late, Cause.EXCHANGE_RATE: _has_other_rates(line, changes)}
    return [cause for cause, it_has in has_happened.items() if it_has]


def _has_other_rates(line: ChangedLine, changes: Changes) -> bool:
    return changes.rates_moved and line.new.has_money


def _agreement(line: ChangedLine, _: Changes, __: Late) -> Found:
    if line.differs(_WEIGHT) or (line.differs(_TARGET) and not _base_moved(line)):
        yield Cause.TARGET


def _rule(line: ChangedLine, _: Changes, __: Late) -> Found:
    is_defined_anew = line.differs(_DEFINITION) or _names(line.old) != _names(line.new)
    if is_defined_anew or _rule_differs(line) or _cutoffs_differ(line) or _nothing_attains_another(line):
        yield Cause.RULE


def _nothing_attains_another(line: ChangedLine) -> bool:
    """Whether the book says another attainment of a result of 0, which is no quotient; no card has it."""
    is_same = not line.measures and not line.differs({"actual", *_TARGET})
    return is_same and line.differs({"attainment"}) and _is_nothing(line.new.actual)


def _is_nothing(actual: Decimal | None) -> bool:
    return actual is not None and actual <= 0


def _names(result: KpiResult) -> list[str]:
    return [measure.name for measure in result.measures]


def _cutoffs_differ(line: ChangedLine) -> bool:
    """Whether the same score has another status."""
    return line.differs({"band"}) and not line.differs({"score"})


def _entry(line: ChangedLine, changes: Changes, _: Late) -> Found:
    if line.new.kpi_id in changes.entered:
        yield Cause.ENTRY


def _words(line: ChangedLine, _: Changes, __: Late) -> Found:
    if line.differs(_WORDS) or _units(line.old) != _units(line.new):
        yield Cause.WORDING


def _comment(line: ChangedLine, _: Changes, __: Late) -> Found:
    if line.differs({"comment"}):
        yield Cause.COMMENT


def _units(result: KpiResult) -> dict[str, str]:
    return {measure.name: measure.unit for measure in result.measures}


_QUESTIONS: tuple[Callable[[ChangedLine, Changes, Late], Found], ...] = (
    _data,
    _agreement,
    _rule,
    _entry,
    _comment,
    _words,
)


def _rule_differs(line: ChangedLine) -> bool:
    """Whether the rule or its parameters changed, as far as both cards have a score."""
    old, new = line.old.working, line.new.working
    if old is None or new is None:
        return False
    return old.rule != new.rule or _parameters_differ(line, old, new)


def _parameters_differ(line: ChangedLine, old: Working, new: Working) -> bool:
    """A band or a step can only be compared if both cards met the same one. If no input of the rule differs,
    everything else in its operands is a parameter.
    """
    if not line.measures and not line.differs({"actual", "attainment", *_TARGET}):
        return old.operands != new.operands
    return old.rule in RULES and RULES[old.rule].rule.parameters.differ(old, new)


def _base_moved(line: ChangedLine) -> bool:
    """Whether the growth basis changed, but not the agreement."""
    old, new = _growth(line.old), _growth(line.new)
    if old is None or new is None or len(line.old.target_workings) != len(line.new.target_workings):
        return False
    return _agreed(old) == _agreed(new) and old.operand("before") != new.operand("before")


def _agreed(growth: Working) -> list[Operand]:
    """All of a growth but what it grows from."""
    return [item for item in growth.operands if item.name != "before"]


def _growth(result: KpiResult) -> Working | None:
    return next((working for working in result.target_workings if working.rule == "growth"), None)


def _operand(working: Working | None, name: str) -> object:
    return None if working is None else working.operand(name)

"""Checks one key result against what it is valued by: a KPI, a measure, a day or a person's report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from book.advice import with_advice
from book.fault import Fault
from book.files.draft import Draft
from book.files.okr_shapes import KeyResultShape
from book.files.okrs import ObjectiveFile
from book.files.shapes import KpiShape
from book.files.yaml_file import Place
from book.lint.known import ONE_OF_KPIS, is_unknown, kpi_todo
from book.lint.owned import owner, unmeasured
from book.lint.rules import readable_formula, readable_rule
from book.okr_values import anchors_of, late_of
from disk.nearest import did_you_mean
from scoring.errors import BookError
from scoring.kpi import Unit
from scoring.okr.agreed import Way, check_late, line_of
from scoring.rules import Needs
from scoring.spans import spans_in
from warehouse import MeasureUnit, measure_catalog

# what a key result says of itself where it is a number
_NUMBERS = ("start", "target", "unit")


@dataclass(frozen=True, slots=True)
class _One:
    """A key result with everything needed to report its faults."""

    draft: Draft
    entry: ObjectiveFile
    place: Place
    item: KeyResultShape

    def fault(self, key: str, expected: str, found: object, todo: str = "correct it") -> Fault:
        """A fault at one of the key result's keys, or at the key result if `key` is empty."""
        place = (*self.place, key) if key else self.place
        where = ".".join(map(str, place))
        return self.entry.file.fault(place, f"{where}: expected {expected}, found {found}; {todo}")

    def told(self, error: BookError) -> Fault:
        """An error that begins with one of the key result's keys."""
        key, _, problem = with_advice(error, "correct it").partition(":")
        place = (*self.place, key)
        return self.entry.file.fault(place, f"{'.'.join(map(str, place))}:{problem}")


def lint_key_result(draft: Draft, entry: ObjectiveFile, key_id: str, item: KeyResultShape) -> Iterator[Fault]:
    """Every contradiction in one key result."""
    of = _One(draft, entry, ("key_results", key_id), item)
    ways = item.ways()
    if len(ways) != 1:
        yield _undecided(of, ways)
        return
    for check in _CHECKS[ways[0]]:
        yield from check(of)


def _undecided(of: _One, ways: Sequence[Way]) -> Fault:
    todo = "keep the right one" if ways else "add the right one"
    return of.fault("", f"one of {', '.join(Way)}", " and ".join(ways) or "none", todo)


def _numbers(of: _One) -> Iterator[Fault]:
    given = _numbers_given(of.item)
    for key in _NUMBERS:
        if key not in given:
            yield of.fault(key, "a value", "none", "add it")
    yield from _line(of)


def _numbers_given(item: KeyResultShape) -> list[str]:
    return [key for key in _NUMBERS if getattr(item, key) is not None]


def _line(of: _One) -> Iterator[Fault]:
    start, target = of.item.start, of.item.target
    if start is None or target is None:
        return
    try:
        line_of(start, target, anchors_of(of.item))
    except BookError as error:
        yield of.told(error)


def _due(of: _One) -> Iterator[Fault]:
    due, period = of.item.milestone, of.entry.shape.period
    if due is not None and due not in period:
        yield of.fault("milestone", f"a day of {period}", due)


def _milestone(of: _One) -> Iterator[Fault]:
    """Done or not, which needs no numbers; but some numbers alone say nothing."""
    item = of.item
    if item.scores is not None:
        yield of.fault("scores", "none for a milestone, which is done or not", "some", "remove them")
    if _numbers_given(item):
        yield from _numbers(of)
    try:
        check_late(late_of(item))
    except BookError as error:
        yield of.told(error)


def _never_late(of: _One) -> Iterator[Fault]:
    if of.item.late is not None:
        yield of.fault("late", "none but for a milestone", "some", "remove them")


def _kpi(of: _One) -> Iterator[Fault]:
    draft, kpi_id = of.draft, of.item.kpi or ""
    if is_unknown(kpi_id, draft.kpi_ids):
        found = f"{kpi_id!r}{did_you_mean(kpi_id, draft.kpi_ids or ())}"
        yield of.fault("kpi", ONE_OF_KPIS, found, kpi_todo(kpi_id))
    kpi = draft.kpi(kpi_id)
    if kpi is not None:
        yield from _valued_by(of, kpi_id, kpi)


def _valued_by(of: _One, kpi_id: str, kpi: KpiShape) -> Iterator[Fault]:
    yield from _unit(of, kpi.unit, kpi_id)
    if kpi.formula is not None:
        yield from _formula(of, kpi_id, kpi.formula)
    elif _needs_no_formula(kpi):
        yield of.fault("kpi", "a KPI with a formula", repr(kpi_id), "choose another")


def _unit(of: _One, unit: Unit | MeasureUnit, name: str) -> Iterator[Fault]:
    """The key result may say its unit again, and then says that of its KPI or measure."""
    if of.item.unit is not None and of.item.unit.value != unit.value:
        yield of.fault("unit", f"{unit}, the unit of {name}", of.item.unit)


def _formula(of: _One, kpi_id: str, formula: str) -> Iterator[Fault]:
    parsed = readable_formula(formula)
    if parsed is None:
        return
    if spans_in(parsed.names):
        expected = "a KPI over the objective's own days"
        yield of.fault("kpi", expected, f"{kpi_id}, which looks at other periods", "choose another")
    else:
        yield from _owned(of, "kpi", parsed.names)


def _needs_no_formula(kpi: KpiShape) -> bool:
    """Whether it is right that the KPI has none; where it is not, its own file says so."""
    rule = readable_rule(kpi)
    return rule is not None and (rule.needs is not Needs.TARGET or kpi.unit is Unit.DAYS)


def _measure(of: _One) -> Iterator[Fault]:
    name = of.item.measure or ""
    if name not in measure_catalog():
        yield of.fault("measure", "one of sql/measures/", repr(name))
        return
    yield from _unit(of, measure_catalog()[name].unit, name)
    yield from _owned(of, "measure", (name,))


def _owned(of: _One, key: str, names: tuple[str, ...]) -> Iterator[Fault]:
    """A number over facts that none of the team's accounts has would never be available."""
    missing = unmeasured(of.draft, of.entry.shape.team, names)
    if missing:
        yield of.fault(
            key,
            f"{owner(of.draft, of.entry.shape.team)} to own an account with {missing}",
            "none",
            "add it in teams.yaml or value the key result otherwise",
        )


_CHECKS: Mapping[Way, tuple[Callable[[_One], Iterator[Fault]], ...]] = {
    Way.KPI: (_kpi, _numbers, _never_late),
    Way.MEASURE: (_measure, _numbers, _never_late),
    Way.MILESTONE: (_due, _milestone),
    Way.CHECK_IN: (_numbers, _never_late),
}

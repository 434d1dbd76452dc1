"""A change in its parts, as it is printed: which lines, in which words and digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

from reports.figures import Figures, money_digits
from reports.presenting.formulas import measure_name
from reports.presenting.reader import reader_of
from scoring.drivers.effects import (
    MIX_AND_RATE,
    VOLUME_MIX_AND_RATE,
    mix_and_rate,
    volume_mix_and_rate,
    worth,
)
from scoring.drivers.members import Driver
from scoring.drivers.parts import Effects, added, apportioned, rounded
from scoring.drivers.quotient import NONE
from scoring.kpi import Unit
from scoring.scorecard import KpiResult
from terminal.numbers import NOTHING
from tracing.driving import Drivers
from warehouse.driving import MORE_DIGITS

EFFECT = ("effect",)


@dataclass(frozen=True, slots=True)
class Format:
    """How numbers of a kind are printed: with so many digits, percentages hundredfold."""

    digits: int
    unit: str = ""

    @property
    def of_parts(self) -> str:
        """The unit of a change."""
        return "percent points" if self.unit == "%" else self.unit

    def scaled(self, value: Fraction) -> Fraction:
        """The number before it is rounded."""
        return value * 100 if self.unit == "%" else value

    def number(self, value: Fraction) -> Decimal:
        """The number that is printed."""
        return rounded(self.scaled(value), self.digits)

    def figure(self, value: Fraction | None) -> str:
        """A figure with its unit; a dash where there is none."""
        return NOTHING if value is None else f"{self.number(value):,} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a change: whose it is, its own figures, and its effects in the order of columns.

    `measure` is the one that it is about, where it is about one, and `driver` the member.
    """

    name: str
    format: Format
    before: Fraction | None
    now: Fraction | None
    effects: Effects
    measure: str | None = None
    driver: Driver | None = None


@dataclass(frozen=True)
class Split:
    """A change from `before` to `now`, and its parts; it may itself be a part of another split."""

    title: str
    columns: tuple[str, ...]
    lines: Sequence[Line]
    format: Format
    before: Fraction = NONE
    now: Fraction = NONE
    part_of: tuple[Split, int] | None = None

    def change(self, digits: int) -> Decimal:
        """The change with so many digits: what both figures differ by with these, or the part that it is."""
        if self.part_of is None:
            now, before = (rounded(self.format.scaled(value), digits) for value in (self.now, self.before))
            return now - before
        whole, place = self.part_of
        return added(whole.cells(digits)[place])

    def cells(self, digits: int) -> list[tuple[Decimal, ...]]:
        """The effects of each line with so many digits; they sum to the change."""
        effects = [tuple(map(self.format.scaled, line.effects)) for line in self.lines]
        return apportioned(effects, self.change(digits), digits)


@dataclass(frozen=True)
class Driven:
    """The drivers of a figure in English words."""

    drivers: Drivers

    @property
    def result(self) -> KpiResult:
        """The KPI's line on the card."""
        return self.drivers.subject.result

    @cached_property
    def format(self) -> Format:
        """How the KPI's figures are printed."""
        unit, decimals = self.result.unit, self.result.decimals
        more = 0 if self._is_whole else MORE_DIGITS
        if unit == Unit.MONEY:
            return Format(money_digits(self._currency, decimals) + more, self._currency)
        return Format(decimals + more, "%" if unit == Unit.PERCENT else "")

    @cached_property
    def by_measure(self) -> Split:
        """What each measure did, over all members."""
        lines = [self._line(name, self._called(name), *self._sums(name)) for name in self._worths]
        return self._split("by measure", EFFECT, lines)

    @cached_property
    def by_member(self) -> tuple[Split, ...]:
        """What each member did: by mix and rate where it can have a rate, and else measure by measure."""
        if self.has_rates:
            return (self._split(self._title, MIX_AND_RATE, self._in_rates()), *self._above())
        return tuple(self._of_measure(*each) for each in enumerate(self._worths))

    def _above(self) -> Iterator[Split]:
        """What moved the measure above the line, where it is one alone."""
        factors, whole = self.drivers.quotient.above.factors, self.drivers.whole
        for name, factor in factors.items() if len(factors) == 1 else ():
            lines, shown = [*self._in_volumes(name, factor)], self._format_of(name)
            figures = whole.before.above / factor, whole.now.above / factor
            yield Split(f"{self._called(name)} {self._title}", VOLUME_MIX_AND_RATE, lines, shown, *figures)

    def _of_measure(self, place: int, name: str) -> Split:
        """What each member did by one measure."""
        drivers = [driver for driver in self.drivers.members if any(_figures(driver, name))]
        lines = [
            replace(self._line(name, _named(driver), *_figures(driver, name)), driver=driver)
            for driver in drivers
        ]
        title = f"{self._called(name)} by {', '.join(dict.fromkeys(driver.member.by for driver in drivers))}"
        return Split(title, EFFECT, lines, self.format, part_of=(self.by_measure, place))

    @property
    def _is_whole(self) -> bool:
        """Whether the figure is a sum of whole numbers."""
        values = (chain(driver.before.values(), driver.now.values()) for driver in self.drivers.members)
        is_sum = self.drivers.quotient.below is None
        return is_sum and all(value.denominator == 1 for value in chain.from_iterable(values))

    @property
    def has_rates(self) -> bool:
        """Whether members have a rate: all measures, one sum over another."""
        return self.drivers.is_joint and self.drivers.quotient.below is not None

    @property
    def _title(self) -> str:
        return f"by {' and '.join(dict.fromkeys(driver.member.by for driver in self.drivers.members))}"

    @property
    def _currency(self) -> str:
        return self.drivers.subject.card.currency_code

    @cached_property
    def _worths(self) -> dict[str, Fraction]:
        return worth(self.drivers.quotient, self.drivers.whole)

    def _split(self, title: str, columns: tuple[str, ...], lines: Iterable[Line]) -> Split:
        figures = Fraction(self.drivers.before), Fraction(self.drivers.now)
        return Split(title, columns, [*lines], self.format, *figures)

    def _in_rates(self) -> Iterator[Line]:
        drivers = self.drivers.members
        for driver, row in zip(drivers, mix_and_rate([one.moved for one in drivers]), strict=True):
            moved = driver.moved
            yield Line(_named(driver), self.format, moved.before.rate, moved.now.rate, row, None, driver)

    def _in_volumes(self, name: str, factor: Fraction) -> Iterator[Line]:
        drivers, shown = self.drivers.members, self._format_of(name)
        for driver, row in zip(drivers, volume_mix_and_rate([one.moved for one in drivers]), strict=True):
            effects = tuple(effect / factor for effect in row)
            yield Line(_named(driver), shown, *_figures(driver, name), effects, name, driver)

    def _line(self, name: str, called: str, before: Fraction, now: Fraction) -> Line:
        """What the change of a measure did."""
        return Line(
            called, self._format_of(name), before, now, ((now - before) * self._worths[name],), measure=name
        )

    def _sums(self, name: str) -> tuple[Fraction, Fraction]:
        """A measure before and now, of all members."""
        both = [_figures(driver, name) for driver in self.drivers.members]
        return sum((before for before, _ in both), NONE), sum((now for _, now in both), NONE)

    def _called(self, name: str) -> str:
        return measure_name(name, self._words)

    @cached_property
    def _words(self) -> Figures:
        return reader_of(replace(self.drivers.subject.card, language="en")).figures

    def _format_of(self, name: str) -> Format:
        units = {measure.name: measure.unit for measure in self.result.measures}
        is_money = units.get(name) == Unit.MONEY
        return Format(money_digits(self._currency, 2), self._currency) if is_money else Format(0)


def _figures(driver: Driver, name: str) -> tuple[Fraction, Fraction]:
    """A measure of a member, before and now."""
    return driver.before.get(name, NONE), driver.now.get(name, NONE)


def _named(driver: Driver) -> str:
    """What a member is called, with what has become of it."""
    if driver.is_new:
        return f"{driver.member.name} (new)"
    return f"{driver.member.name} (ended)" if driver.has_ended else driver.member.name

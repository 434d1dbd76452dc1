"""Which style the numbers of each column are written in: evidence from the whole file, and never a guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import get_currency_precision

from etl.account import Account
from etl.formats.columns import all_of, none_of
from etl.formats.definition import FieldRule, Format
from etl.formats.rows import Rows
from etl.reading.styles import STYLES, NumberStyle, matches, readings
from scoring.errors import BadFileError

NO_NUMBER = ("null", "NULL")
"""How databases write that there is no value."""


@dataclass(frozen=True, slots=True)
class Numeric:
    """A field of numbers: `is_whole` for counts, `currency` of its amounts where all have the same."""

    field: str
    rule: FieldRule
    is_whole: bool
    is_money: bool = False
    currency: str | None = None

    @property
    def may_be_negative(self) -> bool:
        """Whether it may fall below 0: as the format says, else amounts may, and counts may not."""
        return not self.is_whole if self.rule.signed is None else self.rule.signed

    @property
    def digits(self) -> int | None:
        """How many digits after the point its amounts have, where their currency is known."""
        return get_currency_precision(self.currency) if self.is_money and self.currency is not None else None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a style beside the column: the account, the file's other columns, the format."""

    said: str | None
    shared: frozenset[str]
    usual: str | None


@dataclass(frozen=True)
class _Column:
    """All written numbers of a column, in data, totals and rows apart."""

    numeric: Numeric
    cells: pa.Array

    @cached_property
    def groups(self) -> list[frozenset[str]]:
        """The styles that fit, in groups that give the same values; one empty group where any would do."""
        if matches(self.cells, "-?[0-9]+"):
            return [frozenset()]
        names = self._plain or self._read
        return [frozenset(names)] if _agree(names) or not self.is_unclear else self._grouped(names)

    @property
    def is_unclear(self) -> bool:
        """Whether three digits after a sign may be thousands or a fraction."""
        return bool(pc.any(pc.match_substring_regex(self.cells, r"[.,][0-9]{3}([^0-9]|$)")).as_py())

    @property
    def decided(self) -> frozenset[str]:
        """The styles that it is in; none where it could be read in several ways, or in any."""
        return self.groups[0] if len(self.groups) == 1 else frozenset()

    @property
    def fitting(self) -> frozenset[str]:
        """Every style that fits."""
        return frozenset().union(*self.groups)

    @property
    def _plain(self) -> list[str]:
        """The styles in which every cell is nothing but a number: then these fit, and no others."""
        return [name for name, style in STYLES.items() if matches(self.cells, self._pattern(style))]

    def _pattern(self, style: NumberStyle) -> str:
        return style.whole if self.numeric.is_whole else style.pattern

    @property
    def _read(self) -> list[str]:
        """The styles in which every cell that is a number in any is one."""
        return [name for name in STYLES if all(name in found for found in self.distinct.values())]

    @cached_property
    def distinct(self) -> dict[str, dict[str, Decimal]]:
        """The different cells that are numbers in any style, in each; the others are faults of their own."""
        found = {cell: self._readings(cell) for cell in pc.unique(self.cells).to_pylist()}
        return {cell: values for cell, values in found.items() if values}

    def _readings(self, cell: str) -> dict[str, Decimal]:
        found = readings(cell)
        if not self.numeric.is_whole:
            return found
        return {name: value for name, value in found.items() if value == value.to_integral_value()}

    def _grouped(self, names: Sequence[str]) -> list[frozenset[str]]:
        groups: dict[tuple[Decimal, ...], set[str]] = {}
        for name in names:
            groups.setdefault(tuple(self.values(name)), set()).add(name)
        return [frozenset(group) for group in groups.values()]

    def values(self, name: str) -> Iterator[Decimal]:
        """The different numbers, read in a style."""
        return (found[name] for found in self.distinct.values())

    def is_whole(self, name: str) -> bool:
        """Whether a style makes whole numbers of all cells."""
        return all(value == value.to_integral_value() for value in self.values(name))

    def has_three_each(self, name: str) -> bool:
        """Whether every number has three digits after the point in a style."""
        return all(map(_has_three, self.values(name)))

    def has_thousandths(self, name: str) -> bool:
        """Whether amounts would have three digits after the point in a style, and their currency has two."""
        return self.numeric.digits in (0, 1, 2) and any(map(_has_three, self.values(name)))

    def ambiguous(self) -> str:
        """The first cell that is another number in another style."""
        return next(
            cell for cell, found in self.distinct.items() if len({found[name] for name in self.fitting}) > 1
        )


def _agree(names: Sequence[str]) -> bool:
    """Whether the styles have one decimal sign: what several of them can read is then one number."""
    return len({STYLES[name].point for name in names}) < 2


def decide_styles(
    form: Format, account: Account, rows: Sequence[Rows], fields: Sequence[Numeric], language: str
) -> dict[str, NumberStyle]:
    """The style of each field, from the cells of all `rows` (data, totals and those apart).

    Raises `BadFileError` where a column fits two styles, and neither the account, the rest of the file nor
    the format says which.
    """
    columns = [_Column(each, _cells(form, rows, each)) for each in fields]
    _refuse_odd_counts(rows[0], columns, account.options.get("numbers"))
    decisive = [*filter(None, (column.decided for column in columns))]
    shared = frozenset(STYLES).intersection(*decisive) if decisive else frozenset()
    evidence = _Evidence(account.options.get("numbers"), shared, _usual(form, language))
    return {column.numeric.field: STYLES[_style(rows, column, evidence)] for column in columns}


def _refuse_odd_counts(rows: Rows, columns: Sequence[_Column], said: str | None) -> None:
    """Raise `BadFileError` for counts that are whole only in a style in which no amount of the file is.

    Then `7.001` is rather a damaged cell than seven thousand, unless the account has `said` so.
    """
    counts = [*filter(attrgetter("numeric.is_whole"), columns)]
    amounts = [column.decided for column in columns if not column.numeric.is_whole]
    written = frozenset(STYLES).intersection(*filter(None, amounts))
    for column in filter(attrgetter("decided"), counts if written else ()):
        is_odd = written.isdisjoint(column.decided) and said not in column.decided
        if is_odd and column.is_unclear:
            raise _odd(rows, column, written)


def _odd(rows: Rows, column: _Column, written: frozenset[str]) -> BadFileError:
    cell = min(column.distinct, key=lambda each: len(written & column.distinct[each].keys()))
    style = min(column.decided)
    return BadFileError(
        rows.file,
        column=rows.header.name(column.numeric.field),
        expected="whole numbers, written as the amounts of the file are",
        found=f"{cell!r}, which is whole only in the {style} style",
        hint=f"export the report again, or say `numbers: {style}` at the account in sources.yaml if the cell "
        "is right, and rerun",
    )


def _cells(form: Format, rows: Sequence[Rows], each: Numeric) -> pa.Array:
    having = [written_cells(form, some, each) for some in rows if some.has(each.field)]
    return pa.concat_arrays(having).drop_null()


def written_cells(form: Format, rows: Rows, each: Numeric) -> pa.Array:
    """The cells of a field that are written numbers: neither missing nor numbers of the program itself."""
    known = none_of(rows.column(each.field), (*form.missing, *each.rule.missing, *NO_NUMBER))
    is_plain = rows.plain.get(each.field, all_of(False, len(rows)))
    return pc.if_else(is_plain, pa.scalar(None, pa.string()), known)


def _usual(form: Format, language: str) -> str | None:
    return form.numbers.get(language, form.numbers.get(""))


def _style(rows: Sequence[Rows], column: _Column, evidence: _Evidence) -> str:
    if len(column.groups) > 1:
        return _decided(rows, column, evidence)
    fit = column.fitting or frozenset(STYLES)
    likely = (evidence.said, *sorted(evidence.shared), evidence.usual, *STYLES)
    return str(next(filter(fit.__contains__, likely)))


def _decided(rows: Sequence[Rows], column: _Column, evidence: _Evidence) -> str:
    """The style of a column that several fit, with different values."""
    for likely in (
        frozenset(filter(None, [evidence.said])),
        _by_others(column, evidence.shared),
        _by_digits(column),
        _by_format(column, evidence),
    ):
        fit = likely & column.fitting
        if fit and sum(bool(group & likely) for group in column.groups) == 1:
            return min(fit)
    raise _undecided(rows[0], column)


def _has_three(value: Decimal) -> bool:
    return int(value.as_tuple().exponent) <= -3


def _by_others(column: _Column, shared: frozenset[str]) -> frozenset[str]:
    """The style of the other columns, unless it finds three digits after the point of an amount."""
    return frozenset() if any(map(column.has_thousandths, shared & column.fitting)) else shared


def _by_digits(column: _Column) -> frozenset[str]:
    """The styles in which amounts of yen are whole, and those of dinars have three digits after the point."""
    if column.numeric.digits == 0:
        return frozenset(filter(column.is_whole, column.fitting))
    return frozenset(filter(column.has_three_each, column.fitting) if column.numeric.digits == 3 else ())


def _by_format(column: _Column, evidence: _Evidence) -> frozenset[str]:
    """The platform's usual style, where no column differs, and no amount has three digits after the point."""
    usual = evidence.usual
    if evidence.shared or usual not in column.fitting or column.has_thousandths(str(usual)):
        return frozenset()
    is_doubtful = column.numeric.is_money and not column.is_whole(str(usual))
    return frozenset() if is_doubtful else frozenset({str(usual)})


def _undecided(rows: Rows, column: _Column) -> BadFileError:
    cell = column.ambiguous()
    found = readings(cell)
    ways = {found[name]: name for name in sorted(column.fitting, reverse=True)}
    said = " and ".join(f"{value.normalize():f} in the {name} style" for value, name in ways.items())
    return BadFileError(
        rows.file,
        column=rows.header.name(column.numeric.field),
        expected="numbers that can be read in one way only",
        found=f"{cell!r}, which is {said}, like every other cell of the column",
        hint="say which it is with `numbers` at the account in sources.yaml, or export the column with "
        "two digits after the decimal sign, and rerun",
    )

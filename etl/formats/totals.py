"""What a file says its rows add up to, held against what was read.

A total is that of all rows, or of what its own row says: where that has a value in a column that tells rows
apart (a day, a campaign, a currency), only the rows with that value count. The first kind of total in a file
must hold; those after it, such as the whole account's below the ad groups', are findings where they differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import count, filterfalse
from operator import attrgetter, itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import first
from etl.formats.definition import Format, RowRule
from etl.formats.numbers import read_numbers
from etl.formats.rows import ANY, Rows, Sorted
from etl.formats.styling import Numeric
from etl.reading.styles import DIGITS, NumberStyle
from scoring.errors import BadFileError, BadRowError
from warehouse.conformed import Control

CUT_OFF = "the file may be cut off or edited; export the report again and rerun"
TOTALS_DIFFER = "totals_differ"
_CENTS = 2


@dataclass(frozen=True, slots=True)
class _Sum:
    """What some rows add up to, and how many of them have a number."""

    value: Decimal = Decimal(0)
    rows: int = 0

    def with_one(self, value: Decimal | None) -> _Sum:
        """These rows and another one."""
        return self if value is None else _Sum(self.value + value, self.rows + 1)


_Sums = Mapping[tuple[str, ...], _Sum]


def _sums_by(keys: Sequence[pa.Array], values: pa.Array) -> dict[tuple[str, ...], _Sum]:
    """The sums of the values by the texts beside them; none for those without a number."""
    # a look at all rows for each key takes minutes where every row has its own
    names = [*map(str, range(len(keys)))]
    table = pa.table([*keys, values], [*names, "value"]).group_by(names, use_threads=False)
    found = table.aggregate([("value", "sum"), ("value", "count")])
    columns = (found[name].to_pylist() for name in (*names, "value_sum", "value_count"))
    rows = zip(*columns, strict=True)
    return {tuple(key): _Sum(value, count) for *key, value, count in rows if count}


def _unit_of(values: pa.Array, each: Numeric) -> Decimal:
    """To what the numbers of a column are rounded: cents at least, which whole numbers need not show."""
    digits = next(
        filter(partial(_has_no_more, values), count(_CENTS if each.digits is None else each.digits))
    )
    return Decimal(10) ** -digits


def _has_no_more(values: pa.Array, digits: int) -> bool:
    """Whether no value has more digits after the point; none has more than its type."""
    cut = pc.round(values, digits, round_mode="towards_zero")
    return bool(pc.all(pc.equal(values, cut), min_count=0).as_py())


@dataclass(frozen=True)
class Summed:
    """The numbers of a table's data rows, and how to read those of its totals."""

    form: Format
    sorted: Sorted
    fields: Sequence[Numeric]
    styles: Mapping[str, NumberStyle]
    values: Mapping[str, pa.Array]
    keys: Sequence[str]
    """The fields that tell rows apart."""
    is_broken_down: bool = False
    skipped: frozenset[str] = frozenset()
    """The fields of which no total is held."""
    known: dict[tuple[str, ...], _Sums] = field(default_factory=dict)
    """Sums that were worked out, by the field and those that part it: a file may have thousands of totals."""

    def must_hold(self, total: _Total) -> bool:
        """Only the first kind of totals must, and none where rows are parts of others, or an excerpt."""
        is_first = self.sorted.totals[0][0] is total.rule
        return is_first and not self._may_differ(total)

    def _may_differ(self, total: _Total) -> bool:
        is_of_others = self.sorted.is_excerpt or self.is_broken_down
        return is_of_others or self.sorted.informs(total.rule) or total.may_be_smaller

    def numbers(self, rows: Rows, each: Numeric) -> list[Decimal | None]:
        """The numbers of rows outside the data, such as totals; raises `BadRowError`."""
        return list(read_numbers(self.form, rows, each, self.styles[each.field]).to_pylist())

    def sum(self, each: Numeric, scope: Mapping[str, str]) -> _Sum:
        """The sum of a field over the rows with the cells of `scope`, quarantined ones too."""
        key = (each.field, *scope)
        if key not in self.known:
            self.known[key] = self._sums(each, [*scope])
        return self.known[key].get(tuple(scope.values()), _Sum())

    def _sums(self, each: Numeric, names: Sequence[str]) -> _Sums:
        sums = _sums_by([*map(self.sorted.data.column, names)], self.values[each.field])
        for one in self.sorted.apart.each():
            cells = tuple(one.cell(0, name) for name in names)
            sums[cells] = sums.get(cells, _Sum()).with_one(self._number_apart(one, each))
        return sums

    def _number_apart(self, one: Rows, each: Numeric) -> Decimal | None:
        with suppress(BadRowError):  # a cell that cannot be read adds nothing, and the total will say so
            return self.numbers(one, each)[0]
        return None

    def near(self, each: Numeric, found: _Sum) -> Decimal:
        """How far from its total a sum of rounded rows can be."""
        return self._units.get(each.field, Decimal(0)) / 2 * (found.rows + 1)

    @cached_property
    def _units(self) -> Mapping[str, Decimal]:
        """To what each field is rounded, where rows are and totals are not.

        What has more digits than are kept is always rounded, and so has all of them.
        """
        fractions = filterfalse(attrgetter("is_whole"), self.fields)
        units = {each.field: _unit_of(self.values[each.field], each) for each in fractions}
        is_exact = self.form.tolerance == "exact"
        return {name: unit for name, unit in units.items() if unit == DIGITS or not is_exact}


@dataclass(frozen=True, slots=True)
class _Total:
    """A number that a file declares: of which field, in which row, and under which rule that is."""

    control: Control
    near: Decimal
    """How far from it the sum of the rows may be."""
    numeric: Numeric
    row: Rows
    rule: RowRule

    @property
    def is_near(self) -> bool:
        """Whether the sum is the total, or as near to it as rounded rows can be."""
        return abs(self.control.declared - self.control.computed) <= self.near

    @property
    def may_be_smaller(self) -> bool:
        """Whether it is smaller than the sum of rows that may count something twice."""
        return self.numeric.field in self.rule.overlapping and self.control.declared < self.control.computed


@dataclass(frozen=True, slots=True)
class Held:
    """The totals of a file, and whether some of them differ that only are findings."""

    controls: tuple[Control, ...]
    differs: bool


def hold_totals(summed: Summed) -> Held:
    """Hold every total of the table.

    Raises `BadFileError` where a total differs that must not, or one is missing that the platform always
    writes.
    """
    held = [(total.control, _is_held(summed, total)) for total in _totals(summed)]
    _refuse_missing(summed)
    _refuse_untotalled(summed)
    controls = (*map(itemgetter(0), held), *_hold_parts(summed))
    return Held(controls, differs=not all(map(itemgetter(1), held)))


def _refuse_missing(summed: Summed) -> None:
    if summed.form.totals == "required" and not summed.sorted.totals:
        names = " or ".join(dict.fromkeys(filter(None, map(attrgetter("total"), summed.form.rows))))
        raise BadFileError(
            summed.sorted.data.file,
            expected=f"one row of totals ({names})",
            found="none",
            hint="the file may be cut off; export the report again with its rows of totals and rerun; for a "
            "kind of report that never has any, name a `format` of your own at the account that is "
            f"`like: {summed.form.name}` with `totals: optional`",
        )


def _refuse_untotalled(summed: Summed) -> None:
    """A second table has a total for each channel, or whatever it is by; raises `BadFileError`."""
    for rule, rows in summed.sorted.under:
        for key in filter(rows.has, summed.keys if rule.each else ()):
            _refuse_lost(summed.sorted.data, key, rule, rows)


def _refuse_lost(data: Rows, key: str, rule: RowRule, totals: Rows) -> None:
    index = first(pc.is_in(data.column(key), value_set=totals.column(key)), False)
    if index >= 0:
        expected = f"a total of {data.cell(index, key)} in the {rule.total}"
        raise BadFileError(data.file, expected=expected, found="none", hint=CUT_OFF)


def _totals(summed: Summed) -> Iterator[_Total]:
    """All that the rows of totals declare."""
    for rule, rows in summed.sorted.totals:
        found = _under(summed, rule, rows)
        yield from _together(summed, rule, rows, found) if rule.added else found


def _under(summed: Summed, rule: RowRule, rows: Rows) -> Iterator[_Total]:
    """What the rows under one rule declare, each for itself."""
    numbers = {each.field: _declared(summed, rows, each) for each in _summed_fields(summed, rule, rows)}
    for index, row in enumerate(rows.each()):
        yield from _of_row(summed, rule, row, {name: some[index] for name, some in numbers.items()})


def _of_row(
    summed: Summed, rule: RowRule, row: Rows, numbers: Mapping[str, Decimal | None]
) -> Iterator[_Total]:
    scope = _scope(summed, rule, row)
    for each in _summed_fields(summed, rule, row):
        declared = numbers[each.field]
        # a total may leave columns out
        if declared is not None or _is_none_zero(summed, row.cell(0, each.field)):
            computed = summed.sum(each, scope)
            control = Control(_name(rule, row, each), declared or Decimal(0), computed.value)
            yield _Total(control, summed.near(each, computed), each, row, rule)


def _together(summed: Summed, rule: RowRule, rows: Rows, totals: Iterable[_Total]) -> Iterator[_Total]:
    """Rows of totals that are parts of one, as if they all stood in the last of them."""
    declared: defaultdict[str, Decimal] = defaultdict(Decimal)
    for total in totals:
        declared[total.numeric.field] += total.control.declared
    *_, last = rows.each()
    for each in summed.fields:
        if each.field in declared:
            computed = summed.sum(each, {})
            control = Control(rows.header.name(each.field), declared[each.field], computed.value)
            yield _Total(control, summed.near(each, computed), each, last, rule)


def _summed_fields(summed: Summed, rule: RowRule, row: Rows) -> list[Numeric]:
    wanted = {*(rule.sums or summed.values)} & {*row.table.column_names}
    return [each for each in summed.fields if each.field in wanted - summed.skipped]


def _is_none_zero(summed: Summed, cell: str) -> bool:
    """Whether a total without a number is one of 0: so it is where the platform fills in every total."""
    return summed.form.tolerance == "exact" and (cell != "" or summed.form.totals == "required")


def _name(rule: RowRule, row: Rows, each: Numeric) -> str:
    name = row.header.name(each.field)
    cells = (row.cell(0, field) for field in row.table.column_names)
    return name if rule.scope == "all" else f"{name} ({next(filter(_is_word, cells), rule.total or '')})"


def _is_word(cell: str) -> bool:
    return bool(cell) and not cell.replace(",", "").replace(".", "").isdigit()


def _declared(summed: Summed, rows: Rows, each: Numeric) -> list[Decimal | None]:
    try:
        return summed.numbers(rows, each)
    except BadRowError as error:
        # without its total a file cannot be checked: that row is never set apart
        raise BadFileError(
            error.file, row=error.row, column=error.column, expected=error.expected, found=error.found
        ) from None


def _scope(summed: Summed, rule: RowRule, row: Rows) -> dict[str, str]:
    """The cells of the total's row that tell rows apart and stand in data rows, too."""
    keys = () if rule.scope == "all" else filterfalse(rule.where.__contains__, summed.keys)
    cells = {key: row.cell(0, key) for key in keys}
    return {key: cell for key, cell in cells.items() if _is_value(summed.form, rule, cell)}


def _is_value(form: Format, rule: RowRule, cell: str) -> bool:
    """Whether a cell is neither empty nor the word by which its row is known to be a total."""
    is_label = ANY in rule.where and rule.where[ANY].fullmatch(cell)
    return cell not in ("", *form.missing) and not is_label


def _is_held(summed: Summed, total: _Total) -> bool:
    """Whether a sum is the total, or near to it; raises `BadFileError` where it is not and must be."""
    if not total.is_near and summed.must_hold(total):
        raise _refusal(total.row, 0, total.numeric, total.control)
    return total.is_near


def _refusal(rows: Rows, index: int, each: Numeric, control: Control) -> BadFileError:
    return rows.refusal(
        index,
        each.field,
        f"the sum of the rows, {control.computed.normalize():f}",
        f"{control.declared.normalize():f}",
        CUT_OFF,
    )


def _hold_parts(summed: Summed) -> Iterator[Control]:
    """Rows that are parts of others: each row that has parts is what they add up to."""
    for rule, parts in summed.sorted.parts:
        for each in summed.fields:
            if each.field in rule.sums:
                yield from _part_controls(summed, str(rule.by), parts, each)


def _part_controls(summed: Summed, by: str, parts: Rows, each: Numeric) -> Iterator[Control]:
    values = read_numbers(summed.form, parts, each, summed.styles[each.field])
    sums = _sums_by([parts.column(by)], values)
    data, name = summed.sorted.data, summed.sorted.data.header.name(each.field)
    declared = zip(data.column(by).to_pylist(), summed.values[each.field].to_pylist(), strict=True)
    for index, (key, whole) in enumerate(declared):
        if (key,) in sums and whole is not None:
            control = Control(f"{name} {key}", Decimal(whole), sums[key,].value)
            if control.declared != control.computed:
                raise _refusal(data, index, each, control)
            yield control

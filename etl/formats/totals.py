"""What a file says its rows add up to, held against what was read.

A total is that of all rows, or of what its own row says: where that has a value in a column that tells rows
apart (a day, a campaign, a currency), only the rows with that value count. The first kind of total in a file
must hold; those after it, such as the whole account's below the ad groups', are findings where they differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.columns import all_of, first
from etl.formats.definition import Format, RowRule
from etl.formats.numbers import read_numbers
from etl.formats.rows import ANY, Rows, Sorted
from etl.formats.styling import Numeric
from etl.reading.styles import NumberStyle
from scoring.errors import BadFileError, BadRowError
from warehouse.conformed import Control

CUT_OFF = "the file may be cut off or edited; export the report again and rerun"
TOTALS_DIFFER = "totals_differ"
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
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

    def must_hold(self, total: _Total) -> bool:
        """Only the first kind of totals must, and none where rows are parts of others, or an excerpt."""
        rule = total.rule
        is_excerpt = any(each.excerpt for each, _ in self.sorted.under)
        is_first = self.sorted.totals[0][0] is rule
        may_differ = is_excerpt or rule.informs or self.is_broken_down or total.may_be_smaller
        return is_first and not may_differ

    def number(self, one: Rows, each: Numeric) -> Decimal | None:
        """The number of a row outside the data, such as a total; raises `BadRowError`."""
        value: Decimal | None = read_numbers(self.form, one, each, self.styles[each.field])[0].as_py()
        return value

    def sum(self, each: Numeric, scope: Mapping[str, str]) -> Decimal:
        """The sum of a field over the rows with the cells of `scope`, quarantined ones too."""
        values = self.values[each.field].filter(_in_scope(self.sorted.data, scope))
        found = Decimal(pc.sum(values, min_count=0).as_py())
        apart = self.sorted.apart.where(_in_scope(self.sorted.apart, scope))
        return found + sum((self._number_apart(one, each) for one in apart.each()), Decimal(0))

    def _number_apart(self, one: Rows, each: Numeric) -> Decimal:
        with suppress(BadRowError):  # a cell that cannot be read adds nothing, and the total will say so
            return self.number(one, each) or Decimal(0)
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class _Total:
    """A number that a file declares: of which field, in which row, and under which rule that is."""

    control: Control
    numeric: Numeric
    row: Rows
    rule: RowRule

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
    controls = [control for control, _ in held]
    return Held((*controls, *_hold_parts(summed)), differs=not all(is_held for _, is_held in held))


def _refuse_missing(summed: Summed) -> None:
    if summed.form.totals == "required" and not summed.sorted.totals:
        names = " or ".join(dict.fromkeys(filter(None, (rule.total for rule in summed.form.rows))))
        raise BadFileError(
            summed.sorted.data.file,
            expected=f"one row of totals ({names})",
            found="none",
            hint="the file may be cut off; export the report again with its rows of totals and rerun",
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
        found = chain.from_iterable(_of_row(summed, rule, row) for row in rows.each())
        yield from _together(summed, rule, rows, found) if rule.added else found


def _of_row(summed: Summed, rule: RowRule, row: Rows) -> Iterator[_Total]:
    scope = _scope(summed, rule, row)
    for each in _summed_fields(summed, rule, row):
        declared = _declared(summed, row, each)
        # a total may leave columns out
        if declared is not None or _is_none_zero(summed, row.cell(0, each.field)):
            control = Control(_name(rule, row, each), declared or Decimal(0), summed.sum(each, scope))
            yield _Total(control, each, row, rule)


def _together(summed: Summed, rule: RowRule, rows: Rows, totals: Iterable[_Total]) -> Iterator[_Total]:
    """Rows of totals that are parts of one, as if they all stood in the last of them."""
    declared: defaultdict[str, Decimal] = defaultdict(Decimal)
    for total in totals:
        declared[total.numeric.field] += total.control.declared
    *_, last = rows.each()
    for each in summed.fields:
        if each.field in declared:
            control = Control(rows.header.name(each.field), declared[each.field], summed.sum(each, {}))
            yield _Total(control, each, last, rule)


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


def _declared(summed: Summed, row: Rows, each: Numeric) -> Decimal | None:
    try:
        return summed.number(row, each)
    except BadRowError as error:
        # without its total a file cannot be checked: that row is never set apart
        raise BadFileError(
            error.file, row=error.row, column=error.column, expected=error.expected, found=error.found
        ) from None


def _scope(summed: Summed, rule: RowRule, row: Rows) -> dict[str, str]:
    """The cells of the total's row that tell rows apart and stand in data rows, too."""
    if rule.scope == "all":
        return {}
    cells = {key: row.cell(0, key) for key in summed.keys if key not in rule.where}
    return {key: cell for key, cell in cells.items() if _is_value(summed.form, rule, cell)}


def _is_value(form: Format, rule: RowRule, cell: str) -> bool:
    """Whether a cell is neither empty nor the word by which its row is known to be a total."""
    is_label = ANY in rule.where and rule.where[ANY].fullmatch(cell)
    return cell not in ("", *form.missing) and not is_label


def _in_scope(rows: Rows, scope: Mapping[str, str]) -> pa.Array:
    mask = all_of(True, len(rows))
    for key, cell in scope.items():
        mask = pc.and_(mask, pc.equal(rows.column(key), cell))
    return mask


def _is_held(summed: Summed, total: _Total) -> bool:
    """Whether a sum is the total, or near to it; raises `BadFileError` where it is not and must be."""
    is_near = _is_near(summed, total.control, total.numeric)
    if not is_near and summed.must_hold(total):
        raise _refusal(total.row, 0, total.numeric, total.control)
    return is_near


def _is_near(summed: Summed, control: Control, each: Numeric) -> bool:
    """Whether a sum is the total, or as near to it as rounded rows can be."""
    apart = abs(control.declared - control.computed)
    if summed.form.tolerance == "exact" or each.is_whole:
        return not apart
    values = summed.values[each.field].drop_null().to_pylist()
    digits = max(map(_digits, (*values, control.declared)))
    return apart <= _HALF * Decimal(10) ** -digits * (len(values) + 1)


def _digits(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


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
    sums = _by_key(parts.column(by), values)
    data, name = summed.sorted.data, summed.sorted.data.header.name(each.field)
    declared = zip(data.column(by).to_pylist(), summed.values[each.field].to_pylist(), strict=True)
    for index, (key, whole) in enumerate(declared):
        if key in sums and whole is not None:
            control = Control(f"{name} {key}", Decimal(whole), sums[key])
            if control.declared != control.computed:
                raise _refusal(data, index, each, control)
            yield control


def _by_key(keys: pa.Array, values: pa.Array) -> dict[str, Decimal]:
    # a look at all rows for each key takes minutes where every row has its own
    found = pa.table({"key": keys, "value": values}).group_by("key", use_threads=False)
    sums = found.aggregate([("value", "sum")]).drop_null()
    return dict(zip(sums["key"].to_pylist(), sums["value_sum"].to_pylist(), strict=True))

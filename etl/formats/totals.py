"""What a file says its rows add up to, held against what was read.

A total is that of all rows, or of what its own row says: where that has a value in a column that tells rows
apart (a day, a campaign, a currency), only the rows with that value count. The first kind of total in a file
must hold; those after it, such as the whole account's below the ad groups', are findings where they differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.definition import Format, RowRule
from etl.formats.numbers import read_numbers
from etl.formats.rows import Rows, Sorted
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


@dataclass(frozen=True, slots=True)
class Held:
    """The totals of a file; `differing` are those that are findings."""

    controls: tuple[Control, ...]
    differing: tuple[str, ...]


def hold_totals(summed: Summed, skipped: frozenset[str] = frozenset()) -> Held:
    """Hold every total of the table, without the fields `skipped`.

    Raises `BadFileError` where a total differs that must not, or one is missing that the platform always
    writes.
    """
    held = [*_held_rows(summed, skipped)]
    _refuse_missing(summed, has_total=any(rule.total and len(rows) for rule, rows in summed.sorted.under))
    _refuse_untotalled(summed)
    differing = tuple(control.name for control, is_held in held if not is_held)
    return Held((*(control for control, _ in held), *_hold_parts(summed)), differing)


def _held_rows(summed: Summed, skipped: frozenset[str]) -> Iterator[tuple[Control, bool]]:
    """Each total with whether it is held; raises `BadFileError` for the first kind where it is not."""
    totals = [(rule, rows) for rule, rows in summed.sorted.under if rule.total is not None and len(rows)]
    is_whole = _is_whole(summed)
    for at, (rule, rows) in enumerate(totals):
        must_hold = at == 0 and is_whole and not rule.informs
        for index in range(len(rows)):
            for control, each in _rule_controls(summed, rule, rows, index, skipped):
                is_held = _is_held(summed, control, each)
                if must_hold and not is_held:
                    raise _refusal(rows, index, each, control)
                yield control, is_held


def _is_whole(summed: Summed) -> bool:
    """Whether the rows must add up to their total: they are neither parts of others nor an excerpt."""
    is_excerpt = any(rule.excerpt and len(rows) for rule, rows in summed.sorted.under)
    return not (summed.is_broken_down or is_excerpt)


def _refuse_missing(summed: Summed, *, has_total: bool) -> None:
    if summed.form.totals == "required" and not has_total:
        names = " or ".join(dict.fromkeys(rule.total for rule in summed.form.rows if rule.total))
        raise BadFileError(
            summed.sorted.data.file,
            expected=f"one row of totals ({names})",
            found="none",
            hint="the file may be cut off; export the report again with its rows of totals and rerun",
        )


def _refuse_untotalled(summed: Summed) -> None:
    """A second table has a total for each channel, or whatever it is by; raises `BadFileError`."""
    for rule, rows in summed.sorted.under:
        for key in summed.keys if rule.each else ():
            if not rows.has(key) or not len(rows):
                continue
            data = summed.sorted.data
            lost = pc.invert(pc.is_in(data.column(key), value_set=rows.column(key)))
            if pc.any(lost).as_py():
                cell = data.column(key)[pc.index(lost, pa.scalar(True)).as_py()].as_py()
                raise BadFileError(
                    data.file, expected=f"a total of {cell} in the {rule.total}", found="none", hint=CUT_OFF
                )


def _rule_controls(
    summed: Summed, rule: RowRule, rows: Rows, index: int, skipped: frozenset[str]
) -> Iterable[tuple[Control, Numeric]]:
    """Those of one row; where rows of totals are parts of one, all of them at the last row."""
    if not rule.added:
        return _controls(summed, rule, rows, index, skipped)
    return _added(summed, rule, rows, skipped) if index == len(rows) - 1 else []


def _added(
    summed: Summed, rule: RowRule, rows: Rows, skipped: frozenset[str]
) -> Iterable[tuple[Control, Numeric]]:
    """What rows of totals declare together."""
    declared: dict[str, Decimal] = defaultdict(Decimal)
    for at in range(len(rows)):
        for control, each in _controls(summed, rule, rows, at, skipped):
            declared[each.field] += control.declared
    for each in summed.fields:
        if each.field in declared:
            control = Control(rows.header.name(each.field), declared[each.field], _sum(summed, each, {}))
            yield control, each


def _controls(
    summed: Summed, rule: RowRule, rows: Rows, index: int, skipped: frozenset[str]
) -> Iterator[tuple[Control, Numeric]]:
    scope = _scope(summed, rule, rows, index)
    one = rows.where(pa.array([at == index for at in range(len(rows))]))
    for each in _summed_fields(summed, rule, rows, skipped):
        declared = _declared(summed, one, each)
        # a total may leave columns out
        if declared is not None or _is_none_zero(summed, one.column(each.field)[0].as_py()):
            name = _name(rule, rows, index, each)
            yield Control(name, declared or Decimal(0), _sum(summed, each, scope)), each


def _summed_fields(summed: Summed, rule: RowRule, rows: Rows, skipped: frozenset[str]) -> list[Numeric]:
    wanted = set(rule.sums or (each.field for each in summed.fields)) - skipped
    return [each for each in summed.fields if each.field in wanted and rows.has(each.field)]


def _is_none_zero(summed: Summed, cell: str) -> bool:
    """Whether a total without a number is one of 0: so it is where the platform fills in every total."""
    return summed.form.tolerance == "exact" and (cell != "" or summed.form.totals == "required")


def _name(rule: RowRule, rows: Rows, index: int, each: Numeric) -> str:
    if rule.scope == "all":
        return rows.header.name(each.field)
    label = next(
        (
            cell
            for name in rows.table.column_names
            if (cell := rows.column(name)[index].as_py())
            and not cell.replace(",", "").replace(".", "").isdigit()
        ),
        rule.total or "",
    )
    return f"{rows.header.name(each.field)} ({label})"


def _declared(summed: Summed, one: Rows, each: Numeric) -> Decimal | None:
    try:
        value = read_numbers(summed.form, one, each, summed.styles[each.field])[0].as_py()
    except BadRowError as error:
        # without its total a file cannot be checked: that row is never set apart
        raise BadFileError(
            error.file, row=error.row, column=error.column, expected=error.expected, found=error.found
        ) from None
    return None if value is None else Decimal(value)


def _scope(summed: Summed, rule: RowRule, rows: Rows, index: int) -> dict[str, str]:
    """The cells of the total's row that tell rows apart and stand in data rows, too."""
    if rule.scope == "all":
        return {}
    keys = [key for key in summed.keys if rows.has(key) and key not in rule.where]
    cells = {key: rows.column(key)[index].as_py() for key in keys}
    label = rule.where.get("any")
    return {
        key: cell
        for key, cell in cells.items()
        if cell not in ("", *summed.form.missing) and not (label and label.fullmatch(cell))
    }


def _sum(summed: Summed, each: Numeric, scope: Mapping[str, str]) -> Decimal:
    values = summed.values[each.field]
    mask = _in_scope(summed.sorted.data, scope)
    found = pc.sum(values if mask is None else values.filter(mask)).as_py() or Decimal(0)
    return Decimal(found) + _apart(summed, each, scope)


def _in_scope(rows: Rows, scope: Mapping[str, str]) -> pa.Array | None:
    mask = None
    for key, cell in scope.items():
        fits = pc.equal(rows.column(key), cell)
        mask = fits if mask is None else pc.and_(mask, fits)
    return mask


def _apart(summed: Summed, each: Numeric, scope: Mapping[str, str]) -> Decimal:
    """What the quarantined rows add to a total, where they can be read."""
    rows = summed.sorted.apart
    mask = _in_scope(rows, scope)
    rows = rows if mask is None else rows.where(mask)
    found = Decimal(0)
    for index in range(len(rows)):
        one = rows.where(pa.array([at == index for at in range(len(rows))]))
        try:
            found += read_numbers(summed.form, one, each, summed.styles[each.field])[0].as_py() or 0
        except BadRowError:
            continue  # a cell that cannot be read adds nothing, and the total will say so
    return found


def _is_held(summed: Summed, control: Control, each: Numeric) -> bool:
    """Whether a sum is the total, or as near to it as rounded rows can be."""
    apart = abs(control.declared - control.computed)
    if summed.form.tolerance == "exact" or each.is_whole or not apart:
        return not apart
    values = summed.values[each.field].drop_null()
    digits = max((_digits(value.as_py()) for value in values), default=0)
    digits = max(digits, _digits(control.declared))
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


def _hold_parts(summed: Summed) -> list[Control]:
    """Rows that are parts of others: each row that has parts is what they add up to."""
    controls = []
    for rule, rows in summed.sorted.under:
        if rule.parts is not None and len(rows):
            for each in summed.fields:
                if each.field in rule.sums:
                    controls += _part_controls(summed, str(rule.by), rows, each)
    return controls


def _part_controls(summed: Summed, by: str, parts: Rows, each: Numeric) -> list[Control]:
    values = read_numbers(summed.form, parts, each, summed.styles[each.field])
    sums = _by_key(parts.column(by), values)
    data = summed.sorted.data
    controls = []
    for index, (key, declared) in enumerate(
        zip(data.column(by).to_pylist(), summed.values[each.field].to_pylist(), strict=True)
    ):
        if key not in sums or declared is None:
            continue
        control = Control(f"{data.header.name(each.field)} {key}", Decimal(declared), Decimal(sums[key]))
        if control.declared != control.computed:
            raise _refusal(data, index, each, control)
        controls.append(control)
    return controls


def _by_key(keys: pa.Array, values: pa.Array) -> dict[str, Decimal]:
    # a look at all rows for each key takes minutes where every row has its own
    found = pa.table({"key": keys, "value": values}).group_by("key", use_threads=False)
    sums = found.aggregate([("value", "sum")])
    return {
        key: value
        for key, value in zip(sums["key"].to_pylist(), sums["value_sum"].to_pylist(), strict=True)
        if value is not None
    }

"""The values of one field of a table, in the type of the fact's column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats import cells
from etl.formats.definition import FieldRule, Format, Kind
from etl.formats.recognition import Recognised
from etl.formats.rows import Rows
from etl.formats.signs import lines_above
from etl.reading.days import DAY_FIRST, MONTH_FIRST, Moment, moment, possible_order
from etl.reading.styles import MONEY, NumberStyle
from scoring.errors import BadFileError, BookError
from scoring.period import Period
from warehouse.facts import Column, fact_catalog

NUMERIC = ("count", "amount")
_KINDS: Mapping[pa.DataType, Kind] = {
    pa.int64(): "count",
    pa.date32(): "day",
    pa.bool_(): "flag",
}


@dataclass(frozen=True, slots=True)
class Task:
    """A table, its format, whose it is, for which month, and how its numbers are written."""

    found: Recognised
    account: Account
    month: Period
    rows: Rows
    styles: Mapping[str, NumberStyle]

    @property
    def form(self) -> Format:
        """The table's format."""
        return self.found.format

    @property
    def own_words(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The account's own words for the values of a field."""
        own: Mapping[str, Mapping[str, tuple[str, ...]]] = self.account.options.get("words", {})
        return own


def kind_of_field(form: Format, name: str) -> Kind:
    """How a field is read: as its format says, else by the fact's column, else as text."""
    rule = form.rule(name)
    if rule.kind is not None:
        return rule.kind
    if form.fact is not None:
        for column in fact_catalog()[form.fact].read_columns:
            if column.name == name:
                return _kind_of_column(column)
    return "currency" if name == "currency_code" else "text"


def _kind_of_column(column: Column) -> Kind:
    if column.name == "currency_code":
        return "currency"
    if pa.types.is_decimal(column.type):
        return "amount"
    return _KINDS.get(column.type, "id" if column.name.endswith("_id") else "text")


def present_fields(found: Recognised) -> list[str]:
    """The fields that the table has a column for and the format wants to be read."""
    return [name for name in found.header.places if not found.format.rule(name).always]


def field_values(task: Task, name: str, numbers: Mapping[str, pa.Array], column: Column | None) -> pa.Array:
    """The values of a field; `column` is the fact's, None for a field of another file.

    Raises `BadFileError` where a required value is missing.
    """
    rule = task.form.rule(name)
    if task.rows.has(name) and not rule.always:
        values = _read(task, name, rule, numbers)
    else:
        values = _stand_in(task, name, rule, numbers, column)
    values = _only_where(task, rule, values)
    if column is None:
        return values
    _hold(task, name, rule, values, numbers)
    if not column.nullable and values.null_count:
        raise task.rows.unreadable(values.is_null(), rule.copy_of or name, "a value")
    return values.cast(column.type)


def _read(task: Task, name: str, rule: FieldRule, numbers: Mapping[str, pa.Array]) -> pa.Array:
    if name in numbers:
        return _counted(task, name, rule, _reduced(rule, numbers, numbers[name]))
    return _READERS[kind_of_field(task.form, name)](task, name, rule)


def _read_days(task: Task, name: str, rule: FieldRule) -> pa.Array:
    return cells.days(
        task.rows,
        name,
        rule,
        account=task.account,
        form=task.form,
        month=task.month,
        known_order=_order_above(task),
    )


def _own(task: Task, name: str) -> Mapping[str, tuple[str, ...]]:
    return task.own_words.get(name, {})


_READERS: Mapping[str, Callable[[Task, str, FieldRule], pa.Array]] = {
    "text": lambda task, name, rule: cells.texts(task.rows, name, rule),
    "id": lambda task, name, rule: cells.ids(task.rows, name, rule),
    "day": _read_days,
    "month": lambda task, name, rule: cells.months(task.rows, name),
    "flag": lambda task, name, rule: cells.flags(task.rows, name, rule, _own(task, name)),
    "word": lambda task, name, rule: cells.words(task.rows, name, rule, _own(task, name)),
    "currency": lambda task, name, rule: cells.currencies(task.rows, name, task.account.currency_code),
}


def _reduced(rule: FieldRule, numbers: Mapping[str, pa.Array], values: pa.Array) -> pa.Array:
    """Less what another field says, such as what was paid back."""
    if rule.minus is None or rule.minus not in numbers:
        return values
    return pc.subtract(values, pc.fill_null(numbers[rule.minus], 0)).cast(MONEY)


def _counted(task: Task, name: str, rule: FieldRule, values: pa.Array) -> pa.Array:
    """Only counts of the kinds that the account names; without them, all must be of one kind.

    Raises `BadFileError` for counts of unlike kinds: they have no common sum.
    """
    if rule.counted is None or not task.rows.has(rule.counted):
        return values
    kinds = task.rows.column(rule.counted)
    wanted = task.account.options.get("counted")
    if wanted:
        return pc.if_else(_is_wanted(kinds, wanted), values, pa.scalar(None, values.type))
    known = pc.unique(kinds.filter(pc.fill_null(pc.not_equal(values, pa.scalar(0, values.type)), False)))
    named = [kind for kind in known.to_pylist() if kind]
    if len(named) > 1:
        index = pc.index(kinds, pa.scalar(named[1])).as_py()
        raise task.rows.refusal(
            index,
            name,
            "results of one kind, which alone have a common sum",
            " and ".join(map(repr, named[:3])),
            "name the kinds that count with `counted` at the account in sources.yaml and rerun",
        )
    return values


def _only_where(task: Task, rule: FieldRule, values: pa.Array) -> pa.Array:
    """The values of the rows that have the words which the format wants, null in the others."""
    for name, wanted in rule.only.items():
        found = cells.words(task.rows, name, task.form.rule(name), task.own_words.get(name, {}))
        values = pc.if_else(pc.equal(found, wanted), values, pa.scalar(None, values.type))
    return values


def _is_wanted(kinds: pa.Array, wanted: tuple[str, ...]) -> pa.Array:
    """Which kinds are named, whole or by their last word, such as `lead`."""
    encoded = pc.dictionary_encode(kinds)
    ends = tuple(word.casefold() for word in wanted)
    hits = [
        any(
            kind.casefold() == end or kind.casefold().endswith((f".{end}", f":{end}", f"_{end}"))
            for end in ends
        )
        for kind in encoded.dictionary.to_pylist()
    ]
    return pc.take(pa.array(hits, pa.bool_()), encoded.indices)


def _stand_in(
    task: Task, name: str, rule: FieldRule, numbers: Mapping[str, pa.Array], column: Column | None
) -> pa.Array:
    """What a field is where it has no column."""
    if rule.copy_of is not None:
        values = field_values(task, rule.copy_of, numbers, None)
        return values if rule.until is None else _one_day(task, rule, values, numbers)
    if rule.made_of:
        return _put_together(task, rule)
    if rule.sum_of:
        return _added_up([numbers[part] for part in rule.sum_of if part in numbers], len(task.rows))
    kind = column.type if column is not None else pa.string()
    same = _same(task, name, rule)
    same = same == "true" if pa.types.is_boolean(kind) else same
    return pa.repeat(pa.scalar(same, kind), len(task.rows))


def _put_together(task: Task, rule: FieldRule) -> pa.Array:
    """The texts of several fields as one, null where there is none of them: an id where the file has none."""
    parts = [task.rows.column(part) for part in rule.made_of if task.rows.has(part)]
    kept = [pc.if_else(pc.equal(part, ""), pa.scalar(None, pa.string()), part) for part in parts]
    if not kept:
        return pa.nulls(len(task.rows), pa.string())
    joined = pc.binary_join_element_wise(*kept, " ", null_handling="skip")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _added_up(parts: Sequence[pa.Array], length: int) -> pa.Array:
    """The sums of several numbers: what is missing adds nothing, and without any there is no sum."""
    total = pa.nulls(length, MONEY)
    for part in parts:
        both = pc.add(pc.fill_null(total, 0), pc.fill_null(part, 0)).cast(MONEY)
        total = pc.if_else(pc.and_(total.is_null(), part.is_null()), pa.scalar(None, MONEY), both)
    return total


def _one_day(task: Task, rule: FieldRule, first: pa.Array, numbers: Mapping[str, pa.Array]) -> pa.Array:
    """The first days of rows that are of one day each, or all of the whole month; raises `BadFileError`.

    A report that is not broken down by day would put a week on its first day.
    """
    if rule.until is None or not all(map(task.rows.has, (rule.until, str(rule.copy_of)))):
        return first
    last = field_values(task, rule.until, numbers, None)
    differs = pc.fill_null(pc.not_equal(first, last), False)
    if pc.any(differs).as_py() and not spans_month(task, first, last):
        index = pc.index(differs, pa.scalar(True)).as_py()
        named = task.rows.header.name(rule.copy_of or "")
        raise task.rows.refusal(
            index, rule.until, f"the same day as {named}, or a report of exactly the month"
        )
    return first


def spans_month(task: Task, first: pa.Array, last: pa.Array) -> bool:
    """Whether every row is of the whole month."""
    whole = (task.month.start, task.month.end - timedelta(days=1))
    return all(pc.unique(days).to_pylist() == [day] for days, day in zip((first, last), whole, strict=True))


def _same(task: Task, name: str, rule: FieldRule) -> Any:
    if rule.constant is not None:
        return rule.constant
    if rule.take == "entity":
        return task.account.entity
    if rule.take == "currency":
        return _currency(task, name)
    return _first_day(task, name) if rule.take == "month" else None


def _currency(task: Task, name: str) -> str:
    said, own = task.found.header.said.get("currency", "").upper(), task.account.currency_code
    if said and own and said != own:
        raise BadFileError(
            task.rows.file,
            row=task.found.header.record.row,
            expected=f"amounts in {own}, the account's currency",
            found=f"a column in {said}",
        )
    if not said and own is None:
        raise BookError(
            f"sources.yaml: expected a currency_code for {task.account.source}/{task.account.entity}, whose "
            f"exports do not name their currency ({name}), found none; add it."
        )
    return said or str(own)


def _first_day(task: Task, name: str) -> date:
    """The first day of the month, where the file itself says that it is of exactly this month."""
    spans = list(spans_above(task.found, task.account))
    wanted = (task.month.start, task.month.end - timedelta(days=1))
    is_said = not task.form.period and task.account.options.get("whole_month")
    if wanted in spans or is_said:
        return task.month.start
    found = " and ".join(f"{start} to {end}" for start, end in spans) or "none"
    raise BadFileError(
        task.rows.file,
        expected=f"a column with days, or lines above the header that say {wanted[0]} to {wanted[1]}",
        found=found,
        hint=_day_hint(task),
    )


def _day_hint(task: Task) -> str:
    if task.form.period:
        return f"export the report by day, or for exactly {task.month}, and rerun"
    return "export it by day, or say `whole_month: true` at the account if it cannot be had so, and rerun"


def spans_above(recognised: Recognised, account: Account) -> Iterator[tuple[date, date]]:
    """The first and last days that lines above the header say."""
    usual = recognised.format.days or account.options.get("days") or MONTH_FIRST
    found: dict[str, Moment] = {}
    for line in lines_above(recognised):
        for pattern in recognised.format.period:
            match = pattern.fullmatch(line.strip('"'))
            found |= _moments(match.groupdict()) if match is not None else {}
        if len(found) == 2:
            yield from _span(found["start"], found["end"], usual)
            found = {}


def _span(start: Moment, end: Moment, usual: str) -> Iterator[tuple[date, date]]:
    """The two days, in the only order of day and month in which they are days at all."""
    order = possible_order([start, end]) or usual
    with suppress(ValueError):
        yield start.day(order), end.day(order)


def _moments(said: Mapping[str, str | None]) -> dict[str, Moment]:
    found = {}
    for end, text in said.items():
        with suppress(ValueError):
            found[end] = moment((text or "").strip())
    return found


def _order_above(task: Task) -> str | None:
    """The order of day and month, where a line above the header has the first day of the month."""
    for line in lines_above(task.found):
        for pattern in task.form.period:
            match = pattern.fullmatch(line.strip('"'))
            text = match.groupdict().get("start") if match else None
            if text:
                return _order_of_start(text.strip(), task.month)
    return None


def _order_of_start(text: str, month: Period) -> str | None:
    try:
        start = moment(text)
    except ValueError:
        return None
    if start.order is not None or (start.first, start.second) == (1, 1):
        return None
    fits = {order for order in (MONTH_FIRST, DAY_FIRST) if _is_start(start, order, month)}
    return fits.pop() if len(fits) == 1 else None


def _is_start(start: Any, order: str, month: Period) -> bool:
    try:
        return bool(start.day(order) == month.start)
    except ValueError:
        return False


def _hold(task: Task, name: str, rule: FieldRule, values: pa.Array, numbers: Mapping[str, pa.Array]) -> None:
    """Raise `BadFileError` where a value does not go with that of another field."""
    if rule.at_most in numbers:
        _refuse_more(task, name, values, str(rule.at_most), numbers)
    if rule.together in numbers:
        _refuse_alone(task, name, values, str(rule.together), numbers)


def _refuse_more(task: Task, name: str, values: pa.Array, most: str, numbers: Mapping[str, pa.Array]) -> None:
    index = pc.index(pc.greater(values, numbers[most]), pa.scalar(True)).as_py()
    if index >= 0:
        said = f"{numbers[most][index].as_py().normalize():f}, {task.rows.header.name(most)}"
        raise task.rows.refusal(index, name, f"no more than {said}")


def _refuse_alone(
    task: Task, name: str, values: pa.Array, other: str, numbers: Mapping[str, pa.Array]
) -> None:
    half = pc.xor(values.is_null(), numbers[other].is_null())
    index = pc.index(half, pa.scalar(True)).as_py()
    if index >= 0:
        empty = name if values[index].as_py() is None else other
        both = " and ".join(task.rows.header.name(each) for each in (name, other))
        raise task.rows.refusal(index, empty, f"{both} together, or neither")

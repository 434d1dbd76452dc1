"""The values of one field of a table, in the type of the fact's column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache, partial
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats import cells
from etl.formats.cells import Task
from etl.formats.columns import first, none_of, only_one
from etl.formats.definition import FieldRule, Format, Kind
from etl.formats.kinds import of_wanted_kinds
from etl.formats.recognition import Recognised
from etl.formats.signs import lines_above
from etl.formats.unsaid import only_one_said
from etl.reading.days import MONTH_FIRST, Moment, fitting_orders, moment, moments_in, possible_order
from etl.reading.styles import MONEY
from scoring.errors import BadFileError, BookError
from scoring.period import Period
from warehouse.facts import Column, fact_catalog

NUMERIC: tuple[Kind, ...] = ("count", "amount")
_KINDS: Mapping[pa.DataType, Kind] = {pa.int64(): "count", pa.date32(): "day", pa.bool_(): "flag"}


def kind_of_field(form: Format, name: str) -> Kind:
    """How a field is read: as its format says, else by the fact's column, else as text."""
    return form.rule(name).kind or _kinds_of(form.fact).get(name, "text")


@cache
def _kinds_of(fact: str | None) -> Mapping[str, Kind]:
    """How the columns of a fact are read."""
    columns = () if fact is None else fact_catalog()[fact].read_columns
    return {column.name: _kind_of_column(column) for column in columns} | {"currency_code": "currency"}


def _kind_of_column(column: Column) -> Kind:
    if pa.types.is_decimal(column.type):
        return "amount"
    return _KINDS.get(column.type, "id" if column.name.endswith("_id") else "text")


def fields_of_kind(found: Recognised, *kinds: Kind) -> list[str]:
    """The fields with a column that are read in one of these ways."""
    return [name for name in found.header.places if kind_of_field(found.format, name) in kinds]


def present_fields(found: Recognised) -> list[str]:
    """The fields that the table has a column for and the format wants to be read."""
    return [name for name in found.header.places if not found.format.rule(name).always]


def fact_values(task: Task, column: Column) -> pa.Array:
    """The values of a column of the fact; raises `BadFileError` where a required one is missing."""
    rule, values = task.form.rule(column.name), field_values(task, column.name, column.type)
    _hold(task, column.name, rule, values)
    if not column.nullable and values.null_count:
        raise task.rows.without_value(values.is_null(), column_of(task, column.name))
    # a field that yes and no are copied from may have more words
    is_said = (values.type, column.type) == (pa.string(), pa.bool_())
    return (pc.equal(values, "true") if is_said else values).cast(column.type)


def column_of(task: Task, name: str) -> str:
    """The field whose column a field is read from: itself, or the first of those that stand in for it."""
    rule = task.form.rule(name)
    copied = task.form.rule(str(rule.copy_of)).copy_of
    return next(filter(task.rows.has, (name, str(rule.copy_of), str(copied), *rule.made_of)), name)


def field_values(task: Task, name: str, kind: pa.DataType | None = None) -> pa.Array:
    """The values of a field; `kind` is the type of what is the same for all rows, if that is no text."""
    rule = task.form.rule(name)
    has_column = task.rows.has(name) and not rule.always
    values = _read(task, name, rule) if has_column else _stand_in(task, name, rule, kind or pa.string())
    return _only_where(task, rule, values)


def _read(task: Task, name: str, rule: FieldRule) -> pa.Array:
    if name in task.numbers:
        return of_wanted_kinds(task, name, rule, _reduced(rule, task.numbers, task.numbers[name]))
    return _READERS[kind_of_field(task.form, name)](task, name, rule)


_READERS: Mapping[str, Callable[[Task, str, FieldRule], pa.Array]] = {
    "text": lambda task, name, rule: cells.texts(task.rows, name, rule),
    "id": lambda task, name, rule: cells.ids(task.rows, name, rule),
    "day": lambda task, name, rule: cells.days(task, name, rule, _order_above(task)),
    "month": lambda task, name, rule: cells.months(task.rows, name),
    "flag": lambda task, name, rule: cells.flags(task.rows, name, rule, task.account),
    "word": lambda task, name, rule: cells.words(task.rows, name, rule, task.account),
    "currency": lambda task, name, rule: cells.currencies(task.rows, name, _only_currency(task)),
}


def _reduced(rule: FieldRule, numbers: Mapping[str, pa.Array], values: pa.Array) -> pa.Array:
    """Less what another field says, such as what was paid back."""
    less = numbers.get(rule.minus or "")
    return values if less is None else pc.subtract(values, pc.fill_null(less, 0)).cast(MONEY)


def _only_where(task: Task, rule: FieldRule, values: pa.Array) -> pa.Array:
    """The values of the rows that have the words which the format wants, null in the others."""
    if values.null_count == len(values):
        return values  # words that no value hangs on may be any
    for name in filter(task.rows.has, rule.only):
        found = cells.words(task.rows, name, task.form.rule(name), task.account)
        values = pc.if_else(pc.equal(found, rule.only[name]), values, pa.scalar(None, values.type))
    return values


def _stand_in(task: Task, name: str, rule: FieldRule, kind: pa.DataType) -> pa.Array:
    """What a field is where it has no column."""
    if rule.copy_of is not None:
        return _copied(task, rule, rule.copy_of)
    if rule.made_of:
        return _put_together(task, rule)
    if rule.sum_of:
        return _added_up(task, rule)
    if (only := only_one_said(task, rule)) is not None:
        return field_values(task, only, kind)
    same = _same(task, name, rule)
    same = same == "true" if pa.types.is_boolean(kind) else same
    return pa.repeat(pa.scalar(same, kind), len(task.rows))


def _put_together(task: Task, rule: FieldRule) -> pa.Array:
    """The texts of several fields as one, null where there is none of them: an id where the file has none."""
    parts = [none_of(task.rows.column(part)) for part in filter(task.rows.has, rule.made_of)]
    nothing = pa.nulls(len(task.rows), pa.string())
    return none_of(pc.binary_join_element_wise(nothing, *parts, " ", null_handling="skip"))


def _added_up(task: Task, rule: FieldRule) -> pa.Array:
    """The sums of several numbers: what is missing adds nothing, and without any there is no sum."""
    total = pa.nulls(len(task.rows), MONEY)
    for part in rule.sum_of:
        more = task.numbers.get(part, pa.nulls(len(task.rows), MONEY))
        total = pc.coalesce(pc.add(total, more).cast(MONEY), total, more)
    return total


def _copied(task: Task, rule: FieldRule, other: str) -> pa.Array:
    """The values of another field; where they are first days, those of rows of one day or the whole month.

    Raises `BadFileError` for others: a report that is not broken down by day would put a week on its first.
    """
    if rule.words and task.rows.has(other):
        return cells.words(task.rows, other, rule, task.account)
    values = field_values(task, other)
    if has_span(task, rule):
        last = field_values(task, str(rule.until))
        index = first(pc.not_equal(values, last))
        if index >= 0 and not spans_month(task, values, last):
            expected = f"the same day as {task.rows.header.name(other)}, or a report of exactly the month"
            raise task.rows.refusal(index, str(rule.until), expected, hint="export it by day and rerun")
    return values


def has_span(task: Task, rule: FieldRule) -> bool:
    """Whether the file has the first and the last day of what each of its rows is of."""
    return {rule.copy_of, rule.until} <= {*task.rows.table.column_names}


def spans_month(task: Task, first_days: pa.Array, last_days: pa.Array) -> bool:
    """Whether every row is of the whole month."""
    said = (pc.unique(days).to_pylist() for days in (first_days, last_days))
    return tuple(said) == tuple([day] for day in _whole(task.month))


def _whole(month: Period) -> tuple[date, date]:
    """The first and the last day of a month."""
    return month.start, month.end - timedelta(days=1)


def _same(task: Task, name: str, rule: FieldRule) -> Any:
    if rule.constant is not None or rule.take is None:
        return rule.constant
    return _TAKEN[rule.take](task, name)


def needs_currency(found: Recognised) -> bool:
    """Whether rows of the table must have a currency: leads need none before an amount of theirs counts."""
    spec = found.format.spec
    is_optional = any(each.name == "currency_code" and each.nullable for each in spec.read_columns)
    return not is_optional or all(map(partial(_has, found), (*spec.amounts, spec.converted)))


def _has(found: Recognised, field: str) -> bool:
    return not {field, found.format.rule(field).copy_of}.isdisjoint(found.header.places)


def _currency(task: Task, name: str) -> str | None:
    only = _only_currency(task)
    if only is None and needs_currency(task.found):
        raise BookError(
            f"sources.yaml: expected a currency_code for {task.account.source}/{task.account.entity}, whose "
            f"exports do not name their currency ({name}), found none; add it."
        )
    return only


def _only_currency(task: Task) -> str | None:
    """The currency of all amounts, as the account or the name of a column says; None if neither does.

    Raises `BadFileError` where they say two.
    """
    own = task.account.currency_code
    said = task.found.header.said.get("currency", "").upper() or own
    if own not in (None, said):
        raise BadFileError(
            task.rows.file,
            row=task.found.header.record.row,
            expected=f"amounts in {own}, the account's currency",
            found=f"a column in {said}",
        )
    return said


def days_written(task: Task, name: str) -> pa.Array | None:
    """The days of a field as they stand in the file; None where it has no such column."""
    if name not in fields_of_kind(task.found, "day"):
        return None
    return cells.days_as_written(task, name, task.form.rule(name), _order_above(task))


def only_day(task: Task) -> date | None:
    """The day of the month that lines above the header say the whole file is of; None for other files."""
    day = only_one({*chain.from_iterable(spans_above(task.found, task.account))})
    return day if day is not None and day in task.month else None


def _first_day(task: Task, _: str) -> date:
    """The day, or the first one of the month, where the file says that it is of exactly this day or month."""
    spans = [*spans_above(task.found, task.account)]
    wanted = _whole(task.month)
    if (day := only_day(task)) is not None:
        return day
    if wanted in spans or _is_said_of_all(task):
        return task.month.start
    raise BadFileError(
        task.rows.file,
        expected=f"a column with days, or lines above the header that say {wanted[0]} to {wanted[1]}",
        found=" and ".join(f"{start} to {end}" for start, end in spans) or "none",
        hint=_day_hint(task),
    )


_TAKEN: Mapping[str, Callable[[Task, str], Any]] = {
    "entity": lambda task, name: task.account.entity,
    "currency": _currency,
    "month": _first_day,
}


def _is_said_of_all(task: Task) -> bool:
    """Whether the account says that its exports are of the whole month, which they do not say themselves."""
    return not task.form.period and bool(task.account.options.get("whole_month"))


def _day_hint(task: Task) -> str:
    if task.form.period:
        return f"export the report by day, or for exactly {task.month}, and rerun"
    return "export it by day, or say `whole_month: true` at the account if it cannot be had so, and rerun"


def spans_above(recognised: Recognised, account: Account) -> Iterator[tuple[date, date]]:
    """The first and last days that lines above the header say."""
    usual = recognised.format.days or account.options.get("days") or MONTH_FIRST
    found: dict[str, Moment] = {}
    for line in lines_above(recognised):
        found |= _ends_in(line, recognised.format)
        if len(found) == 2:
            yield from _span(found["start"], found["end"], usual)
            found = {}


def _ends_in(line: str, form: Format) -> dict[str, Moment]:
    """The first and the last day that the format finds in a line."""
    found = {}
    for end, text in chain.from_iterable(map(_ends, _said_in(line, form))):
        with suppress(ValueError):
            found[end] = moment(text.strip())
    return found


def _ends(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Both ends of a period, the first one with the `rest` that it shares with the last."""
    yield "start", said.get("start", "") + said.get("rest", "")
    yield "end", said.get("end", "")


def _said_in(line: str, form: Format) -> Iterator[dict[str, str]]:
    """What the format's patterns of a period find in a line, by the names of their groups."""
    matches = (pattern.fullmatch(line.strip('"')) for pattern in form.period)
    return (match.groupdict("") for match in matches if match is not None)


def _span(start: Moment, end: Moment, usual: str) -> Iterator[tuple[date, date]]:
    """The two days, in the only order of day and month in which they are days at all."""
    order = possible_order([start, end]) or usual
    with suppress(ValueError):
        yield start.day(order), end.day(order)


def _order_above(task: Task) -> str | None:
    """The order of day and month, where a line above the header has the first day of the month."""
    said = chain.from_iterable(_said_in(line, task.form) for line in lines_above(task.found))
    start = next(filter(None, (each.get("start", "").strip() for each in said)), "")
    return only_one(fitting_orders(moments_in([start]), task.month.start.__eq__))


def _hold(task: Task, name: str, rule: FieldRule, values: pa.Array) -> None:
    """Raise `BadFileError` where a value does not go with that of another field."""
    if rule.at_most in task.numbers:
        _refuse_more(task, name, values, str(rule.at_most))
    if rule.together in task.numbers:
        _refuse_alone(task, name, values, str(rule.together))


def _refuse_more(task: Task, name: str, values: pa.Array, most: str) -> None:
    index = first(pc.greater(values, task.numbers[most]))
    if index >= 0:
        said = f"{task.numbers[most][index].as_py().normalize():f}, {task.rows.header.name(most)}"
        raise task.rows.refusal(index, name, f"no more than {said}")


def _refuse_alone(task: Task, name: str, values: pa.Array, other: str) -> None:
    index = first(pc.xor(values.is_null(), task.numbers[other].is_null()))
    if index >= 0:
        empty = name if values[index].as_py() is None else other
        both = " and ".join(map(task.rows.header.name, (name, other)))
        raise task.rows.refusal(index, empty, f"{both} together, or neither")

"""A file read by its format: rows of a fact, an account of every row, totals held, findings named."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, chain, compress, filterfalse, groupby
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import CURRENCY, Task, words
from etl.formats.columns import count_true, distinct_rows, first, only_one, row_twice, rows_in
from etl.formats.definition import FieldRule, Format, RowRule
from etl.formats.fields import (
    NUMERIC,
    days_written,
    fact_values,
    field_values,
    fields_of_kind,
    has_span,
    only_day,
    present_fields,
    spans_month,
)
from etl.formats.kinds import uncounted
from etl.formats.numbers import hold_signs, read_numbers
from etl.formats.recognition import Header, Names, Recognised
from etl.formats.rows import Rows, Sorted, is_row, rows_of, sort_rows, torn
from etl.formats.signs import refuse_others
from etl.formats.styling import Numeric, decide_styles
from etl.formats.timely import refuse_impossible
from etl.formats.totals import TOTALS_DIFFER, Held, Summed, hold_totals
from etl.formats.unread import telling_apart
from etl.formats.unsaid import partly_said, unsaid
from etl.formats.wholeness import is_like_data, refuse_fewer, refuse_rows_above, refuse_unended
from etl.landing import LandedFile
from etl.reading.lines import with_lines
from etl.reading.records import Record
from etl.reading.styles import NumberStyle
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse.catalog import BEGINS_LATER, BEGINS_WITHIN, ENDS_BEFORE
from warehouse.conformed import Control, FileTally

NO_DAYS, NAMES_DAMAGED = "no_days", "names_damaged"
OTHER_MONTHS = "other months"
LINE = "line of the file"
_NUMBER = re.compile(r"-?[0-9][0-9.,]*")
_BELOW = RowRule(total="second table", where={}, scope="own", each=True)


@dataclass(frozen=True, slots=True)
class FileRead:
    """What came of one file: `table` has the columns of the fact, or the fields that another format looks up.

    `rows` are those of the file before any were added up, to say where each came from; `lines` has for each
    row of `table` its number in the file, or several. `looked_up` are such lines of other files. `styles` and
    `dropped` tell how it was read.
    """

    found: Recognised
    table: pa.Table
    rows: Rows
    tally: FileTally
    controls: tuple[Control, ...]
    findings: tuple[str, ...]
    styles: Mapping[str, NumberStyle] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    lines: pa.Array | None = None
    looked_up: tuple[tuple[str, pa.Array], ...] = ()

    @property
    def key(self) -> list[str]:
        """The columns that are a row's key, as far as the table has them."""
        return [name for name in self.found.format.spec.grain if name in self.table.column_names]

    def kept(self, mask: pa.Array, called: str) -> FileRead:
        """Only the rows where `mask` is true; the others are counted as set aside."""
        gone = len(self.rows) - count_true(mask)
        if not gone:
            return self
        used, aside = self.tally.rows_used - gone, self.tally.rows_set_aside + gone
        tally = replace(self.tally, rows_used=used, rows_set_aside=aside)
        table, rows, dropped = self.table.filter(mask), self.rows.where(mask), {**self.dropped, called: gone}
        return replace(self, table=table, rows=rows, tally=tally, dropped=dropped)

    @property
    def table_with_lines(self) -> pa.Table:
        """The table, and in further columns where its rows stand."""
        candidate = self.found.candidate
        numbers = self.rows.numbers if self.lines is None else self.lines
        table = with_lines(self.table, self.rows.file, numbers, candidate.part)
        for file, lines in self.looked_up:
            table = with_lines(table, file, lines)
        return table


def read_file(found: Recognised, file: LandedFile, account: Account, month: Period) -> FileRead:
    """The rows of a file for the month; raises `BadFileError` and `BadRowError`."""
    form = found.format
    refuse_rows_above(found)
    everything = _with_totals_below(found, sort_rows(found, file.left_out))
    refuse_fewer(found, everything)
    everything = _kept(form, everything, account)
    numeric = _numeric(found, account)
    refuse_unended(form, everything, [each.field for each in numeric], is_held=not found.is_broken_down)
    refuse_others(found, everything.data, account)
    styles = decide_styles(form, account, everything.having_numbers, numeric, found.header.language)
    numbers = {each.field: read_numbers(form, everything.data, each, styles[each.field]) for each in numeric}
    task = Task(found, account, month, everything.data, numbers)
    table = _table(task, numeric)
    refuse_impossible(task, table, file.landed_on)
    held = hold_totals(_summed(task, everything, numeric, styles))
    findings = (*_findings(task, held), *_beyond(task, table), *partly_said(task, table))
    table, rows = _of_month(task, table, everything.data)
    dropped = _with(everything.dropped, OTHER_MONTHS, len(everything.data) - len(rows))
    tally = FileTally(
        file.name, everything.counted, len(rows), sum(dropped.values()), rows_quarantined=len(file.left_out)
    )
    return FileRead(found, table, rows, tally, held.controls, findings, styles, dropped)


def _numeric(found: Recognised, account: Account) -> list[Numeric]:
    form = found.format
    currency = _currency_of(found, account)
    counts = fields_of_kind(found, "count")
    return [
        Numeric(name, form.rule(name), name in counts, name in form.spec.amounts, currency)
        for name in fields_of_kind(found, *NUMERIC)
        if not form.rule(name).always
    ]


def _currency_of(found: Recognised, account: Account) -> str | None:
    """The currency that the name of a column, the account or the first rows say."""
    return found.header.said.get("currency", account.currency_code or _currency_in(found))


def _currency_in(found: Recognised) -> str | None:
    """The currency that the first rows of a column name, where they all name one."""
    places = found.header.places.get("currency_code", ())
    cells = chain.from_iterable(map(found.first_cells, places))
    return only_one({*filter(CURRENCY.fullmatch, cells)})


def _table(task: Task, numeric: Sequence[Numeric]) -> pa.Table:
    if task.form.fact is None:
        return _looked_up(task)
    columns = {column.name: fact_values(task, column) for column in task.form.spec.read_columns}
    hold_signs(task.rows, numeric, columns.get("currency_code"))
    return pa.table(columns)


def _looked_up(task: Task) -> pa.Table:
    """The fields of rows that another format looks up."""
    names = dict.fromkeys([*present_fields(task.found), *task.form.standing_in])
    return pa.table({name: field_values(task, name) for name in names})


def _summed(
    task: Task, everything: Sorted, numeric: Sequence[Numeric], styles: Mapping[str, NumberStyle]
) -> Summed:
    keys = [*filterfalse(task.numbers.__contains__, everything.data.fields)]
    skipped = _of_several_kinds(numeric) if task.account.options.get("counted") else frozenset()
    is_broken_down = task.found.is_broken_down
    return Summed(task.form, everything, numeric, styles, task.numbers, keys, is_broken_down, skipped)


def _of_several_kinds(numeric: Sequence[Numeric]) -> frozenset[str]:
    """Counts of several kinds, of which the account takes some: the file's total is that of all."""
    return frozenset(each.field for each in numeric if each.rule.counted is not None)


def _of_month(task: Task, table: pa.Table, rows: Rows) -> tuple[pa.Table, Rows]:
    """The rows of the month; raises `BadFileError` where there are others and may be none."""
    dated = task.form.spec.dated
    if dated not in table.column_names:
        return table, rows
    days = table.column(dated).combine_chunks()
    is_in = pc.fill_null(pc.and_(*_bounds(days, task.month)), True)
    outside = first(is_in, False)
    if outside < 0:
        return table, rows
    if task.form.other_months == "refuse":
        raise _other_month(task, rows, dated, outside)
    _refuse_cut_elsewhere(task, rows, dated, days)
    return table.filter(is_in), rows.where(is_in)


def _refuse_cut_elsewhere(task: Task, rows: Rows, dated: str, days: pa.Array) -> None:
    """Raise `BadFileError` where a file ends, or begins, with the month as another time zone has it.

    Its last hours are of the next month in the account's zone: in the file of neither month would they count.
    """
    written = days_written(task, dated)
    if written is None:
        return
    is_written_in = pc.fill_null(pc.and_(*_bounds(written, task.month)), True)
    for is_beyond in map(pc.invert, _bounds(days, task.month)):
        beyond = pc.fill_null(is_beyond, False)
        index = first(beyond)
        if index >= 0 and pc.all(is_written_in.filter(beyond)).as_py():
            raise _other_month(task, rows, dated, index)


def _bounds(days: pa.Array, month: Period) -> tuple[pa.Array, pa.Array]:
    start, end = pa.scalar(month.start, pa.date32()), pa.scalar(month.end, pa.date32())
    return pc.greater_equal(days, start), pc.less(days, end)


def _other_month(task: Task, rows: Rows, dated: str, index: int) -> Exception:
    month, zone = task.month, task.account.time_zone
    column = dated if rows.has(dated) else str(task.form.rule(dated).copy_of)
    written = days_written(task, dated)
    if written is None or written[index].as_py() not in month:
        return rows.refusal(index, column, f"a day of {month}", hint=f"export {month} alone and rerun")
    return rows.refusal(
        index,
        dated,
        f"a time in {month} as {zone} counts its days",
        hint=f"export the month from midnight to midnight in {zone}, or name the zone that the platform "
        "cuts months in as the account's time_zone",
    )


def _findings(task: Task, held: Held) -> tuple[str, ...]:
    decoded = task.found.candidate.decoded
    found = {
        TOTALS_DIFFER: held.differs,
        NO_DAYS: _has_no_days(task),
        NAMES_DAMAGED: decoded is not None and decoded.damaged,
    }
    marked = filter(task.rows.has, task.form.marks)
    return (*compress(found, found.values()), *marked, *uncounted(task), *unsaid(task))


def _beyond(task: Task, table: pa.Table) -> Iterator[str]:
    """Whether all rows are later than the month, or earlier: then none of them says that it had none. So it
    is with the first days of a month in which a list of several begins.
    """
    dated = task.form.spec.dated
    if dated not in table.column_names or task.form.daily or not len(table):
        return
    first_day, last_day = pc.min_max(table.column(dated)).as_py().values()
    if first_day >= task.month.end:
        yield BEGINS_LATER
    if task.month.start < first_day < task.month.end <= last_day:
        yield BEGINS_WITHIN
    if last_day < task.month.start:
        yield ENDS_BEFORE


def _kept(form: Format, everything: Sorted, account: Account) -> Sorted:
    """Only the rows with the words that the format wants; the others are set aside before they are read.

    Without the column all rows have what the format says is there in its place, which is what it wants.
    """
    data = everything.data
    for name in filter(data.has, form.keep):
        found = words(data, name, form.rule(name), account)
        data = data.where(pc.fill_null(pc.equal(found, form.keep[name]), False))
    others, named = len(everything.data) - len(data), f"other than {', '.join(form.keep.values())}"
    return replace(everything, data=data, dropped=_with(everything.dropped, named, others))


def _with(dropped: Mapping[str, int], name: str, count: int) -> dict[str, int]:
    """What was dropped, and some rows more."""
    return dict(Counter(dropped) + Counter({name: count}))


def _has_no_days(task: Task) -> bool:
    """Whether the rows are of the whole month: it has no column with days, or one with its last day."""
    dated = task.form.spec.dated
    has_rows = len(task.rows) > 0
    return has_rows and not task.rows.has(dated) and _is_of_whole_month(task, task.form.rule(dated))


def _is_of_whole_month(task: Task, rule: FieldRule) -> bool:
    if not has_span(task, rule):
        return rule.take == "month" and only_day(task) is None
    return spans_month(task, *map(partial(field_values, task), map(str, (rule.copy_of, rule.until))))


def _with_totals_below(found: Recognised, everything: Sorted) -> Sorted:
    """A second table below the first, with some of its columns, whose rows are totals.

    Tables of something else, such as the events of a snapshot, are left alone. Raises `BadFileError` for more
    rows of the first table: below a blank row they would be lost without a word.
    """
    blocks = [*_blocks(found.format, everything.below)] if found.format.has_several_tables else []
    if lost := next(filter(partial(is_like_data, found), chain.from_iterable(blocks)), None):
        raise torn(found, lost)
    totals = next(chain.from_iterable(map(partial(_totals_of, found), blocks)), None)
    return everything if totals is None else replace(everything, under=(*everything.under, (_BELOW, totals)))


def _blocks(form: Format, below: Sequence[Record]) -> Iterator[list[Record]]:
    """The tables below the first, without lines that describe them: blank rows part them.

    One that says its days is no total of the first, but the same of another time.
    """
    for whole in _runs(below):
        block = [*filterfalse(attrgetter("is_remark"), whole)]
        if block and not any(map(partial(_says_days, form), whole)):
            yield block


def _runs(below: Sequence[Record]) -> Iterator[list[Record]]:
    """The rows between blank ones."""
    for _, run in groupby(enumerate(below), key=lambda each: each[1].row - each[0]):
        yield [record for _, record in run]


def _says_days(form: Format, record: Record) -> bool:
    return any(pattern.fullmatch(record.cells[0].strip('"')) for pattern in form.period)


def _totals_of(found: Recognised, block: Sequence[Record]) -> Iterator[Rows]:
    """The rows of a table as totals, if they can be any: each is of one channel, or whatever."""
    head, *records = block
    header = Header(head, Names(found.format).places(head.cells), found.header.language, {})
    _refuse_first_torn(found, header)
    rows = rows_of(found.file, header, records, header.places)
    numbers = fields_of_kind(replace(found, header=header), *NUMERIC)
    if numbers and _are_told_apart(rows, [*filterfalse(numbers.__contains__, header.places)]):
        yield rows


def _refuse_first_torn(found: Recognised, below: Header) -> None:
    """Raise `BadFileError` for more rows of the first table, and for a table with more columns than it has.

    The first would be that one's total. A table of its own begins with its header, which has no numbers.
    """
    has_numbers = any(map(_NUMBER.fullmatch, below.record.cells))
    is_wider = len(below.places) > len(found.header.places)
    if is_wider or (has_numbers and is_row(found, below.record)):
        raise torn(found, below.record)


def _are_told_apart(rows: Rows, keys: Sequence[str]) -> bool:
    """Whether there are rows, and no two of them with the same keys."""
    return bool(keys) and len(rows) > 0 and distinct_rows(rows.table, keys) == len(rows)


def refuse_doubles(parts: Sequence[FileRead]) -> None:
    """Raise `BadFileError` if two rows of the files have the same key."""
    key = parts[0].key
    tables = [part.table.select(key) for part in parts]
    second = row_twice(pa.concat_tables(tables), key) if key else None
    if second is not None:
        index, row = second
        begins = [0, *accumulate(map(len, tables))]
        at = bisect_right(begins, index) - 1
        raise _doubled(parts[at], key, index - begins[at], row)


def _doubled(part: FileRead, key: Sequence[str], index: int, row: Sequence[object]) -> BadFileError:
    expected = f"one row for each {', '.join(map(part.rows.header.name, key))}"
    found = f"a second one for {', '.join(map(str, row))}"
    if part.table.num_rows != len(part.rows):  # rows were added up: there is no single one
        return BadFileError(part.rows.file, expected=expected, found=found)
    telling = _telling_apart(part, key, row)
    if telling:
        hint = f"export the report without {telling!r} and rerun"
        return part.rows.refusal(index, key[-1], expected, f"{found}, told from it by {telling!r}", hint)
    return part.rows.refusal(index, key[-1], expected, found)


def _telling_apart(part: FileRead, key: Sequence[str], row: Sequence[object]) -> str:
    """The column without a field by which rows of one key differ, such as a breakdown that is not known."""
    doubles = pa.array([each == row for each in rows_in(part.table, key)], pa.bool_())
    return next(telling_apart(part.found, part.rows, doubles), "")


def merged(read: FileRead) -> FileRead:
    """The rows of a file, those with the same key added up, or alike ones once, where the format says so.

    Rows with the same key that are not alike stay two: `refuse_doubles` refuses them.
    """
    key = _alike(read)
    return _grouped(read, key) if key and read.table.num_rows else read


def _alike(read: FileRead) -> Sequence[str]:
    """The columns that are the same in rows which are one; none where each row stays as it is."""
    form = read.found.format
    if is_added_up(read.found):
        return read.key
    is_once = form.same_key == "first" and form.fact is not None
    return read.table.column_names if is_once else ()


def _grouped(read: FileRead, key: Sequence[str]) -> FileRead:
    if distinct_rows(read.table, key) == read.table.num_rows:
        return read
    others = [name for name in read.table.column_names if name not in key]
    how = [*map(partial(_how, read.table), others), (LINE, "list")]
    with_numbers = read.table.append_column(LINE, read.rows.numbers)
    grouped = with_numbers.group_by(list(key), use_threads=False).aggregate(how)
    renamed = grouped.rename_columns([*key, *others, LINE])
    table = renamed.select(read.table.column_names).cast(read.table.schema)
    return replace(read, table=table, lines=renamed[LINE].combine_chunks())


def is_added_up(found: Recognised) -> bool:
    """Whether rows with the same key are parts of one: the file has a column below the fact's grain."""
    is_parted = not found.header.places.keys().isdisjoint(found.format.parted_by)
    return found.is_broken_down or is_parted or found.format.same_key == "add"


def _how(table: pa.Table, name: str) -> tuple[str, str]:
    """How the values of a column become one."""
    kind = table.schema.field(name).type
    return name, "sum" if pa.types.is_decimal(kind) or pa.types.is_integer(kind) else "first"

"""A file read by its format: rows of a fact, an account of every row, totals held, findings named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import words
from etl.formats.definition import Format, RowRule
from etl.formats.fields import (
    NUMERIC,
    Task,
    field_values,
    kind_of_field,
    present_fields,
    spans_month,
)
from etl.formats.numbers import hold_signs, read_numbers
from etl.formats.recognition import Header, Names, Recognised
from etl.formats.rows import LABEL, Rows, Sorted, is_row, refuse_unended, sort_rows, torn
from etl.formats.signs import refuse_others
from etl.formats.styling import Numeric, decide_styles
from etl.formats.totals import TOTALS_DIFFER, Summed, hold_totals
from etl.landing import LandedFile
from etl.reading.lines import with_lines
from etl.reading.records import Record
from etl.reading.styles import NumberStyle
from scoring.errors import BadFileError
from scoring.period import Period
from warehouse.conformed import Control, FileTally
from warehouse.facts import FactSpec, fact_catalog

NO_DAYS, NAMES_DAMAGED = "no_days", "names_damaged"
OTHER_MONTHS = "other months"
_LINE = "line of the file"
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
    def table_with_lines(self) -> pa.Table:
        """The table, and in further columns where its rows stand."""
        candidate = self.found.candidate
        numbers = self.rows.numbers if self.lines is None else self.lines
        table = with_lines(self.table, self.rows.file, numbers, candidate.part or None)
        for file, lines in self.looked_up:
            table = with_lines(table, file, lines)
        return table


def read_file(found: Recognised, file: LandedFile, account: Account, month: Period) -> FileRead:
    """The rows of a file for the month; raises `BadFileError` and `BadRowError`."""
    form = found.format
    everything = _with_totals_below(found, sort_rows(found, file.left_out))
    everything = _kept(form, everything, account)
    refuse_unended(form, everything, file.name)
    refuse_others(found, everything.data, account)
    numeric = _numeric(found, account)
    counted = [rows for rule, rows in everything.under if rule.drop is None]
    styles = decide_styles(
        form, account, [everything.data, everything.apart, *counted], numeric, found.header.language
    )
    task = Task(found, account, month, everything.data, styles)
    numbers = {each.field: read_numbers(form, everything.data, each, styles[each.field]) for each in numeric}
    table = _table(task, numbers)
    keys = [name for name in everything.data.table.column_names if name not in numbers and name[0] != LABEL]
    summed = Summed(form, everything, numeric, styles, numbers, keys, found.is_broken_down)
    held = hold_totals(summed, _uncontrolled(task, numeric))
    table, rows, others = _of_month(task, table, everything.data)
    dropped = dict(everything.dropped) | ({OTHER_MONTHS: others} if others else {})
    tally = FileTally(
        file.name, everything.counted, len(rows), sum(dropped.values()), rows_quarantined=len(file.left_out)
    )
    findings = _findings(task, held.differing)
    return FileRead(found, table, rows, tally, held.controls, findings, styles, dropped)


def _numeric(found: Recognised, account: Account) -> list[Numeric]:
    form = found.format
    amounts = fact_catalog()[form.fact].amounts if form.fact else ()
    currency = found.header.said.get("currency", account.currency_code)
    return [
        Numeric(name, form.rule(name), kind == "count", name in amounts, currency)
        for name in present_fields(found)
        if (kind := kind_of_field(form, name)) in NUMERIC
    ]


def _table(task: Task, numbers: Mapping[str, pa.Array]) -> pa.Table:
    if task.form.fact is None:
        return _looked_up(task, numbers)
    spec = fact_catalog()[task.form.fact]
    columns = {column.name: field_values(task, column.name, numbers, column) for column in spec.read_columns}
    if spec.amounts and "currency_code" in columns:
        money = [each for each in _numeric(task.found, task.account) if each.is_money]
        hold_signs(task.rows, money, columns["currency_code"])
    return pa.table(columns)


def _looked_up(task: Task, numbers: Mapping[str, pa.Array]) -> pa.Table:
    """The fields of rows that another format looks up."""
    stands_in = [name for name, rule in task.form.fields.items() if rule.stands_in]
    names = dict.fromkeys([*present_fields(task.found), *stands_in])
    return pa.table({name: field_values(task, name, numbers, None) for name in names})


def _uncontrolled(task: Task, numeric: Sequence[Numeric]) -> frozenset[str]:
    """Counts of several kinds, of which the account takes some: the file's total is that of all."""
    return frozenset(
        each.field
        for each in numeric
        if each.rule.counted is not None and task.account.options.get("counted")
    )


def _of_month(task: Task, table: pa.Table, rows: Rows) -> tuple[pa.Table, Rows, int]:
    """The rows of the month, and how many of others there were; raises `BadFileError` where none may be."""
    form = task.form
    dated = fact_catalog()[form.fact].dated if form.fact else None
    if dated is None or dated not in table.column_names:
        return table, rows, 0
    days = table.column(dated).combine_chunks()
    is_in = pc.fill_null(pc.and_(*_bounds(days, task.month)), True)
    outside = len(rows) - (pc.sum(is_in).as_py() or 0)
    if not outside:
        return table, rows, 0
    if form.other_months == "refuse":
        raise _other_month(task, rows, dated, pc.index(is_in, pa.scalar(False)).as_py())
    return table.filter(is_in), rows.where(is_in), outside


def _bounds(days: pa.Array, month: Period) -> tuple[pa.Array, pa.Array]:
    first, end = pa.scalar(month.start, pa.date32()), pa.scalar(month.end, pa.date32())
    return pc.greater_equal(days, first), pc.less(days, end)


def _other_month(task: Task, rows: Rows, dated: str, index: int) -> Exception:
    month, zone = task.month, task.account.time_zone
    if task.form.rule(dated).zone is None:
        return rows.refusal(index, dated, f"a day of {month}")
    return rows.refusal(
        index,
        dated,
        f"a time in {month} as {zone} counts its days",
        hint=f"export the month from midnight to midnight in {zone}, or name the zone that the platform "
        "cuts months in as the account's time_zone",
    )


def _findings(task: Task, differing: Sequence[str]) -> tuple[str, ...]:
    found = [TOTALS_DIFFER] if differing else []
    dated = fact_catalog()[task.form.fact].dated if task.form.fact else ""
    if _has_no_days(task, dated):
        found.append(NO_DAYS)
    decoded = task.found.candidate.decoded
    if decoded is not None and decoded.damaged:
        found.append(NAMES_DAMAGED)
    return (*found, *_unsaid(task))


def _unsaid(task: Task) -> Iterator[str]:
    """What the file does not say and a constant stands for."""
    for name, rule in task.form.fields.items():
        if rule.finding is not None and not task.rows.has(name):
            yield rule.finding


def _kept(form: Format, everything: Sorted, account: Account) -> Sorted:
    """Only the rows with the words that the format wants; the others are set aside before they are read."""
    data, own = everything.data, account.options.get("words", {})
    for name, wanted in form.keep.items():
        found = words(data, name, form.rule(name), own.get(name, {}))
        data = data.where(pc.fill_null(pc.equal(found, wanted), False))
    others = len(everything.data) - len(data)
    dropped = {
        **everything.dropped,
        **({f"other than {', '.join(form.keep.values())}": others} if others else {}),
    }
    return replace(everything, data=data, dropped=dropped)


def _has_no_days(task: Task, dated: str) -> bool:
    """Whether the rows are of the whole month: it has no column with days, or one with its last day."""
    rule = task.form.rule(dated)
    if task.rows.has(dated) or not len(task.rows):
        return False
    if rule.until is None or not task.rows.has(rule.until) or rule.copy_of is None:
        return rule.take == "month"
    first, last = (field_values(task, name, {}, None) for name in (rule.copy_of, rule.until))
    return spans_month(task, first, last)


def _with_totals_below(found: Recognised, everything: Sorted) -> Sorted:
    """A second table below the first, with some of its columns, whose rows are totals.

    Tables of something else, such as the events of a snapshot, are left alone. Raises `BadFileError` for more
    rows of the first table: below a blank row they would be lost without a word.
    """
    if found.format.below != "totals":
        return everything
    for block in _blocks(everything.below):
        # a table of its own begins with its header, which has no numbers
        if is_row(found, block[0]) and any(map(_NUMBER.fullmatch, block[0].cells)):
            raise torn(found, block[0])
        rows = _totals_of(found, everything.data.file, block)
        if rows is not None:
            return replace(everything, under=(*everything.under, (_BELOW, rows)))
    return everything


def _blocks(below: Sequence[Record]) -> Iterator[list[Record]]:
    """The tables below the first, without lines that describe them: blank rows part them."""
    block: list[Record] = []
    last = None
    for record in below:
        if block and record.row != last:
            yield block
            block = []
        if not record.cells[0].startswith("#"):
            block.append(record)
        last = record.row + 1
    if block:
        yield block


def _totals_of(found: Recognised, file: str, block: Sequence[Record]) -> Rows | None:
    """The rows of a table as totals, None where they cannot be any: each is of one channel, or whatever."""
    head, *records = block
    places = Names(found.format).places(head.cells)
    keys = [name for name in places if kind_of_field(found.format, name) not in NUMERIC]
    if not records or len(keys) not in range(1, len(places)):
        return None
    table = _table_of(records, places)
    if table.group_by(keys, use_threads=False).aggregate([]).num_rows != len(records):
        return None
    header = Header(head, places, found.header.language, {})
    return Rows(file, table, pa.array([each.row for each in records], pa.int64()), header, {})


def _table_of(records: Sequence[Record], places: Mapping[str, tuple[int, ...]]) -> pa.Table:
    columns = {name: [_cell(record, place) for record in records] for name, (place, *_) in places.items()}
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _cell(record: Record, place: int) -> str:
    return record.cells[place] if place < len(record.cells) else ""


def refuse_doubles(fact: FactSpec, parts: Sequence[FileRead]) -> None:
    """Raise `BadFileError` if two rows of the files have the same key."""
    key = [name for name in fact.grain if name in parts[0].table.column_names]
    if not key:
        return
    whole = pa.concat_tables([part.table.select(key) for part in parts])
    # other threads are busy: the previous slice is being written to the warehouse
    if whole.group_by(key, use_threads=False).aggregate([([], "count_all")]).num_rows == whole.num_rows:
        return
    raise _second_of_a_key(key, parts)


def _second_of_a_key(key: Sequence[str], parts: Sequence[FileRead]) -> BadFileError:
    seen: set[tuple[object, ...]] = set()
    for part in parts:
        for index, row in enumerate(zip(*(part.table[name].to_pylist() for name in key), strict=True)):
            if row in seen:
                return _doubled(part, key, index, row)
            seen.add(row)
    raise AssertionError("there is a key that stands twice")


def _doubled(part: FileRead, key: Sequence[str], index: int, row: Sequence[object]) -> BadFileError:
    expected = f"one row for each {', '.join(map(part.rows.header.name, key))}"
    found = f"a second one for {', '.join(map(str, row))}"
    if part.table.num_rows != len(part.rows):  # rows were added up: there is no single one
        return BadFileError(part.rows.file, expected=expected, found=found)
    return part.rows.refusal(index, key[-1], expected, found)


def merged(read: FileRead) -> FileRead:
    """The rows of a file, those with the same key added up, or alike ones once, where the format says so.

    Rows with the same key that are not alike stay two: `refuse_doubles` refuses them.
    """
    form, table = read.found.format, read.table
    how_to = "add" if is_added_up(read.found) else form.same_key
    if form.fact is None or how_to == "refuse":
        return read
    grain = fact_catalog()[form.fact].grain if how_to == "add" else table.column_names
    key = [name for name in grain if name in table.column_names]
    return read if not key or not table.num_rows else _grouped(read, key)


def _grouped(read: FileRead, key: Sequence[str]) -> FileRead:
    others = [name for name in read.table.column_names if name not in key]
    how = [*((name, _how(read.table, name)) for name in others), (_LINE, "list")]
    with_numbers = read.table.append_column(_LINE, read.rows.numbers)
    # other threads are busy: the previous slice is being written to the warehouse
    grouped = with_numbers.group_by(list(key), use_threads=False).aggregate(how)
    if grouped.num_rows == read.table.num_rows:
        return read
    renamed = grouped.rename_columns([*key, *others, _LINE])
    table = renamed.select(read.table.column_names).cast(read.table.schema)
    return replace(read, table=table, lines=renamed[_LINE].combine_chunks())


def is_added_up(found: Recognised) -> bool:
    """Whether rows with the same key are parts of one: the file has a column below the fact's grain."""
    is_parted = any(name in found.header.places for name in found.format.parted_by)
    return found.is_broken_down or is_parted or found.format.same_key == "add"


def _how(table: pa.Table, name: str) -> str:
    kind = table.schema.field(name).type
    return "sum" if pa.types.is_decimal(kind) or pa.types.is_integer(kind) else "first"


def row_counts(reads: Sequence[FileRead]) -> Mapping[str, int]:
    """How many rows went under each rule, over all files."""
    counted: Counter[str] = Counter()
    for each in reads:
        counted.update(each.dropped)
    return dict(counted)

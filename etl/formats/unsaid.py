"""What a file does not say: a column that measures are made of, or in some of its rows what goes in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.cells import Task
from etl.formats.columns import of_each_cell, only_one
from etl.formats.definition import FieldRule
from etl.formats.kinds import of_named_kinds
from warehouse.catalog import finding_in_part, finding_without, unsaid_by


def unsaid(task: Task) -> Iterator[str]:
    """The columns that it lacks: a constant stands for one, or measures that need it have no figure."""
    form = task.form
    for name, rule in form.fields.items():
        if rule.finding is not None and not task.rows.has(name):
            yield rule.finding
    looked_up = {*(form.join.take if form.join else ())}
    for name in sorted({column.name for column in form.spec.read_columns} - looked_up):
        if finding_without(name) in unsaid_by(str(form.fact)) and not _says(task, name):
            yield finding_without(name)


def _says(task: Task, name: str) -> bool:
    """Whether there is a column of a field, or of one that stands in for it."""
    rule = task.form.rule(name)
    if task.rows.has(name) or rule.constant is not None or rule.take is not None:
        return True
    others = filter(None, (rule.copy_of, *rule.made_of, *rule.sum_of))
    return any(map(partial(_says, task), others)) or only_one_said(task, rule) is not None


def only_one_said(task: Task, rule: FieldRule) -> str | None:
    """The field that counts of those of which only one does; None where the file has none of them, or two.

    Where the account names kinds that count, the others do not stand in its way.
    """
    return only_one([*filter(partial(_says, task), of_named_kinds(task.account, rule.one_of))])


def partly_said(task: Task, table: pa.Table) -> Iterator[str]:
    """The columns without a value in some rows that should have one, such as the day of a won lead.

    Rows of earlier months that a later day may still move into this one tell, too.
    """
    counts = _may_count(task, table)
    for name, rule in task.form.fields.items():
        if (
            rule.due
            and _says(task, name)
            and pc.any(pc.and_(counts, _is_due(task, table, name, rule))).as_py()
        ):
            yield finding_in_part(name)


def _is_due(task: Task, table: pa.Table, name: str, rule: FieldRule) -> pa.Array:
    """Which rows have the words with which the field has a value, and do not have it."""
    found = pc.is_null(table.column(name).combine_chunks())
    for field, word in rule.due.items():
        found = pc.and_(found, _with_word(task, field, word))
    return found


def _with_word(task: Task, field: str, word: str) -> pa.Array:
    """Which rows have a word of this meaning; one that nobody knows has another, or none."""
    if not task.rows.has(field):
        return pa.repeat(pa.scalar(False), len(task.rows))
    return pc.fill_null(of_each_cell(task.rows.column(field), _meaning(task, field, word), pa.bool_()), False)


def _meaning(task: Task, field: str, word: str) -> partial[bool]:
    said = task.account.options.get("words", {}).get(field, {})
    own = {cell.casefold(): meaning for meaning, cells in said.items() for cell in cells}
    known = [re.compile(each, re.IGNORECASE) for each in task.form.rule(field).words.get(word, ())]
    return partial(_means, word=word, own=own, known=known)


def _means(cell: str, word: str, own: dict[str, str], known: list[re.Pattern[str]]) -> bool:
    """Whether a cell means the word: the account's own words before those of the format."""
    meaning = own.get(cell.casefold())
    return meaning == word or (meaning is None and any(each.fullmatch(cell) for each in known))


def _may_count(task: Task, table: pa.Table) -> pa.Array:
    """Which rows may count in the month: its own, and those of the months that it looks back to."""
    dated = task.form.spec.dated
    if dated not in table.column_names:
        return pa.repeat(pa.scalar(True), len(table))
    days = table.column(dated).combine_chunks()
    first = task.month.shift(-task.form.lookback_months).start
    start, end = pa.scalar(first, pa.date32()), pa.scalar(task.month.end, pa.date32())
    return pc.and_(pc.greater_equal(days, start), pc.less(days, end))

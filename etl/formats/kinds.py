"""Counts of several kinds, such as results of ad sets: which the account counts, and which it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from etl.account import Account
from etl.formats.cells import Task
from etl.formats.columns import first, none_of, of_each_cell, rows_in
from etl.formats.definition import FieldRule
from etl.formats.rows import Rows
from scoring.evidence import KINDS_LEFT_OUT
from warehouse.catalog import parted, with_reason

NOTHING_COUNTED = "nothing_counted"
_NAMED = 5


def of_wanted_kinds(task: Task, name: str, rule: FieldRule, values: pa.Array) -> pa.Array:
    """Only counts of the kinds that the account names; without them, all must be of one kind."""
    if not task.rows.has(rule.counted):
        return values
    kinds, wanted = task.rows.column(str(rule.counted)), _wanted(task)
    if wanted:
        return pc.if_else(_is_wanted(kinds, wanted), values, pa.scalar(None, values.type))
    _refuse_unlike(task.rows, name, kinds, kinds.filter(pc.not_equal(values, pa.scalar(0, values.type))))
    return values


def of_named_kinds(account: Account, fields: Iterable[str]) -> Iterator[str]:
    """The fields of a kind that the account names, as `leads` is of `lead`; all where it names none."""
    words = [*map(str.casefold, account.options.get("counted", ()))]
    for field in fields:
        named = re.compile(rf"(?:.*[.:_ ])?{re.escape(field.removesuffix('s'))}s?")
        if not words or any(map(named.fullmatch, words)):
            yield field


def _wanted(task: Task) -> Any:
    """The kinds that the account names, if it names any."""
    return task.account.options.get("counted")


def _refuse_unlike(rows: Rows, name: str, kinds: pa.Array, counted: pa.Array) -> None:
    """Raise `BadFileError` for counts of unlike kinds: they have no common sum."""
    known = pc.unique(counted.drop_null()).to_pylist()
    if len(known) > 1:
        raise rows.refusal(
            first(kinds, known[1]),
            name,
            "results of one kind, which alone have a common sum",
            " and ".join(map(repr, known[:3])),
            "name the kinds that count with `counted` at the account in sources.yaml and rerun",
        )


def _is_wanted(kinds: pa.Array, wanted: Iterable[str]) -> pa.Array:
    """Which kinds are named, whole or by their last word, such as `lead`."""
    ends = "|".join(re.escape(word.casefold()) for word in wanted)
    named = re.compile(rf"(?:.*[.:_])?(?:{ends})", re.DOTALL)
    return of_each_cell(kinds, lambda kind: bool(named.fullmatch(kind.casefold())), pa.bool_())


def uncounted(task: Task) -> Iterator[str]:
    """What is told of results of kinds that the account does not name: it may name one wrongly."""
    chosen = task.numbers if _wanted(task) else ()
    for name in filter(partial(_has_kinds, task), chosen):
        yield from _told(_left_out(task, name), _results(task, name))


def uncounted_words(findings: Iterable[str]) -> Iterator[str]:
    """The same for whoever runs or tries: which kinds are left out, and where to say that they count."""
    for code, reason in map(parted, findings):
        if code == KINDS_LEFT_OUT:
            yield f"results of kinds that `counted` of the account does not name are left out: {reason}"


def _has_kinds(task: Task, name: str) -> bool:
    return bool(task.rows.has(task.form.rule(name).counted))


def _results(task: Task, name: str) -> pa.Table:
    """The kind of each row with results, and how many they are."""
    kinds = pc.fill_null(none_of(task.rows.column(str(task.form.rule(name).counted))), "-")
    table = pa.table({"kind": kinds, "results": task.numbers[name]})
    return table.filter(pc.fill_null(pc.not_equal(task.numbers[name], 0), False))


def _left_out(task: Task, name: str) -> pa.Table:
    """The same of the kinds that do not count."""
    table = _results(task, name)
    kinds = table["kind"].combine_chunks()
    return table.filter(pc.invert(_is_wanted(kinds, _wanted(task))))


def _told(left: pa.Table, results: pa.Table) -> Iterator[str]:
    if len(left) == len(results) > 0:
        yield NOTHING_COUNTED
    if len(left):
        yield with_reason(KINDS_LEFT_OUT, _listed(left))


def _listed(left: pa.Table) -> str:
    """The kinds with the most results, each with how many: `actions:onsite_conversion.lead_grouped (310)`."""
    sums = left.group_by("kind", use_threads=False).aggregate([("results", "sum")])
    most = sums.sort_by([("results_sum", "descending"), ("kind", "ascending")])
    shown = [f"{kind} ({count.normalize():f})" for kind, count in rows_in(most, ("kind", "results_sum"))]
    return ", ".join([*shown[:_NAMED], *(["…"] * (len(shown) > _NAMED))])

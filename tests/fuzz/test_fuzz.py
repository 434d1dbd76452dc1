"""A short campaign of changed files, and that it sees a reader that loses, adds or misreads; `script/fuzz` is the long one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from etl.formats import numbers
from etl.formats.source import FormatSource
from tests.fuzz import children, csvs, json_lines, workbooks
from tests.fuzz.adding import AGREES, DIFFERS, UNJUDGED, Text, judge
from tests.fuzz.campaign import KINDS, run
from tests.fuzz.children import Make, watch
from tests.fuzz.counting import counted, table
from tests.fuzz.numbers import number, of_workbook
from tests.fuzz.reading import json_records
from tests.fuzz.seeds import seeds
from warehouse.conformed import Conformed

CSVS, WEAKENED = 200, 40


def test_changed_files_are_refused_or_read_as_they_say(record_property):
    found = list(run(CSVS, seed=26))
    record_property("counted", table(found))
    assert [fault for counts in found for fault in counts.faults] == []
    assert [counts.kind for counts in found] == list(KINDS)
    for counts in found[:3]:
        read_ones = counts.words["read"]
        assert counts.words["refused"] > 0 < read_ones
        assert counts.verdicts[AGREES] > 0.9 * read_ones > 0
        assert counts.verdicts[UNJUDGED] < 0.1 * read_ones


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_what_is_not_changed_is_read_as_it_says(tmp_path, seed):
    sound = seed.table(Random(1))
    case = csvs.Case(seed.name, "", seed.account, seed.form, sound.content(), sound)
    assert case.judge(case.put_through(tmp_path)) == (AGREES, "")


def test_there_are_sound_exports_of_many_formats():
    assert len({seed.form for seed in seeds()}) > 40
    assert len({seed.account.source for seed in seeds()}) > 20


def _without_a_row(conformed: Conformed) -> Conformed:
    """A row called one that is set aside."""
    ((fact, read_rows),) = conformed.tables.items()
    (lines,) = conformed.lines[fact]
    (tally,) = conformed.tallies
    lost = pc.list_value_length(lines.rows)[0].as_py() if pa.types.is_list(lines.rows.type) else 1
    return replace(
        conformed,
        tables={fact: read_rows[1:]},
        lines={fact: (replace(lines, rows=lines.rows[1:]),)},
        tallies=(
            replace(tally, rows_used=tally.rows_used - lost, rows_set_aside=tally.rows_set_aside + lost),
        ),
    )


def _one_row_fewer(conformed: Conformed) -> Conformed:
    """A row of which nobody says a word."""
    less = _without_a_row(conformed)
    (tally,), (before,) = less.tallies, conformed.tallies
    gone = before.rows_used - tally.rows_used
    return replace(
        less,
        tallies=(replace(tally, rows_in=tally.rows_in - gone, rows_set_aside=tally.rows_set_aside - gone),),
    )


def _a_cent_more(conformed: Conformed) -> Conformed:
    """An amount that is not quite the one in the file."""
    ((fact, read_rows),) = conformed.tables.items()
    for at, column in enumerate(read_rows.schema):
        if pa.types.is_decimal(column.type) and read_rows[column.name].null_count < read_rows.num_rows:
            more = pc.add(read_rows[column.name], pa.scalar(1, pa.decimal128(3, 2))).cast(column.type)
            return replace(conformed, tables={fact: read_rows.set_column(at, column, more)})
    return conformed


def _weakened(weaken: Callable[[Conformed], Conformed]) -> Callable[..., Conformed]:
    sound = FormatSource.read

    def read_weakly(*args: object) -> Conformed:
        conformed = sound(*args)  # type: ignore[arg-type]
        return weaken(conformed) if next(iter(conformed.tables.values())).num_rows else conformed

    return read_weakly


@pytest.mark.parametrize("make", [csvs.case, workbooks.case])
@pytest.mark.parametrize("weaken", [_without_a_row, _one_row_fewer, _a_cent_more])
def test_a_weakened_reader_is_found_out(monkeypatch, make: Make, weaken):
    monkeypatch.setattr(FormatSource, "read", _weakened(weaken))
    counts = counted("", watch(make, range(WEAKENED), seed=1))
    assert counts.verdicts[DIFFERS] > counts.verdicts[AGREES]
    assert counts.faults


def test_a_misread_sign_between_thousands_is_found_out(monkeypatch):
    sound = numbers.plain_decimals
    cut = r"^[0-9]{1,3},"
    monkeypatch.setattr(
        numbers,
        "plain_decimals",
        lambda cells, style: sound(pc.replace_substring_regex(cells, cut, ""), style),
    )
    assert counted("", watch(csvs.case, range(WEAKENED), seed=1)).verdicts[DIFFERS]


class _Case:
    """A case that does what its number says."""

    name, how, items = "a case", "", 1

    def __init__(self, number: int) -> None:
        self.number = number

    def put_through(self, _: object) -> int:
        if self.number == 1:
            raise KeyError("sheet1")
        if self.number == 2:
            raise SystemExit(3)
        if self.number == 3:
            return len(bytearray(600 * 2**20))
        if self.number == 4:
            return len(bytearray(3 * 2**30))
        while self.number == 6:
            pass
        return 0

    def judge(self, _: object) -> tuple[str, str]:
        return (DIFFERS, "lost") if self.number == 5 else (AGREES, "")


def test_the_watch_sees_tracebacks_memory_hangs_and_losses_and_goes_on(monkeypatch):
    monkeypatch.setattr(children, "KILLED_AFTER", 10)  # a busy machine may take seconds for 600 MiB
    counts = counted("", watch(lambda number, _: _Case(number), range(8), seed=1))
    assert (counts.words["traceback"], counts.large, counts.verdicts[DIFFERS]) == (3, 1, 1)
    assert (counts.words["died"], counts.items, len(counts.faults)) == (1, 8, 6)


def test_a_case_is_the_same_for_the_same_seed_and_number():
    for make in (csvs.case, json_lines.case):
        first, again = ([make(number, 3).content for number in range(20)] for _ in range(2))
        assert first == again
        assert len(set(first)) > 15


@pytest.mark.parametrize(
    ("cell", "style", "value"),
    [
        ("1,234.50", "english", "1234.5"),
        ("12,34,567", "english", "1234567"),
        ("1.234,50", "german", "1234.5"),
        ("1\u202f234,5", "french", "1234.5"),
        ("1’234.5", "swiss", "1234.5"),
        ("(1,234)", "english", "-1234"),
        ("−5 €", "english", "-5"),
        ("1.2万", "english", "12000"),
        ("1,23", "english", None),
        ("0123,456", "english", None),
        ("1.234,50", "english", None),
        ("", "english", None),
        ("5%", "english", None),
    ],
)
def test_numbers_are_read_as_a_person_reads_them(cell, style, value):
    found = number(cell, style)
    assert (None if found is None else f"{found.normalize():f}") == value


def test_a_workbook_keeps_fifteen_digits():
    assert of_workbook("0.30000000000000004") == of_workbook("0.3")
    assert of_workbook("nan") is None


def test_json_lines_are_judged_like_any_other_table(tmp_path):
    (which,) = (each for each in seeds() if each.name == "google_ads_table_campaigns table")
    sound = which.table(Random(3))
    conformed = csvs.read_one("", sound.content(), which.account, tmp_path)
    objects = [dict(zip(sound.header, cells, strict=True)) for cells in sound.written()]
    for more, verdict in ((0, AGREES), (1, DIFFERS)):
        objects[0]["impressions"] = str(int(objects[0]["impressions"]) + more)
        lines = "\n".join(map(json.dumps, objects)).encode()
        assert judge(conformed, Text(json_records(lines)), which.account.source, which.form)[0] == verdict

"""Slices are replaced whole, once, and alone."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disk.errors import BusyError
from scoring.errors import DataError, UsageError
from scoring.period import Period
from warehouse import (
    Content,
    RowCounts,
    Slice,
    contents_in,
    create_schema,
    load_history,
    load_records,
    open_warehouse,
    replace_slices,
)
from warehouse import loading as loading_module
from warehouse.conformed import FileTally, QuarantinedRow

OCTOBER = Period(2026, 10)
SEPTEMBER = OCTOBER.shift(-1)
ALL_SALES = "select entity, slice_month, order_id, amount from fct_sale order by 1, 2, 3"


def sale(order_id, amount="10", day=date(2026, 10, 5)):
    return {"order_id": order_id, "amount": Decimal(amount), "order_date": day, "currency_code": "EUR"}


def test_a_slice_is_replaced_and_its_neighbours_stay(warehouse, slice_of, select):
    first = [
        slice_of("sales", {"fct_sale": [sale("A"), sale("B")]}),
        slice_of("sales", {"fct_sale": [sale("C", day=date(2026, 9, 5))]}, month=SEPTEMBER),
        slice_of("sales", {"fct_sale": [sale("D")]}, entity="other"),
    ]
    assert replace_slices(warehouse, first) == 3
    changed = slice_of("sales", {"fct_sale": [sale("B", "11"), sale("E")]}, content="2")
    assert replace_slices(warehouse, [changed]) == 1
    assert [(entity, order, str(amount)) for entity, _, order, amount in select(warehouse, ALL_SALES)] == [
        ("acme", "C", "10.000000"),
        ("acme", "B", "11.000000"),
        ("acme", "E", "10.000000"),
        ("other", "D", "10.000000"),
    ]


def test_the_same_content_by_the_same_reader_does_nothing(warehouse, slice_of, select):
    load = slice_of("sales", {"fct_sale": [sale("A")]})
    assert [replace_slices(warehouse, [load]) for _ in range(3)] == [1, 0, 0]
    newer = slice_of("sales", {"fct_sale": [sale("A")]}, version="2")
    assert replace_slices(warehouse, [newer]) == 1
    assert len(select(warehouse, ALL_SALES)) == 1
    assert contents_in(warehouse, [OCTOBER]) == {
        Slice("sales", "acme", OCTOBER): Content("1", "2", "schema", "account")
    }


def test_an_emptied_slice_is_empty_and_still_on_record(warehouse, slice_of, select):
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("A")]})])
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": []}, content="2")])
    assert select(warehouse, ALL_SALES) == []
    assert [record.month for record in load_records(warehouse, [OCTOBER])] == [OCTOBER]


def test_every_load_of_a_slice_stays_in_the_history(warehouse, slice_of):
    for content in ("1", "2", "2", "3"):
        replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("A")]}, content=content)])
    history = load_history(warehouse, [OCTOBER])
    assert [(record.vintage, record.content.sha256) for record in history] == [(1, "1"), (2, "2"), (3, "3")]
    assert load_records(warehouse, [OCTOBER]) == history[-1:]
    assert history[-1].facts == {"fct_sale": 1}


@pytest.mark.parametrize(
    ("tally", "reasons"),
    [
        (FileTally("a.csv", rows_in=3, rows_used=1, rows_set_aside=1), 0),
        (FileTally("a.csv", rows_in=2, rows_used=1, rows_set_aside=0, rows_quarantined=1), 0),
        (FileTally("a.csv", rows_in=1, rows_used=1, rows_set_aside=0), 1),
    ],
)
def test_a_load_in_which_a_row_went_nowhere_is_refused(warehouse, slice_of, select, tally, reasons):
    load = slice_of("sales", {"fct_sale": [sale("A")]})
    quarantined = (QuarantinedRow("a.csv", 3, "Amount", "an amount", "'x'"),) * reasons
    load = replace(load, conformed=replace(load.conformed, tallies=(tally,), quarantined=quarantined))
    with pytest.raises(DataError, match=r"sales/acme 2026-10: expected the \d rows of a\.csv to be loaded"):
        replace_slices(warehouse, [load])
    assert select(warehouse, ALL_SALES) == []


def test_what_a_load_set_apart_is_kept_with_its_reason_until_the_next_load(warehouse, slice_of, select):
    load = slice_of("sales", {"fct_sale": [sale("A")]})
    tally = FileTally("a.csv", rows_in=2, rows_used=1, rows_set_aside=0, rows_quarantined=1)
    quarantined = (QuarantinedRow("a.csv", 3, "Amount", "an amount", "'x'"),)
    replace_slices(
        warehouse,
        [replace(load, conformed=replace(load.conformed, tallies=(tally,), quarantined=quarantined))],
    )
    kept = "select file_name, row_number, column_name, expected, found from quarantine"
    assert select(warehouse, kept) == [("a.csv", 3, "Amount", "an amount", "'x'")]
    assert load_records(warehouse, [OCTOBER])[0].rows == RowCounts(2, 1, 1, 0)
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("A")]}, content="2")])
    assert select(warehouse, kept) == []


def test_an_order_in_two_months_is_refused_and_the_slice_stays_as_it_was(warehouse, slice_of, select):
    replace_slices(
        warehouse,
        [
            slice_of("sales", {"fct_sale": [sale("A")]}, month=SEPTEMBER),
            slice_of("sales", {"fct_sale": [sale("B")]}),
        ],
    )
    before = select(warehouse, ALL_SALES)
    with pytest.raises(
        DataError, match=r"sales/acme 2026-10: expected each order_id in one month only, found 'A'"
    ):
        replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("C"), sale("A")]}, content="2")])
    assert select(warehouse, ALL_SALES) == before
    assert contents_in(warehouse, [OCTOBER])[Slice("sales", "acme", OCTOBER)] == Content(
        "1", "1", "schema", "account"
    )


@pytest.mark.parametrize("to_earlier", [True, False])
def test_an_order_that_a_late_export_moves_to_another_month_moves(warehouse, slice_of, select, to_earlier):
    def both(september, october, content):
        return [
            slice_of("sales", {"fct_sale": [sale(o) for o in september]}, month=SEPTEMBER, content=content),
            slice_of("sales", {"fct_sale": [sale(o) for o in october]}, content=content),
        ]

    before, after = (["A"], ["B", "C"]), (["A", "B"], ["C"])
    if not to_earlier:
        before, after = after, before
    replace_slices(warehouse, both(*before, "1"))
    assert replace_slices(warehouse, both(*after, "2")) == 2
    months = {order: month for _, month, order, _ in select(warehouse, ALL_SALES)}
    assert months == {
        o: m.start for m, orders in zip((SEPTEMBER, OCTOBER), after, strict=True) for o in orders
    }


def test_the_same_order_id_in_another_account_is_another_order(warehouse, slice_of):
    loads = [slice_of("sales", {"fct_sale": [sale("A")]}, entity=name) for name in ("acme", "other")]
    assert replace_slices(warehouse, loads) == 2


def test_a_load_that_fails_halfway_leaves_the_old_slice(warehouse, slice_of, select, monkeypatch):
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("A")]})])

    def fail(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(loading_module, "write_records", fail)
    with pytest.raises(RuntimeError):
        replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("B")]}, content="2")])
    assert [row[2] for row in select(warehouse, ALL_SALES)] == ["A"]


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from warehouse import loading, open_warehouse, replace_slices
    from tests.warehouse.conftest import slice_of
    from tests.warehouse.test_loading import sale

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    loading.write_records = die
    load = slice_of.__wrapped__()("sales", {"fct_sale": [sale("B")]}, content="2")
    replace_slices(open_warehouse(sys.argv[1]), [load])
    """
)


def test_a_load_that_is_killed_halfway_leaves_the_old_slice_and_no_lock(
    warehouse, warehouse_url, slice_of, select
):
    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("A")]})])
    script = KILLED.replace("slice_of.__wrapped__()", "slice_of._fixture_function()")
    command = [sys.executable, "-c", script, warehouse_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert [row[2] for row in select(warehouse, ALL_SALES)] == ["A"]
    assert replace_slices(warehouse, [slice_of("sales", {"fct_sale": [sale("B")]}, content="2")]) == 1
    assert [row[2] for row in select(warehouse, ALL_SALES)] == ["B"]


MONTHS = [OCTOBER.shift(-n) for n in range(3)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([(n, version) for n in range(3) for version in ("1", "2")]))
def test_the_order_of_a_backfill_does_not_matter(order, slice_of, select, tmp_path_factory):
    fresh = open_warehouse(f"duckdb:///{tmp_path_factory.mktemp('w')}/w.duckdb")
    create_schema(fresh)
    final = {}
    for n, version in order:
        rows = [sale(f"{n}-{i}", version) for i in range(2)]
        replace_slices(fresh, [slice_of("sales", {"fct_sale": rows}, month=MONTHS[n], content=version)])
        final[n] = version
    expected = sorted((f"{n}-{i}", Decimal(version)) for n, version in final.items() for i in range(2))
    assert sorted((order_id, amount) for _, _, order_id, amount in select(fresh, ALL_SALES)) == expected


def test_a_busy_warehouse_says_who_holds_it(warehouse, warehouse_url):
    impatient = open_warehouse(warehouse_url, patience_seconds=0.2)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom warehouse import open_warehouse\n"
            "with open_warehouse(sys.argv[1]).transaction('slice a', 'slice b'):\n"
            "    print('held', flush=True)\n    sys.stdin.read()",
            warehouse_url,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        held = pytest.raises(BusyError, match=rf"held by (scorewright )?process {holder.pid}[ ;]")
        with held, impatient.transaction("slice b"):
            pass
    finally:
        holder.communicate("")
    with impatient.transaction("slice b"):
        pass


def test_a_named_lock_leaves_the_warehouse_to_others(warehouse, warehouse_url):
    impatient = open_warehouse(warehouse_url, patience_seconds=0.2)
    with warehouse.held("scorecards 2026-10"):
        held = pytest.raises(BusyError, match="scorecards 2026-10")
        with held, impatient.held("scorecards 2026-10"):
            pass
        with impatient.held("scorecards 2026-11"), impatient.transaction("slice a"), warehouse.held("b"):
            pass
    with impatient.held("scorecards 2026-10"):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://localhost",
        "mysql://localhost/x",
        "no address",
        "duckdb:///:memory:",
        "duckdb://",
        "sqlite:///a.db",
    ],
)
def test_another_kind_of_warehouse_is_refused(url):
    with pytest.raises(UsageError, match="expected an address such as duckdb:"):
        open_warehouse(url)


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
def test_a_server_counts_the_rows_of_what_was_loaded(warehouse, slice_of, select):
    def counted():
        query = "select reltuples from pg_class where relname = 'fct_sale_2026_10'"
        return select(warehouse, query)

    replace_slices(warehouse, [slice_of("sales", {"fct_sale": [{"order_id": "1"}, {"order_id": "2"}]})])
    assert counted() == [(-1,)]
    # a month without a partition of its own is no obstacle
    warehouse.note_growth(["fct_sale"], [OCTOBER, OCTOBER.shift(40)])
    assert counted() == [(2,)]

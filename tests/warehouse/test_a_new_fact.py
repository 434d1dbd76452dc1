"""A fact the product has never seen is told by files in `sql/` alone: its table, and its measures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from etl.quality.gate import MISSING_DAYS, ExpectedSlice, Gap, find_gaps
from scoring.errors import DataError
from scoring.evidence import UNOWNED_ROWS
from scoring.period import Period
from scoring.spans import days_of
from warehouse import (
    Ownership,
    create_schema,
    load_records,
    missing_rates,
    open_warehouse,
    period_measures,
    replace_measures,
    replace_slices,
    source_rows,
    sql_files,
    summed,
)
from warehouse.facts import fact_catalog
from warehouse.reading import keys_with_rows

D = Decimal
OCTOBER = Period(2026, 10)
OWNER = Ownership("fair", "acme", "hall 1", "eu-trade", D(1))
FILES = {
    "schema/fct_visit.sql": """
-- Who came to a booth, a row a visit.
-- grain: source, entity, visit_id
-- kind: transaction
-- dated: came_date
-- amounts: ordered
-- converted: ordered_date
-- ignored: is_staff
create table fct_visit (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    came_date date not null,
    visit_id text not null,
    is_staff boolean not null,
    ordered_date date,
    ordered decimal(18, 6),
    currency_code text not null
);
""",
    "measures/visit.sql": """
-- Visits.
-- grain: source, entity, activity_date, visit_id
-- kind: transaction
-- measures:
--   booth_visits: sum, count
select
    source,
    entity,
    owner_key,
    visit_id,
    came_date as activity_date,
    1 as booth_visits
from fct_visit
where came_date >= :start and came_date < :end and not is_staff
""",
}


@pytest.fixture
def with_visits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The SQL of the product and the files of the new fact."""
    root = shutil.copytree(sql_files.SQL_ROOT, tmp_path / "sql")
    for name, text in FILES.items():
        (root / name).write_text(text.lstrip(), "utf-8")
    monkeypatch.setattr(sql_files, "SQL_ROOT", root)
    forget()
    yield root
    monkeypatch.undo()
    forget()


def forget() -> None:
    """Let everything that was read from the SQL files be read again."""
    for module in [module for name, module in sys.modules.items() if name.startswith(("etl.", "warehouse."))]:
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture(params=["duckdb", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a warehouse that is not made yet: other tests share one that is."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    return str(request.getfixturevalue("postgres").new_database())


@pytest.fixture
def visited(with_visits, url, slice_of, rates_of):
    """A warehouse into which rows of the new fact are loaded."""
    warehouse = open_warehouse(url)
    create_schema(warehouse, [OCTOBER])

    def load(*rows):
        replace_slices(warehouse, [rates_of(USD="0.5"), slice_of("fair", {"fct_visit": rows})])
        return warehouse

    return load


def visit(number, day=1, hall="hall 1", **more):
    return {"visit_id": f"v{number}", "came_date": date(2026, 10, day), "owner_key": hall, **more}


def test_it_is_created_and_loaded(visited):
    warehouse = visited(visit(1), visit(2))
    with warehouse.opened() as connection:
        assert "fct_visit" in warehouse.table_names(connection)
    facts = {record.source: record.facts for record in load_records(warehouse, [OCTOBER])}
    assert facts["fair"] == {"fct_visit": 2}


def test_it_is_measured_down_to_its_rows(visited):
    warehouse = visited(visit(1), visit(2, 31), visit(3, is_staff=True), visit(4, hall="hall 2"))
    replace_measures(warehouse, [OCTOBER], [OWNER], "EUR")
    values = period_measures(warehouse, [OCTOBER])
    assert values["eu-trade", OCTOBER, "booth_visits"] == 2
    assert values["unassigned", OCTOBER, "booth_visits"] == 1
    rows = source_rows(warehouse, "booth_visits", days_of(OCTOBER), "eu-trade")
    assert [row.names["visit_id"] for row in rows] == ["v1", "v2"]
    assert summed(rows) == 2


def test_its_days_and_its_owners_are_checked(visited):
    staff = visit(3, 4, "staff", is_staff=True)
    warehouse = visited(*[visit(f"d{day}", day) for day in range(1, 31)], visit(2, 5, "hall 2"), staff)
    replace_measures(warehouse, [OCTOBER], [OWNER], "EUR")
    expected = [ExpectedSlice("fair", "acme", ("fct_visit",))]
    assert find_gaps(warehouse, [OCTOBER], expected) == [
        Gap("fair", "acme", OCTOBER, MISSING_DAYS, (date(2026, 10, 31),)),
        Gap("fair", "acme", OCTOBER, UNOWNED_ROWS, (date(2026, 10, 5),)),
    ]
    assert keys_with_rows(warehouse, [OCTOBER])["fair", "acme"] == {"hall 1", "hall 2", "staff"}


ORDER = {"ordered": D(5), "currency_code": "SEK", "ordered_date": date(2026, 10, 2)}


def test_an_amount_needs_a_rate_on_its_own_day(visited):
    warehouse = visited(visit(1, **ORDER))
    (missing,) = missing_rates(warehouse, [OCTOBER])
    assert "expected a rate for SEK on 2026-10-02, which fair/acme needs" in missing.sentence("EUR")


def test_what_is_no_amount_needs_no_rate(visited):
    nothing = {**ORDER, "ordered": None}
    warehouse = visited(
        visit(1, **{**ORDER, "currency_code": "USD"}), visit(2, **nothing), visit(3, **ORDER, is_staff=True)
    )
    assert missing_rates(warehouse, [OCTOBER]) == []


def test_a_header_that_names_no_column_is_refused(with_visits):
    file = with_visits / "schema/fct_visit.sql"
    file.write_text(file.read_text("utf-8").replace("ignored: is_staff", "ignored: is_stuff"), "utf-8")
    forget()
    with pytest.raises(DataError, match=r"fct_visit\.sql: expected a column .* found 'is_stuff'"):
        fact_catalog()


def test_the_catalogue_is_whole_again_without_it():
    assert "fct_visit" not in fact_catalog()

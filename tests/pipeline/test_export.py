"""`scorewright export` writes what was issued, with exact numbers, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest

from reports.tables import COLUMNS, ENDINGS, PAY, Issued, as_file, further_columns, rows_of
from reports.tables.further import OUTLOOK, YEAR
from scoring.canonical import from_json, plain_number
from scoring.errors import UsageError
from scoring.outlook import Outlook
from scoring.text import LocalText
from scoring.to_date import YearToDate
from scoring.working import Reason, Working
from tests.pipeline.test_status import issue

ISSUED_AT = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")', 'a"b', "a\nb", "市场"]


@pytest.fixture
def card(unsent):
    return from_json(unsent.issues()[0].card_json)


def with_lines(card, **changes):
    """The card with every line changed."""
    areas = (
        replace(area, results=tuple(replace(line, **changes) for line in area.results)) for area in card.areas
    )
    return replace(card, areas=tuple(areas))


def rows(card, **given):
    issued = {"issue_id": 7, "issued_at": ISSUED_AT, "is_current": True, **given}
    return [*rows_of(Issued(card=card, **issued))]


def read_csv(content):
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def read_workbook(content):
    header, *cells = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
    names = [cell.value for cell in header]
    return [dict(zip(names, row, strict=True)) for row in cells]


def exported(command, place, file, *words):
    done = command(place, "export", file, *words)
    assert (done.code, done.err) == (0, "")
    return file.read_bytes()


# --- rows ------------------------------------------------------------------------------------------


def test_each_line_of_a_card_is_a_row_with_what_the_card_says(card):
    found = rows(card)
    results = [(area, line) for area in card.areas for line in area.results]
    assert len(found) == len(results) > 1
    for row, (area, line) in zip(found, results, strict=True):
        assert set(row) == {*COLUMNS, *PAY, *YEAR, *OUTLOOK}
        for name in ("kpi_id", "target", "actual", "attainment", "weight", "score", "points", "band"):
            assert row[name] == getattr(line, name)
        assert (row["area_id"], row["team_id"], row["period"]) == (area.area_id, "north", "2026-10")
        assert (row["start_date"], row["last_date"]) == (date(2026, 10, 1), date(2026, 10, 31))
        assert (row["total"], row["grade"], row["certificate"]) == (card.total, card.grade, "final")


def test_a_card_without_a_line_is_a_row_with_its_total(card):
    (row,) = rows(replace(card, areas=()))
    assert (row["total"], row["kpi_id"], row["score"]) == (card.total, None, None)


def test_cards_of_books_that_ask_for_neither_have_no_year_to_date_and_no_outlook(card):
    assert further_columns(rows(card)) == {}
    assert further_columns(rows(replace(card, areas=()))) == {}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_year_to_date_and_the_outlook_are_columns_where_a_line_has_them(card, ending):
    year = YearToDate("2026-01-01", Decimal("4021.5"), (), None, ("2026-02", "2026-03"))
    through, until, goal, so_far = "2026-10-19", "2026-10-31", Decimal(420), Decimal(131)
    outlook = Outlook(
        through, until, goal, so_far, 11, 9, so_far / 11, None, Decimal(238), 3, Decimal("0.05")
    )
    first, *others = rows(with_lines(card, year_to_date=year, outlook=outlook))
    assert (first["year_to_date_from"], first["year_to_date"]) == (date(2026, 1, 1), Decimal("4021.5"))
    assert first["year_to_date_lacking"] == "2026-02 2026-03"
    for name in ("goal", "so_far", "days", "days_left", "pace", "needed", "forecast", "low", "high", "tried"):
        assert first[f"outlook_{name}"] == getattr(outlook, name)
    assert (first["outlook_through"], first["outlook_until"]) == (date(2026, 10, 19), date(2026, 10, 31))
    assert first["outlook_mean_error"] == outlook.mean_error
    # a card of a book that does not ask, or did not yet, beside it
    mixed = [first, *rows(card), *others]
    columns = further_columns(mixed)
    assert columns == {**YEAR, **OUTLOOK}
    assert as_file({**COLUMNS, **columns}, mixed, ending)


def test_each_of_both_has_its_columns_alone(card):
    year = YearToDate("2026-01-01", None, (), Reason.NO_DATA)
    assert further_columns(rows(with_lines(card, year_to_date=year))) == YEAR


def test_no_column_is_of_a_person_or_of_pay():
    named = [name for name in COLUMNS if "pay" in name or "manager" in name or "comment" in name]
    assert named == []


# --- files -----------------------------------------------------------------------------------------


def test_numbers_are_exact_in_text_and_have_eighteen_digits_in_parquet(card):
    third = Decimal("0.3333333333333333333333333333333333")
    changed = with_lines(card, attainment=third, actual=Decimal("12345678901234567.5"), target=None)
    given = rows(changed)
    for ending in (".csv", ".json"):
        content = as_file(COLUMNS, given, ending)
        first = (read_csv(content) if ending == ".csv" else json.loads(content))[0]
        assert (first["attainment"], first["actual"]) == (plain_number(third), "12345678901234567.5")
        assert not first["target"]
    table = pq.read_table(io.BytesIO(as_file(COLUMNS, given, ".parquet"))).to_pylist()
    assert table[0]["attainment"] == Decimal("0.333333333333333333")
    assert table[0]["actual"] == Decimal("12345678901234567.5")
    assert table[0]["target"] is None
    assert table[0]["issued_at"] == ISSUED_AT


def test_in_a_workbook_numbers_are_numbers_and_days_are_days(card):
    found = read_workbook(as_file(COLUMNS, rows(card), ".xlsx"))
    for cells, row in zip(found, rows(card), strict=True):
        assert cells["score"].value == pytest.approx(float(row["score"]))
        assert cells["start_date"].value == datetime(2026, 10, 1)
        assert cells["issued_at"].value == datetime(2026, 11, 3, 5)
        assert cells["is_current"].value is True
        assert cells["period"].value == "2026-10"


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_run_by_a_spreadsheet(card, text):
    given = rows(replace(with_lines(card, name=LocalText(text, text)), team_name=LocalText(text, text)))
    cell = read_csv(as_file(COLUMNS, given, ".csv"))[0]["kpi_name"]
    assert cell.lstrip("'") == text
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    in_workbook = read_workbook(as_file(COLUMNS, given, ".xlsx"))[0]["kpi_name"]
    assert (in_workbook.value, in_workbook.data_type) == (text, "s")
    assert in_workbook.quotePrefix


def test_a_number_below_zero_is_a_number_and_no_text(card):
    given = rows(with_lines(card, actual=Decimal("-80")))
    assert read_csv(as_file(COLUMNS, given, ".csv"))[0]["actual"] == "-80"
    assert read_workbook(as_file(COLUMNS, given, ".xlsx"))[0]["actual"].value == -80


def test_a_number_too_large_for_parquet_is_refused_and_not_rounded(card):
    given = rows(with_lines(card, actual=Decimal("1e20")))
    with pytest.raises(UsageError, match=r"expected numbers below .* write a \.csv or \.json instead"):
        as_file(COLUMNS, given, ".parquet")
    assert read_csv(as_file(COLUMNS, given, ".csv"))[0]["actual"] == "1" + 20 * "0"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_rows_give_the_same_bytes(card, ending):
    assert as_file(COLUMNS, rows(card), ending) == as_file(COLUMNS, rows(card), ending)


# --- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_has_every_line_of_the_newest_cards(command, october, tmp_path, ending):
    content = exported(command, october, tmp_path / f"scores{ending}")
    cards = [from_json(issue.card_json) for issue in october.open().ledger.latest_revisions()]
    expected = [(card.period, card.team_id, line.kpi_id) for card in cards for line in card.results]
    reading = {
        ".csv": read_csv,
        ".json": json.loads,
        ".parquet": lambda content: pq.read_table(io.BytesIO(content)).to_pylist(),
        ".xlsx": lambda content: [
            {name: cell.value for name, cell in row.items()} for row in read_workbook(content)
        ],
    }
    found = reading[ending](content)
    assert [(row["period"], row["team_id"], row["kpi_id"]) for row in found] == expected
    assert [*found[0]] == [*COLUMNS]


def test_periods_teams_kpis_and_revisions_narrow_or_widen_it(command, october, tmp_path):
    def found(*words):
        return read_csv(exported(command, october, tmp_path / "scores.csv", *words, "--force"))

    assert {row["revision"] for row in found("--period", "2026-09")} == {"2"}
    revisions = found("--period", "2026-09", "--all-revisions")
    assert {(row["revision"], row["is_current"]) for row in revisions} == {("1", "false"), ("2", "true")}
    assert {row["team_id"] for row in found("--team", "south")} == {"south"}
    kpi_id = found()[0]["kpi_id"]
    assert {row["kpi_id"] for row in found("--kpi", kpi_id)} == {kpi_id}
    assert len(found("--period", "2026-09..2026-10")) == len(found())


def test_pay_is_there_only_for_who_asks_for_it(command, issued, tmp_path):
    issue(issued, revision=2, pay=Working("banded", (), (), Decimal("1.15")))
    plain = exported(command, issued, tmp_path / "plain.csv").decode()
    assert "1.15" not in plain
    assert "pay" not in plain.splitlines()[0]
    (found,) = {
        row["pay"] for row in read_csv(exported(command, issued, tmp_path / "pay.csv", "--with-pay"))
    } - {""}
    assert found == "1.15"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scores.cvs"], "found '.cvs' (did you mean .csv?); name another."),
        (["scores"], "expected a file that ends in .csv, .json, .parquet, .xlsx, found ''; name another."),
        (
            ["scores.csv", "--team", "nort"],
            "team: expected one that an issued card has, found 'nort' (did you mean north?)",
        ),
        (["scores.csv", "--kpi", "npss"], "found 'npss' (did you mean nps?)"),
        (["scores.csv", "--period", "2020-01..2020-03"], "export: expected issued cards, found none"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_nearest_name(command, unsent, tmp_path, words, said):
    name, *options = words
    done = command(unsent, "export", tmp_path / name, *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.glob("scores*")) == []


def test_the_file_is_for_its_owner_alone(command, unsent, tmp_path):
    exported(command, unsent, tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_replaced_only_where_that_is_asked_for(command, unsent, tmp_path):
    file = tmp_path / "scores.csv"
    file.write_text("mine")
    done = command(unsent, "export", file)
    assert (done.code, done.out) == (2, "")
    assert "scores.csv: expected a new file, found one; name another, or replace it with --force" in done.err
    assert file.read_text() == "mine"
    assert exported(command, unsent, file, "--force") != b"mine"
    one = command(unsent, "export", file, "--team", "north", "--kpi", "nps", "--force")
    assert "scores.csv: 1 row of 1 card\n" in one.out
    rows = command(unsent, "trace", "2026-10/north/r1", "nps", "--csv", file)
    assert (rows.code, "--force" in rows.err) == (2, True)

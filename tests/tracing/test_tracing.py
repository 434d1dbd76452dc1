"""From a figure on an issued card down to the rows of its sources, and what has moved on since."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from reports.presenting.headings import short_hash
from scoring.canonical import from_json
from scoring.evidence import EntryEvidence
from terminal.tracing.agreed import entry_lines
from terminal.tracing.row_csv import as_csv
from tests.pipeline.exports import ADS, ANSWERS, OCTOBER, ads, answers, change
from tracing.locating import Located
from tracing.rows import traced_rows
from tracing.subject import find_subject
from warehouse import measure_catalog, source_rows
from warehouse.facts import fact_catalog
from warehouse.owning import row_file

CPC = ("2026-10/north/r1", "cost_per_click")


@pytest.fixture
def trace(command):
    """What the program says, without where its lines end."""

    def run(place, *arguments, code=0):
        done = command(place, "trace", *arguments)
        assert done.code == code, done.err
        return " ".join((done.out + done.err).split())

    return run


def subject_of(place, issue, kpi):
    return find_subject(place.open().ledger, issue, kpi)


def test_a_figure_is_followed_from_its_formula_to_the_landed_files(issued, trace):
    said = trace(issued, *CPC)
    for expected in (
        "formula: ad_spend / ad_clicks",
        "Actual: Ad spend ÷ Ad clicks = ",
        "rule on the card: proportional: ",
        "rule in the book: proportional",
        "target in the book: absolute, target 0.5, weight 30, per month, 2026-07-01 to before 2027-01-01, "
        "approved by T. Lind (Budget agreed in June)",
        "ad_clicks = 1,054, 2026-10-01 to 2026-10-31 sum of fct_ad_daily, count, by sql/measures/ad_daily.sql",
        "1 USD = 0.9259259259 EUR on the period's first day, 0.9259259259 on its last, by fx_rates",
        "google_ads/shop 2026-10: still the loaded version",
        "vintage 1: 63 rows in = 62 loaded + 0 quarantined + 1 set aside",
        "control total Clicks (Total: Account): declared 1,054, added up 1,054",
        "landed 2026-11-03 05:00:00 UTC, loaded 2026-11-03 05:00:00 UTC reader ",
        "zone America/New_York",
        "ads 2026-10.csv: 62 rows used",
        "fx_rates/ecb 2026-10: still the loaded version",
    ):
        assert expected in said
    (file,) = issued.open().landing.latest("google_ads", "shop", OCTOBER).files
    assert f"sha256 {file.sha256} landing/objects/{file.sha256[:2]}/{file.sha256}" in said
    assert "survey/" not in said
    assert "LOST" not in said


def test_the_printed_short_id_the_number_and_the_name_lead_to_the_same_issue(issued, trace):
    (issue, _) = issued.issues()
    short = short_hash(from_json(issue.card_json))
    by_name = trace(issued, *CPC)
    assert f"issue {issue.id}, short id {short}" in by_name
    assert trace(issued, short, "cost_per_click") == by_name
    assert trace(issued, str(issue.id), "cost_per_click") == by_name
    assert trace(issued, issue.content_hash, "cost_per_click") == by_name


def test_the_rows_are_converted_and_summed_to_the_card(issued, trace):
    said = trace(issued, *CPC, "--rows")
    assert "ad_spend: 62 rows" in said
    assert "9.18 USD × 0.9259259259 = 8.5" in said
    assert said.count("and 12 more rows; --csv FILE writes all of them") == 2
    assert "sum 527 = card" in said
    assert "sum 1,054 = card" in said


def test_a_part_of_an_account_counts_by_its_share(issued, trace):
    said = trace(issued, "2026-10/south/r1", "responses", "--rows")
    assert "1 × share 0.4 = 0.4" in said
    assert "sum 3.2 = card" in said


def test_what_was_replaced_since_is_told_and_the_record_of_then_is_shown(place, trace):
    place.run(send=False)
    change(place.export(ADS), lambda _: ads(campaigns=["201"]))
    place.run(send=False)
    first, second = (trace(place, f"2026-10/north/r{n}", "cost_per_click", "--rows") for n in (1, 2))
    assert "google_ads/shop 2026-10: REPLACED since by vintage 2, landed 2026-11-03 05:00:00 UTC" in first
    assert "vintage 1: 63 rows in = 62 loaded" in first
    assert "sum differs: the current rows sum to 527, card: 1,054 (-527)" in first
    assert "google_ads/shop 2026-10: still the loaded version vintage 2: 32 rows in" in second
    assert "sum 527 = card" in second


def test_a_card_without_a_revision_is_its_newest_one(place, trace):
    place.run(send=False)
    change(place.export(ADS), lambda _: ads(campaigns=["201"]))
    place.run(send=False)
    newest = trace(place, "2026-10/north/r2", "cost_per_click")
    assert trace(place, "2026-10/north", "cost_per_click") == newest
    assert "2026-10/north/r2, issued" in newest
    assert "expected an issue of this ledger, found none" in trace(place, "2026-10/nord", "nps", code=2)


def test_a_trace_is_the_same_after_a_rebuild(issued, trace, command):
    before = trace(issued, *CPC, "--rows")
    (issued.home / "warehouse.duckdb").unlink()
    assert command(issued, "rebuild").code == 0
    assert trace(issued, *CPC, "--rows") == before


def test_without_a_warehouse_the_card_and_its_files_are_told_and_rows_refused(issued, trace):
    (issued.home / "warehouse.duckdb").unlink()
    said = trace(issued, *CPC)
    assert "google_ads/shop 2026-10: there is no warehouse to ask ads 2026-10.csv: 62 rows used" in said
    assert "make it with `scorewright rebuild`" in trace(issued, *CPC, "--rows", code=2)
    assert not (issued.home / "warehouse.duckdb").exists()


def test_a_lost_object_and_a_target_that_changed_since_are_told(issued, trace):
    (file,) = issued.open().landing.latest("google_ads", "shop", OCTOBER).files
    file.path.unlink()
    for targets in (issued.root / "config/targets").glob("*.csv"):
        change(targets, lambda text: text.replace("2027-01-01,0.5,", "2027-01-01,0.25,"))
    said = trace(issued, *CPC)
    assert "ads 2026-10.csv: 62 rows used (LOST from the landing)" in said
    assert "but the card was scored by 0.5: the targets have changed since" in said


def test_the_file_has_every_row_exactly(issued, trace):
    file = issued.root / "rows.csv"
    assert "124 rows written to" in trace(issued, *CPC, "--csv", str(file))
    rows = [*csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))]
    sums = {
        measure: sum(Decimal(row["part"]) for row in rows if row["measure"] == measure)
        for measure in ("ad_spend", "ad_clicks")
    }
    assert sums == {measure.name: measure.value for measure in subject_of(issued, *CPC).measures}
    assert {row["currency_code"] for row in rows if row["measure"] == "ad_spend"} == {"USD"}


def test_every_row_names_the_line_of_the_landed_file_it_stands_in(issued, trace):
    file = issued.root / "rows.csv"
    trace(issued, *CPC, "--csv", str(file))
    written = ["", *ads().splitlines()]
    rows = [*csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))]
    assert {row["file"] for row in rows} == {ADS}
    for row in rows:
        cells = written[int(row["lines"])].split(",")
        assert cells[0] == row["day"]
        assert cells[2] == row["owner_key"]
        assert Decimal(cells[8 if row["measure"] == "ad_spend" else 7]) == Decimal(
            row["amount"] or row["value"]
        )
    said = trace(issued, *CPC, "--rows")
    assert (
        f"google_ads/shop {ADS} 2026-10-01 201 · Lamps · 2011 · Core 9.18 USD × 0.9259259259 = 8.5 4 2026-10-01 202"
        in said
    )


def test_where_the_file_is_lost_the_rows_are_told_and_their_lines_are_not_known(issued, trace):
    (file,) = issued.open().landing.latest("google_ads", "shop", OCTOBER).files
    file.path.unlink()
    said = trace(issued, *CPC, "--rows")
    assert "sum 527 = card" in said
    assert f"the lines of google_ads/shop 2026-10 are not known: {file.path}: expected the bytes" in said


def test_what_would_be_read_in_another_way_now_has_no_lines(issued, trace):
    change(
        issued.root / "config/sources.yaml", lambda text: text.replace("America/New_York", "Asia/Shanghai")
    )
    said = trace(issued, *CPC, "--rows")
    assert "are not known: they would be read in another way now; run the month again." in said


@pytest.mark.parametrize("measure", measure_catalog())
def test_the_rows_of_every_measure_say_what_they_are_known_by(measure):
    """Without that no landed row could be found for them."""
    spec = fact_catalog()[measure_catalog()[measure].fact]
    shown = row_file(spec.name.removeprefix("fct_")).text.rpartition("final as (")[2]
    known_by = set(spec.grain) - {"source", "entity", "slice_month", spec.dated}
    assert all(f".{name},\n" in shown for name in known_by)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_is_a_formula(issued, start):
    subject = subject_of(issued, *CPC)
    (traced, *_) = traced_rows(issued.open(), subject)
    evil = replace(
        traced.rows[0], names={"campaign_name": f"{start}cmd()"}, owner_key=f"{start}1", value=Decimal(-1)
    )
    text = as_csv(subject, [replace(traced, rows=(evil,))], Located({}, ())).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert row[6:8] == [f"'{start}1", f"'{start}cmd()"]
    assert row[11] == "-1"


def test_rows_of_another_team_are_never_shown(issued):
    warehouse, days = issued.open().warehouse, (OCTOBER.start, OCTOBER.end)
    assert source_rows(warehouse, "ad_clicks", days, "north")
    assert source_rows(warehouse, "ad_clicks", days, "south") == ()


def test_two_revisions_that_say_the_same_are_the_newer_one(place):
    place.run(send=False)
    for text in (answers([1] * 8), answers()):
        change(place.export(ANSWERS), lambda _, text=text: text)
        place.run(send=False)
    short = short_hash(from_json(place.open().ledger.revision("2026-10", "north", 1).card_json))
    assert subject_of(place, short, "nps").issue.revision == 3


@pytest.mark.parametrize(
    ("issue", "kpi", "said"),
    [
        ("99", "nps", "issue 99: expected an issue of this ledger, found none"),
        ("0123456789", "nps", "issue 0123456789: expected an issue of this ledger, found none"),
        ("2026-10/north/r7", "nps", "issue 2026-10/north/r7: expected an issue of this ledger, found none"),
        ("october", "nps", "expected the short id printed on the card, a number or a name"),
        ("a/b", "nps", "issue a/b: expected an issue of this ledger, found none"),
        ("a/b/c/d", "nps", "expected a name such as 2026-10/eu-brand/r1"),
        (CPC[0], "roas", "expected a KPI of the card, clicks, cost_per_click, nps, found 'roas'"),
    ],
)
def test_what_is_not_there_is_one_sentence(issued, trace, issue, kpi, said):
    assert said in trace(issued, issue, kpi, code=2)


def test_of_a_judged_kpi_is_told_who_said_what_by_which_form():
    entry = EntryEvidence("mood", "level", "good", "loud", "Ana", "2026-11-02", "form.xlsx", "ab" * 32)
    result = SimpleNamespace(kpi_id="mood")
    subject = SimpleNamespace(
        result=result, card=SimpleNamespace(entries=(entry, replace(entry, kpi_id="other")))
    )
    said = ["level good, by Ana on 2026-11-02: loud", "  form.xlsx", f"  fingerprint {'ab' * 32}"]
    assert [*entry_lines(subject)] == said

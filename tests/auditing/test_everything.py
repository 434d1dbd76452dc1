"""`verify --all` holds everything that is kept against what vouches for it, and says what heals it."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from auditing.everything import audit
from pipeline.run import RunOptions, run
from tests.auditing.test_verifying import tamper
from tests.pipeline.conftest import NOW, new_place
from tests.pipeline.exports import ANSWERS, OCTOBER, answers, change
from warehouse import load_records


def findings(place):
    return [str(finding) for finding in audit(place.open()).findings]


@pytest.fixture(scope="module")
def sent_once(tmp_path_factory):
    """October twice, the second time revised, with mails; and a copy of all that."""
    root = tmp_path_factory.mktemp("sent")
    place = new_place(root / "place")
    place.run()
    change(place.export(ANSWERS), lambda _: answers([1] * 8))
    later = NOW + timedelta(days=8)
    run(place.open(), RunOptions(OCTOBER, (), True), now=lambda: later, say=lambda _: None)
    return place, shutil.copytree(place.root, root / "copy")


@pytest.fixture
def sent(sent_once):
    """The same place, in which nothing is damaged yet."""
    place, copy = sent_once
    # a test may have moved it
    shutil.rmtree(place.root, ignore_errors=True)
    shutil.copytree(copy, place.root)
    return place


def test_a_sound_home_has_no_findings_and_the_counts_say_what_was_looked_at(sent, command):
    done = command(sent, "verify", "--all")
    assert done.code == 0, done.out
    assert done.out.startswith("looked at: manifests 4, objects 17, books 1, loads 4, rows of slices 104, ")
    assert done.out.endswith("everything is as it was written\n")
    (sent.home / "warehouse.duckdb").unlink()
    assert command(sent, "rebuild").code == 0
    assert findings(sent) == []


def test_a_home_that_was_restored_under_another_path_is_as_sound(sent, command, tmp_path):
    copy = replace(sent, root=shutil.copytree(sent.root, tmp_path / "elsewhere"))
    shutil.rmtree(sent.root)
    found = audit(copy.open())
    assert (found.findings, found.counts["mails"]) == ([], 4)
    for words in (("verify",), ("status", "2026-10"), ("show", "2026-10", "north"), ("cards",)):
        done = command(copy, *words)
        assert (done.code, str(sent.root) in done.out) == (0, False), done.err
    rerun = command(copy, "run", "--period", "2026-10")
    assert (rerun.code, rerun.out.count("mail sent before")) == (0, 2), rerun.err
    # what is lost, changed or strange is found there as well
    first, second, *_ = sorted((copy.home / "outbox").iterdir())
    first.unlink()
    second.write_bytes(b"another")
    (copy.home / "outbox/other.eml").write_bytes(b"a mail")
    assert [one.partition(": ")[2].partition(";")[0] for one in findings(copy)] == [
        "lost, it was sent with 2026-10/north/r1",
        "not what was sent with 2026-10/north/r2",
        "the ledger has no delivery that it belongs to",
    ]
    shutil.rmtree(copy.home / "outbox")
    assert len(findings(copy)) == 4


def test_mails_of_a_folder_that_the_settings_name_are_not_looked_for_in_the_outbox(place):
    folder = place.root / "mails/outbox"
    place.run(delivery=f"file:{folder}")
    assert len([*folder.iterdir()]) == 2
    found = audit(place.open(delivery=f"file:{folder}"))
    assert (found.findings, found.counts["mails"]) == ([], 0)


def test_each_finding_says_where_and_what_heals_it(sent, command):
    (lost, *_) = (sent.home / "landing/objects").rglob("?" * 64)
    lost.write_bytes(b"others")
    (pdf, *_) = sorted((sent.home / "scorecards").rglob("*.pdf"))
    pdf.unlink()
    done = command(sent, "verify", "--all")
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert (
        f"{lost}: its bytes are not those that were landed under this name; restore it from a backup"
        in done.out
    )
    assert f"{pdf}: lost; run its month again" in done.out


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "update fct_survey_response set nps_score = 9 where response_id = 'r1'",
            "rows of fct_survey_response",
        ),
        ("delete from fct_ad_daily where activity_date = '2026-10-03'", "rows of fct_ad_daily are not those"),
        ("update load_record set rows_in = 7 where source = 'survey'", "its load record is not the newest"),
        ("update load_history set tallies_json = '[]' where source = 'survey'", "another tallies_json"),
        (
            "update measure_daily set value = value + 1 where measure = 'ad_spend'",
            "measures of 2026-10 are not",
        ),
        ("delete from measure_daily where measure = 'ad_spend'", "measures of 2026-10 are not"),
        ("update dim_ownership set share = 0.5", "dim_ownership is not what the book says"),
        (
            "insert into quarantine values ('survey', 'panel', '2026-10-01', 'a', 1, 'b', 'c', 'd')",
            "set apart",
        ),
        (
            "update load_history set landing_seal = 'x' where vintage = 1",
            "a pull that was loaded is not there",
        ),
        ("update schema_version set ddl_sha256 = 'x'", "expected the tables of this version"),
    ],
)
def test_a_value_changed_in_the_warehouse_is_found(sent, statement, found):
    with sent.open().warehouse.transaction() as connection:
        connection.exec_driver_sql(statement)
    assert any(found in finding and "scorewright rebuild" in finding for finding in findings(sent))


def test_a_slice_that_nothing_knows_of_any_more_is_missed(sent):
    with sent.open().warehouse.transaction() as connection:
        for table in ("load_record", "load_history", "fct_ad_daily"):
            connection.exec_driver_sql(f"delete from {table} where source = 'google_ads'")
    assert any("google_ads/shop 2026-10: landed, and not loaded" in finding for finding in findings(sent))
    assert len(load_records(sent.open().warehouse, [OCTOBER])) == 2


@pytest.mark.parametrize("which", [1, 2, 4])
def test_an_issue_that_was_deleted_is_missed_by_verify_itself(sent, command, which):
    for table in ("restatements", "documents", "deliveries"):
        tamper(sent, f"delete from {table} where issue_id = {which}")
    tamper(sent, f"delete from issues where id = {which}")
    with sqlite3.connect(sent.home / "ledger.sqlite") as ledger:
        assert ledger.execute("select count(*) from issues").fetchone() == (
            len(sent.open().ledger.revisions()),
        )
    done = command(sent, "verify")
    assert done.code == 4
    assert "the ledger has no issue that it belongs to" in done.out
    assert findings(sent)


def test_what_cannot_be_read_at_all_is_a_finding(sent):
    (sent.home / "ledger.sqlite").write_bytes(b"nothing")
    (sent.home / "warehouse.duckdb").write_bytes(b"no database" * 5000)
    assert [finding.partition(":")[0] for finding in findings(sent)] == ["warehouse", "ledger"]


def test_all_and_a_period_are_not_asked_together(sent, command):
    assert command(sent, "verify", "--all", "--period", "2026-10").code == 2


def test_a_server_is_held_against_the_landing_as_a_file_is(place, postgres):
    url = str(postgres.new_database())
    place.run(warehouse=url, ledger=url)
    site = place.open(warehouse=url, ledger=url)
    found = audit(site)
    assert found.findings == []
    assert found.counts["rows of slices"] == 104
    with site.warehouse.transaction() as connection:
        connection.exec_driver_sql(
            "update fct_ad_daily set clicks = clicks + 1 where activity_date = '2026-10-03'"
        )
    assert [finding.where for finding in audit(site).findings] == ["warehouse", "warehouse"]

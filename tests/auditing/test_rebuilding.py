"""The warehouse made anew from the landing: equal to the one before, or to what was known at a moment."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta

import pytest

from auditing.landing import audit_landing
from auditing.rebuilding import rebuild
from disk.errors import BusyError
from etl.landing import head_of, link_after
from pipeline.steps import Steps
from pipeline.steps.load import load
from scoring.errors import DataError, UsageError
from scoring.period import Period
from tests.etl.dump import dump
from tests.pipeline.conftest import NOW, Place, new_place, take
from tests.pipeline.exports import ANSWERS, OCTOBER, ads, answers, change
from warehouse import create_schema, load_history, open_warehouse, period_measures, warehouse_in

LATER = NOW + timedelta(days=8)


def load_at(place, moment, period=OCTOBER):
    """Land and load what the exports have, and measure it."""
    site, steps = place.open(), Steps()
    site.settings.home.mkdir(exist_ok=True)
    create_schema(site.warehouse)
    for source in site.book.source_names:
        take(site, source, period, now=moment)
    steps.measure(site, period)
    return dump(site.warehouse)


@pytest.fixture(scope="module")
def restated_once(tmp_path_factory):
    """A place whose survey was exported again late, and its dumps before and after that; only to be copied."""
    place = new_place(tmp_path_factory.mktemp("restated"))
    before = load_at(place, NOW)
    change(place.export(ANSWERS), lambda _: answers([1] * 8))
    return place, before, load_at(place, LATER)


@pytest.fixture
def restated(restated_once, tmp_path):
    """A copy of it, to work on."""
    place, *dumps = restated_once
    return Place(shutil.copytree(place.root, tmp_path / "restated")), *dumps


def warehouse_file(place):
    return place.home / "warehouse.duckdb"


def test_a_damaged_file_is_made_anew_with_the_same_dump(restated, command):
    place, _, after = restated
    sound = warehouse_file(place).read_bytes()
    for damage in (sound[: len(sound) // 2], b"no database at all", b""):
        warehouse_file(place).write_bytes(damage)
        refused = command(place, "rollup", "2026-10")
        assert (refused.code, refused.err.count("\n")) == (4, 1)
        assert "`scorewright rebuild`" in refused.err
        done = command(place, "rebuild")
        assert done.code == 0, done.err
        assert done.out.splitlines()[-1].startswith("rebuilt: 3 slices from 4 pulls, ")
        assert dump(place.open().warehouse) == after
        # an empty file is one that was never written to: it is made anew without a word
        replaced = warehouse_file(place).with_name("warehouse.duckdb.replaced").read_bytes()
        assert replaced == damage or not damage


def test_a_lost_file_is_made_anew_and_the_next_run_issues_nothing(issued, command):
    before, issues = dump(issued.open().warehouse), issued.issues()
    warehouse_file(issued).unlink()
    assert command(issued, "rebuild").code == 0
    assert command(issued, "run", "--period", "2026-10", "--deliver", "never").code == 0
    assert issued.issues() == issues
    assert dump(issued.open().warehouse) == before


def test_a_log_left_by_a_killed_run_is_not_applied_to_the_new_file(restated, command):
    place, _, after = restated
    log = warehouse_file(place).with_name("warehouse.duckdb.wal")
    log.write_bytes(b"what a killed process left behind")
    assert command(place, "rebuild").code == 0
    assert not log.exists()
    assert dump(place.open().warehouse) == after


@pytest.mark.parametrize(
    ("moment", "which"),
    [
        (NOW, "before"),
        (LATER - timedelta(seconds=1), "before"),
        (LATER, "after"),
    ],
)
def test_as_of_a_moment_is_what_the_warehouse_held_then(restated, command, moment, which):
    place, before, after = restated
    file = place.root / "then" / "as-of.duckdb"
    done = command(place, "rebuild", "--as-of", moment.isoformat(), "--to", str(file))
    assert done.code == 0, done.err
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert dump(open_warehouse(f"duckdb:///{file}")) == {"before": before, "after": after}[which]
    assert dump(place.open().warehouse) == after


def test_the_history_of_loads_is_made_anew_too(restated, command):
    place, *_ = restated
    assert command(place, "rebuild").code == 0
    history = [r for r in load_history(place.open().warehouse, [OCTOBER]) if r.source == "survey"]
    assert [(record.vintage, record.loaded_at) for record in history] == [(1, NOW), (2, LATER)]


def test_a_file_that_was_refused_when_it_came_is_left_out_and_told(issued, command):
    before = dump(issued.open().warehouse)
    change(issued.export(ANSWERS), lambda text: text.replace("r1,", "r2,"))
    assert command(issued, "run", "--period", "2026-10", "--deliver", "never").code == 3
    done = command(issued, "rebuild")
    assert done.code == 0
    assert sum(line.startswith("left out: survey/") for line in done.out.splitlines()) == 1
    assert dump(issued.open().warehouse) == before


def test_a_month_that_was_emptied_against_the_rules_keeps_its_rows(issued, command):
    before = dump(issued.open().warehouse)
    change(issued.export(ANSWERS), lambda _: answers([]))
    assert command(issued, "run", "--period", "2026-10", "--deliver", "never").code == 3
    done = command(issued, "rebuild")
    assert done.code == 0
    assert "left out: survey/panel 2026-10 as landed at" in done.out
    assert dump(issued.open().warehouse) == before


def test_sums_that_are_left_out_for_want_of_a_rate_do_not_keep_the_rest_from_coming_back(place, command):
    load_at(place, NOW)
    november = Period(2026, 11)
    text = ads(november.days()).replace("October 1, 2026 - October 31", "November 1, 2026 - November 30")
    place.export("ads 2026-11.csv").write_text(text, "utf-8")
    load_at(place, LATER, november)
    before = dump(place.open().warehouse)
    done = command(place, "rebuild")
    assert done.code == 0
    assert "left out: amounts in the measures of 2026-11: exchange rates: expected a rate for USD" in done.out
    assert dump(place.open().warehouse) == before


def test_a_landing_without_an_object_is_one_sentence_and_the_old_warehouse_stays(issued, command):
    before = warehouse_file(issued).read_bytes()
    sha256 = hashlib.sha256(issued.export(ANSWERS).read_bytes()).hexdigest()
    lost = issued.home / "landing/objects" / sha256[:2] / sha256
    lost.unlink()
    done = command(issued, "rebuild")
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert str(lost) in done.err
    assert "found no file" in done.err
    assert warehouse_file(issued).read_bytes() == before
    left = [path.name for path in issued.home.iterdir() if path.name.startswith("warehouse.duckdb")]
    assert [name for name in sorted(left) if not name.endswith(".lock")] == ["warehouse.duckdb"]


def test_a_lost_object_that_was_replaced_since_costs_its_record_alone(restated, command):
    place, _, after = restated
    site = place.open()
    first, _ = site.landing.pulls("survey", site.book.accounts_of("survey")[0].entity, OCTOBER)
    first.files[0].path.unlink()
    done = command(place, "rebuild")
    assert done.code == 0
    assert "left out: survey/" in done.out
    found = dump(place.open().warehouse, without=["vintage"])
    known = ("fct_survey_response", "measure_daily")
    assert {name: found[name] for name in known} == {name: after[name] for name in known}


def test_a_broken_manifest_is_one_sentence(issued, command):
    (manifest, *_) = (issued.home / "landing/pulls").rglob("*.json")
    manifest.write_text("{")
    done = command(issued, "rebuild")
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert str(manifest) in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "2026-11-03T09:00Z"], "expected --to FILE with --as-of"),
        (["--as-of", "2026-11-03T09:00", "--to", "x"], "a zone such as 2026-11-03T09:00Z"),
        (["--as-of", "yesterday", "--to", "x"], "found 'yesterday'"),
        (["--as-of", "2020-01-01T00:00Z", "--to", "x.duckdb"], "expected pulls landed by 2020-01-01"),
    ],
)
def test_a_wrong_request_is_one_sentence(issued, command, monkeypatch, arguments, said):
    monkeypatch.chdir(issued.root)
    done = command(issued, "rebuild", *arguments)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
    assert not (issued.root / "x.duckdb").exists()


def test_an_as_of_view_never_takes_the_place_of_a_file(issued, command):
    before = warehouse_file(issued).read_bytes()
    done = command(issued, "rebuild", "--to", str(warehouse_file(issued)))
    assert done.code == 2
    assert "a file that does not exist yet" in done.err
    assert warehouse_file(issued).read_bytes() == before


def test_nobody_else_uses_the_warehouse_while_it_is_made_anew(issued):
    file = warehouse_file(issued)
    other = open_warehouse(f"duckdb:///{file}", patience_seconds=0.1)
    with warehouse_in(file, 0.1).made_anew(replace=True) as made:
        create_schema(made)
        with pytest.raises(BusyError, match="found it held by process"), other.opened():
            pass
    assert period_measures(other, [OCTOBER]) == {}


def test_the_same_landing_makes_the_same_on_every_engine(restated, warehouse_url):
    place, _, after = restated
    site = place.open(warehouse=warehouse_url)
    rebuild(site, None, None, print)
    assert dump(site.warehouse) == after


def test_a_server_is_only_filled_where_nothing_is_yet(restated, postgres):
    place, _, after = restated
    site = place.open(warehouse=postgres.new_database())
    rebuild(site, None, None, print)
    with pytest.raises(UsageError, match="alter schema warehouse rename to"):
        rebuild(site, None, None, print)
    assert dump(site.warehouse) == after


def survey_manifests(place):
    return sorted((place.home / "landing/pulls/survey").rglob("*.json"))


def refused(command, place, *arguments):
    """What the refused command says, the warehouse being as it was."""
    before = warehouse_file(place).read_bytes()
    done = command(place, *arguments)
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert warehouse_file(place).read_bytes() == before
    return done.err


def test_a_manifest_with_another_month_is_refused_and_no_rows_are_dropped(restated, command):
    place, *_ = restated
    manifest = survey_manifests(place)[0]
    manifest.write_text(manifest.read_text().replace('"2026-10"', '"2025-10"'))
    assert f"{manifest}: expected the manifest as it was sealed" in refused(command, place, "rebuild")


@pytest.mark.parametrize("which", [0, 1])
def test_a_pull_that_was_loaded_and_is_not_there_is_refused_until_it_is_given_up(restated, command, which):
    place, before, after = restated
    survey_manifests(place)[which].unlink()
    (place.home / "landing/heads/survey/panel.json").unlink()
    assert "scorewright rebuild --reseal" in refused(command, place, "rebuild")
    done = command(place, "rebuild", "--reseal")
    assert done.code == 0, done.err
    assert "sealed anew: 3 manifests" in done.out
    tables = {name for name in before if name.startswith("fct_")}
    now, then = dump(place.open().warehouse), (after, before)[which]
    assert {name: now[name] for name in tables} == {name: then[name] for name in tables}
    assert command(place, "rebuild").code == 0


def test_only_the_load_records_know_of_a_landing_that_was_set_back_as_a_whole(restated, command):
    place, *_ = restated
    site = place.open()
    survey_manifests(place)[1].unlink()
    first = site.landing.latest("survey", "panel", OCTOBER)
    site.landing.head_path("survey", "panel").write_bytes(head_of(link_after(first)))
    assert audit_landing(site.landing).findings == []
    assert "a pull that was loaded is not there" in refused(command, place, "rebuild")
    with pytest.raises(DataError, match="found only older ones in the landing"):
        load(site, OCTOBER, "survey", now=LATER).or_raise()


def test_a_warehouse_of_an_older_program_is_rebuilt_and_its_records_still_count(restated, command):
    place, _, after = restated
    with place.open().warehouse.transaction() as connection:
        for table in ("load_record", "load_history"):
            connection.exec_driver_sql(f"alter table {table} drop column landing_seal")
        connection.exec_driver_sql(
            "update schema_version set ddl_sha256 = 'x' where table_name like 'load_%'"
        )
    assert command(place, "rollup", "2026-10").code == 0
    assert command(place, "run", "--period", "2026-10").code == 2
    assert command(place, "rebuild").code == 0
    assert dump(place.open().warehouse) == after

"""The preview: exactly what a run would issue, and not a byte of the installation changed."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from rich.console import Console

from pipeline.backfill import BackfillOptions, backfill
from pipeline.preview import preview
from scoring.canonical import from_json, restatement_from_json
from scoring.errors import BadFileError
from scoring.period import Period
from scoring.restatement import Cause, Moved, MovedText
from settings import ROOT
from terminal.impacts import print_impacts, write_csv
from terminal.impacts import why as why_of
from tests.pipeline.conftest import NOW, Place
from tests.pipeline.exports import ADS, ANSWERS, change
from tests.pipeline.test_backfill import Told, season

SEPTEMBER, OCTOBER = Period(2026, 9), Period(2026, 10)
MONTHS = (SEPTEMBER, OCTOBER)


def issue_all(place, periods=MONTHS):
    backfill(place.open(), BackfillOptions(periods), now=lambda: NOW, watch=Told())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """September and October issued; only to be copied."""
    place = season(tmp_path_factory.mktemp("previewed"))
    issue_all(place)
    return place


@pytest.fixture
def copy(filled, tmp_path):
    return Place(shutil.copytree(filled.root, tmp_path / "copy"))


def look(place, periods=MONTHS, teams=()):
    return preview(place.open(), periods, teams, now=lambda: NOW)


def hashes(place):
    """Every file of the installation by its content; who holds the warehouse is no content."""
    return {
        path.relative_to(place.root): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in place.root.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def newest(place, periods=MONTHS):
    ledger = place.open().ledger
    return {(i.period, i.team_id): i for period in periods for i in ledger.latest_revisions(str(period))}


def key_of(impact):
    return impact.card.period, impact.card.team_id


def less_happy(place):
    """A late export of September's answers: everybody is now less content."""
    change(place.export(ANSWERS.replace("10", "09")), lambda text: text.replace(",9,5", ",4,5"))


def another_target(place):
    change(
        place.root / "config/targets/2026.csv",
        lambda text: text + "south,responses,2026-10-01,2027-01-01,8,40,T. Lind,Panel of eight\n",
    )
    change(
        place.root / "config/targets/2026.csv",
        lambda text: text.replace(
            "south,responses,2026-01-01,2027-01-01,5", "south,responses,2026-01-01,2026-10-01,5"
        ),
    )


def fewer_ads(place):
    change(
        place.export(ADS),
        lambda text: text.replace(",900,17,9.18,", ",900,19,9.18,").replace(",1054,", ",1178,"),
    )


CHANGES = {"late data": less_happy, "a target": another_target, "more clicks": fewer_ads}


# --- it is what then happens -----------------------------------------------------------------------


@pytest.mark.parametrize("what", CHANGES)
def test_the_preview_is_what_the_backfill_then_does(copy, what):
    CHANGES[what](copy)
    before, found = newest(copy), look(copy)
    issue_all(copy)
    after = newest(copy)
    revised = {key: issue for key, issue in after.items() if issue.id != before[key].id}
    assert revised
    assert [(*key_of(impact), impact.card.revision) for impact in found] == [
        (*key, issue.revision) for key, issue in revised.items()
    ]
    ledger = copy.open().ledger
    for impact in found:
        was, now = (from_json(side[key_of(impact)].card_json) for side in (before, after))
        assert impact.total == Moved(was.total, now.total)
        assert impact.grade == MovedText(was.grade, now.grade)
        entered = ledger.restatement(revised[key_of(impact)].id)
        assert impact.restatement == restatement_from_json(entered.restatement_json)
        assert impact.is_closed == entered.is_closed


def test_late_data_is_told_down_to_the_score_and_why(copy):
    less_happy(copy)
    september = {impact.card.team_id: impact for impact in look(copy, (SEPTEMBER,))}
    assert set(september) == {"north", "south"}
    (change,) = september["north"].restatement.kpis
    assert (change.kpi_id, change.causes) == ("nps", (Cause.LATE_DATA,))
    assert [(late.source, late.period) for late in change.sources] == [("survey", "2026-09")]
    assert change.score.delta < 0
    assert september["north"].total.delta < 0
    assert why_of(september["north"]) == "late_data: survey/panel 2026-09"


def test_a_changed_target_is_told_as_such(copy):
    another_target(copy)
    (impact,) = look(copy, (OCTOBER,))
    assert impact.card.team_id == "south"
    assert [(change.kpi_id, change.causes) for change in impact.restatement.kpis] == [
        ("responses", (Cause.TARGET,))
    ]


def test_a_trend_alone_that_moves_is_no_reason_for_a_revision(copy):
    """October's cards stand on October's answers, and show September's."""
    less_happy(copy)
    assert {impact.card.period for impact in look(copy)} == {"2026-09"}


@pytest.mark.parametrize(("now", "is_closed"), [(NOW, False), (NOW + timedelta(days=90), True)])
def test_whether_the_period_is_closed_is_told(copy, now, is_closed):
    another_target(copy)
    found = preview(copy.open(), (OCTOBER,), (), now=lambda: now)
    assert {impact.is_closed for impact in found if impact.card.period == str(OCTOBER)} == {is_closed}
    shown = io.StringIO()
    print_impacts(found, Console(file=shown, width=100))
    _, _, after = shown.getvalue().partition("2026-10 south")
    assert f"r1 → r2, {'closed' if is_closed else 'open'} " in after.split("\n")[1]


def test_nothing_changed_is_no_impact(copy):
    assert look(copy) == ()


def test_cards_that_were_never_issued_are_first_issues(copy):
    august = Period(2026, 8)
    found = look(copy, august.through(OCTOBER))
    assert [(*key_of(impact), impact.card.revision, why_of(impact)) for impact in found] == [
        ("2026-08", "north", 1, "first issue"),
        ("2026-08", "south", 1, "first issue"),
    ]


def test_only_the_teams_asked_for_are_looked_at(copy):
    less_happy(copy)
    assert {impact.card.team_id for impact in look(copy, teams=("south",))} == {"south"}


# --- it changes nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize("what", CHANGES)
def test_no_file_is_another_one_afterwards(copy, what):
    CHANGES[what](copy)
    before = hashes(copy)
    assert look(copy)
    assert hashes(copy) == before


def test_no_file_is_left_in_the_folder_for_temporary_files(copy, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    less_happy(copy)
    look(copy)
    spoiled = copy.export(ADS)
    change(spoiled, lambda text: text.replace("900,17,", "9x0,17,", 1))
    with pytest.raises(BadFileError):
        look(copy)
    assert list(temporary.iterdir()) == []


def test_an_installation_in_which_nothing_was_done_yet_stays_so(place):
    found = look(place, (OCTOBER,))
    assert [impact.card.team_id for impact in found] == ["north", "south"]
    assert not place.home.exists()


def test_a_bad_export_is_refused_as_the_run_would(copy):
    change(copy.export(ADS), lambda text: text.replace("900,17,", "9x0,17,", 1))
    before = hashes(copy)
    with pytest.raises(BadFileError, match="row 4, column 'Impr"):
        look(copy)
    assert hashes(copy) == before


def test_a_warehouse_on_a_server_is_tried_out_on_a_file_made_from_the_landing(copy, postgres):
    """Each engine gives the same answers, so the preview needs no second database and no lock."""
    url = postgres.new_database()

    def found():
        site = copy.open(warehouse=url, ledger=f"sqlite:///{copy.home}/ledger.sqlite")
        return preview(site, MONTHS, (), now=lambda: NOW)

    assert found() == ()
    less_happy(copy)
    assert found() == look(copy)
    with copy.open(warehouse=url).warehouse.opened() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_a_ledger_on_a_server_is_copied_and_left_alone(copy, postgres):
    # in a home of its own: that of the copy has issues of another ledger
    there = {"warehouse": postgres.new_database(), "home": str(copy.root / "server")}
    copy.run(send=False, **there)
    site = copy.open(**there)
    before = site.ledger.latest_revisions(str(OCTOBER))
    another_target(copy)
    found = preview(copy.open(**there), (OCTOBER,), (), now=lambda: NOW)
    assert found
    assert found == look(copy, (OCTOBER,))
    assert site.ledger.latest_revisions(str(OCTOBER)) == before


KILLED = """
import os, sys
import sqlalchemy as sa
from warehouse import open_warehouse
warehouse = open_warehouse(sys.argv[1])
connection = warehouse.engine.connect()
connection.execute(sa.text("delete from fct_survey_response"))
connection.execute(sa.text("update load_record set vintage = vintage + 1 where source = 'survey'"))
connection.commit()
os._exit(9)
"""


def test_what_a_killed_process_left_in_the_log_is_seen(copy):
    """Committed, and only in the log when the process died: it counts."""
    url = f"duckdb:///{copy.home}/warehouse.duckdb"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", KILLED, url], env=environment, check=False)
    assert (copy.home / "warehouse.duckdb.wal").exists()
    found = look(copy)
    assert {impact.card.period for impact in found} == {"2026-09", "2026-10"}
    issue_all(copy)
    assert {key for key, issue in newest(copy).items() if issue.revision == 2} == {
        key_of(impact) for impact in found
    }


def test_a_ledger_of_an_older_program_is_looked_at_and_left_as_it_is(copy):
    """After an update the preview is what one wants to see first."""
    path = copy.home / "ledger.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("drop table restatements")
        old.execute("drop table confirmations")
        old.execute("drop table row_seals")
        old.execute("drop table approvals")
        old.execute("drop trigger deliveries_sent_is_final")
        old.execute("drop table bounces")
        old.execute("drop table notices")
        old.execute(
            "create trigger deliveries_sent_is_final before update on deliveries when old.state = 'sent' "
            "begin select raise(abort, 'a sent delivery is never changed'); end"
        )
        old.execute("drop trigger issues_no_update")
        for column in ("chain_sha256", "book_sha256", "program", "made_by"):
            old.execute(f"alter table issues drop column {column}")
        old.execute("alter table issues add column pdf_sha256 text")
        old.execute(
            "update issues set pdf_sha256 = (select sha256 from documents where issue_id = issues.id)"
        )
        old.execute("drop table documents")
        old.execute("update alembic_version set version_num = '0002'")
    old.close()
    before = hashes(copy)
    assert look(copy) == ()
    assert hashes(copy) == before


# --- as it is shown --------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_revision_and_counts_them(copy):
    less_happy(copy)
    shown = io.StringIO()
    print_impacts(look(copy, Period(2026, 8).through(OCTOBER)), Console(file=shown, width=100))
    text = shown.getvalue()
    assert "2026-09 north" in text
    assert "r1 → r2" in text
    assert "late_data: survey/" in text
    assert "2026-08: 2 to be issued for the first time" in text
    assert text.splitlines()[-1] == (
        "2 issued cards would get a revision, 2 of them of a closed period; 0 would have another grade, "
        "0 another pay coefficient. Nothing was changed."
    )


def test_the_csv_has_a_row_for_each_line_that_changes(copy, tmp_path):
    less_happy(copy)
    found = look(copy, Period(2026, 8).through(OCTOBER))
    write_csv(found, tmp_path / "impacts.csv")
    rows = list(csv.DictReader((tmp_path / "impacts.csv").open(encoding="utf-8")))
    lines = [(*key_of(impact), change.kpi_id) for impact in found for change in impact.changes]
    others = [(*key_of(impact), "") for impact in found if not impact.changes]
    assert lines
    assert others
    assert sorted((row["period"], row["team"], row["kpi"]) for row in rows) == sorted([*lines, *others])
    revised = next(impact for impact in found if impact.changes)
    first, change = next(row for row in rows if row["kpi"]), revised.changes[0]
    assert (first["old_revision"], first["new_revision"]) == ("1", "2")
    assert (first["old_score"], first["new_score"]) == (str(change.score.old), str(change.score.new))
    assert (first["because_of"], first["late_sources"]) == ("late_data", "survey/panel 2026-09")


@pytest.mark.parametrize(
    "words", [["run", "--period", "2026-10"], ["backfill", "--from", "2026-09", "--to", "2026-10"]]
)
def test_the_command_writes_both_and_changes_nothing(command, copy, tmp_path, words):
    less_happy(copy)
    before = hashes(copy)
    done = command(copy, *words, "--dry-run", "--csv", tmp_path / "found.csv")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1].endswith("Nothing was changed.")
    assert (tmp_path / "found.csv").read_text("utf-8").startswith("period,team,closed,old_revision,")
    assert hashes(copy) == before


@pytest.mark.parametrize(
    "words", [["run", "--period", "2026-10"], ["backfill", "--from", "2026-09", "--to", "2026-10"]]
)
def test_a_file_that_is_there_is_replaced_only_where_that_is_asked_for(command, copy, tmp_path, words):
    file = tmp_path / "found.csv"
    file.write_text("mine")
    done = command(copy, *words, "--dry-run", "--csv", file)
    assert (done.code, done.out) == (2, "")
    assert "found.csv: expected a new file, found one; name another, or replace it with --force" in done.err
    assert file.read_text() == "mine"
    assert command(copy, *words, "--dry-run", "--csv", file, "--force").code == 0
    assert file.read_text().startswith("period,team,closed,")

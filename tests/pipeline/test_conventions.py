"""What people expect of a command line: --version, --json, --quiet, --verbose, completion, nearest names."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from importlib.metadata import version

import pytest
import typer
from rich.console import Console

from scoring.canonical import from_json
from settings import place_beside_the_default
from terminal.cli import app
from terminal.counted import counted
from tests.pipeline.command import PROGRAM, surroundings
from tests.pipeline.test_cards import on_a_terminal
from tests.pipeline.test_status import issue

PRINTS_NO_TABLE = {
    *("init", "check", "export", "archive", "rebuild", "approve", "settle", "book"),
    *("ledger adopt", "ledger tabulate", "tidy", "appraisal form", "appraisal enter", "appraisal remind"),
    *("bounces", "sources login", "sources test"),
}
"""The commands that say a few lines."""


def commands(group=None, prefix=""):
    """Every command with its whole name."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def read_json(done):
    assert done.err == ""
    return json.loads(done.out)


def test_it_says_its_version_without_settings(command, place):
    done = command(place, "--version", confg="/srv")
    assert (done.code, done.out, done.err) == (0, f"scorewright {version('scorewright')}\n", "")


def test_every_command_that_prints_a_table_has_json():
    without = {
        name for name, command in commands() if "--json" not in {o for p in command.params for o in p.opts}
    }
    assert without == PRINTS_NO_TABLE


def test_a_shell_completes_commands_and_options(unsent):
    def completed(words):
        environment = surroundings(unsent.settings) | {
            "_SCOREWRIGHT_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        }
        done = subprocess.run([PROGRAM], env=environment, capture_output=True, encoding="utf-8", check=True)
        return done.stdout.split()

    assert completed("scorewright sta") == ["status"]
    assert {"--quiet", "--verbose"} <= set(completed("scorewright run --"))


# --- JSON ------------------------------------------------------------------------------------------


def test_a_card_as_json_is_the_card(command, unsent):
    found = read_json(command(unsent, "show", "2026-10", "north", "--json"))
    card = from_json(unsent.issues()[0].card_json)
    assert (found["team_id"], found["total"]) == ("north", str(card.total))
    assert len(found["areas"]) == len(card.areas)


def test_kpis_as_json_have_their_formulas_and_teams(command, unsent):
    found = {kpi["id"]: kpi for kpi in read_json(command(unsent, "kpis", "--json"))}
    book = unsent.open().book
    assert set(found) == set(book.kpis)
    assert found["nps"]["formula"] == book.kpis["nps"].formula
    assert found["nps"]["name"]["zh_CN"] == book.kpis["nps"].name.zh_CN
    assert read_json(command(unsent, "kpis", "nps", "--json")) == [found["nps"]]
    assert {"id", "formula"} <= set(read_json(command(unsent, "kpis", "--dictionary", "--json"))[0])


def test_a_rollup_as_json_has_exact_values_and_their_measures(command, unsent):
    found = read_json(command(unsent, "rollup", "2026-10", "nps", "--json"))
    whole = read_json(command(unsent, "rollup", "2026-10", "--json"))
    assert [row for row in whole if row["kpi_id"] == "nps"] == found
    assert {row["kpi_id"] for row in found} == {"nps"}
    assert found[0]["teams"] == ["north", "south"]
    assert all(isinstance(value, str) for value in found[0]["measures"].values())


def test_a_what_if_as_json_has_both_months(command, unsent):
    found = read_json(command(unsent, "what-if", "2026-10", "north", "ad_clicks=+100", "--json"))
    card = from_json(unsent.issues()[0].card_json)
    assert found["before"]["total"] == str(card.total)
    before, after = ({line["kpi_id"]: line for line in found[when]["lines"]} for when in ("before", "after"))
    assert before["clicks"]["actual"] != after["clicks"]["actual"]
    assert before["nps"] == after["nps"]


def test_a_trace_as_json_has_the_line_and_its_measures(command, unsent):
    found = read_json(command(unsent, "trace", "2026-10/north/r1", "nps", "--json"))
    line = from_json(unsent.issues()[0].card_json).by_kpi["nps"]
    assert (found["card"], found["kpi"]["score"]) == ("2026-10/north/r1", str(line.score))
    assert [one["name"] for one in found["measures"]] == [one.name for one in line.measures]
    assert found["loads"][0]["now"]["month"] == "2026-10"
    refused = command(unsent, "trace", "2026-10/north/r1", "nps", "--json", "--rows")
    assert (refused.code, refused.out) == (2, "")


def test_a_verification_as_json_names_each_issue(command, unsent):
    found = read_json(command(unsent, "verify", "--json"))
    assert [(one["card"], one["content"], one["file_on_disk"]) for one in found["issues"]] == [
        ("2026-10/north/r1", "ok", "ok"),
        ("2026-10/south/r1", "ok", "ok"),
    ]
    audited = read_json(command(unsent, "verify", "--all", "--json"))
    assert audited["findings"] == []
    assert audited["counts"]["issues"] == 2


def test_a_diff_as_json_is_the_restatement(command, october):
    found = read_json(command(october, "diff", "2026-09", "north", "1", "2", "--json"))
    assert (found["restatement"]["period"], found["is_closed"]) == ("2026-09", True)
    assert {mail["state"] for mail in found["received"]} == {"sent"}


def test_a_preview_and_a_diff_of_targets_as_json_have_a_row_each(command, issued, tmp_path):
    before = shutil.copytree(issued.root / "config", tmp_path / "before")
    (file,) = (issued.root / "config/targets").glob("*.csv")
    text = file.read_text("utf-8")
    changed = re.sub(
        r"(?m)^(north,clicks,2026-07-01,2027-01-01),(\d+)",
        lambda found: f"{found[1]},{int(found[2]) + 1}",
        text,
    )
    assert changed != text
    file.write_text(changed, "utf-8")
    found = read_json(command(issued, "targets", "diff", before, issued.root / "config", "--json"))
    assert {(row["team_id"], row["kpi_id"], row["what"]) for row in found} == {("north", "clicks", "changed")}
    rows = read_json(command(issued, "run", "--period", "2026-10", "--dry-run", "--json"))
    assert {(row["team"], row["kpi"], row["new_revision"]) for row in rows} == {("north", "clicks", 2)}
    refused = command(issued, "run", "--period", "2026-10", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "--json: expected --dry-run with it, found none; add it, or leave --json out." in refused.err


def test_quarantined_rows_as_json(command, unsent):
    assert read_json(command(unsent, "quarantine", "2026-10", "--json")) == []


# --- quiet and verbose -----------------------------------------------------------------------------


def test_a_quiet_run_says_nothing_and_a_verbose_one_logs_its_steps(command, issued):
    quiet = command(issued, "run", "--period", "2026-10", "--deliver", "never", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    verbose = issued.command("run", "--period", "2026-10", "--deliver", "never", "--verbose")
    assert verbose.code == 0
    assert "issue: 2 of 2 cards stand as they were issued" in verbose.err
    assert "2026-10/north/r1: issue 1" in verbose.out
    backfilled = command(issued, "backfill", "--from", "2026-10", "--to", "2026-10", "--quiet")
    assert (backfilled.code, backfilled.out, backfilled.err) == (0, "", "")
    both = command(issued, "run", "--period", "2026-10", "--quiet", "--verbose")
    assert (both.code, both.out) == (2, "")


def test_a_quiet_run_still_refuses_aloud(command, issued):
    done = command(issued, "run", "--period", "2026-10", "--team", "norht", "--quiet")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err == "scorewright: team: expected one of north, south, found 'norht' (did you mean north?).\n"
    )


# --- on a terminal ---------------------------------------------------------------------------------


def test_long_work_says_how_many_of_how_many_are_done_on_a_terminal_alone(monkeypatch):
    for is_terminal in (True, False):
        out = Console(file=io.StringIO(), force_terminal=is_terminal, width=80)
        monkeypatch.setattr("terminal.counted.console", lambda out=out: out)
        assert [*counted(iter("abc"), 3)] == ["a", "b", "c"]
        assert ("3 of 3" in out.file.getvalue()) is is_terminal


def test_another_book_than_the_folders_own_is_named_on_a_terminal(unsent):
    first = on_a_terminal(unsent, "cards").splitlines()[0]
    assert first == f"book {unsent.root / 'config'}, home {unsent.home}"


def test_the_folders_own_book_is_not_named(tmp_path, monkeypatch):
    (tmp_path / "scorewright.toml").write_text('book = "book"\n', "utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path)
    assert [*place_beside_the_default({})] == []
    named = f"book {tmp_path}/book, home /srv/home"
    assert [*place_beside_the_default({"SCOREWRIGHT_HOME": "/srv/home"})] == [named]
    monkeypatch.chdir(tmp_path / "below")
    assert [*place_beside_the_default({})] == [f"book {tmp_path}/book, home {tmp_path}/var"]
    monkeypatch.chdir("/")
    assert os.path.exists("/scorewright.toml") or [*place_beside_the_default({})] == []


# --- nearest names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "2026-10", "nroth"], "(did you mean north?)"),
        (["kpis", "npss"], "(did you mean nps?)"),
        (["rollup", "2026-10", "click"], "(did you mean clicks?)"),
        (["what-if", "2026-10", "north", "ad_clickss=1"], "(did you mean ad_clicks?)"),
        (["trace", "2026-10/north/r1", "nsp"], "(did you mean nps?)"),
        (["try", "nothing.csv", "--as", "youtube_contents"], "(did you mean youtube_content?)"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest_one(command, unsent, words, said):
    done = command(unsent, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(("words", "said"), [(["statu"], "status"), (["ledger", "adpt"], "adopt")])
def test_unknown_commands_are_refused_with_the_nearest_one(command, unsent, words, said):
    done = command(unsent, *words)
    assert done.code == 2
    assert f"Did you mean '{said}'?" in done.err


def test_a_card_of_a_team_that_the_book_has_no_more_can_be_shown(command, issued):
    issue(issued, team_id="east")
    done = command(issued, "show", "2026-10", "east")
    assert (done.code, done.err) == (0, "")
    assert "Marketing North" in done.out

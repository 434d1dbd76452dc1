"""`scorewright cards` lists everything issued, and tables in a pipe keep their ids whole."""

from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest

from scoring.canonical import from_json
from tests.pipeline.command import PROGRAM, surroundings


def piped(place, *words):
    """What the program prints into a pipe of no width."""
    environment = surroundings(place.settings)
    del environment["COLUMNS"]
    return subprocess.run(
        [PROGRAM, *words], env=environment, capture_output=True, encoding="utf-8", check=True
    ).stdout


def on_a_terminal(place, *words, columns=80):
    """What it prints on a terminal of that width."""
    master, slave = pty.openpty()
    environment = {**surroundings(place.settings), "COLUMNS": str(columns), "TERM": "dumb"}
    subprocess.run([PROGRAM, *words], env=environment, stdout=slave, stderr=slave, check=True)
    os.close(slave)
    said = b""
    try:
        while part := os.read(master, 1 << 16):
            said += part
    except OSError:  # Linux's way to say that the other side is closed
        os.close(master)
    return said.decode()


def cells(text):
    """The rows of the table, without its title, its header and the line below it."""
    return [line.split() for line in text.splitlines()[2:-1]]


def test_every_revision_of_every_card_is_a_row(command, october):
    done = command(october, "cards")
    assert (done.code, done.err) == (0, "")
    rows = cells(done.out)
    assert [row[0] for row in rows] == [
        "2026-09/north/r1",
        "2026-09/north/r2",
        "2026-09/south/r1",
        "2026-09/south/r2",
        "2026-10/north/r1",
        "2026-10/south/r1",
    ]
    assert rows[0][1:] == ["100.8", "–", "green", "final", "2026-10-03", "1"]
    assert done.out.splitlines()[-1] == "4 cards, 6 revisions"


def test_as_json_it_says_what_the_cards_say(command, october):
    found = json.loads(command(october, "cards", "--json").out)
    issues = {issue.id: issue for issue in october.open().ledger.revisions()}
    assert {line["id"] for line in found} == set(issues)
    for line in found:
        issue = issues[line["id"]]
        card = from_json(issue.card_json)
        assert (line["period"], line["team_id"], line["revision"]) == (
            issue.period,
            issue.team_id,
            issue.revision,
        )
        assert (line["total"], line["grade"], line["band"]) == (str(card.total), card.grade, card.band)
        assert line["certificate"] == card.certificate.status
        assert line["issued_at"] == issue.issued_at.isoformat()
    assert [line["is_current"] for line in found] == [False, True, False, True, True, True]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--period", "2026-10"], ["2026-10/north/r1", "2026-10/south/r1"]),
        (["--period", "2026-10", "--team", "south"], ["2026-10/south/r1"]),
        (["--period", "2026-09..2026-12", "--team", "south", "--team", "north"], 6),
        (["--period", "2026-09", "--period", "2026-10"], 6),
        (["--period", "2020-01..2020-03"], []),
    ],
)
def test_periods_and_teams_narrow_it(command, october, words, expected):
    found = [row[0] for row in cells(command(october, "cards", *words).out)]
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--team", "nroth"],
            "team: expected one that an issued card has, found 'nroth' (did you mean north?); ",
        ),
        (["--period", "2026-11"], "found '2026-11' (did you mean 2026-10?); "),
        (["--period", "2026-10..2026-09"], "range: expected the earlier period first"),
        (["--period", "2026-10..2026-Q4"], "range: expected two periods of one length"),
    ],
)
def test_names_of_nothing_are_refused_with_the_nearest(command, october, words, said):
    done = command(october, "cards", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_it_reads_the_ledger_alone(command, issued):
    (issued.root / "config" / "teams.yaml").unlink()
    (issued.home / "warehouse.duckdb").unlink()
    assert len(cells(command(issued, "cards").out)) == 2
    assert not (issued.home / "warehouse.duckdb").exists()


@pytest.mark.parametrize("words", [["cards"], ["kpis"]])
def test_on_a_terminal_a_table_fits_and_in_a_pipe_nothing_is_cut(unsent, words):
    place, *table = on_a_terminal(unsent, *words).splitlines()
    assert place.startswith("book ")
    assert max(map(len, table)) <= 80
    assert "…" not in piped(unsent, *words)
    assert "north" in piped(unsent, *words)


def test_what_was_sent_is_counted(command, issued):
    issued.run()
    assert [row[-1] for row in cells(command(issued, "cards").out)] == ["1", "1"]

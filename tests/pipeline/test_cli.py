"""The command line: what it says, where, and how it ends."""

from __future__ import annotations

import shutil
import socket

import pytest

from scoring.errors import NEW_EXPORT
from tests.book.books import VALID, expected_faults, lay_out
from tests.pipeline.command import scorewright
from tests.pipeline.exports import ADS, RATES, change


def text_of(done):
    """What was printed, without frames and line breaks."""
    return " ".join(word for word in done.out.split() if word.strip("╭╮╰╯─│"))


def refusal_of(done):
    """The one line on stderr of a command that refused, without its beginning."""
    assert done.err.count("\n") == 1
    assert done.err.startswith("scorewright: ")
    assert "Traceback" not in done.err
    return done.err.removeprefix("scorewright: ").rstrip("\n")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


# --- help ------------------------------------------------------------------------------------------

HELP = {
    (): [
        "Marketing numbers in, scored against agreed targets, out as scorecards a manager can trust.",
        "run Run the whole period: extract, load, measure, score, render, issue, deliver.",
        "check Read the book in config/ and list its faults.",
        "show Print one team's newest issued scorecard as a table.",
        "status List the period's issued scorecards: total, status, revision, PDF and mail.",
    ],
    ("run",): [
        "Usage: scorewright run [OPTIONS] Run the whole period",
        "Safe to repeat: unchanged data is not loaded, issued or sent again.",
        "* --period PERIOD 2026-10, 2026-W41, 2026-Q4, 2026, FY2026/27-Q3 [required]",
        "--team TEAM a team id; may be repeated",
        "--deliver <auto|always|never> auto counts as never here [default: always]",
    ],
    ("check",): ["Usage: scorewright check [OPTIONS] Read the book in config/ and list its faults."],
    ("show",): [
        "Usage: scorewright show [OPTIONS] {PERIOD} {TEAM} Print one team's newest issued scorecard",
        "* PERIOD <str> 2026-10, 2026-W41, 2026-Q4, 2026, FY2026/27-Q3 [required]",
        "* TEAM <str> a team id [required]",
    ],
    ("status",): [
        "Usage: scorewright status [OPTIONS] {PERIOD} List the period's issued scorecards",
        "* PERIOD <str> 2026-10, 2026-W41, 2026-Q4, 2026, FY2026/27-Q3 [required]",
    ],
}


@pytest.mark.parametrize("words", HELP, ids=lambda words: " ".join(words) or "scorewright")
def test_help_reads_well(words):
    done = scorewright(*words, "--help")
    assert (done.code, done.err) == (0, "")
    for snippet in HELP[words]:
        assert snippet in text_of(done)
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_the_program_without_a_word_shows_its_help():
    done = scorewright()
    assert "Commands" in done.out + done.err
    assert "Traceback" not in done.err


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2026-13", "2026-1", "October", "2026-10-01", "../2026-10", ""])
@pytest.mark.parametrize("words", [["run", "--period"], ["status"], ["show"]])
def test_what_is_no_month_ends_with_2(command, place, words, period):
    done = command(place, *words, period, *(["north"] if words == ["show"] else []))
    assert (done.code, done.out) == (2, "")
    assert refusal_of(done) == (
        "period: expected a month such as 2026-10, a week such as 2026-W41, a quarter such as 2026-Q4 or a "
        f"year such as 2026, found {period!r}; give YYYY-MM, YYYY-Www, YYYY-Qn or YYYY, "
        "days as YYYY-MM-DD..YYYY-MM-DD, or a fiscal one such as FY2026-04-Q3."
    )
    assert not place.home.exists()


@pytest.mark.parametrize(
    "words",
    [["run", "--period", "2026-10", "--team", "north", "--team", "west"], ["show", "2026-10", "west"]],
)
def test_an_unknown_team_ends_with_2_before_anything_is_done(command, place, words):
    done = command(place, *words)
    assert (done.code, done.out) == (2, "")
    assert refusal_of(done) == "team: expected one of north, south, found 'west'."
    assert not place.home.exists()


def test_a_book_with_one_fault_ends_with_2_and_one_line(command, place):
    shutil.rmtree(place.root / "config")
    broken = VALID.with_name("invalid-cut-offs")
    config = lay_out(broken, place.root / "config")
    done = command(place, "run", "--period", "2026-10")
    (fault,) = expected_faults(broken)
    assert (done.code, done.out) == (2, "")
    assert refusal_of(done) == f"{config}/{fault}."
    assert not place.home.exists()


def test_a_bad_export_ends_with_3_and_says_where(place):
    change(place.export(ADS), lambda text: text.replace("900,17,", "9x0,17,", 1))
    done = place.command("run", "--period", "2026-10")
    assert done.code == 3
    assert f"{ADS}, row 4, column 'Impr.': expected a whole number" in done.err
    assert f"found '9x0'; {NEW_EXPORT}." in done.err
    assert "google_ads: 1 slice landed, 0 new or changed and loaded, 1 refused" in done.out


def test_missing_rates_end_with_4_after_what_was_done(command, place):
    place.export(RATES).unlink()
    done = command(place, "run", "--period", "2026-10")
    assert done.code == 4
    assert "fx_rates: 0 slices landed, 0 new or changed and loaded" in done.out.splitlines()
    assert "exchange rates: expected a rate for USD on 2026-10-01" in done.err


def test_a_mail_server_that_is_not_there_ends_with_6_and_every_card_is_issued(command, issued):
    """A mail that fails holds up no other; the next run sends them."""
    done = command(issued, "run", "--period", "2026-10", delivery=f"smtp://127.0.0.1:{free_port()}?tls=never")
    assert done.code == 6
    assert [line for line in done.out.splitlines() if line.startswith("2026-10/")] == [
        "2026-10/north/r1: issue 1, mail with a problem, see below",
        "2026-10/south/r1: issue 2, mail with a problem, see below",
    ]
    first, *problems = done.err.splitlines()
    assert first == "scorewright: 2 refusals; all else was done:"
    assert [line.split()[0] for line in problems] == ["2026-10/north/r1", "2026-10/south/r1"]
    assert issued.mail_states() == {"north": ["failed"], "south": ["failed"]}
    assert command(issued, "run", "--period", "2026-10").code == 0
    assert issued.mail_states() == {"north": ["sent"], "south": ["sent"]}
    assert len(issued.mails()) == 2


@pytest.mark.parametrize("words", [["show", "2026-10", "north"], ["status", "2026-10"]])
def test_before_anything_was_issued_there_is_nothing_to_show(command, place, words):
    done = command(place, *words)
    assert (done.code, done.out) == (2, "")
    assert refusal_of(done).endswith("found no tables; run a month first, which creates them.")


def test_a_month_in_which_nothing_was_issued_says_how_to_change_that(command, unsent):
    for words in (["show", "2026-09", "north"], ["status", "2026-09"]):
        done = command(unsent, *words)
        assert (done.code, done.out) == (2, "")
        assert refusal_of(done).endswith("run `scorewright run --period 2026-09` first.")


def test_a_misspelt_variable_ends_with_2(command, place):
    done = command(place, "check", confg="/srv")
    assert (done.code, done.out) == (2, "")
    assert refusal_of(done).endswith("found SCOREWRIGHT_CONFG; correct its name or unset it.")


@pytest.mark.parametrize(
    "words", [["rum"], ["run"], ["run", "--perid", "2026-10"], ["status"], ["show", "2026-10"]]
)
def test_words_that_are_no_command_end_with_2_and_the_usage(command, unsent, words):
    done = command(unsent, *words)
    assert (done.code, done.out) == (2, "")
    assert "Usage: " in done.err
    assert "Traceback" not in done.err


# --- runs ------------------------------------------------------------------------------------------


def test_one_team_without_mail_and_then_everybody(command, place):
    first = command(place, "run", "--period", "2026-10", "--team", "south", "--deliver", "never")
    assert (first.code, first.err) == (0, "")
    assert "2026-10/south/r1: issue 1, mail not asked for\n" in first.out
    assert [issue.team_id for issue in place.issues()] == ["south"]
    assert place.mails() == []
    assert "\x1b" not in first.out
    place.run()
    assert [(issue.team_id, issue.id) for issue in place.issues()] == [("north", 2), ("south", 1)]
    assert [name.split(".")[1] for name in place.mails()] == ["north", "south"]


@pytest.mark.parametrize("mode", ["never", "auto"])
def test_no_mail_leaves_unless_it_is_asked_for(command, issued, mode):
    done = command(issued, "run", "--period", "2026-10", "--deliver", mode)
    assert done.code == 0
    assert done.out.count("mail not asked for") == 2
    assert issued.mails() == []
    assert issued.mail_states() == {"north": [], "south": []}


def test_a_run_says_each_step_and_ends_with_the_status(command, issued):
    done = command(issued, "run", "--period", "2026-10")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:6] == [
        "google_ads: 1 slice landed, 0 new or changed and loaded",
        "survey: 1 slice landed, 0 new or changed and loaded",
        "fx_rates: 1 slice landed, 0 new or changed and loaded",
        "measured: nothing has changed",
        "2026-10/north/r1: issue 1, mail sent",
        "2026-10/south/r1: issue 2, mail sent",
    ]
    assert done.out.splitlines()[6].startswith("Scorecards 2026-10")
    again = command(issued, "status", "2026-10")
    assert done.out.endswith(again.out)


def test_show_prints_the_newest_card(command, unsent):
    done = command(unsent, "show", "2026-10", "south")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Marketing South · 2026-10 · revision 1 · data final")

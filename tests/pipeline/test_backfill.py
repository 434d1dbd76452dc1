"""Many periods at once: the same cards as month by month, nothing mailed, and on from where it was killed."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
import sqlalchemy as sa
from rich.console import Console

from pipeline.backfill import BackfillOptions, backfill, work_of
from pipeline.run import RunOptions, run
from pipeline.steps.measure import measure
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.evidence import CertificateStatus
from scoring.period import Period
from terminal.progress import watching
from tests.pipeline.command import PROGRAM, surroundings
from tests.pipeline.conftest import NOW, Place, new_place
from tests.pipeline.exports import ADS, ANSWERS, change, write_month
from tests.pipeline.test_safety import TIMES, contents, kill_when

MONTHS = Period(2026, 8).through(Period(2026, 10))


class Told:
    """A watch that remembers."""

    def __init__(self):
        self.lines, self.planned, self.done = [], None, 0

    def say(self, line):
        self.lines.append(line)

    def plan(self, cards):
        self.planned = cards

    def card_done(self):
        self.done += 1


def fill(place, *months, teams=()):
    told = Told()
    backfill(place.open(), BackfillOptions(tuple(months or MONTHS), teams), now=lambda: NOW, watch=told)
    return told


def issues_of(place, *months):
    """All that the newest issues say, but for when they were issued and by which number."""
    ledger = place.open().ledger
    return [
        (issue.period, issue.team_id, issue.revision, issue.content_hash, issue.documents, issue.card_json)
        for month in months or MONTHS
        for issue in ledger.latest_revisions(str(month))
    ]


def all_issues(place):
    with place.open().ledger.engine.connect() as connection:
        return connection.execute(sa.text("select count(*) from issues")).scalar_one()


def season(root):
    """An installation with the exports of three months and of the month that the first looks back on."""
    place = new_place(root)
    for month in Period(2026, 7).through(Period(2026, 9)):
        write_month(place.root / "exports", month)
    return place


@pytest.fixture(scope="module")
def told_and_filled(tmp_path_factory):
    place = season(tmp_path_factory.mktemp("filled"))
    return fill(place), place


@pytest.fixture(scope="module")
def filled(told_and_filled):
    """The three months backfilled; only to be looked at and copied."""
    return told_and_filled[1]


@pytest.fixture
def copy(filled, tmp_path):
    """A copy to work on."""
    return Place(shutil.copytree(filled.root, tmp_path / "copy"))


@pytest.fixture
def fresh(tmp_path):
    return season(tmp_path / "fresh")


# --- what comes out --------------------------------------------------------------------------------


def test_a_backfill_says_the_same_as_its_months_run_one_by_one(filled, fresh):
    for month in MONTHS:
        run(fresh.open(), RunOptions(month, send=False), now=lambda: NOW, say=lambda _: None)
    assert len(issues_of(filled)) == 6
    assert issues_of(filled) == issues_of(fresh)
    assert contents(filled) == contents(fresh)


def test_each_month_is_told_with_its_cards(told_and_filled):
    told, _ = told_and_filled
    assert (told.planned, told.done) == (6, 6)
    assert told.lines[-3:] == [f"{month}: 2 cards, 2 new or revised, 0 as they were" for month in MONTHS]


def test_each_slice_is_looked_at_once_for_the_whole_range(told_and_filled):
    told, _ = told_and_filled
    assert told.lines[:3] == [
        "google_ads: 4 slices landed, 4 new or changed and loaded",
        "survey: 4 slices landed, 4 new or changed and loaded",
        "fx_rates: 4 slices landed, 4 new or changed and loaded",
    ]


def test_nothing_is_queued_or_mailed(filled):
    ledger = filled.open().ledger
    states = [
        ledger.delivery_states(issue.id) for month in MONTHS for issue in ledger.latest_revisions(str(month))
    ]
    assert states == [{}] * 6
    assert filled.mails() == []


def test_a_second_backfill_issues_and_draws_nothing(copy):
    before = issues_of(copy), contents(copy)
    pdfs = {path: path.stat().st_mtime_ns for path in copy.home.rglob("*.pdf")}
    told = fill(copy)
    assert (issues_of(copy), contents(copy)) == before
    assert all_issues(copy) == 6
    assert {path: path.stat().st_mtime_ns for path in copy.home.rglob("*.pdf")} == pdfs
    assert told.lines[-1] == "2026-10: 2 cards, 0 new or revised, 2 as they were"


def test_a_changed_export_revises_the_cards_that_are_made_of_it_and_no_others(copy):
    change(copy.export(ANSWERS.replace("10", "08")), lambda text: text.replace(",3,5", ",10,5"))
    told = fill(copy)
    revisions = {
        (issue.period, issue.team_id): issue.revision
        for month in MONTHS
        for issue in copy.open().ledger.latest_revisions(str(month))
    }
    # September's cards show August in their trends, as it was known when they were issued
    assert revisions == {
        (str(month), team): 2 if month == MONTHS[0] else 1 for month in MONTHS for team in ("north", "south")
    }
    assert told.lines[-3:] == [
        "2026-08: 2 cards, 2 new or revised, 0 as they were",
        "2026-09: 2 cards, 0 new or revised, 2 as they were",
        "2026-10: 2 cards, 0 new or revised, 2 as they were",
    ]


def test_a_month_whose_data_is_missing_gets_a_provisional_card(fresh):
    fresh.export(ADS.replace("10", "09")).unlink()
    fill(fresh, *MONTHS[1:], teams=("north",))
    september, october = (
        from_json(issue.card_json)
        for month in MONTHS[1:]
        for issue in fresh.open().ledger.latest_revisions(str(month))
    )
    assert september.certificate.status is CertificateStatus.PROVISIONAL
    assert [finding.source for finding in september.certificate.findings] == ["google_ads"]
    assert october.certificate.status is CertificateStatus.FINAL


def test_months_without_targets_are_named_and_skipped(copy):
    told = fill(copy, *Period(2025, 11).through(Period(2026, 8)), teams=("south",))
    assert told.lines[4:6] == [
        "2025-11: skipped, because no team has targets per month",
        "2025-12: skipped, because no team has targets per month",
    ]
    assert told.planned == 8
    assert issues_of(copy, Period(2025, 12)) == []


def test_a_range_in_which_nobody_has_targets_is_refused(place):
    options = BackfillOptions(Period(2024, 1).through(Period(2024, 12)), ("north",))
    with pytest.raises(UsageError, match="found none for north; add them"):
        work_of(place.open(), options)
    assert not place.home.exists()


def test_measures_of_a_range_are_those_of_its_months(filled, copy):
    site = copy.open()
    for month in (*reversed(MONTHS), MONTHS[1]):
        measure(site, month)
    assert contents(copy) == contents(filled)


# --- killed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign",
    ["landing/pulls/survey/*/2026-09/*.json", "scorecards/2026-09/*.json", "scorecards/2026-09/*.drawn"],
)
def test_a_killed_backfill_goes_on_where_it_was(fresh, filled, sign):
    process = subprocess.Popen(
        [PROGRAM, "backfill", "--from", "2026-08", "--to", "2026-10"],
        env=surroundings(fresh.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    kill_when(process, lambda: any(fresh.home.glob(sign)))
    fill(fresh)
    assert issues_of(fresh) == issues_of(filled)
    assert contents(fresh, *TIMES) == contents(filled, *TIMES)
    assert all_issues(fresh) == 6


# --- the command -----------------------------------------------------------------------------------


def test_the_command_prints_a_line_a_month_and_the_count(command, copy):
    done = command(copy, "backfill", "--from", "2026-08", "--to", "2026-10")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-3:] == [
        "2026-08: 2 cards, 0 new or revised, 2 as they were (2 of 6)",
        "2026-09: 2 cards, 0 new or revised, 2 as they were (4 of 6)",
        "2026-10: 2 cards, 0 new or revised, 2 as they were (6 of 6)",
    ]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (
            ["--from", "2026-10", "--to", "2026-08"],
            "range: expected the earlier period first, found 2026-10 to 2026-08; swap them.",
        ),
        (
            ["--from", "2026-08", "--to", "2026-Q4"],
            "range: expected two periods of one length, found the month 2026-08 and the quarter 2026-Q4; "
            "name both as months, weeks, quarters or years.",
        ),
        (
            ["--from", "2026-08", "--to", "2026-10", "--deliver", "always"],
            "--deliver: expected never on a backfill, which mails nothing, found always; backfill first, "
            "then mail a period by itself with `scorewright run --period 2026-10`.",
        ),
        (
            ["--from", "2026-08", "--to", "2026-10", "--csv", "impacts.csv"],
            "--csv: expected --dry-run with it, found none; add it, or leave --csv out.",
        ),
    ],
)
def test_a_range_that_is_none_is_refused_before_anything_is_done(command, place, words, refusal):
    done = command(place, "backfill", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"scorewright: {refusal}\n"
    assert not place.home.exists()


@pytest.mark.parametrize(
    "words", [["run", "--period", "9996-11"], ["backfill", "--from", "9996-10", "--to", "9996-11"]]
)
def test_a_month_that_has_not_begun_is_refused(command, place, words):
    done = command(place, *words)
    assert (done.code, done.out) == (2, "")
    assert "expected a month that has ended, found one that begins on 9996-1" in done.err
    assert not place.home.exists()


# --- progress --------------------------------------------------------------------------------------


def test_a_terminal_shows_done_and_total_rate_and_remaining_time():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, color_system=None)
    with watching(console) as watch:
        watch.say("survey: 4 slices landed")
        watch.plan(6)
        for _ in range(6):
            watch.card_done()
    shown = screen.getvalue()
    assert "survey: 4 slices landed" in shown
    (last, *_) = [line for line in shown.splitlines() if "6/6" in line]
    for part in ("cards", "cards/min", "remaining"):
        assert part in last


def test_a_run_told_that_the_month_may_be_unfinished_mails_nothing(command, copy):
    done = command(copy, "run", "--period", "2026-10", "--unfinished")
    assert (done.code, done.err) == (0, "")
    assert copy.mails() == []
    assert {month.period for month in copy.issues()} == {"2026-10"}

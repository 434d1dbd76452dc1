"""Targets over other days than the month's own: from the warehouse to the card and its evidence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from book.files.target_cells import COLUMNS
from pipeline.remarks import cards_not_issued, runs_without_targets, teams_left_out
from pipeline.run import gather_and_measure
from scoring.errors import UsageError
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.working import Reason
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import change

HEADER = ",".join([*COLUMNS, "kind", "basis"])


@pytest.fixture
def cards(place):
    """October's cards by what is agreed for the clicks of the north."""

    def score(
        agreed: str, kind: str, days: str = "2026-01-01,2027-01-01", in_part: str = "whole"
    ) -> Scorecard:
        rows = [
            f"north,clicks,{days},{agreed},40,T. Lind,Plan,{kind}",
            f"north,nps,{days},40,60,T. Lind,Plan,,",
            "south,nps,2026-01-01,2027-01-01,40,60,T. Lind,Plan,,",
            "south,responses,2026-01-01,2027-01-01,5,40,T. Lind,Plan,,",
        ]
        change(place.root / "config/targets/2026.csv", lambda _: "\n".join([HEADER, *rows]))
        change(place.root / "config/grading.yaml", lambda text: f"{text}\npart_period: {in_part}\n")
        return place.cards()["north"]

    return score


def clicks(card: Scorecard):
    return next(result for result in card.results if result.kpi_id == "clicks")


def test_a_year_to_date_is_measured_from_the_days_of_the_year(cards):
    card = cards("1265", "cumulative,")
    result = clicks(card)
    # 17 clicks a day in each of two campaigns, and there are exports of October only
    assert result.actual == 17 * 2 * 31
    assert abs(result.target - Decimal(1265) * 304 / 365) < Decimal("1e-20")
    assert result.target_workings[0].rule == "cumulative"
    # the months before that the figure is made of are missing, and the card says so
    assert any("clicks" in finding.kpi_ids for finding in card.certificate.findings)


def test_growth_without_exports_of_the_month_before_has_no_target(cards):
    card = cards("0.1", "growth,previous_period")
    result = clicks(card)
    assert (result.actual, result.target, result.reason) == (1054, None, Reason.NO_TARGET)
    assert any("clicks" in finding.kpi_ids for finding in card.certificate.findings)


def test_a_number_needs_no_other_days(cards):
    card = cards("1000", ",")
    assert clicks(card).score == Decimal("105.4")
    assert not any("clicks" in finding.kpi_ids for finding in card.certificate.findings)


def test_a_year_to_date_of_a_team_formed_in_the_year_is_measured_from_its_first_day(cards):
    result = clicks(cards("8300", "cumulative,", "2026-10-10,2027-01-01"))
    # 22 of the 83 days that were left of the year
    assert (result.actual, result.target) == (17 * 2 * 22, 2200)
    assert str(result.span) == "since_20261010"


@pytest.mark.parametrize(
    ("days", "of_days", "span"),
    [
        ("2026-10-15,2027-01-01", 17, "since_20261015_until_20261101"),
        ("2026-01-01,2026-10-17", 16, "since_20261001_until_20261017"),
    ],
)
def test_a_team_that_is_there_for_a_part_of_the_month_is_scored_by_its_own_days(cards, days, of_days, span):
    result = clicks(cards("1054", ",", days, in_part="calendar_days"))
    assert (result.actual, result.target, result.score) == (17 * 2 * of_days, 17 * 2 * of_days, 100)
    assert str(result.span) == span


def test_only_working_days_count_where_the_book_says_so(cards):
    # 12 of the 22 working days of October 2026 are from the 15th on
    result = clicks(cards("2200", ",", "2026-10-15,2027-01-01", in_part="working_days"))
    assert (result.actual, result.target) == (17 * 2 * 17, 1200)


def test_a_team_that_ends_within_the_month_has_no_card_where_the_book_says_nothing(place, cards):
    with pytest.raises(KeyError):
        cards("1054", ",", "2026-01-01,2026-10-17")
    assert set(place.cards()) == {"south"}
    assert list(teams_left_out(place.open(), [Period(2026, 10), Period(2026, 11)])) == [
        "north: no card for 2026-10: its targets end on 2026-10-16; for a card of its own days let part_period of "
        "grading.yaml count them",
        "north: no card for 2026-11: its targets end on 2026-10-16",
    ]


ROWS = """team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per
north,clicks,2026-02-01,2026-03-01,900,100,T. Lind,Plan,month
south,nps,2026-01-01,2026-05-01,30,100,T. Lind,Plan,month
south,nps,2026-10-05,2026-10-12,30,100,T. Lind,Plan,week
north,clicks,2026-02-01,2026-05-01,900,100,T. Lind,Plan,fiscal_quarter
north,clicks,2026-02-01,2026-08-01,900,100,T. Lind,Plan,span
south,nps,2026-02-01,2026-07-31,30,100,T. Lind,Plan,span
"""


@pytest.fixture
def others(place):
    """The same company with targets for periods of other lengths, most of which end early."""
    (place.root / "config/targets/2026.csv").write_text(ROWS, "utf-8")
    runs = "fiscal_year: {begins: february}\nquarterly: {due: day 3 at 06:00}\n"
    runs += "fiscal_quarterly: {due: working day 3 at 06:00}\n"
    change(place.root / "config/calendar.yaml", lambda text: text + runs)
    return place.open()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-01", "2026-01", ["north: no card for 2026-01: its targets begin on 2026-02-01"]),
        ("2026-03", "2026-04", ["north: no card for 2026-03 to 2026-04: its targets end on 2026-02-28"]),
        ("2026-W41", "2026-W42", ["south: no card for 2026-W42: its targets end on 2026-10-11"]),
        ("FY2026-02-Q1", "FY2026-02-Q2", ["north: no card for FY2026-02-Q2: its targets end on 2026-04-30"]),
        ("2026-Q1", "2026-Q4", []),
        (
            "2026-02..2026-07",
            "2026-02..2026-07",
            [
                "south: no card for 2026-02-01..2026-07-31: its targets per span are of other days, "
                "2026-02-01..2026-07-30"
            ],
        ),
        ("2027-02..2027-07", "2027-02..2027-07", []),
    ],
)
def test_teams_are_named_whose_targets_do_not_cover_a_period_of_any_length(others, first, last, said):
    assert list(teams_left_out(others, Period.parse(first).through(Period.parse(last)))) == said


def test_runs_of_the_calendar_for_which_nobody_has_targets_are_named(others):
    said = "calendar.yaml: {}: no team has targets per {} after {}, so these runs make no card; add rows, or remove it"
    quarters = said.format("quarterly", "quarter", "2026-03-31")
    assert list(runs_without_targets(others, Period(2026, 3))) == [quarters]
    assert list(runs_without_targets(others, Period(2026, 10))) == [
        said.format("quarterly", "quarter", "2026-10-31"),
        said.format("fiscal_quarterly", "fiscal quarter", "2026-10-31"),
    ]


def test_a_run_names_them_and_a_card_that_was_not_made_is_named_too(others, place):
    with pytest.raises(UsageError, match="found none for any team"):
        place.cards()
    site, said = place.open(), []
    ended = "south: no card for 2026-10: its targets end on 2026-04-30"
    gather_and_measure(site, [Period(2026, 10)], now=lambda: NOW, say=said.append)
    assert ended in said
    assert any(line.startswith("calendar.yaml: quarterly: no team") for line in said)
    assert list(cards_not_issued(site, Period(2026, 2))) == [
        f"{team}: no card for 2026-02 yet; make it with `scorewright run --period 2026-02`"
        for team in ("north", "south")
    ]


def test_a_year_to_date_of_a_team_that_ends_within_the_month_is_of_its_days(cards):
    result = clicks(cards("544", "cumulative,", "2026-01-01,2026-10-17", in_part="calendar_days"))
    # there are exports of October only
    assert (result.actual, result.target, result.score) == (17 * 2 * 16, 544, 100)
    assert str(result.span) == "since_20260101_until_20261017"

"""Targets over other days than the month's own: from the warehouse to the card and its evidence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from book.files.target_cells import COLUMNS
from pipeline.remarks import teams_left_out
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.working import Reason
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
        "grading.yaml count them"
    ]


def test_a_year_to_date_of_a_team_that_ends_within_the_month_is_of_its_days(cards):
    result = clicks(cards("544", "cumulative,", "2026-01-01,2026-10-17", in_part="calendar_days"))
    # there are exports of October only
    assert (result.actual, result.target, result.score) == (17 * 2 * 16, 544, 100)
    assert str(result.span) == "since_20260101_until_20261017"

"""Targets over other days than the month's own: from the warehouse to the card and its evidence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from book.files.target_cells import COLUMNS
from scoring.scorecard import Scorecard
from scoring.working import Reason
from tests.pipeline.exports import change

HEADER = ",".join([*COLUMNS, "kind", "basis"])


@pytest.fixture
def cards(place):
    """October's cards by what is agreed for the clicks of the north."""

    def score(agreed: str, kind: str, kpi: str = "clicks") -> Scorecard:
        rows = [
            f"north,{kpi},2026-01-01,2027-01-01,{agreed},40,T. Lind,Plan,{kind}",
            "north,nps,2026-01-01,2027-01-01,40,60,T. Lind,Plan,,",
            "south,nps,2026-01-01,2027-01-01,40,60,T. Lind,Plan,,",
            "south,responses,2026-01-01,2027-01-01,5,40,T. Lind,Plan,,",
        ]
        change(place.root / "config/targets/2026.csv", lambda _: "\n".join([HEADER, *rows]))
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

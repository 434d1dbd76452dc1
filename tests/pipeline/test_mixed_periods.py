"""A quarter from the exports to the card: its own rows of targets, its months counted beside it."""

from __future__ import annotations

import shutil

import pytest

from pipeline.run import RunOptions, run
from scoring.canonical import from_json
from scoring.errors import UsageError
from scoring.period import Period
from terminal.what_if import print_what_if
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER
from tests.pipeline.test_status import printed

QUARTER = Period.parse("2026-Q4")
ROWS = """team,kpi,valid_from,valid_until,target,weight,approved_by,reason,per
north,clicks,2026-01-01,2027-01-01,3000,70,T. Lind,Three months,quarter
north,nps,2026-01-01,2027-01-01,40,30,T. Lind,As for the months,quarter
south,nps,2026-01-01,2027-01-01,30,100,T. Lind,As for the months,quarter
"""


@pytest.fixture
def mixed(issued, tmp_path):
    """The small company's site, with targets for quarters and a mix of 60 to 40."""
    config = tmp_path / "config"
    shutil.copytree(issued.root / "config", config)
    (config / "targets" / "quarters.csv").write_text(ROWS, "utf-8")
    grading = config / "grading.yaml"
    grading.write_text(grading.read_text("utf-8") + "mix:\n  quarter: {month: 60, quarter: 40}\n", "utf-8")
    return issued.open(config=str(config))


def cards_of(site, period):
    run(site, RunOptions(period, send=False), now=lambda: NOW, say=lambda _: None)
    return {issue.team_id: from_json(issue.card_json) for issue in site.ledger.latest_revisions(str(period))}


def test_a_quarters_total_counts_its_months_as_their_own_cards_have_them(mixed):
    quarter, october = cards_of(mixed, QUARTER)["north"], cards_of(mixed, OCTOBER)["north"]
    months, own = quarter.mix.parts
    # of the quarter only October has data: its card's total is the mean
    assert [(point.period, point.actual) for point in months.totals] == [
        ("2026-10", october.total),
        ("2026-11", None),
        ("2026-12", None),
    ]
    assert own.totals[0].actual == quarter.mix.own
    exact = (60 * october.total + 40 * quarter.mix.own) / 100
    assert abs(quarter.total - exact) <= 0.05
    assert quarter.period == "2026-Q4"
    assert {result.kpi_id for result in quarter.results} == {"clicks", "nps"}
    assert str(quarter.certificate.status) == "provisional"


def test_a_quarter_run_twice_is_issued_once(mixed):
    first, again = cards_of(mixed, QUARTER), cards_of(mixed, QUARTER)
    assert first == again
    assert {card.revision for card in again.values()} == {1}


def test_what_if_says_that_it_speaks_of_the_own_total(mixed):
    cards_of(mixed, QUARTER)

    class Place:
        def open(self):
            return mixed

    text = printed(print_what_if, Place(), QUARTER, "north", [])
    assert "By the quarter's own total: the card also counts the periods within it." in text
    assert "By the" not in printed(print_what_if, Place(), OCTOBER, "north", [])


def test_a_week_without_rows_of_its_own_is_refused(mixed):
    with pytest.raises(
        UsageError, match="2026-W41: expected targets per week that are valid on its last day"
    ):
        cards_of(mixed, Period.parse("2026-W41"))

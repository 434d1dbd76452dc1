"""The same month with other measures."""

from datetime import date
from decimal import Decimal

import pytest

from scoring.errors import UsageError
from scoring.grading import grade_table
from scoring.known import Known
from scoring.policy import ScoringPolicy
from scoring.spans import Since
from scoring.targets.terms import targets_of
from scoring.what_if.outcome import Change, changed, outcome
from tests.scoring.conftest import KPIS, MEASURES, TARGETS
from tests.scoring.conftest import MONTH as OCTOBER

D = Decimal
GRADES = grade_table([("C", D(0)), ("B", D(80)), ("A", D(100)), ("S", D(115))])
POLICY = ScoringPolicy(1, D(95), D(80), grades=GRADES)
TERMS = targets_of(TARGETS, OCTOBER)
MONTH = {name: D(value) for name, value in MEASURES.items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("leads=120", "120"),
        ("leads=+6", "96"),
        ("leads=-6.5", "83.5"),
        ("leads=+10%", "99"),
        ("leads=-10%", "81"),
    ],
)
def test_a_change_sets_or_moves_a_measure(text, value):
    assert changed(MONTH, [Change.parse(text)])["leads"] == D(value)


@pytest.mark.parametrize(
    "text", ["leads", "leads=", "=5", "leads=5%", "leads=+x", "Leads=5", "leads = 5", "leads=1e3"]
)
def test_what_is_no_change_is_refused_with_examples(text):
    with pytest.raises(UsageError, match=r"expected one such as leads=120, sqls=\+6"):
        Change.parse(text)


def test_a_measure_the_month_does_not_have_cannot_be_moved_but_set():
    with pytest.raises(UsageError, match="expected one of the month's measures"):
        changed(MONTH, [Change.parse("clicks=+5")])
    assert changed(MONTH, [Change.parse("clicks=5")])["clicks"] == 5


def test_a_change_moves_every_kpi_that_the_measure_is_in():
    before = outcome(KPIS, TERMS, Known(MONTH), POLICY)
    after = outcome(KPIS, TERMS, Known(changed(MONTH, [Change.parse("leads=+10")])), POLICY)
    assert (before.total, before.grade) == (D("96.5"), "B")
    # leads 100 of 100 -> 100; cost 500/100 = 5 -> 100
    assert [line.score for line in after.lines] == [100, 100, 100, 120]
    assert (after.total, after.grade) == (D(103), "A")


def test_a_change_moves_the_year_to_date_by_as_much():
    before = {"leads": D(90), "leads__year_to_date": D(900), "leads__previous": D(80)}
    after = changed(before, [Change.parse("leads=+10%")])
    assert after == {"leads": D(99), "leads__year_to_date": D(909), "leads__previous": D(80)}


@pytest.mark.parametrize(("text", "value"), [("leads=200", 200), ("leads=+10", 180), ("leads=-10%", 153)])
def test_a_change_is_of_the_teams_own_days_where_these_are_not_all_of_the_month(text, value):
    own = Since(date(2026, 10, 15), date(2026, 11, 1))
    measures = {"leads": D(310), f"leads__{own}": D(170), "leads__year_to_date": D(1000)}
    after = changed(measures, [Change.parse(text)], own)
    assert after[f"leads__{own}"] == value
    assert after["leads__year_to_date"] - 1000 == after["leads"] - 310 == value - 170


@pytest.mark.parametrize(("text", "whole", "since"), [("leads=+10", 320, 180), ("leads=-10%", 279, 153)])
def test_a_change_moves_a_year_to_date_that_begins_within_the_month_by_its_own_days(text, whole, since):
    own = Since(date(2026, 10, 15))
    measures = {"leads": D(310), f"leads__{own}": D(170), "leads__since_20260301": D(900)}
    after = changed(measures, [Change.parse(text)], start=OCTOBER.start)
    assert (after["leads"], after[f"leads__{own}"]) == (whole, since)
    assert after["leads__since_20260301"] - 900 == whole - 310


def test_a_fiscal_year_to_date_moves_by_as_much_and_one_that_begins_within_the_month_as_it_is_said():
    measures = {"leads": D(100), "leads__year_to_date_04": D(500)}
    measures["leads__year_to_date_04_since_20261010"] = D(60)
    after = changed(measures, [Change.parse("leads=+10%")], start=OCTOBER.start)
    assert after == {
        "leads": D(110),
        "leads__year_to_date_04": D(510),
        "leads__year_to_date_04_since_20261010": D(66),
    }

"""Ratios are made last: of a department's sums, never of its teams' ratios."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.formula import Formula
from scoring.period import Period
from scoring.rollup import Together, roll_up
from scoring.spans import Since
from scoring.working import Reason

D = Decimal
NPS = Formula.parse("(promoters - detractors) / answers * 100")
ROAS = Formula.parse("revenue / spend")


def test_a_ratio_of_the_whole_is_the_ratio_of_the_sums_and_not_the_mean():
    measures = {
        ("big", "spend"): D(1000),
        ("big", "revenue"): D(2000),
        ("small", "spend"): D(10),
        ("small", "revenue"): D(100),
    }
    sums = roll_up(measures, {"company": ("big", "small"), "none": ()})
    assert sums == {"company": {"spend": D(1010), "revenue": D(2100)}, "none": {}}
    # 2,100 / 1,010; the mean of 2 and 10 would be 6
    assert abs(Fraction(ROAS.evaluate(sums["company"])) - Fraction(210, 101)) < Fraction(1, 10**30)


def test_what_no_team_has_is_absent_and_not_zero():
    sums = roll_up({("a", "spend"): D(1), ("b", "revenue"): D(2)}, {"a": ("a",), "all": ("a", "b")})
    assert ROAS.evaluate(sums["a"]) is Reason.NO_DATA
    assert ROAS.evaluate(sums["all"]) == 2


counts = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))


@given(st.dictionaries(st.sampled_from("abcdef"), counts, min_size=1))
def test_the_companys_nps_is_that_of_the_pooled_answers(teams):
    measures = {
        (team, name): D(value)
        for team, (promoters, passives, detractors) in teams.items()
        for name, value in (
            ("promoters", promoters),
            ("detractors", detractors),
            ("answers", promoters + passives + detractors),
        )
    }
    departments = {"first": set("abc"), "second": set("def")}
    by_department = roll_up(measures, departments)
    lifted = {(name, key): value for name, sums in by_department.items() for key, value in sums.items()}
    company = roll_up(measures, {"company": set("abcdef")})["company"]
    # the same by way of the departments
    assert roll_up(lifted, {"company": departments})["company"] == company
    pooled = [sum(counts[n] for counts in teams.values()) for n in range(3)]
    value = NPS.evaluate(company)
    if sum(pooled):
        exact = Fraction(pooled[0] - pooled[2], sum(pooled)) * 100
        assert abs(Fraction(value) - exact) < Fraction(1, 10**28)
    else:
        assert value is Reason.ZERO_DENOMINATOR


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(st.decimals(0, 10**6, places=6), st.decimals(-(10**6), 10**6, places=6)),
        min_size=1,
    )
)
def test_the_companys_ratio_is_the_ratio_of_summed_measures(teams):
    measures = {
        (team, name): value
        for team, pair in teams.items()
        for name, value in zip(("spend", "revenue"), pair, strict=True)
    }
    value = ROAS.evaluate(roll_up(measures, {"company": set(teams)})["company"])
    spend = sum(Fraction(spend) for spend, _ in teams.values())
    revenue = sum(Fraction(revenue) for _, revenue in teams.values())
    if spend:
        assert abs(Fraction(value) - revenue / spend) <= abs(revenue / spend) / 10**33
    else:
        assert value is Reason.ZERO_DENOMINATOR


MONTH = Period(2026, 10)
OWN = Since(date(2026, 10, 22), date(2026, 11, 1))


def test_a_team_with_days_of_its_own_counts_with_them_and_nothing_is_held_against_them():
    measures = {
        ("old", "leads"): D(30),
        ("old", "leads__previous"): D(28),
        ("old", "leads__year_to_date"): D(300),
        ("new", "leads"): D(12),
        ("new", f"leads__{OWN}"): D(5),
        ("new", "leads__year_to_date"): D(12),
        # it had some before, and none since
        ("new", "deals"): D(1),
    }
    groups = {"both": ("old", "new"), "one": ("old",)}
    sums = Together(MONTH, {"new": OWN}).of_groups(measures, groups)
    assert sums["both"] == {"leads": D(35), "leads__year_to_date": D(312), f"leads__{OWN}": D(5)}
    assert sums["one"] == {"leads": D(30), "leads__previous": D(28), "leads__year_to_date": D(300)}


def test_a_sum_that_lacks_an_amount_is_no_figure_and_not_a_smaller_one():
    measures = {
        (team, name): D(7)
        for team in ("a", "b")
        for name in ("spend", "spend__previous", "spend__year_to_date", "clicks")
    }
    dropped = {(Period(2026, 9), "a", "spend"), (Period(2026, 8), "c", "spend")}
    sums = Together(MONTH, dropped=dropped).of_groups(measures, {"both": ("a", "b"), "one": ("b",)})
    assert sums["both"] == {"spend": D(14), "clicks": D(14)}
    assert sums["one"].keys() == {"spend", "spend__previous", "spend__year_to_date", "clicks"}

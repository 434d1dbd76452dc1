"""Gates of KPIs and areas, and points on top of the total."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scoring.canonical import from_json, to_json
from scoring.card.card import score_card
from scoring.conditional import Asked, Extra, OnlyIf
from scoring.grading import grade_table
from scoring.known import Judgement, Known
from scoring.kpi import Direction, RuleSpec
from scoring.marks import Mark
from scoring.pay import ProportionalPay
from scoring.policy import AppraisalShares, NotAvailable, ScoringPolicy
from scoring.targets.terms import targets_of
from scoring.what_if.next_rewards import next_rewards
from scoring.what_if.outcome import outcome
from tests.scoring.conftest import KPIS, MONTH, both, make_kpi, make_target

D = Decimal
# by the quotient, the cap being 200: a score is the measure in per cent of 100, or of 10
WIDE = {
    kpi_id: replace(kpi, rule=RuleSpec("proportional", {"cap": 200, "floor": 0}))
    for kpi_id, kpi in KPIS.items()
}
HALVES = (make_target("leads", "100", "50"), make_target("posts", "10", "50"))


def policy(**changed):
    return replace(ScoringPolicy(1, D(95), D(80)), **changed)


def gate(asked, score, at_most="0", **over):
    return OnlyIf((Asked(asked, D(score)),), D(at_most), **over)


def card_of(inputs, measures, targets=HALVES, **changed):
    card = score_card(inputs(measures, targets=targets, kpis=WIDE, policy=policy(**changed)), 1)
    assert from_json(to_json(card)) == card
    return card


@pytest.mark.parametrize(("posts", "counted", "total"), [("9.6", "100", "98"), ("10", "140", "120")])
def test_an_accelerator_counts_only_if_the_other_kpi_is_met(inputs, posts, counted, total):
    card = card_of(
        inputs, {"leads": "140", "posts": posts}, only_if=(gate("posts", 100, 100, kpi_id="leads"),)
    )
    leads = card.by_kpi["leads"]
    assert (leads.score, leads.counted, card.total) == (140, D(counted), D(total))
    assert (leads.gate is not None) is (leads.counted < 140)


def test_the_year_to_date_may_be_what_is_asked_beside_the_month_without_a_weight(inputs):
    """The month 140 %, the year 96 %: the month counts 100 %."""
    year = replace(WIDE["leads"], id="leads_year", formula="leads__year_to_date")
    targets = (
        make_target("leads", "100", "100"),
        replace(make_target("leads_year", "1000", "0"), informs=True),
    )
    card = score_card(
        inputs(
            {"leads": "140", "leads__year_to_date": "960"},
            targets=targets,
            kpis={**WIDE, "leads_year": year},
            policy=policy(only_if=(gate("leads_year", 100, 100, kpi_id="leads"),)),
        ),
        1,
    )
    assert (card.by_kpi["leads_year"].score, card.by_kpi["leads"].score, card.total) == (96, 140, 100)


def test_a_closed_gate_holds_every_kpi_of_an_area_and_the_strictest_of_several_applies(inputs):
    targets = (
        make_target("leads", "100", "40"),
        make_target("cost", "5", "20"),
        make_target("posts", "10", "40"),
    )
    gates = (gate("posts", 100, 50, area="promotion"), gate("posts", 100, 20, kpi_id="cost"))
    card = card_of(inputs, {"leads": "110", "spend": "550", "posts": "9"}, targets, only_if=gates)
    assert {kpi_id: line.counted for kpi_id, line in card.by_kpi.items()} == {
        "leads": 50,
        "cost": 20,
        "posts": 90,
    }
    # (40 x 50 + 20 x 20) / 60
    assert [area.score for area in card.areas] == [40, 90]
    assert card.total == 60


def test_a_score_under_what_a_gate_lets_count_stays_as_it_is(inputs):
    card = card_of(inputs, {"leads": "80", "posts": "9"}, only_if=(gate("posts", 100, 100, kpi_id="leads"),))
    assert (card.by_kpi["leads"].gate, card.by_kpi["leads"].set_to, card.total) == (None, None, 85)


@pytest.mark.parametrize(("missing", "total"), [(NotAvailable.EXCLUDE, 140), (NotAvailable.ZERO, 50)])
def test_a_kpi_without_a_score_closes_a_gate_only_where_it_counts_as_0(inputs, missing, total):
    gates = (gate("posts", 100, 100, kpi_id="leads"),)
    assert card_of(inputs, {"leads": "140"}, only_if=gates, not_available=missing).total == total


def test_a_veto_of_the_area_comes_after_its_gates_and_never_raises_it(inputs):
    veto = replace(
        make_kpi("breach", "promotion", "", Direction.LOWER),
        rule=RuleSpec("veto", {"scope": "area", "value": 30}),
    )
    targets = (
        make_target("leads", "100", "50"),
        replace(make_target("breach", "1", "0"), informs=True, target=None),
        make_target("posts", "10", "50"),
    )

    def total(at_most):
        changed = policy(only_if=(gate("posts", 100, at_most, kpi_id="leads"),))
        told = {(MONTH, "breach"): Judgement(events=1)}
        kpis = {**WIDE, "breach": veto}
        measures = {"leads": "140", "posts": "9"}
        return score_card(
            inputs(measures, targets=targets, kpis=kpis, policy=changed, judgements=told), 1
        ).total

    assert (total(100), total(20)) == (60, 55)


BONUS = Extra(both("Award"), D(5), (Asked("posts", D(110)),))
PENALTY = Extra(both("Late reports"), D("-2.5"), (Asked("posts", D(80)),))


@pytest.mark.parametrize(
    ("posts", "total", "given"),
    [
        ("11", "110", [True, False]),
        ("10.9", "104.5", [False, False]),
        ("8", "90", [False, False]),
        ("7.9", "87", [False, True]),
    ],
)
def test_points_come_on_top_of_the_total_and_are_named(inputs, posts, total, given):
    card = card_of(inputs, {"leads": "100", "posts": posts}, extras=(BONUS, PENALTY))
    assert card.total == D(total)
    assert [extra.is_given for extra in card.extras] == given
    assert card.extra_points == sum(extra.points for extra in card.extras if extra.is_given)
    assert [extra.name for extra in card.extras] == [BONUS.name, PENALTY.name]


def test_limits_of_totals_hold_points_on_top(inputs):
    limited = {"extras": (BONUS,), "total_limits": (D(0), D(108))}
    assert card_of(inputs, {"leads": "100", "posts": "12"}, **limited).total == 108


def test_points_are_for_the_teams_named_and_for_cards_with_all_that_is_asked(inputs):
    elsewhere = replace(BONUS, teams=frozenset({"other"}))
    here = replace(BONUS, teams=frozenset({"eu-brand"}))
    off_card = replace(BONUS, asked=(Asked("posts", D(1)), Asked("rate", D(1))))
    card = card_of(inputs, {"leads": "100", "posts": "12"}, extras=(elsewhere, here, off_card))
    assert [(extra.points, extra.is_given) for extra in card.extras] == [(5, True)]
    assert card.total == 115


def test_points_that_depend_on_what_has_no_score_are_not_given(inputs):
    card = card_of(inputs, {"leads": "100"}, extras=(BONUS, PENALTY))
    assert (card.total, [extra.is_given for extra in card.extras]) == (100, [False, False])
    assert card.extras[0].asked[0].score is None


def test_points_come_on_top_of_an_appraised_total_too(inputs):
    shares = AppraisalShares(D(50), D(0), D(50), D(120))
    mark = Mark(D(90), "", "M", "2026-11-02")
    said = {(MONTH, kpi_id): Judgement(superior_mark=mark) for kpi_id in ("leads", "posts")}
    changed = policy(extras=(BONUS,), appraisal=shares)
    card = score_card(
        inputs(
            {"leads": "100", "posts": "12"},
            targets=HALVES,
            kpis=WIDE,
            policy=changed,
            judgements=said,
            appraiser_name="S",
        ),
        1,
    )
    # (95 + 105) / 2 and 5 on top
    assert (card.total, card.appraisal.system_total) == (105, 115)


NUMBERS = st.integers(0, 200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(NUMBERS, NUMBERS, st.integers(1, 150), NUMBERS, st.integers(1, 150), st.integers(-20, 20).filter(bool))
def test_totals_agree_with_a_naive_twin(inputs, leads, posts, asked, at_most, extra_asked, points):
    first, second = Fraction(leads), Fraction(posts)
    counted = min(first, Fraction(at_most)) if second < asked else first
    is_given = first >= extra_asked if points > 0 else first < extra_asked
    expected = (counted + second) / 2 + (points if is_given else 0)
    extra = Extra(both("X"), D(points), (Asked("leads", D(extra_asked)),))
    card = card_of(
        inputs,
        {"leads": str(leads), "posts": str(D(posts) / 10)},
        only_if=(gate("posts", asked, at_most, kpi_id="leads"),),
        extras=(extra,),
    )
    assert Fraction(card.total) == expected


@settings(deadline=None, max_examples=150)
@given(
    st.integers(1, 150),
    st.integers(1, 150),
    st.integers(1, 150),
    st.integers(0, 150),
    st.sampled_from((5, -5)),
    st.booleans(),
)
def test_what_if_names_the_least_that_reaches_the_grade_with_gates_and_points(
    leads, posts, asked, at_most, points, exact
):
    changed = policy(
        grades=grade_table([("C", D(0)), ("A", D(100))]),
        only_if=(gate("posts", asked, at_most, kpi_id="leads"),),
        extras=(Extra(both("X"), D(points), (Asked("posts", D(110)),)),),
        sum_unrounded=exact,
    )
    terms = targets_of(HALVES, MONTH)

    def now(of_leads, of_posts):
        return outcome(WIDE, terms, Known({"leads": D(of_leads), "posts": D(of_posts) / 10}), changed)

    for reward in next_rewards(now(leads, posts), changed):
        for need in reward.needs:
            reached = [
                each
                for each in range(1, 202)
                if now(*((each, posts) if need.kpi_id == "leads" else (leads, each * 10))).grade == "A"
                and (need.kpi_id == "leads" or each <= 20)
            ]
            # leads are counted one by one and so are posts, which have no digits
            assert need.actual == (min(reached) if reached else None), need


def test_what_if_leaves_what_a_veto_set_whatever_gates_would_open():
    veto = replace(
        make_kpi("breach", "promotion", "", Direction.LOWER),
        rule=RuleSpec("veto", {"scope": "area", "value": 30}),
    )
    off = replace(make_target("breach", "1", "0"), informs=True, target=None)
    changed = policy(
        grades=grade_table([("C", D(0)), ("A", D(90))]), only_if=(gate("posts", 100, 100, kpi_id="leads"),)
    )
    known = Known({"leads": D(140), "posts": D(9)}, {"breach": Judgement(events=1)})
    now = outcome({**WIDE, "breach": veto}, targets_of((*HALVES, off), MONTH), known, changed)
    (reward,) = next_rewards(now, changed)
    # the leads count as 30 as long as the veto stands, so the posts need 150
    assert (now.total, [(need.kpi_id, need.actual) for need in reward.needs]) == (60, [("posts", 15)])


AREAS = {**WIDE, "visits": replace(make_kpi("visits", "brand", "visits"), rule=WIDE["leads"].rule)}
THREE = (
    make_target("leads", "100", "40"),
    make_target("posts", "10", "30"),
    make_target("visits", "100", "30"),
    replace(make_target("breach", "1", "0"), informs=True, target=None),
)


@settings(deadline=None, max_examples=60)
@given(
    area=st.sampled_from(("promotion", "brand")),
    value=st.sampled_from(("30", "60", "90")),
    gates=st.lists(
        st.tuples(
            st.permutations(("leads", "posts", "visits")),
            st.sampled_from((40, 70, 100)),
            st.sampled_from((0, 30, 60)),
        ),
        min_size=1,
        max_size=2,
    ),
    grade=st.sampled_from((60, 80, 100)),
    exact=st.booleans(),
    made=st.tuples(st.integers(1, 150), st.integers(1, 15), st.integers(1, 150)),
)
# an open gate lets the area reach the veto's value, which then counts less than the KPI behind it
@example("brand", "60", [(("leads", "posts", "visits"), 100, 30)], 80, False, (92, 10, 56))
def test_what_if_names_the_least_also_where_a_gate_opens_into_the_veto_of_an_area(
    area, value, gates, grade, exact, made
):
    veto = replace(
        make_kpi("breach", area, "", Direction.LOWER),
        rule=RuleSpec("veto", {"scope": "area", "value": value}),
    )
    changed = policy(
        grades=grade_table([("C", D(0)), ("B", D(50)), ("A", D(grade))]),
        only_if=tuple(gate(asked, score, at_most, kpi_id=over) for (asked, over, _), score, at_most in gates),
        sum_unrounded=exact,
    )
    terms = targets_of(THREE, MONTH)

    def now(**other):
        measures = {**dict(zip(("leads", "posts", "visits"), made, strict=True)), **other}
        known = Known({name: D(number) for name, number in measures.items()}, {"breach": Judgement(events=1)})
        return outcome({**AREAS, "breach": veto}, terms, known, changed)

    for reward in next_rewards(now(), changed):
        for need in reward.needs:
            tried = range(21 if need.kpi_id == "posts" else 201)
            reached = (each for each in tried if now(**{need.kpi_id: each}).total >= reward.total)
            assert need.actual == next(reached, None), need


def test_penalties_bring_a_total_below_0_unless_the_book_limits_it(inputs):
    penalty = Extra(both("Late"), D(-50), (Asked("leads", D(90)),))
    changed = policy(
        grades=grade_table([("C", D(0)), ("A", D(60))]),
        extras=(penalty,),
        pay=ProportionalPay(D("1.5"), D("0.2"), D(1), 2),
    )
    known, terms = Known({"leads": D(1), "posts": D(1)}), targets_of(HALVES, MONTH)
    found = outcome(WIDE, terms, known, changed)
    assert (found.total, found.grade, found.pay.result) == (D("-44.5"), "C", D("0.2"))
    limited = outcome(WIDE, terms, known, replace(changed, total_limits=(D(0), D(150))))
    assert (limited.total, limited.grade) == (0, "C")

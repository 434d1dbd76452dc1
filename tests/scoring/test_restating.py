"""Between two revisions everything that differs is named, and why as far as the cards know."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.aims import Basis, Cumulative, Growth
from scoring.canonical import (
    content_hash,
    from_json,
    restatement_from_json,
    restatement_json,
    to_json,
)
from scoring.card.card import score_card
from scoring.comparing.comparing import compare
from scoring.comparing.words import with_words
from scoring.errors import DataError
from scoring.evidence import (
    Certificate,
    CertificateStatus,
    EntryEvidence,
    FileEvidence,
    Finding,
    RateEvidence,
    SourceEvidence,
)
from scoring.grading import grade_table
from scoring.known import Judgement
from scoring.kpi import Attainment, RuleSpec
from scoring.okr.result import Alignment, KeyResultResult, ObjectiveResult
from scoring.pay import BandedPay, Tier
from scoring.policy import ScoringPolicy
from scoring.restatement import Cause, FieldChange, LateSource, Moved, RestatementNote
from scoring.scorecard import Mix, MixPart
from scoring.text import LocalText
from scoring.working import Band, Cutoffs, HistoryPoint, MeasureValue, Operand, Reason, Working
from tests.scoring.conftest import KPIS, MEASURES, MONTH, TARGETS, both, make_kpi, make_target
from tests.scoring.test_appraisal import POLICY, marks

D = Decimal
FEEDS = {
    "leads": ("hubspot",),
    "spend": ("google_ads", "meta_ads"),
    "posts": ("linkedin",),
    "engagements": ("linkedin",),
    "reach": ("linkedin",),
}
BANDS = {"bands": [{"from": "0", "score": 0}, {"from": "0.5", "score": 80}, {"from": "1", "score": 100}]}
UNITS = {"spend": "money"}


def evidence(source, digest="a", period="2026-10", rows=3, name="x.csv"):
    file = FileEvidence(name, digest * 64, rows)
    return SourceEvidence(source, both(source), "one", period, None, (file,))


def files(**digests):
    known = {"google_ads": "a", "hubspot": "a", "linkedin": "a", "fx_rates": "a", **digests}
    return tuple(evidence(source, digest) for source, digest in known.items())


@pytest.fixture
def card(inputs):
    def build(measures=None, revision=1, **changed):
        given = {"sources": files(), "measure_units": UNITS, **changed}
        return score_card(inputs({**MEASURES, **(measures or {})}, **given), revision)

    return build


def found(old, new, feeds=FEEDS):
    """The causes by KPI."""
    return {change.kpi_id: list(change.causes) for change in compare(old, new, feeds).kpis}


def change_line(card, kpi_id, **fields):
    areas = tuple(
        replace(area, results=tuple(replace(r, **fields) if r.kpi_id == kpi_id else r for r in area.results))
        for area in card.areas
    )
    return replace(card, areas=areas)


def test_the_same_card_under_another_revision_is_no_restatement(card):
    result = compare(card(), card(revision=2))
    assert result.is_empty
    assert (result.old_revision, result.new_revision, result.causes) == (1, 2, ())
    assert not result.moves_reward


def test_late_data_names_the_source_and_the_measure_that_moved(card):
    old, new = card(), card({"spend": "600"}, sources=files(google_ads="b", linkedin="b"))
    result = compare(old, new, FEEDS)
    (change,) = result.kpis
    assert (change.kpi_id, change.causes) == ("cost", (Cause.LATE_DATA,))
    assert change.sources == (LateSource("google_ads", both("google_ads"), "one", "2026-10"),)
    (measure,) = change.measures
    assert (measure.name, measure.value.old, measure.value.new, measure.value.delta) == (
        "spend",
        500,
        600,
        100,
    )
    assert (change.score.old, change.score.new) == (D(90), D(75))
    assert change.points.delta == D("-3.75")
    assert result.total == Moved(D("96.5"), D("92.8"))
    assert result.total.delta == D("-3.7")
    changed = [(file.source, file.old_sha256[0], file.new_sha256[0]) for file in result.files]
    assert changed == [("google_ads", "a", "b"), ("linkedin", "a", "b")]


def test_a_measure_of_two_kpis_restates_both(card):
    new = card({"leads": "100"}, sources=files(hubspot="b"))
    assert found(card(), new) == {"leads": [Cause.LATE_DATA], "cost": [Cause.LATE_DATA]}


def test_without_knowing_what_feeds_a_measure_every_changed_file_of_the_month_is_blamed(card):
    other = (*files(hubspot="b", linkedin="b"), evidence("linkedin", "c", "2025-10"))
    (leads, _) = compare(card(), card({"leads": "100"}, sources=other)).kpis
    assert [late.source for late in leads.sources] == ["hubspot", "linkedin"]


def test_a_file_that_came_or_went_or_was_only_renamed(card):
    fewer = tuple(source for source in files() if source.source != "hubspot")
    new = card({"leads": "100"})
    for old in (card(sources=fewer), card()):
        result = compare(replace(old, sources=fewer), new, FEEDS)
        assert result.kpis[0].causes == (Cause.LATE_DATA,)
        assert (result.files[0].old_sha256, result.files[0].new_rows) == (None, 3)
        assert compare(new, replace(old, sources=fewer), FEEDS).kpis[0].causes == (Cause.LATE_DATA,)
    renamed = (*fewer, evidence("hubspot", "a", name="y.csv"))
    result = compare(card(), card({"leads": "100"}, sources=renamed), FEEDS)
    assert result.kpis[0].causes == (Cause.FIX,)
    assert [file.name for file in result.files] == ["x.csv", "y.csv"]


def test_what_no_named_input_explains_is_a_fix(card):
    same_bytes = tuple(
        evidence("hubspot", "a", rows=4) if source.source == "hubspot" else source for source in files()
    )
    new = card({"leads": "100"}, sources=same_bytes)
    assert found(card(), new)["leads"] == [Cause.FIX]
    rounded = change_line(card(), "posts", score=D(119))
    assert found(card(), rounded) == {"posts": [Cause.FIX]}


def test_another_exchange_rate_moves_money_alone(card):
    rates = [(RateEvidence("USD", D(first), D("0.92"), "ecb"),) for first in ("0.90", "0.91")]
    old, new = card(rates=rates[0]), card({"spend": "506"}, rates=rates[1])
    assert found(old, new) == {"cost": [Cause.EXCHANGE_RATE]}
    (rate,) = compare(old, new).rates
    assert (rate.currency_code, rate.first.delta, rate.last.has_moved) == ("USD", D("0.01"), False)
    # in the middle of the month the card names no rate, but the file of it
    assert found(card(), card({"spend": "506"}, sources=files(fx_rates="b"))) == {
        "cost": [Cause.EXCHANGE_RATE]
    }
    both_moved = card({"spend": "506"}, sources=files(fx_rates="b", google_ads="b"))
    assert found(card(), both_moved) == {"cost": [Cause.LATE_DATA, Cause.EXCHANGE_RATE]}
    assert found(card(), card({"posts": "14"}, sources=files(fx_rates="b"))) == {"posts": [Cause.FIX]}
    (gone,) = compare(old, card()).rates
    assert (gone.first.new, gone.last.old, gone.first.delta) == (None, D("0.92"), None)


def test_a_target_and_a_weight(card):
    other = (make_target("leads", "110", "40"), *TARGETS[1:])
    result = compare(card(), card(targets=other))
    (change,) = result.kpis
    assert (change.causes, change.target, change.actual.has_moved) == (
        (Cause.TARGET,),
        Moved(D(100), D(110)),
        False,
    )
    weights = (make_target("leads", "100", "35"), make_target("cost", "5", "30"), *TARGETS[2:])
    assert found(card(), card(targets=weights)) == {"leads": [Cause.TARGET], "cost": [Cause.TARGET]}


def test_a_dropped_and_an_added_kpi(card):
    old, new = card(), card(targets=(make_target("leads", "100", "55"), *TARGETS[1:3]))
    assert found(old, new) == {"leads": [Cause.TARGET], "posts": [Cause.DROPPED]}
    (_, dropped) = compare(old, new).kpis
    assert (dropped.score, dropped.weight) == (Moved(D(120), None), Moved(D(15), None))
    assert found(new, old)["posts"] == [Cause.ADDED]


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        (
            RuleSpec("proportional", {"cap": 120, "floor": 0}),
            RuleSpec("proportional", {"cap": 110, "floor": 0}),
        ),
        (RuleSpec("proportional", {"cap": 120, "floor": 0}), RuleSpec("bands", BANDS)),
        (
            RuleSpec("bands", BANDS),
            RuleSpec("bands", {"bands": [*BANDS["bands"][:2], {"from": "1", "score": 105}]}),
        ),
    ],
)
@pytest.mark.parametrize("posts", ["13", "14"])
def test_a_rule_with_other_parameters(card, rule, changed, posts):
    """Also where the data moved at the same time, as long as the same band is met."""
    old, new = (
        card(
            measures,
            kpis={**KPIS, "posts": replace(KPIS["posts"], rule=spec)},
            sources=files(linkedin=digest),
        )
        for measures, spec, digest in (({}, rule, "a"), ({"posts": posts}, changed, "b"))
    )
    late = [Cause.LATE_DATA] if posts == "14" else []
    assert found(old, new) == {"posts": [*late, Cause.RULE]}


def test_another_band_for_other_data_is_not_another_rule(card):
    kpis = {**KPIS, "posts": replace(KPIS["posts"], rule=RuleSpec("bands", BANDS))}
    old, new = (card({"posts": posts}, kpis=kpis, sources=files(linkedin=posts[0])) for posts in ("13", "6"))
    assert found(old, new) == {"posts": [Cause.LATE_DATA]}


def test_conditions_and_names_and_cut_offs(card):
    specs = [
        RuleSpec("all_or_some", {"conditions": [text], "scores": [0, 100]})
        for text in ("posts >= 5", "posts >= 6")
    ]
    old, new = (
        card(
            {"posts": str(n)},
            kpis={**KPIS, "posts": replace(KPIS["posts"], formula="", rule=spec)},
            sources=files(linkedin=str(n)),
        )
        for n, spec in zip((7, 8), specs, strict=True)
    )
    assert found(old, new) == {"posts": [Cause.LATE_DATA, Cause.RULE]}
    renamed = {**KPIS, "posts": replace(KPIS["posts"], name=LocalText("Posts", "帖子"))}
    assert found(card(), card(kpis=renamed)) == {"posts": [Cause.WORDING]}
    (told,) = compare(card(), card(kpis=renamed)).kpis
    assert told.said == (
        FieldChange("name/en", '"posts"', '"Posts"'), FieldChange("name/zh_CN", '"posts"', '"帖子"'),
    )  # fmt: skip
    assert found(card(), card(measure_units={})) == {"cost": [Cause.WORDING]}
    result = compare(card(), card(policy=ScoringPolicy(1, D(101), D(80))))
    assert {change.kpi_id: change.causes for change in result.kpis} == {"rate": (Cause.RULE,)}
    assert "cutoffs/green" in [change.field for change in result.others]


def test_a_line_without_a_score_and_the_weights_of_the_others(card):
    new = card({"posts": "0"}, sources=files(linkedin="b"))
    dead = change_line(
        new, "posts", measures=(MeasureValue("posts", None),), score=None, working=None, actual=None
    )
    assert found(card(), dead)["posts"] == [Cause.LATE_DATA]
    shared = change_line(card(), "leads", effective_weight=D(45), points=D("40.5"))
    assert found(card(), shared) == {"leads": [Cause.OTHER_KPI]}
    vetoed = change_line(card(), "leads", set_to=D(0), overruled_by="posts", points=D(0))
    assert found(card(), vetoed) == {"leads": [Cause.OTHER_KPI]}


@pytest.mark.parametrize("basis", Basis)
def test_a_target_that_grows_from_a_restated_past_is_late_data_and_not_a_new_target(card, inputs, basis):
    span, month = {
        Basis.PREVIOUS_PERIOD: ("previous", "2026-09"),
        Basis.SAME_PERIOD_LAST_YEAR: ("last_year", "2025-10"),
    }[basis]

    def grown(before, growth="0.1", digest="a"):
        row = replace(make_target("posts", growth, "15"), aim=Growth(basis))
        sources = (*files(), evidence("linkedin", digest, month), evidence("hubspot", digest, month))
        return card({f"posts__{span}": before}, targets=(*TARGETS[:3], row), sources=sources)

    result = compare(grown("10"), grown("11", digest="b"), FEEDS)
    (change,) = result.kpis
    assert (change.causes, [(s.source, s.period) for s in change.sources]) == (
        (Cause.LATE_DATA,),
        [("linkedin", month)],
    )
    assert found(grown("10"), grown("11")) == {"posts": [Cause.FIX]}
    assert found(grown("10"), grown("10", "0.2")) == {"posts": [Cause.TARGET]}


def test_a_year_to_date_is_late_by_any_month_of_the_year(card):
    def so_far(value, digest):
        row = replace(make_target("posts", "100", "15"), aim=Cumulative())
        sources = (*files(), evidence("linkedin", digest, "2026-02"), evidence("linkedin", digest, "2025-12"))
        return card({"posts__year_to_date": value}, targets=(*TARGETS[:3], row), sources=sources)

    (change,) = compare(so_far("80", "a"), so_far("81", "b"), FEEDS).kpis
    assert [late.period for late in change.sources] == ["2026-02"]


def test_a_past_month_that_moved_is_history_and_no_change_of_a_line(card):
    def shown(last_month):
        return card(measures={}, revision=1) if last_month is None else with_past(last_month)

    def with_past(value):
        points = (HistoryPoint("2026-09", D(value), D(100)), HistoryPoint("2026-10", D(90), D(100)))
        one = change_line(card(), "leads", history=points)
        return replace(
            one,
            total_history=(HistoryPoint("2026-09", D(value), None), HistoryPoint("2026-10", D("96.5"), None)),
        )

    result = compare(shown("80"), shown("81"))
    assert result.kpis == ()
    assert [(past.kpi_id, past.period, past.actual.delta) for past in result.past] == [
        (None, "2026-09", 1),
        ("leads", "2026-09", 1),
    ]
    assert not result.is_empty
    assert "2026-09" in {past.period for past in compare(shown(None), shown("81")).past}


def test_grade_and_pay_tier(card):
    policy = ScoringPolicy(
        1,
        D(95),
        D(80),
        grades=grade_table([("C", D(0)), ("B", D(80)), ("A", D(95))]),
        pay=BandedPay((Tier(D(0), D(0)), Tier(D(80), D("0.8")), Tier(D(95), D(1))), 2),
    )
    result = compare(card(policy=policy), card({"spend": "600"}, policy=policy))
    assert (result.grade.old, result.grade.new) == ("A", "B")
    assert (result.pay, result.pay_tier) == (Moved(D(1), D("0.8")), Moved(D(95), D(80)))
    assert result.moves_reward
    assert not [other for other in result.others if other.field.startswith("pay")]
    same_tier = compare(card(policy=policy), card({"spend": "501"}, policy=policy))
    assert not same_tier.moves_reward


def test_what_people_said(card):
    said = marks()
    entries = [
        (EntryEvidence("leads", "superior", value, "", "Tove", "2026-11-02", "f.xlsx", "0" * 64),)
        for value in ("80", "85")
    ]
    other = {
        **said,
        (MONTH, "leads"): replace(
            said[MONTH, "leads"], superior_mark=replace(said[MONTH, "leads"].superior_mark, score=D(85))
        ),
    }
    old = card(policy=POLICY, judgements=said, appraiser_name="Tove", entries=entries[0])
    new = card(policy=POLICY, judgements=other, appraiser_name="Tove", entries=entries[1])
    (change,) = compare(old, new).kpis
    assert (change.causes, change.score.has_moved, change.appraised) == (
        (Cause.ENTRY,),
        False,
        Moved(D(88), D(89)),
    )
    shares = replace(POLICY, appraisal=replace(POLICY.appraisal, system=D(60), self_=D(20)))
    reweighed = card(policy=shares, judgements=said, appraiser_name="Tove", entries=entries[0])
    assert set(map(tuple, found(old, reweighed).values())) == {(Cause.RULE,)}


def test_events_that_were_entered(card):
    complaints = replace(
        make_kpi("posts", "brand", ""), rule=RuleSpec("event", {"deduction": 10, "floor": 0})
    )
    entry = EntryEvidence("posts", "events", "2", "", "Tove", "2026-11-02", "f.xlsx", "0" * 64)
    old, new = (
        card(
            kpis={**KPIS, "posts": complaints},
            judgements={(MONTH, "posts"): Judgement(events=number)},
            entries=(replace(entry, value=str(number)),),
        )
        for number in (1, 2)
    )
    assert found(old, new) == {"posts": [Cause.ENTRY]}
    assert found(old, replace(new, entries=old.entries)) == {"posts": [Cause.FIX]}


def test_a_note_tells_the_lines_whose_score_moved(card):
    old, new = card(), card({"leads": "100"}, sources=files(hubspot="b"))
    note = RestatementNote.of(compare(old, new, FEEDS))
    assert [(kpi.name.en, kpi.score.new) for kpi in note.restated] == [("leads", 100), ("cost", 100)]
    renamed = card(kpis={**KPIS, "posts": replace(KPIS["posts"], name=both("other"))})
    assert [kpi.causes for kpi in RestatementNote.of(compare(old, renamed)).restated] == [(Cause.WORDING,)]


def test_a_restatement_survives_the_way_to_json_and_back(rich):
    new = replace(rich, total=None, rates=(), certificate=Certificate(CertificateStatus.FINAL, ()))
    result = compare(rich, change_line(new, "leads", score=D(1)))
    assert restatement_from_json(restatement_json(result)) == result
    with pytest.raises(DataError, match="expected the JSON of a restatement"):
        restatement_from_json("{}")


@pytest.fixture
def rich(card):
    """A card with something in every part of it."""
    working = Working("linear", (Operand("from", "word"), Operand("to", D(2))), ("cap",), D("0.4"))
    key_result = KeyResultResult(
        "kr", both("kr"), "up", "leads", "count", 0, D(100), D(100), D(0), D(9), D(4), D("0.4"), D("0.4"),
        Reason.NO_DATA, working, "leads", (MeasureValue("leads", D(4)),), "2026-10-30", "Ana", "fine",
    )  # fmt: skip
    objective = ObjectiveResult(
        "o", both("o"), "roofshot", "2026-Q4", 31, 92, Cutoffs(D("0.7"), D("0.4")), D("0.4"), Band.AMBER,
        Alignment(both("t"), "o2", both("o2"), "kr2", both("kr2")), (key_result,),
    )  # fmt: skip
    entry = EntryEvidence("leads", "superior", "80", "ok", "Tove", "2026-11-02", "f.xlsx", "0" * 64)
    full = card(
        policy=POLICY,
        judgements=marks(),
        appraiser_name="Tove",
        reviewer_name="Kim",
        entries=(entry, replace(entry, kpi_id="cost")),
        objectives=(objective,),
        rates=(
            RateEvidence("USD", D("0.9"), D("0.92"), "ecb"),
            RateEvidence("CNY", D("0.12"), D("0.13"), "ecb"),
        ),
        findings=(Finding("missing_days", "hubspot", "one", ("2026-10-03",), ("leads",), ("o/kr",)),),
    )
    mix = Mix(D(90), (MixPart("month", D(100), (HistoryPoint("2026-09", D(90), None),), D(90)),), D(90))
    note = RestatementNote.of(compare(card(), card({"leads": "100"}, sources=files(hubspot="b"))))
    return replace(
        change_line(
            full, "leads", target_low=D(1), target_high=D(2), target_workings=(working,), weight_working=working,
            exact_score=D(90), set_to=D(3), overruled_by="cost", reason=Reason.NO_DATA, baseline=D(1),
        ),
        mix=mix, overruled_by="cost", not_available="zero", restatements=(note,),
    )  # fmt: skip


CLOSED = {
    "green": "red",
    "amber": "red",
    "provisional": "held",
    "no_data": "not_due",
    "2026-10": "2026-11",
    "2026-09": "2026-08",
}


def mutations(value):
    """The value (as JSON has it) with one leaf changed, taken away or put in another place, each in turn."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: other} for other in mutations(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from ([*value[:place], other, *value[place + 1 :]] for other in mutations(part))
            yield [*value[:place], *value[place + 1 :]]
            yield [*value, part]
        yield value[::-1]
    elif isinstance(value, str):
        yield CLOSED.get(value, f"{value}7")
    elif isinstance(value, bool | int):
        yield value + 1
    else:
        yield "7"
    yield None


def test_whatever_is_changed_on_a_card_is_named(rich):
    """Every leaf of a full card, changed in every way that still is a card: never an empty restatement."""
    read_back = (read(other) for other in mutations(json.loads(to_json(rich))))
    own = content_hash(rich)
    changed = [card for card in read_back if card is not None and content_hash(card) != own]
    assert len(changed) > 700
    for other in changed:
        for result in (compare(rich, other, FEEDS), compare(other, rich, FEEDS)):
            assert not result.is_empty, other
            assert all(change.causes for change in result.kpis)
            named = [change.fields for change in result.kpis if not any(values_of(change))]
            assert not any(named), other


def test_a_restatement_entered_without_the_words_gets_them_from_its_cards(card):
    formula = {**KPIS, "posts": replace(KPIS["posts"], formula="posts * 2")}
    fewer = tuple(row for row in TARGETS if row.kpi_id != "rate")
    old, new = card(), card(kpis=formula, targets=fewer)
    result = compare(old, new)
    assert FieldChange("formula", '"posts"', '"posts * 2"') in result.kpis[-2].said
    assert result.kpis[-1].causes == (Cause.DROPPED,)
    entered = replace(result, kpis=tuple(replace(change, said=()) for change in result.kpis))
    assert entered != result
    assert with_words(entered, old, new) == result


def values_of(change):
    """What a line names with the values before and now, and never by the name of a field alone."""
    yield from (getattr(change, name).has_moved for name in NUMBERS)
    yield from (measure.value.has_moved for measure in change.measures)
    yield from (said.old != said.new for said in change.said)


NUMBERS = ("actual", "target", "target_high", "attainment", "score", "points", "weight", "appraised")


def read(plain):
    """The card, where it is one that says something else."""
    try:
        return from_json(json.dumps(plain))
    except DataError:
        return None


def test_another_limit_for_other_data_is_not_another_rule(card):
    spec = RuleSpec(
        "tolerance", {"limits": [{"up_to": "0.2", "score": 100}, {"up_to": "0.5", "score": 60}, {"score": 0}]}
    )
    kpis = {**KPIS, "posts": replace(KPIS["posts"], rule=spec)}
    target = card().results
    goal = next(result.target for result in target if result.kpi_id == "posts")
    old, new = (
        card({"posts": str(goal * share)}, kpis=kpis, sources=files(linkedin=digest))
        for share, digest in ((1, "a"), (D("0.7"), "b"))
    )
    assert found(old, new) == {"posts": [Cause.LATE_DATA]}


def test_a_source_is_called_what_the_card_calls_it(card):
    assert card().source_name("hubspot") == both("hubspot")
    assert card().source_name("elsewhere") is None


def test_another_attainment_of_nothing_is_the_books_rule(card):
    none = {**KPIS, "cost": replace(KPIS["cost"], attainment=Attainment(at_zero=D("1.2")))}
    less = {**KPIS, "cost": replace(KPIS["cost"], attainment=Attainment(at_zero=D(1)))}
    old, new = (card({"spend": "0"}, revision, kpis=kpis) for revision, kpis in ((1, less), (2, none)))
    assert found(old, new)["cost"] == [Cause.RULE]

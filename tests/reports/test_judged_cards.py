"""Cards that people judged, scored by the real rules: vetoes, levels, marks, and a page 1 that stays one page."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest

from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenter import present
from reports.views import AreaView, KpiDetail, ScorecardView
from scoring.card.card import score_card
from scoring.card.inputs import CardInputs
from scoring.evidence import EntryEvidence
from scoring.known import Judgement
from scoring.kpi import Direction, RuleSpec, Target, Unit
from scoring.marks import Mark
from scoring.policy import AppraisalShares, NotAvailable, ScoringPolicy
from scoring.scorecard import Mix, MixPart, Scorecard
from scoring.text import LocalText
from tests.reports.conftest import front_of
from tests.reports.test_objectives import OPENING, objective, on_card

D = Decimal
POLICY = ScoringPolicy(1, D(95), D(80), appraisal=AppraisalShares(D(70), D(10), D(20), cap=D(120)))
HOSTILE = "<script>alert(1)</script> {{7*7}} <img src=x> " + "long" * 110
SHEET = "appraisal-2026-10.xlsx"


@dataclass(frozen=True)
class Said:
    """A KPI that people judge, in the area of brand building, and what was said of it."""

    kpi_id: str
    rule: RuleSpec
    judgement: Judgement
    direction: Direction = Direction.LOWER


def veto(scope: str, value: int, events: int) -> Said:
    rule = RuleSpec("veto", {"scope": scope, "value": value})
    return Said("data_leak", rule, Judgement(events=events))


def violations(events: int | None) -> Said:
    return Said("violations", RuleSpec("event", {"deduction": 8, "floor": 60}), Judgement(events=events))


def teamwork(level: str | None) -> Said:
    rule = RuleSpec("qualitative", {"levels": {"excellent": 15, "good": 10, "poor": 0}, "out_of": 15})
    return Said("teamwork", rule, Judgement(level=level), Direction.HIGHER)


def judged(inputs: CardInputs, *said: Said, policy: ScoringPolicy = POLICY, **changed: Any) -> Scorecard:
    """The month with KPIs that people judge, each with a weight of 5, which the first KPI gives up."""
    pattern = next(iter(inputs.kpis.values()))
    kpis = {
        item.kpi_id: replace(
            pattern,
            id=item.kpi_id,
            name=LocalText(item.kpi_id.replace("_", " ").capitalize(), f"评定：{item.kpi_id}"),
            area="brand",
            formula="",
            unit=Unit.COUNT,
            direction=item.direction,
            rule=item.rule,
        )
        for item in said
    }
    first, *others = inputs.targets
    terms = (
        Target("eu-brand", kpi_id, date(2025, 1, 1), date(2028, 1, 1), None, D(5), "", "") for kpi_id in kpis
    )
    given = {"judgements": {(inputs.period, item.kpi_id): item.judgement for item in said}, **changed}
    return score_card(
        replace(
            inputs,
            kpis={**inputs.kpis, **kpis},
            targets=(replace(first, weight=first.weight - 5 * len(said)), *others, *terms),
            policy=policy,
            **given,
        ),
        1,
    )


def marks(inputs: CardInputs, said: tuple[Said, ...], comment: str = "") -> Mapping[str, Any]:
    """Who appraises, and both marks for every KPI that is measured."""
    own = Mark(D(100), comment, "Ana Ruiz", "2026-11-02")
    both = Judgement(self_mark=own, superior_mark=Mark(D("92.5"), comment, "Tove Lind", "2026-11-03"))
    given = {(inputs.period, kpi_id): both for kpi_id in inputs.kpis}
    given |= {(inputs.period, item.kpi_id): item.judgement for item in said}
    entries = tuple(
        EntryEvidence(item.kpi_id, "events", "1", comment, "Tove Lind", "2026-11-03", SHEET, "ab" * 32)
        for item in said
    )
    names = {"appraiser_name": "Tove Lind", "reviewer_name": "Ola Berg"}
    return {"judgements": given, "entries": entries, **names}


def area(view: ScorecardView, name: str) -> AreaView:
    return next(item for item in view.areas if item.name == name)


def steps(detail: KpiDetail) -> dict[str, str]:
    return {step.label: step.text for step in detail.steps}


def test_every_line_of_a_vetoed_area_says_by_which_kpi_and_what_it_counts(make_inputs):
    card = judged(make_inputs(lines=12), violations(2), veto("area", 20, 1))
    view = present(card)
    brand = area(view, "Brand building")
    assert brand.veto == "vetoed by “Data leak”"
    assert area(view, "Product promotion").veto == ""
    assert len(brand.details) == 4
    for detail in brand.details:
        found = steps(detail)
        assert found["Veto"] == "“Data leak” vetoes the whole area: this line counts as 20"
        assert found["Points"] == "5 × 20 ÷ 100 = 1.000"
    assert steps(brand.details[2])["Score"] == "100 − 2 × 8 (2 events), not below 60: 84.0"
    html = page_html(card)
    assert html.count("vetoed by “Data leak”") == 1
    assert html.count('<span class="area-veto">vetoed</span>') == 1


def test_an_area_that_a_veto_did_not_lower_says_nothing_of_it(make_inputs):
    card = judged(make_inputs(lines=14), veto("area", 99, 1))
    brand = area(present(card), "Brand building")
    assert brand.veto == ""
    assert "Veto" not in steps(brand.details[0])


@pytest.mark.parametrize("choice", list(NotAvailable))
def test_the_total_of_a_card_with_a_vetoed_area_can_be_redone_by_hand(make_inputs, choice):
    inputs = make_inputs(lines=14, missing=("followers",))
    card = judged(inputs, veto("area", 20, 1), policy=replace(POLICY, not_available=choice))
    (total,) = [step.text for step in present(card).total_steps if step.label == "Total"]
    is_shared = choice is NotAvailable.EQUAL_PARTS
    weights = [item.effective_weight if is_shared else item.weight for item in card.results]
    products = sum(weight * (item.counted or 0) for weight, item in zip(weights, card.results, strict=True))
    counting = 100 if is_shared or choice is NotAvailable.ZERO else 95
    assert total.startswith(f"{round(products, 4).normalize():,f} ÷ {counting} ")
    assert total.endswith(f"rounded: {card.total}")
    assert card.total == round(products / counting, 1)


def test_a_line_without_a_score_that_a_veto_set_shows_its_points(make_inputs):
    inputs = make_inputs(lines=14, missing=("followers",))
    card = judged(inputs, veto("area", 20, 1), policy=replace(POLICY, not_available=NotAvailable.ZERO))
    (followers,) = [
        item for item in area(present(card), "Brand building").details if item.name == "Followers"
    ]
    assert steps(followers)["Not available"] == "There is no data for this period."
    assert steps(followers)["Points"] == "5 × 20 ÷ 100 = 1.000"


def test_what_people_judge_has_no_formula_and_says_so(make_inputs):
    definitions = {item.name: item.formula for item in present(_both(make_inputs)).reference.definitions}
    assert (definitions["Violations"], definitions["Teamwork"]) == ("judged by people",) * 2
    assert definitions["Marketing qualified leads"] == "Marketing qualified leads"


def _both(make_inputs) -> Scorecard:
    return judged(make_inputs(lines=4), violations(None), teamwork(None))


def test_before_anybody_has_spoken_page_1_and_the_working_say_so(make_inputs):
    brand = area(present(_both(make_inputs)), "Brand building")
    assert [row.reason for row in brand.rows] == ["not reported"] * 2
    assert {steps(detail)["Not available"] for detail in brand.details} == {
        "Nobody has reported anything yet."
    }


def everything(make_inputs, language, lines: int) -> Scorecard:
    """A card with all that may stand on page 1: a veto, missing marks, a mix, an objective, 20 findings."""
    said = (violations(1), teamwork("good"), veto("card", 0, 1))
    inputs = make_inputs(language, lines=lines, findings=20)
    given = marks(inputs, said, HOSTILE)
    waiting = {key: replace(judgement, self_mark=None) for key, judgement in given["judgements"].items()}
    card = judged(inputs, *said, **{**given, "judgements": waiting})
    past = card.total_history[-4:-1]
    parts = tuple(
        MixPart(cadence, D(share), totals, D("97.456"))
        for cadence, share, totals in (("month", 30, past), ("quarter", 40, past), ("year", 30, past[-1:]))
    )
    return on_card(replace(card, mix=Mix(D(0), parts, D(0))), goal=objective(OPENING))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("lines", "density"), [(9, "roomy"), (12, "full"), (13, "crowded"), (18, "crowded")])
def test_page_1_is_one_page_with_all_that_may_stand_on_it(make_inputs, language, lines, density):
    card = everything(make_inputs, language, lines)
    view = present(card)
    assert view.density == density
    assert view.headline.veto_note
    assert view.headline.appraisal_note
    assert view.headline.mix
    pages = front_of(card)
    detail = "How each score came about" if language == "en" else "各项得分的计算过程"
    assert detail not in pages[0]
    assert detail in pages[1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_of_an_appraised_card_are_read_in_order_and_cell_by_cell(make_inputs, language):
    said = (violations(1), teamwork("good"))
    inputs = make_inputs(language, lines=4)
    card = judged(inputs, *said, **marks(inputs, said, HOSTILE))
    with pikepdf.open(io.BytesIO(render_pdf(card))) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        cells = [element for element in elements if element.S == "/TD"]
        assert all(len(cell.A.Headers) for cell in cells)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    html = page_html(card)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    headers = re.findall(r"<th\b[^>]*>", html)
    assert [header for header in headers if "scope=" not in header] == []


def test_nothing_that_people_wrote_becomes_markup(make_inputs):
    said = (violations(1),)
    inputs = make_inputs(lines=4)
    html = page_html(judged(inputs, *said, **marks(inputs, said, HOSTILE)))
    # four own marks, four of the superior, and the entry of the event
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} &lt;img src=x&gt;") == 9
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("language", "leak", "others"),
    [
        ("en", "vetoed by “Data leak”", ["people counted the events", "people chose the level"]),
        ("zh_CN", "因「评定：data_leak」一票否决", ["次数由人工填写", "等级由人工评定"]),
    ],
)
def test_what_is_taken_over_says_why_and_keeps_what_was_written(make_inputs, language, leak, others):
    inputs = make_inputs(language, lines=12)
    struck = (violations(1), teamwork("good"), veto("area", 20, 1))
    card = judged(inputs, *struck, **marks(inputs, struck, "Two fairs fell out."))
    rows = [row.notes for row in present(card).appraisal.rows]
    given = [notes for notes in rows if notes[-1].text.startswith(leak)]
    # two measured ones with their marks, and the three of people
    assert [len(notes) for notes in given] == [3, 3, 1, 1, 1]
    assert given[0][0].text.endswith("Two fairs fell out.")

    calm = (violations(1), teamwork("good"))
    card = judged(inputs, *calm, **marks(inputs, calm))
    told = [row.notes[-1].text for row in present(card).appraisal.rows][-2:]
    assert [text.startswith(why) for text, why in zip(told, others, strict=True)] == [True, True]


def test_a_line_that_counts_as_zero_says_that_it_has_no_score(make_inputs):
    inputs = make_inputs(lines=4, missing=("sqls",))
    said = (violations(1),)
    policy = replace(POLICY, not_available=NotAvailable.ZERO)
    card = judged(inputs, *said, **marks(inputs, said), policy=policy)
    rows = {row.name: row for row in present(card).appraisal.rows}
    assert rows["Sales qualified leads"].notes[-1].text.startswith("it has no score: ")
    assert rows["Sales qualified leads"].appraised == "0.0"


def test_the_sum_of_an_appraised_score_can_be_redone_by_hand(make_inputs):
    inputs = make_inputs(lines=4)
    card = judged(inputs, violations(1), **marks(inputs, (violations(1),)))
    view = present(card)
    sums = {row.name: row.notes[-1] for row in view.appraisal.rows}
    assert sums["Marketing qualified leads"].text == "(70 × 102.6 + 10 × 100 + 20 × 92.5) ÷ 100 = 100.32"
    products = sum(line.weight * line.appraised for line in card.appraisal.lines)
    assert view.appraisal.steps[0].text == f"{products.normalize():,f}"
    assert view.appraisal.steps[1].text.endswith(f"rounded: {card.total}")


def test_a_voice_without_a_share_is_not_in_the_sum(make_inputs):
    inputs = make_inputs(lines=4)
    policy = replace(POLICY, appraisal=AppraisalShares(D(80), D(0), D(20), cap=D(120)))
    given = marks(inputs, ())
    silent = {key: replace(said, self_mark=None) for key, said in given["judgements"].items()}
    view = present(judged(inputs, policy=policy, **{**given, "judgements": silent}))
    assert view.appraisal.rows[0].notes[-1].text == "(80 × 102.6 + 20 × 92.5) ÷ 100 = 100.58"

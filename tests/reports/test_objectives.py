"""Objectives on the card: every number that a score can be redone with, in both languages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from reports.pdf import render_pdf
from reports.presenter import present
from reports.presenting.findings import finding_sentence
from reports.presenting.reader import reader_of
from scoring.evidence import Finding
from scoring.kpi import Unit
from scoring.okr.agreed import Ambition, Anchor, KeyResult, Lateness, Objective, Way
from scoring.okr.known import CheckIn, KeyValue, key_values
from scoring.okr.objectives import alignments, score_objectives
from scoring.period import Period
from scoring.scorecard import Scorecard
from scoring.text import LocalText
from scoring.working import MeasureValue, Reason
from tests.reports.conftest import front_of

D = Decimal
QUARTER = Period.parse("2026-Q4")
OCTOBER_31, DECEMBER_31 = date(2026, 10, 31), date(2026, 12, 31)
RECALL = (Anchor(D("0.12"), D("0.3")), Anchor(D("0.135"), D("0.7")), Anchor(D("0.15"), D(1)))
COST = KeyResult(
    "cost", LocalText("Cost", "成本"), D(50), Way.KPI, D(40), D(30), Unit.MONEY, 2, of="cost_per_lead"
)
OPENING = KeyResult("opening", LocalText("Opening", "开业"), D(30), Way.MILESTONE, due=date(2026, 10, 20))
KNOWN = KeyResult(
    "known",
    LocalText("Recall", "提及率"),
    D(20),
    Way.CHECK_IN,
    D("0.11"),
    D("0.15"),
    Unit.PERCENT,
    1,
    scores=RECALL,
)
PARENT = Objective(
    "company", LocalText("Grow", "增长"), "board", Period.parse("2026"), Ambition.COMMITTED, (COST,)
)
SPENT = KeyValue(
    D("32.5"),
    formula="ad_spend / leads",
    measures=(MeasureValue("ad_spend", D(6500), "money"), MeasureValue("leads", D(200))),
)
NO_ROWS = KeyValue(
    reason=Reason.NO_DATA,
    formula="ad_spend / leads",
    measures=(MeasureValue("ad_spend", None, "money"), MeasureValue("leads", None)),
)


def objective(
    *key_results: KeyResult, name: str = "Voice", ambition: Ambition = Ambition.ASPIRATIONAL
) -> Objective:
    return Objective("voice", LocalText(name, "声量"), "t", QUARTER, ambition, key_results, "company/cost")


def reported(day: int, key: str, value: str | None = None, *, is_done: bool = False) -> CheckIn:
    number = None if value is None else D(value)
    return CheckIn("voice", key, date(2026, 10, day), number, is_done, "Two <b> signed", "Ana")


def on_card(
    card: Scorecard,
    *said: CheckIn,
    cost: KeyValue = SPENT,
    as_of: date = OCTOBER_31,
    goal: Objective | None = None,
) -> Scorecard:
    goal = goal or objective(COST, OPENING, KNOWN)
    rest = replace(goal, key_results=tuple(item for item in goal.key_results if item.way is not Way.KPI))
    values = {"voice/cost": cost} | key_values(rest, {}, {}, said, as_of)
    supports = alignments([PARENT, goal], {"board": LocalText("Board", "董事会")})
    return replace(card, objectives=score_objectives([goal], values, as_of, supports))


def steps(card: Scorecard, index: int) -> list[tuple[str, str]]:
    (goal,) = present(card).objectives
    return [(step.label, step.text) for step in goal.key_results[index].steps]


def test_a_card_without_objectives_says_nothing_of_them(make_card, printed) -> None:
    view = present(make_card())
    assert (view.objectives, view.objectives_line) == ((), "")
    assert "Objectives" not in printed()[1]


def test_a_measured_key_result_can_be_redone_by_hand(make_card) -> None:
    assert steps(on_card(make_card()), 0) == [
        ("Current", "Ad spend ÷ Leads = €6,500.00 ÷ 200 = €32.50"),
        ("Progress", "(current − start) ÷ (target − start) = (€32.50 − €40.00) ÷ (€30.00 − €40.00) = 75%"),
        ("Score", "the progress 75%, rounded: 0.75"),
    ]


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("29", "the progress 110% is beyond the target, which counts as 1.00"),
        ("41", "the progress −10% is behind the start, which counts as 0.00"),
    ],
)
def test_a_score_that_was_held_says_so(make_card, value: str, score: str) -> None:
    assert steps(on_card(make_card(), cost=replace(SPENT, value=D(value))), 0)[-1] == ("Score", score)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            "0.122",
            "worth 0.3 at 12% and 0.7 at 13.5%: 0.3 + (0.7 − 0.3) × (12.2% − 12%) ÷ (13.5% − 12%) "
            "≈ 0.3533; rounded: 0.35",
        ),
        ("0.2", "beyond 15% it is worth 1.00"),
        ("0.1", "before 11% it is worth 0.00"),
    ],
)
def test_a_score_of_its_own_shows_the_anchors_around_the_value(make_card, value: str, text: str) -> None:
    current, progress, score = steps(on_card(make_card(), reported(31, "known", value)), 2)
    assert current == ("Current", "reported for 31 October by Ana: Two <b> signed")
    assert progress[0] == "Progress"
    assert score == ("Score", text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ([reported(20, "opening", is_done=True)], "done on 20 October, due on 20 October: 1.00"),
        ([reported(21, "opening", is_done=True)], "done on 21 October, late (due on 20 October): 1.00"),
        ([reported(21, "opening", "0.9")], "not done, overdue since 20 October: 0.00 until it is"),
    ],
)
def test_a_milestone_says_whether_it_is_done_and_when(make_card, said: list[CheckIn], text: str) -> None:
    assert steps(on_card(make_card(), *said), 1)[-1] == ("Score", text)


def test_a_late_milestone_says_by_how_much_and_is_not_called_ahead(make_card) -> None:
    late = replace(OPENING, late=(Lateness(1, D("0.5")),), weight=D(100))
    card = on_card(make_card(), reported(21, "opening", is_done=True), goal=objective(late))
    assert steps(card, 0)[-1] == ("Score", "done on 21 October, late (due on 20 October, days late: 1): 0.50")
    (goal,) = present(card).objectives
    assert (goal.key_results[0].progress, goal.status.word) == ("100.0%, late", "Partly reached")
    whole = on_card(
        make_card("zh_CN"), reported(21, "opening", is_done=True), goal=objective(replace(late, late=()))
    )
    assert present(whole).objectives[0].status.word == "延迟达成"


@pytest.mark.parametrize(
    ("language", "is_done", "words"),
    [("en", True, "late"), ("en", False, "overdue"), ("zh_CN", True, "延迟完成"), ("zh_CN", False, "已逾期")],
)
def test_what_was_done_late_is_told_from_what_has_yet_to_be_done(make_card, language, is_done, words) -> None:
    said = reported(21, "opening", "0.9", is_done=is_done)
    card = on_card(make_card(language), said, goal=objective(replace(OPENING, weight=D(100))))
    (goal,) = present(card).objectives
    assert goal.key_results[0].progress.endswith(words)
    assert (goal.status.word in ("Reached late", "延迟达成")) is is_done


def test_a_milestone_in_time_is_not_called_overdue(make_card) -> None:
    goal = objective(replace(OPENING, due=date(2026, 11, 15), weight=D(100)))
    view = steps(on_card(make_card(), goal=goal), 0)
    assert view == [
        ("Not available", "Nobody has reported anything yet."),
        ("Score", "not done, due on 15 November: 0.00 until it is"),
    ]


def test_the_score_of_an_objective_leaves_out_what_is_not_known(make_card) -> None:
    card = on_card(make_card(), reported(31, "known", "0.122"), cost=NO_ROWS)
    (goal,) = present(card).objectives
    assert [step.text for step in goal.steps] == ["(30 × 0.00 + 20 × 0.35) ÷ 50 = 0.14; rounded: 0.14"]
    cost = goal.key_results[0]
    assert (cost.current.text, cost.progress, cost.score, cost.bar) == ("–", "–", "–", None)
    assert cost.steps[-1].text == "There is no data for this period."


def test_an_objective_of_which_nothing_is_known_has_no_ring_and_no_sum(make_card) -> None:
    (goal,) = present(on_card(make_card(), goal=objective(replace(KNOWN, weight=D(100))))).objectives
    assert (goal.ring, goal.steps, goal.status.word) == (None, (), "Not available")


def test_red_is_no_verdict_before_the_end(make_card) -> None:
    goal = objective(replace(KNOWN, weight=D(100)))
    words = []
    for as_of in (OCTOBER_31, DECEMBER_31):
        card = on_card(make_card(), reported(31, "known", "0.12"), goal=goal, as_of=as_of)
        words.append(present(card).objectives[0].status.word)
    assert words == ["Not reached yet", "Not reached"]


@pytest.mark.parametrize(
    ("current", "as_of", "progress"),
    [
        ("32.5", OCTOBER_31, "75.0%, ahead"),
        ("38", OCTOBER_31, "20.0%, behind"),
        ("38", DECEMBER_31, "20.0%"),
    ],
)
def test_progress_stands_to_the_time_while_there_is_some_left(
    make_card, current: str, as_of: date, progress: str
) -> None:
    card = on_card(make_card(), cost=replace(SPENT, value=D(current)), as_of=as_of)
    assert present(card).objectives[0].key_results[0].progress == progress


def test_page_1_has_a_line_of_scores_where_there_is_room(make_card) -> None:
    card = on_card(make_card(lines=8), reported(31, "known", "0.122"))
    line = present(card).objectives_line
    assert line == "Objectives: 0.45 ▲ Partly reached, see “Objectives and key results”"
    assert present(on_card(make_card(lines=18))).objectives_line == ""


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "Objectives and key results",
                "Progress is how much of the way is done",
                "aspirational objective for Q4 2026; 31 of 92 days have passed (34%)",
                "Supports “Cost” of Board (Grow).",
                "Two <b> signed",
            ),
        ),
        (
            "zh_CN",
            (
                "目标与关键成果（OKR）",
                "分数不是进度",
                "挑战型目标，周期为2026年第4季度",
                "支撑董事会的关键成果「成本」",
                "75.0%，超前",
            ),
        ),
    ],
)
def test_the_section_is_printed_and_page_1_stays_one_page(make_card, text_of, language, texts) -> None:
    title = "How each score came about" if language == "en" else "各项得分的计算过程"
    for lines in (8, 16, 18):
        assert title in front_of(crowded(make_card(language, lines=lines, findings=1)))[1]
    pages = text_of(render_pdf(crowded(make_card(language, lines=2, findings=1)))).split("\f")
    assert title in pages[1]
    behind = "".join(pages[1:])
    assert all(text in behind for text in texts)


def crowded(card: Scorecard) -> Scorecard:
    """With two objectives and 20 findings."""
    findings = (card.certificate.findings[0],) * 20
    card = replace(card, certificate=replace(card.certificate, findings=findings))
    card = on_card(card, reported(31, "known", "0.122"))
    return replace(card, objectives=card.objectives * 2)


def test_every_bar_and_ring_has_its_words_and_every_cell_its_headers(make_card) -> None:
    card = on_card(make_card(lines=3), reported(31, "known", "0.122"))
    with pikepdf.open(io.BytesIO(render_pdf(card))) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        figures = [str(element.Alt) for element in elements if element.S == "/Figure"]
        assert len(figures) == 3 * 3 + 1 + 1 + 2
        assert any("75.0% of the way, 34% of the time" in alt for alt in figures)
        assert all(len(cell.A.Headers) for cell in elements if cell.S == "/TD")


def test_a_gap_in_the_data_names_the_key_results_it_touches(make_card) -> None:
    card = on_card(make_card(lines=4))
    reader = reader_of(card)
    finding = Finding("missing_days", "google_ads", "871", ("2026-10-09",), ("sql_count",), ("voice/cost",))
    assert finding_sentence(finding, card, reader, named=3).endswith(
        "Affects Sales qualified leads, key result “Cost”."
    )
    assert finding_sentence(finding, card, reader, named=1).endswith(
        "Affects Sales qualified leads and 1 more figure."
    )
    every = replace(finding, kpi_ids=tuple(result.kpi_id for result in card.results))
    assert finding_sentence(every, card, reader, named=3).endswith("Affects all KPIs, key result “Cost”.")

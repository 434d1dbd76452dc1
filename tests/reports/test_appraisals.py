"""What people said on the card: three scores, who gave them, who signs, and nothing that they could inject."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from reports.mail import mail_body
from reports.page import page_html
from reports.pdf import render_pdf
from reports.presenter import present
from reports.presenting.reader import reader_of
from reports.presenting.rulewords import score_text
from reports.presenting.vetoes import concluded
from scoring.evidence import EntryEvidence
from scoring.kpi import Direction, RuleSpec
from scoring.marks import Appraisal, AppraisedLine, Mark, MissingMark
from scoring.rules import Case, rule_of
from scoring.scorecard import Scorecard
from tests.reports.conftest import front_of

D = Decimal
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} " + "long" * 120


def marked(card: Scorecard, *, is_pending: bool = False, comment: str = "Two formats tried") -> Scorecard:
    """The card appraised: 70 % system, 10 % own, 20 % superior; the last line was entered by people."""
    *measured, last = [result for result in card.results if result.score is not None]
    own = Mark(D(90), comment, "Ana Ruiz", "2026-11-02")
    superior = None if is_pending else Mark(D("87.5"), "", "T. Ackermann", "2026-11-03")
    lines = tuple(_line(result, own, superior) for result in measured)
    lines += (AppraisedLine(last.kpi_id, last.weight, last.score, True, None, None, last.score),)
    missing = tuple(MissingMark(line.kpi_id, "superior") for line in lines[:-1]) if is_pending else ()
    total = None if is_pending else D("91.2")
    appraisal = Appraisal(D(70), D(10), D(20), card.total, total, lines, missing)
    entry = EntryEvidence(
        last.kpi_id, "events", "2", comment, "T. Ackermann", "2026-11-03", "form.xlsx", "ab" * 32
    )
    return replace(
        card,
        total=card.total if is_pending else total,
        appraiser_name="T. Ackermann",
        reviewer_name="K. Funkelmeyer",
        appraisal=appraisal,
        entries=(entry,),
    )


def _line(result, own: Mark, superior: Mark | None) -> AppraisedLine:
    parts = None if superior is None else (70 * result.score + 10 * own.score + 20 * superior.score) / 100
    return AppraisedLine(result.kpi_id, result.weight, result.score, False, own, superior, parts)


@pytest.mark.parametrize(
    ("spec", "case", "en", "zh"),
    [
        (
            RuleSpec("event", {"deduction": 20, "floor": 0}),
            {"events": 1},
            "100 − 1 × 20 (1 event), not below 0: 80.0",
            "100 − 1 × 20（发生 1 次），不低于 0：80.0",
        ),
        (
            RuleSpec("event", {"deduction": 40, "floor": 10}),
            {"events": 3},
            "100 − 3 × 40 (3 events), not below 10: 10.0",
            "100 − 3 × 40（发生 3 次），不低于 10：10.0",
        ),
        (
            RuleSpec("veto", {"scope": "card", "value": 0}),
            {"events": 0},
            "no event, so no veto: 100.0",
            "未发生，不触发一票否决：100.0",
        ),
        (
            RuleSpec("veto", {"scope": "area", "value": 30}),
            {"events": 2},
            "2 events: a veto sets the whole area to 30 at most; this KPI scores 30.0",
            "发生 2 次，一票否决：整个业务领域最高计 30 分；本指标得分 30.0",
        ),
        (
            RuleSpec("qualitative", {"levels": {"good": 10, "poor": 0}, "out_of": 15}),
            {"level": "good"},
            "level “good”: 10 of 15 points; 10 ÷ 15 × 100: 66.7",
            "等级「good」：10 分（满分 15 分），10 ÷ 15 × 100：66.7",
        ),
    ],
)
def test_the_working_of_what_people_judge_can_be_redone_by_hand(make_card, spec, case, en, zh):
    working = rule_of(spec).score(Case(Direction.LOWER, **case))
    for language, text in (("en", en), ("zh_CN", zh)):
        reader = reader_of(make_card(language=language))
        assert score_text(working, None, reader, str) == text


def test_the_three_scores_of_each_kpi_stand_side_by_side_with_who_gave_them(make_card):
    view = present(marked(make_card()))
    first, last = view.appraisal.rows[0], view.appraisal.rows[-1]
    assert (first.own, first.superior) == ("90.0", "87.5")
    assert [note.text for note in first.notes] == [
        "Ana Ruiz, 2 November 2026: Two formats tried",
        "T. Ackermann, 3 November 2026",
        "(70 × 102.6 + 10 × 90 + 20 × 87.5) ÷ 100 = 98.32",
    ]
    assert (last.own, last.superior) == ("–", "–")
    assert last.notes[-1].text.endswith(": the system's score counts for all three")
    assert view.appraisal.steps[-1].text.endswith("rounded: 91.2")
    assert view.headline.appraisal_note.startswith("Appraised; the system's scores alone make")
    system = {step.label: step.text for step in view.total_steps}["System's total"]
    assert system.endswith(f"rounded: {view.headline.appraisal_note.rsplit(' ', 1)[1]}")


def test_while_marks_are_missing_the_card_says_whose_and_has_no_sum(make_card):
    view = present(marked(make_card(), is_pending=True))
    assert view.appraisal.pending[0].endswith(": the superior's score is missing")
    assert view.appraisal.steps == ()
    assert re.fullmatch(
        r"Appraisal pending: \d+ marks are missing; grade and pay follow them", view.headline.appraisal_note
    )
    assert {row.superior for row in view.appraisal.rows} == {"–"}


@pytest.mark.parametrize(
    ("language", "roles"),
    [("en", ["Appraised", "Appraiser", "Reviewer"]), ("zh_CN", ["被考核人", "考核人", "复核人"])],
)
def test_three_people_sign_where_the_book_names_them(make_card, language, roles):
    card = marked(make_card(language=language))
    assert [item.role for item in present(card).signatures] == roles
    assert [item.name for item in present(card).signatures][1:] == ["T. Ackermann", "K. Funkelmeyer"]
    unappraised = replace(card, appraisal=None)
    assert [item.role for item in present(unappraised).signatures] == roles
    assert present(make_card(language=language)).signatures == ()


def test_what_was_entered_is_told_with_its_writer_and_form(make_card):
    (entry,) = present(marked(make_card())).reference.entered
    assert (
        entry.text
        == "events: 2, by T. Ackermann on 3 November 2026 (form.xlsx, abababababab): Two formats tried"
    )


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_mail_says_appraised_or_pending_in_one_line(make_card, language):
    for is_pending in (True, False):
        card = marked(make_card(language=language), is_pending=is_pending)
        note = present(card).headline.appraisal_note
        body = mail_body(card)
        assert note in body.text
        assert note.replace("'", "&#39;") in body.html
        assert "Ana Ruiz" not in body.text


def test_what_people_wrote_is_text_and_nothing_else(make_card):
    html = page_html(marked(make_card(), comment=HOSTILE))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7 * 7 }}" in html


@pytest.mark.parametrize("lines", [6, 12, 16])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_page_1_stays_one_page_with_an_appraisal_and_long_comments(make_card, lines, language):
    pages = front_of(marked(make_card(language=language, lines=lines), comment=HOSTILE))
    detail = "How each score came about" if language == "en" else "各项得分的计算过程"
    assert detail not in pages[0]
    assert detail in pages[1]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_appraisal_has_a_page_of_its_own(make_card, language):
    card = marked(make_card(language=language, lines=6), comment=HOSTILE)
    plain = replace(card, appraisal=None, entries=(), appraiser_name=None, reviewer_name=None)
    with (
        pikepdf.open(io.BytesIO(render_pdf(card))) as pdf,
        pikepdf.open(io.BytesIO(render_pdf(plain))) as without,
    ):
        assert len(pdf.pages) > len(without.pages)


def test_a_kpi_that_nobody_has_spoken_on_says_so(make_card, change):
    card = change(make_card(missing=("new_customers",)), "customer_acquisition_cost", formula="", measures=())
    row = next(
        row for area in present(card).areas for row in area.rows if row.name.startswith("Customer acq")
    )
    assert row.reason == "not reported"


def vetoed(card: Scorecard, change, total: Decimal, *, is_overruled: bool = True) -> Scorecard:
    """The card whose first line is a veto over the card that struck, at a value of 30."""
    first = card.results[0].kpi_id
    veto = rule_of(RuleSpec("veto", {"scope": "card", "value": 30})).score(Case(Direction.LOWER, events=1))
    struck = change(card, first, working=veto)
    return replace(struck, total=total, overruled_by=first if is_overruled else None)


def test_the_total_says_which_veto_holds_it_down(make_card, change):
    card = make_card()
    view = present(vetoed(card, change, D(30)))
    text = {step.label: step.text for step in view.total_steps}["Total"]
    assert text.endswith(f"; held at 30.0 by the veto “{card.results[0].name.en}”")
    assert view.headline.veto_note == f"Set by the veto “{card.results[0].name.en}”"
    assert present(card).headline.veto_note == ""


def test_a_veto_over_an_appraised_card_is_the_end_of_both_sums(make_card, change):
    card = marked(vetoed(make_card(), change, D(30)))
    card = replace(card, total=D(30), appraisal=replace(card.appraisal, total=D(30), system_total=D(30)))
    view = present(card)
    system = {step.label: step.text for step in view.total_steps}["System's total"]
    for text in (system, view.appraisal.steps[-1].text):
        assert "; held at 30.0 by the veto “" in text
        assert "rounded" not in text
    assert (view.headline.appraisal_note, bool(view.headline.veto_note)) == ("", True)
    body = mail_body(card)
    assert view.headline.veto_note in body.text
    assert view.headline.veto_note in body.html


def test_a_veto_that_a_mixed_total_is_below_anyhow_still_ends_the_sums_of_the_own_total(make_card, change):
    view = present(vetoed(make_card(), change, D(30), is_overruled=False))
    assert "; held at 30.0 by the veto “" in {step.label: step.text for step in view.total_steps}["Total"]
    assert view.headline.veto_note == ""


def test_the_forms_are_listed_with_the_files_behind_the_card(make_card):
    card = marked(make_card())
    again = replace(card.entries[0], kind="self", value="90")
    last = present(replace(card, entries=(*card.entries, again))).reference.sources[-1]
    assert last.name == "Entries by people"
    assert [(file.name, file.rows, file.digest) for file in last.files] == [
        ("form.xlsx", "2", "abababababab")
    ]
    assert len(present(make_card()).reference.sources) == len(make_card().sources)


def test_a_line_of_a_vetoed_area_brings_in_the_vetos_value(make_card, change):
    card = change(make_card(), "mql_count", set_to=D(20), overruled_by="sales_revenue", points=D("3.2"))
    detail = present(card).areas[0].details[0]
    steps = {step.label: step.text for step in detail.steps}
    assert steps["Veto"] == "“Sales revenue” vetoes the whole area: this line counts as 20"
    assert steps["Points"].endswith("× 20 ÷ 100 = 3.200")


def test_the_total_says_that_a_veto_set_it_where_a_floor_had_raised_it(make_card, change):
    card = vetoed(make_card(), change, D(30))
    raised = replace(card, total_limits=(D(50), D(150)))
    held = concluded("600 ÷ 100 = 6", D(6), D(30), raised, reader_of(card))
    assert held.startswith("600 ÷ 100 = 6; held at 30.0 by the veto")
    assert concluded("29.96", D("29.96"), D(30), card, reader_of(card)) == "29.96; rounded: 30.0"

"""Two revisions side by side as a PDF: what moved, why, and who had the older one; the same bytes each time."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from rich.console import Console

from ledger import DeliveryState
from reports.pdf import render_pdf
from reports.presenting.revisions import STATES, Mailed, revision_view
from reports.revision import render_revision, revision_html
from scoring.comparing.comparing import compare
from scoring.evidence import CertificateStatus, RateEvidence
from scoring.text import LocalText
from scoring.to_date import YearToDate
from scoring.working import MeasureValue, Operand, Working
from terminal.revisions import print_diff
from tracing.revisions import RevisionDiff

D = Decimal
MAILS = (Mailed(1, "ana@lindner.example", "sent"),)


def pay(value, tier):
    return Working("bands", (Operand("total", D(97)), Operand("tier_from", D(tier))), (), D(value))


def rewarded(card, grade, value, tier):
    return replace(card, grade=grade, pay=pay(value, tier))


def later(card, *, files="b"):
    """The next revision: every measure of every KPI and every file is another one."""
    areas = tuple(
        replace(area, results=tuple(_moved(result) for result in area.results)) for area in card.areas
    )
    sources = tuple(
        replace(source, files=tuple(replace(file, sha256=files * 64, rows=7) for file in source.files))
        for source in card.sources
    )
    return replace(card, revision=2, areas=areas, sources=sources, total=D("92.1"))


def _moved(result):
    history = tuple(
        replace(point, actual=D(1)) if point.period < "2026-05" else point for point in result.history
    )
    return replace(
        result,
        actual=result.actual * D("0.9"),
        attainment=result.attainment * D("0.9"),
        score=result.score - 5,
        points=result.points - 1,
        measures=tuple(replace(measure, value=measure.value - 1) for measure in result.measures),
        history=history,
    )


def view_of(old, new, mails=MAILS, is_closed=True):
    return revision_view(old, new, compare(old, new), mails, is_closed)


@pytest.fixture
def pair(make_card):
    """Both revisions of a small card in a language."""

    def build(language="en", **wishes):
        card = make_card(language, lines=3, files=2, months=3, **wishes)
        return rewarded(card, "A", "1", 95), rewarded(later(card), "B", "0.8", 80)

    return build


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en",
            [
                ("Grade", "A", "B", ""),
                ("Pay coefficient", "1", "0.8", "−0.2"),
                ("Pay tier from a total of", "95", "80", "−15"),
            ],
        ),
        (
            "zh_CN",
            [
                ("等级", "A", "B", ""),
                ("绩效系数", "1", "0.8", "−0.2"),
                ("所在档位的起点总分", "95", "80", "−15"),
            ],
        ),
    ],
)
def test_total_grade_and_pay_stand_on_top(pair, language, rows):
    total, *rest = view_of(*pair(language)).summary
    assert (total.new, total.delta[0]) == ("92.1", "−")
    assert [(row.name, row.old, row.new, row.delta) for row in rest] == rows


def test_a_book_without_grades_and_pay_shows_the_total_alone(make_card):
    card = make_card(lines=2)
    assert len(view_of(card, later(card)).summary) == 1


def test_each_kpi_has_its_numbers_its_cause_and_its_measures(pair):
    first = view_of(*pair()).kpis[0]
    assert (first.name, first.actual_old, first.actual_new, first.delta) == (
        "Marketing qualified leads",
        "431",
        "388",
        "−5.0",
    )
    steps = {step.label: step.text for step in first.steps}
    assert steps["Cause"].startswith("late data: Google Ads (871-220-4410) of October 2026, Ocean Engine")
    assert steps["Marketing qualified leads"] == "431 → 430"
    assert steps["Attainment"] == "102.62% → 92.36%"


@pytest.mark.parametrize(
    ("language", "gone", "come"),
    [
        ("en", "No longer said of the data", "Said of the data now"),
        ("zh_CN", "数据说明中不再有", "数据说明中新增"),
    ],
)
def test_what_is_said_of_the_data_is_told_in_its_sentences(pair, language, gone, come):
    old, new = pair(language, findings=3)
    _, second, third = new.certificate.findings
    kept = (second, replace(third, days=("2026-10-30",)))
    moved = replace(new, certificate=replace(new.certificate, findings=kept))
    others = [(step.label, step.text) for step in view_of(old, moved).others]
    assert {gone} <= {label for label, _ in others} <= {gone, come}
    assert not [text for _, text in others if "{" in text]
    told = io.StringIO()
    print_diff(RevisionDiff(old, moved, compare(old, moved), (), None), Console(file=told, width=200))
    lines = [line for line in told.getvalue().splitlines() if "of the data" in line]
    assert len(lines) >= 2
    assert lines[0].startswith("no longer said of the data: Google Ads (871-220-4410): ")
    assert "{" not in told.getvalue()


def test_a_finding_that_differs_in_what_no_sentence_says_is_listed_all_the_same(pair):
    old, new = pair(findings=1)
    (finding,) = new.certificate.findings
    other = replace(finding, reason="for whoever reads the ledger")
    moved = replace(new, certificate=replace(new.certificate, findings=(other,)))
    assert [step.label for step in view_of(old, moved).others] == [
        "certificate/findings/missing_days google_ads 871-220-4410/reason"
    ]


def test_numbers_that_look_the_same_are_printed_with_more_digits(pair):
    old, new = pair()
    (area, *others) = new.areas
    result = replace(area.results[0], actual=D("431.0002"))
    close = replace(new, areas=(replace(area, results=(result, *area.results[1:])), *others))
    assert view_of(old, close).kpis[0].actual_new == "431.0002"


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["{area} · Points", "Year to date · {kpi}", "Year to date · Marketing qualified leads"]),
        ("zh_CN", ["{area} · 加权得分", "本年累计 · {kpi}", "本年累计 · 市场合格线索数"]),
    ],
)
def test_areas_and_years_to_date_are_told_by_their_names(pair, language, labels):
    _, new = pair(language)
    before, after = (
        with_area_and_year(new, *numbers)
        for numbers in ((90, 45, 9, 3000), ("91.1", "45.55", "9.5", "3001.5"))
    )
    (area, *_), (line, *_) = after.areas, after.results
    names = {"area": area.name.to(language), "kpi": line.name.to(language)}
    others = {step.label: step.text for step in view_of(before, after).others}
    told = [names["area"], *(label.format(**names) for label in labels)]
    moved = ["90.0 → 91.1", "45 → 45.55", "9.0 → 9.5", "3,000 → 3,001.5"]
    assert others == dict(zip(told, moved, strict=True))


def test_comments_that_are_asked_for_are_told_by_the_names_of_their_kpis(pair):
    _, new = pair()
    line = new.results[0]
    (said,) = view_of(new, replace(new, uncommented=(line.kpi_id,))).others
    assert (said.label, said.text) == ("Comment · asked for, not given yet", f"– → {line.name.en}")


def test_a_year_to_date_that_is_gone_is_told_by_its_place(pair):
    _, new = pair()
    before, after = with_area_and_year(new, 90, 45, 9, 3000), with_area_and_year(new, 90, 45, 9, 3000)
    (area, *others) = after.areas
    result = replace(area.results[0], year_to_date=None)
    gone = replace(after, areas=(replace(area, results=(result, *area.results[1:])), *others))
    labels = [step.label for step in view_of(before, gone).others]
    assert labels
    assert all("year_to_date" in label or label == "…" for label in labels)


def with_area_and_year(card, score, points, actual, leads):
    (area, *others) = card.areas
    year = YearToDate("2026-01-01", D(actual), (MeasureValue("mqls", D(leads), "count"),))
    result = replace(area.results[0], year_to_date=year, unit="number", decimals=1)
    area = replace(area, score=D(score), points=D(points), results=(result, *area.results[1:]))
    return replace(card, areas=(area, *others))


def test_files_trends_rates_and_all_else_are_listed(pair):
    old, new = pair()
    new = replace(
        new,
        rates=(replace(old.rates[0], first_rate=D("0.13")), *old.rates[1:]),
        grade=None,
        pay=None,
        certificate=replace(old.certificate, status=CertificateStatus.HELD),
        organisation=LocalText("x" * 200, "y"),
    )
    view = view_of(old, new)
    assert view.files[0].rows == "1200 → 7"
    assert view.files[0].new == "b" * 16
    others = {step.label: step.text for step in view.others}
    assert others["Exchange rate CNY"].startswith("0.1271455823 → 0.13")
    assert others["Data certificate"] == "FINAL → HELD"
    assert others["organisation/en"].endswith("…")
    assert view.mails[0].text == "ana@lindner.example · sent"
    gone = replace(new, rates=(RateEvidence("USD", D(1), D(1), "x"),))
    assert any(step.text.startswith("0.1271455823 → –") for step in view_of(old, gone).others)


@pytest.mark.parametrize(
    ("is_closed", "text"),
    [
        (True, "Restatement: the period was closed"),
        (False, "Revision: the period was still open"),
        (None, "Comparison"),
    ],
)
def test_it_says_whether_the_period_was_closed(pair, is_closed, text):
    assert view_of(*pair(), is_closed=is_closed).kind.startswith(text)


def test_a_change_of_the_trend_alone_says_that_no_kpi_changed(make_card):
    card = make_card(lines=2)
    points = (replace(card.total_history[0], actual=D(1)), *card.total_history[1:])
    new = replace(card, revision=2, total_history=points)
    html = revision_html(card, new, compare(card, new), (), True)
    assert "No KPI of this card changed." in html
    assert "They change no KPI of this card." in html
    assert "Nobody was sent one." in html


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_largest_card_takes_two_pages_and_the_same_bytes_each_time(make_card, text_of, language):
    card = make_card(language, lines=18, files=40)
    new = later(card)
    found = compare(card, new)
    pdf_bytes = render_revision(card, new, found, MAILS, True)
    assert render_revision(card, new, found, MAILS, True) == pdf_bytes
    assert len(text_of(pdf_bytes).split("\f")) - 1 <= 2
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        assert all(len(cell.A.Headers) for cell in elements if cell.S == "/TD")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == ("en" if language == "en" else "zh-CN")
    html = revision_html(card, new, found, MAILS, True)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_drawing_it_does_not_change_how_a_card_is_drawn(make_card, printed, pair):
    old, new = pair()
    render_revision(old, new, compare(old, new), MAILS, True)
    assert render_pdf(make_card()) == printed()[0]


def test_nothing_in_it_becomes_markup(pair):
    old, new = pair(team='<script>x</script> "a" & b')
    html = revision_html(old, new, compare(old, new), (Mailed(1, "<b>@x", "sent"),), True)
    assert "<script" not in html
    assert "<b>" not in html


def test_every_state_of_a_mail_has_words():
    assert {*STATES} == {*map(str, DeliveryState)}

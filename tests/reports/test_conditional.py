"""Gates, points on top and KPIs for information, as the card prints them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.mail import mail_body
from reports.presenter import present
from scoring.card.card import score_card
from scoring.conditional import Asked, Extra, OnlyIf
from scoring.known import Judgement
from scoring.marks import Mark
from scoring.policy import AppraisalShares
from scoring.scorecard import StatusWord
from scoring.text import LocalText
from scoring.working import Band

AWARD = Extra(LocalText("Award for service", "服务奖"), Decimal(5), (Asked("followers", Decimal(100)),))
LATE = Extra(LocalText("Late reports", "报告迟交"), Decimal("-2.5"), (Asked("market_share", Decimal(80)),))


@pytest.fixture(scope="module")
def conditional(make_inputs):
    """A card whose leads are held by the survey, with a bonus that is given and a penalty that is not."""

    def build(language, appraiser=None, **changed):
        inputs = make_inputs(language, lines=16)
        held = OnlyIf((Asked("content_published", Decimal(100)),), Decimal(90), kpi_id="mql_count")
        policy = replace(inputs.policy, only_if=(held,), extras=(AWARD, LATE), **changed)
        rows = [
            replace(row, weight=Decimal(0), informs=True) if row.kpi_id == "content_published" else row
            for row in inputs.targets
        ]
        rows[0] = replace(rows[0], weight=100 - sum(row.weight for row in rows[1:]))
        mark = Mark(Decimal(90), "Fair", "S", "2026-11-02")
        marked = {(inputs.period, row.kpi_id): Judgement(superior_mark=mark) for row in rows}
        said = {"judgements": marked, "appraiser_name": appraiser} if appraiser else {}
        return score_card(replace(inputs, targets=tuple(rows), policy=policy, **said), 1)

    return build


def test_page_1_and_the_mail_name_the_points_that_are_given_and_what_a_gate_holds(conditional):
    note = present(conditional("en")).headline.conditional_note
    assert (
        note == "Award for service +5 · “Marketing qualified leads” counts as 90, held by “Content published”"
    )
    mail = mail_body(conditional("zh_CN"))
    for text in (mail.text, mail.html):
        assert "服务奖 +5 · “市场合格线索”按90计入，受“内容发布量”限制" in text


def test_many_lines_behind_a_gate_are_counted_on_page_1_and_named_in_the_working(make_inputs):
    inputs = make_inputs("en", lines=16)
    held = OnlyIf((Asked("content_published", Decimal(100)),), Decimal(50), area="promotion")
    card = score_card(replace(inputs, policy=replace(inputs.policy, only_if=(held,))), 1)
    assert present(card).headline.conditional_note == "10 KPIs count as less, held by others"


def test_the_working_of_the_total_names_every_extra_and_can_be_redone(conditional):
    view = present(conditional("en"))
    told = {step.label: step.text for step in view.total_steps}
    assert told["Award for service"] == "+5: “Followers” scores 103.0, from 100 on it counts"
    assert told["Late reports"] == "not given (−2.5): “Market share” scores 98.1, below 80 it counts"
    assert "; +5; rounded: " in told["Total"]


def test_a_line_for_information_has_no_weight_and_says_so(conditional):
    view = present(conditional("en"))
    (row,) = [row for area in view.areas for row in area.rows if row.name == "Content published"]
    assert (row.weight, row.score) == ("info", "60.0")
    (detail,) = [item for area in view.areas for item in area.details if item.name == "Content published"]
    assert detail.steps[-1].text == "for information: it has no weight in the total"
    assert (detail.weight, detail.points) == ("info", "–")


def test_a_line_behind_a_gate_says_which_kpi_holds_it(conditional):
    view = present(conditional("en"))
    (detail,) = [
        item for area in view.areas for item in area.details if item.name == "Marketing qualified leads"
    ]
    assert [step.text for step in detail.steps if step.label == "Gate"] == [
        "“Content published” scores 60, and while it is under 100 this line counts as 90 at most"
    ]


def test_an_appraisal_says_why_the_line_is_not_marked_and_adds_the_points(conditional):
    shares = AppraisalShares(Decimal(50), Decimal(0), Decimal(50), Decimal(120))
    view = present(conditional("en", "S", appraisal=shares))
    (row,) = [row for row in view.appraisal.rows if row.name == "Marketing qualified leads"]
    assert "while it is under 100 this line counts as 90 at most" in row.notes[-1].text
    steps = {step.label: step.text for step in view.appraisal.steps}
    assert "; +5; rounded: " in steps["Appraised total"]
    assert "Award for service" in steps


def test_a_book_may_have_words_of_its_own_for_statuses(make_inputs):
    words = (StatusWord(Band.GREEN, LocalText("Met or nearly", "基本达标")),)
    for language, word in (("en", "Met or nearly"), ("zh_CN", "基本达标")):
        inputs = make_inputs(language)
        card = score_card(replace(inputs, policy=replace(inputs.policy, status_words=words)), 1)
        view = present(card)
        assert view.headline.status.word == word
        assert any(f"● {word}" in step.text for step in view.reference.method)
        assert {area.status.word for area in view.areas} > {word}

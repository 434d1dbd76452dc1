"""Grade and pay on the card: printed where the book has them, and never in the mail's body."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.mail import mail_body
from reports.presenter import present
from reports.presenting.ranks import ordinal
from scoring.calibration import Calibration
from scoring.pay import BandedPay, MatrixPay, Pay, ProportionalPay, Tier
from scoring.ranking import Rank
from scoring.scorecard import Scorecard
from scoring.text import LocalText

D = Decimal


def paid(card: Scorecard, pay: Pay, total: str) -> Scorecard:
    attainments = {"mql_count": D("0.95"), "sales_revenue": D("1.1")}
    return replace(card, total=D(total), grade="B", pay=pay.coefficient(D(total), attainments))


def pay_step(card: Scorecard) -> str:
    return present(card).total_steps[-1].text


BANDS = BandedPay((Tier(D(0), D(0)), Tier(D(80), D("0.8")), Tier(D(100), D(1))), 2)


def test_a_card_without_grade_and_pay_says_nothing_of_them(make_card) -> None:
    assert present(make_card()).reward == ""


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Grade B · pay coefficient 0.8"), ("zh_CN", "等级 B · 绩效系数 0.8")]
)
def test_grade_and_coefficient_stand_under_the_total(make_card, language, text) -> None:
    card = paid(make_card(language=language), BANDS, "93.1")
    assert present(card).reward == text
    assert "0.8" not in mail_body(card).text


def test_the_tier_of_banded_pay_is_named(make_card) -> None:
    assert pay_step(paid(make_card(), BANDS, "93.1")) == "the tier from a total of 80 pays 0.8"


@pytest.mark.parametrize(
    ("total", "excess", "sums"),
    [
        ("93.1", "1", "93.1 ÷ 100: 0.93 (cap 1.5, floor 0)"),
        ("105.3", "1", "105.3 ÷ 100: 1.05 (cap 1.5, floor 0)"),
        ("105.3", "2", "(100 + 2 × 5.3) ÷ 100: 1.11 (cap 1.5, floor 0)"),
    ],
)
def test_pay_in_proportion_can_be_redone_by_hand(make_card, total, excess, sums) -> None:
    assert pay_step(paid(make_card(), ProportionalPay(D("1.5"), D(0), D(excess), 2), total)) == sums


def test_a_matrix_names_its_two_kpis(make_card) -> None:
    starts = (D(0), D(1))
    pay = MatrixPay("mql_count", starts, "sales_revenue", starts, ((D(0), D("0.5")), (D("0.5"), D(1))), 2)
    text = pay_step(paid(make_card(), pay, "93.1"))
    assert text.startswith("Marketing qualified leads at 95%")
    assert text.endswith("pay 0.5")


DECIDED = Calibration("A", "A", "B", "Konrad Funkelmeyer", "2026-11-12", "Half of it was the fair")


@pytest.mark.parametrize(
    ("language", "decided", "short", "long"),
    [
        (
            "en",
            DECIDED,
            "Grade B after calibration (A by score)",
            "A by score, B after calibration, decided by Konrad Funkelmeyer on 12 November 2026: Half of it was "
            "the fair",
        ),
        (
            "zh_CN",
            DECIDED,
            "等级 B（校准后；按得分为 A）",
            "按得分为 A，校准后为 B，由 Konrad Funkelmeyer 于 2026年11月12日 决定：Half of it was the fair",
        ),
        (
            "en",
            replace(DECIDED, grade="A"),
            "Grade A",
            "A by score, confirmed in the calibration by Konrad Funkelmeyer on 12 November 2026: Half of it was "
            "the fair",
        ),
        (
            "en",
            replace(DECIDED, by_score="C"),
            "Grade C",
            "C by score. Konrad Funkelmeyer decided on 12 November 2026 that A becomes B (Half of it was the "
            "fair); the grade by score is another one since, so that this does not count until it is decided "
            "again",
        ),
    ],
)
def test_a_decided_grade_says_who_when_and_why(make_card, language, decided, short, long) -> None:
    card = replace(make_card(language=language), grade=decided.final, calibration=decided)
    assert present(card).reward == short
    assert pay_step(card) == long
    assert "Konrad" not in mail_body(card).text


GROWTH = LocalText("Growth", "增长部")


@pytest.mark.parametrize(
    ("language", "rank", "short", "long"),
    [
        (
            "en",
            Rank(GROWTH, 3, 6, 7, 7),
            "3rd of 6 in Growth",
            "3rd of 6 in Growth; 1 team without a total is not ranked; by the totals when this revision was made; "
            "equal totals share a place",
        ),
        (
            "zh_CN",
            Rank(GROWTH, 3, 7, 7, 7),
            "增长部第 3 名（共 7 个团队）",
            "增长部第 3 名（共 7 个团队）；按本版本生成时的总分排名，总分相同则名次并列",
        ),
        ("en", Rank(GROWTH, None, 6, 7, 7), "", "none in Growth: without a total a team is not ranked"),
        (
            "en",
            Rank(GROWTH, None, 5, 5, 7),
            "",
            "none in Growth: 2 of its 7 teams had no card when this revision was made",
        ),
    ],
)
def test_a_place_says_of_how_many_and_as_of_when(make_card, language, rank, short, long) -> None:
    card = replace(make_card(language=language), rank=rank)
    assert present(card).reward == short
    assert pay_step(card) == long
    assert rank.department.to(language) not in mail_body(card).text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (13, "13th"),
        (22, "22nd"),
        (112, "112th"),
    ],
)
def test_places_are_ordinals(number, text) -> None:
    assert ordinal(number) == text

"""Grade and pay on the card: printed where the book has them, and never in the mail's body."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.mail import mail_body
from reports.presenter import present
from scoring.pay import BandedPay, MatrixPay, Pay, ProportionalPay, Tier
from scoring.scorecard import Scorecard

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

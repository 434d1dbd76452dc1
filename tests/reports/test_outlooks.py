"""What is left to do and the forecast, in words that can be worked out again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.presenter import present
from scoring.outlook import Outlook

FORECAST = Decimal(131) * 20 / 11


def ahead(**changed) -> Outlook:
    said = {
        "through": "2026-10-19", "until": "2026-10-31", "goal": Decimal(420), "so_far": Decimal(131), "days": 11,
        "days_left": 9, "pace": Decimal(131) / 11, "needed": Decimal(289) / 9, "forecast": FORECAST, "tried": 12,
        "mean_error": Decimal("0.0585"), "low": Decimal("205.9"), "high": Decimal("262.7"),
    }  # fmt: skip
    return Outlook(**{**said, **changed})


def said(card) -> dict[str, dict[str, str]]:
    details = (item for area in present(card).areas for item in area.details)
    return {item.kpi_id: {step.label: step.text for step in item.steps} for item in details}


def test_both_say_how_they_are_worked_out_and_how_far_off_the_method_was(make_card, change) -> None:
    card = change(make_card(lines=3), "mql_count", outlook=ahead())
    steps = said(card)["mql_count"]
    assert steps["To the target"] == (
        "needs (420 − 131) ÷ 9 ≈ 32.1 a working day for the remaining 9; "
        "so far 131 ÷ 11 ≈ 11.9 a working day, up to 19 October 2026"
    )
    assert steps["Forecast"] == (
        "131 × 20 ÷ 11 ≈ 238 by 31 October 2026 at the same pace per working day; 206 to 263 by its errors in "
        "earlier periods with as many working days left (periods: 12, mean error: 5.9%)"
    )
    assert present(card).highlights[0] == (
        "Marketing qualified leads: needs 32.1 a working day for the remaining 9, so far 11.9. "
        "Forecast by 31 October 2026: 238 (206 to 263)."
    )
    assert "Forecast" not in said(card)["sql_count"]


def test_a_chinese_card_says_it_in_chinese(make_card, change) -> None:
    card = change(make_card("zh_CN", lines=3), "mql_count", outlook=ahead())
    steps = said(card)["mql_count"]
    assert steps["距目标"] == (
        "其余 9 个工作日每日需 (420 − 131) ÷ 9 ≈ 32.1；截至2026年10月19日每个工作日 131 ÷ 11 ≈ 11.9"
    )
    assert steps["预测"] == (
        "按工作日进度推算，至2026年10月31日为 131 × 20 ÷ 11 ≈ 238；"
        "按此前 12 个期间剩余同样多工作日时的误差（平均 5.9%），在 206 至 263 之间"
    )
    assert present(card).highlights[0] == (
        "市场合格线索：其余 9 个工作日每日需 32.1，目前每日 11.9。预计至2026年10月31日为 238（206 至 263）。"
    )


def test_too_few_periods_are_said_and_give_no_range(make_card, change) -> None:
    card = change(make_card(lines=3), "mql_count", outlook=ahead(tried=3, low=None, high=None))
    assert said(card)["mql_count"]["Forecast"].endswith(
        "per working day; no range, which needs 4 earlier periods to try it on and has 3"
    )
    assert present(card).highlights[0].endswith("Forecast by 31 October 2026: 238.")


@pytest.mark.parametrize(
    ("changed", "beginning"),
    [
        ({"goal": Decimal(131), "needed": None}, "reached; so far 131 ÷ 11"),
        (
            {"days_left": 0, "needed": None, "forecast": Decimal(131)},
            "no working day is left; so far 131 ÷ 11",
        ),
        ({"days": 0, "pace": None, "forecast": None}, "needs (420 − 131) ÷ 9 ≈ 32.1 a working day"),
    ],
)
def test_what_is_reached_or_over_or_has_not_begun(make_card, change, changed, beginning) -> None:
    card = change(make_card(lines=3), "mql_count", outlook=ahead(**changed))
    assert said(card)["mql_count"]["To the target"].startswith(beginning)
    assert ("Forecast" in said(card)["mql_count"]) is (changed.get("forecast", 1) is not None)
    assert not any("working day" in sentence for sentence in present(card).highlights)


def test_of_what_is_to_be_low_so_much_may_come(make_card, change) -> None:
    card = change(
        make_card(lines=3),
        "mql_count",
        direction="lower",
        outlook=ahead(goal=Decimal(200), needed=Decimal(69) / 9),
    )
    assert said(card)["mql_count"]["To the target"].startswith("at most (200 − 131) ÷ 9 ≈ 7.7 a working day")
    assert present(card).highlights[0].startswith("Marketing qualified leads: at most 7.7 a working day")
    over = change(card, "mql_count", outlook=ahead(goal=Decimal(100), needed=None))
    assert said(over)["mql_count"]["To the target"].startswith("used up; so far 131 ÷ 11")


def test_page_1_names_the_heaviest_that_is_to_miss_its_target(make_card, change) -> None:
    card = change(make_card(lines=3), "mql_count", outlook=ahead(goal=Decimal(230), needed=Decimal(11)))
    assert not any("Forecast" in sentence for sentence in present(card).highlights)
    card = change(card, "sql_count", outlook=ahead())
    assert present(card).highlights[0].startswith("Sales qualified leads: needs 32.1 a working day")


def test_its_sentence_has_its_room_before_findings_have_it(make_card, change) -> None:
    plain = make_card(lines=3, findings=9)
    card = change(plain, "mql_count", outlook=ahead())
    assert present(plain).highlights == ()
    assert len(present(card).highlights) == 1
    assert len(present(card).certificate.shown) == len(present(plain).certificate.shown) - 1

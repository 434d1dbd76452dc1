"""A mixed total can be redone by hand, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.presenter import present
from scoring.mix import mix_of
from scoring.period import Cadence
from scoring.scorecard import Scorecard
from scoring.working import HistoryPoint

D = Decimal
SHARES = {Cadence.MONTH: D(60), Cadence.QUARTER: D(40)}


def mixed(card: Scorecard) -> Scorecard:
    months = [HistoryPoint(f"2026-{m}", D(total), None) for m, total in ((10, "90"), (11, "90"), (12, "91"))]
    totals = {Cadence.MONTH: months, Cadence.QUARTER: [HistoryPoint("2026-Q4", D("97.4"), None)]}
    mix = mix_of(SHARES, D("97.4"), totals, 1)
    return replace(card, period="2026-Q4", mix=mix, total=mix.result)


@pytest.mark.parametrize(
    ("language", "own", "told", "page_1"),
    [
        (
            "en",
            "Own total",
            {
                "Months, 60%": "October 90.0, November 90.0, December 91.0; mean 90.333",
                "Quarter, 40%": "Q4 97.4",
                "Mixed total": "(60 × 90.333 + 40 × 97.4) ÷ 100; rounded: 93.2",
            },
            "Months, 60%: 90.333 · Quarter, 40%: 97.4",
        ),
        (
            "zh_CN",
            "本期总分",
            {
                "月度，60%": "10月 90.0、11月 90.0、12月 91.0，平均 90.333",
                "本季度，40%": "第4季度 97.4",
                "综合总分": "(60 × 90.333 + 40 × 97.4) ÷ 100，四舍五入为 93.2",
            },
            "月度，60%: 90.333 · 本季度，40%: 97.4",
        ),
    ],
)
def test_each_length_says_its_totals_and_the_shares_make_one_of_them(make_card, language, own, told, page_1):
    view = present(mixed(make_card(language=language)))
    steps = {step.label: step.text for step in view.total_steps}
    assert {label: steps[label] for label in told} == told
    assert steps[own].endswith("97.4")
    assert view.headline.mix == page_1


def test_a_card_that_mixes_nothing_says_nothing_of_it(make_card):
    view = present(make_card())
    assert view.headline.mix == ""
    assert "Mixed total" not in {step.label for step in view.total_steps}

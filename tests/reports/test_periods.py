"""Names of periods, and what the head of a card says of their days."""

from dataclasses import replace

import pytest

from reports.periods import PeriodNames
from reports.presenter import present
from scoring.canonical import from_json, to_json
from scoring.fiscal import Naming

EN, ZH = PeriodNames("en"), PeriodNames("zh_CN")


@pytest.mark.parametrize(
    ("text", "names", "long", "short", "alone", "tick", "year"),
    [
        ("FY2031-10-Q3", EN, "Q3 FY2031/32", "Q3 FY31/32", "Q3", "Q3", "FY31/32"),
        ("FY2031-10-Q3", ZH, "2031/32财年第3季度", "31/32财年3季度", "第3季度", "Q3", "31/32财年"),
        ("FY2031-10", EN, "FY2031/32", "FY31/32", "FY2031/32", "FY31/32", "FY31/32"),
        ("FY2031-454nearsat01-P04", EN, "P4 FY2031/32", "P4 FY31/32", "P4", "P4", "FY31/32"),
        ("FY2031-454nearsat01-P04", ZH, "2031/32财年第4期", "31/32财年4期", "第4期", "4期", "31/32财年"),
        ("2031-05", EN, "May 2031", "May 31", "May", "May", "2031"),
        ("2031-03..2031-09", EN, *["March 2031 – September 2031"] * 4, "2031"),
        ("2031-03-02..2031-03-30", ZH, *["2031年3月2日—2031年3月30日"] * 4, "2031"),
        ("2031-03..2031-03", EN, *["March 2031"] * 4, "2031"),
    ],
)
def test_a_period_has_names_of_every_length(text, names, long, short, alone, tick, year):
    found = (names.long(text), names.short(text), names.alone(text), names.tick(text), names.year(text))
    assert found == (long, short, alone, tick, year)


@pytest.mark.parametrize(
    ("named", "name"),
    [(Naming.FIRST, "Q1 FY2031"), (Naming.LAST, "Q1 FY2032"), (Naming.BOTH, "Q1 FY2031/32")],
)
def test_a_card_names_a_fiscal_year_as_its_book_does(make_card, named, name):
    card = replace(make_card(), period="FY2031-07-Q1", fiscal_named=named)
    assert present(card).heading.period == name
    assert from_json(to_json(card)) == card
    assert ("fiscal_named" in to_json(card)) is (named is not Naming.BOTH)


@pytest.mark.parametrize(
    ("period", "language", "days"),
    [
        ("2026-10", "en", ""),
        ("2026-W52", "en", ""),
        ("2026-W53", "en", "held against Week 52, 2025 of the year before"),
        ("2026-W53", "zh_CN", "与上一年的2025年第52周对比"),
        ("FY2031-07-Q1", "en", "July 2031 – September 2031"),
        # its 53rd week is in the third month, which is in the first quarter
        (
            "FY2023-445nearsat01w03-Q1",
            "en",
            "29 January 2023 – 6 May 2023 · 14 weeks, in a year of 53",
        ),
        ("FY2024-445nearsat01-P12", "zh_CN", "2024年12月29日—2025年2月1日 · 5周，全年52周"),
        ("2031-03..2031-09", "en", ""),
    ],
)
def test_a_card_says_the_days_of_a_fiscal_period_and_what_a_week_53_is_held_against(
    make_card, period, language, days
):
    assert present(replace(make_card(language=language), period=period)).heading.days == days

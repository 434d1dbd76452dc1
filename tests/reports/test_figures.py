"""Numbers and dates as the reader's language writes them."""

from datetime import date
from decimal import Decimal

import pytest

from reports.figures import Figures
from reports.wording import wording
from terminal.numbers import in_unit

EN, ZH = Figures(wording("en"), "EUR"), Figures(wording("zh_CN"), "EUR")


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        ("1234567.5", "money", 0, "€1,234,568"),
        ("-1234.565", "money", 2, "−€1,234.57"),
        ("0.12345", "percent", 2, "12.35%"),
        ("-0.00004", "percent", 2, "0.00%"),
        ("4.335", "ratio", 2, "4.34×"),
        ("42", "index", 1, "42.0"),
        ("131882", "count", 0, "131,882"),
        ("7.5", "furlongs", 1, "7.5"),
    ],
)
def test_a_value_is_rounded_half_up_in_its_unit(value: str, unit: str, decimals: int, text: str) -> None:
    assert EN.value(Decimal(value), unit, decimals).text == text


@pytest.mark.parametrize(
    ("code", "decimals", "english", "chinese"),
    [
        ("JPY", 2, "¥1,235", "JP¥1,235"),
        ("VND", 2, "₫1,235", "₫1,235"),
        ("KWD", 2, "KWD\u00a01,234.568", "KWD\u00a01,234.568"),
        ("KWD", 0, "KWD\u00a01,235", "KWD\u00a01,235"),
        ("USD", 2, "$1,234.57", "US$1,234.57"),
        ("JPY", 4, "¥1,234.57", "JP¥1,234.57"),
    ],
)
def test_money_has_the_digits_of_its_currency(code: str, decimals: int, english: str, chinese: str) -> None:
    value = Decimal("1234.5678")
    for language, text in (("en", english), ("zh_CN", chinese)):
        figures = Figures(wording(language), code)
        assert figures.value(value, "money", decimals).text == text
        assert figures.in_table(value, "money", decimals).text in (text, figures.compact(value, "money", 0))
    assert in_unit(value, "money", decimals, code) == english.lstrip("¥₫KWD$\u00a0")


def test_a_range_of_money_has_the_digits_of_its_currency() -> None:
    yen = Figures(wording("en"), "JPY")
    assert yen.span(Decimal("38.4"), Decimal("42.4"), "money", 2).text == "¥38–42"
    dinars = Figures(wording("en"), "KWD")
    assert dinars.span(Decimal("0.5"), Decimal("1.25"), "money", 2).text == "KWD\u00a00.500–1.250"
    assert dinars.precise(Decimal("0.5"), "money", 2) == "KWD\u00a00.500"
    assert yen.precise(Decimal("0.125"), "money", 2) == "¥0.125"


def test_no_value_is_a_dash() -> None:
    assert EN.value(None, "money", 2).text == "–"


def test_more_digits_are_given_where_a_score_is_to_be_redone() -> None:
    assert EN.precise(Decimal(81234) / Decimal(1180), "money", 2) == "€68.842373"
    assert EN.precise(Decimal("0.38"), "percent", 1) == "38%"
    assert EN.precise(Decimal(1) / Decimal(3), "percent", 1) == "33.33333%"


def test_cut_off_digits_are_never_hidden_behind_trailing_zeros() -> None:
    assert EN.shown(Decimal("102.5"), 4) == "102.5"
    assert EN.shown(Decimal("102.619049"), 4) == "102.6190"


@pytest.mark.parametrize("spelling", ["100", "100.0", "1E+2"])
def test_equal_numbers_look_equal_however_they_were_written(spelling: str) -> None:
    assert EN.number(Decimal(spelling), 1) == "100.0"
    assert EN.exact(Decimal(spelling), 3) == "100"


def test_a_change_carries_its_sign() -> None:
    assert [EN.signed(Decimal(value), 1) for value in ("2.3", "-2.3", "0.04")] == ["+2.3", "−2.3", "0.0"]


def test_long_numbers_are_short_in_the_table_of_page_1() -> None:
    assert EN.in_table(Decimal(128850000), "money", 0).text == "€128.9M"
    assert ZH.in_table(Decimal(128850000), "money", 0).text == "€1.29亿"
    assert ZH.in_table(Decimal(1885000), "money", 0).text == "€1,885,000"


@pytest.mark.parametrize(
    ("period", "long", "short", "alone", "tick"),
    [
        ("2026-10", "October 2026", "Oct 26", "October", "Oct"),
        ("2026-W41", "Week 41, 2026", "W41 26", "week 41", "41"),
        ("2026-Q4", "Q4 2026", "Q4 26", "Q4", "Q4"),
        ("2026", "2026", "2026", "2026", "2026"),
    ],
)
def test_periods_in_english(period: str, long: str, short: str, alone: str, tick: str) -> None:
    names = EN.periods
    said = (names.long(period), names.short(period), names.alone(period), names.tick(period))
    assert said == (long, short, alone, tick)


@pytest.mark.parametrize(
    ("period", "long", "short", "alone", "tick"),
    [
        ("2026-10", "2026年10月", "26年10月", "10月", "10月"),
        ("2026-W41", "2026年第41周", "26年41周", "第41周", "41"),
        ("2026-Q4", "2026年第4季度", "26年4季度", "第4季度", "Q4"),
        ("2026", "2026年", "2026", "2026", "2026"),
    ],
)
def test_periods_in_chinese(period: str, long: str, short: str, alone: str, tick: str) -> None:
    names = ZH.periods
    said = (names.long(period), names.short(period), names.alone(period), names.tick(period))
    assert said == (long, short, alone, tick)


def test_days_follow_the_language() -> None:
    assert EN.periods.day_range(date(2026, 10, 3), date(2026, 10, 5)) == "3–5 October"
    assert ZH.periods.day_range(date(2026, 10, 3), date(2026, 10, 5)) == "10月3–5日"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        ("999949", "money", "€999.9k", "€99.99万"),
        ("999999", "money", "€1M", "€100万"),
        ("999999999999", "money", "€1T", "€1万亿"),
        ("-999999999999999", "money", "−€1,000T", "−€1,000万亿"),
        ("1234567890123456", "money", "€1.23e15", "€1.23e15"),
        ("123456789", "ratio", "123.5M×", "1.23亿×"),
        ("1234.5", "percent", "123,450%", "123,450%"),
    ],
)
def test_a_short_number_keeps_to_a_few_letters_however_large(
    value: str, unit: str, english: str, chinese: str
) -> None:
    assert EN.compact(Decimal(value), unit, 0) == english
    assert ZH.compact(Decimal(value), unit, 0) == chinese

"""No text is printed over another or leaves its page, however long names and numbers are."""

from __future__ import annotations

import random
import subprocess
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from reports.pdf import render_pdf
from scoring.text import LocalText

WORD = "{http://www.w3.org/1999/xhtml}word"
PAGE = "{http://www.w3.org/1999/xhtml}page"
SIDE, TOLERANCE, TOUCH, BOTTOM = 14 * 72 / 25.4, 1.0, 0.4, 12.0
NAMES = (
    "A" * 120,
    "W" * 60,
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsgrund" * 2,
    "Share of qualified leads that sales accepted within five working days of the hand-over, without tests",
    "单条线索成本在五个工作日内被销售接受的合格线索占比不含测试联系人重复线索以及合作伙伴线索" * 2,
    "R",
)
VALUES = [f"{sign}{digits}" for sign in ("", "-") for digits in (
    "0.000001", "7", "9999.995", "987654.75", "9876543210.75", "98765432109876.75", "999999999999999", "1e18",
)]  # fmt: skip
UNITS = ("money", "count", "percent", "ratio", "index", "days")


def words_of(pdf: bytes) -> list[list[tuple[str, float, float, float, float]]]:
    """The words of each page with their boxes, shrunk to the height of small letters: lines may be set closely."""
    command = ["pdftotext", "-bbox", "-enc", "UTF-8", "-", "-"]
    found = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    pages = ET.fromstring(found).iter(PAGE)  # noqa: S314 - of poppler, about our own file
    return [[_box(word) for word in page.iter(WORD)] for page in pages]


def _box(word: ET.Element) -> tuple[str, float, float, float, float]:
    left, right, top, bottom = (float(word.attrib[key]) for key in ("xMin", "xMax", "yMin", "yMax"))
    middle, half = (top + bottom) / 2, (bottom - top) * 0.2
    return word.text or "", left + TOUCH, right - TOUCH, middle - half, middle + half


def collisions(words: list[tuple[str, float, float, float, float]]) -> list[tuple[str, str]]:
    return [
        (one[0], other[0])
        for one, other in combinations(sorted(words, key=lambda word: word[3]), 2)
        if min(one[2], other[2]) > max(one[1], other[1]) and min(one[4], other[4]) > max(one[3], other[3])
    ]


def hostile(make_card, seed: int):
    """A card with names, units, numbers and weights that nobody planned for, the same for a seed."""
    pick = random.Random(seed)
    language = ("en", "zh_CN")[seed % 2]
    card = make_card(language, lines=pick.choice((3, 9, 16)), months=3, files=3, findings=3)
    areas = tuple(
        replace(
            area,
            name=_name(pick),
            results=tuple(_line(result, pick) for result in area.results),
        )
        for area in card.areas
    )
    return replace(
        card,
        areas=areas,
        team_name=_name(pick),
        organisation=_name(pick),
        manager_name=pick.choice(NAMES),
        currency_code=pick.choice(("EUR", "VND", "KWD", "CNY")),
    )


def _name(pick: random.Random) -> LocalText:
    name = pick.choice(NAMES)
    return LocalText(name, name)


def _line(result, pick: random.Random):
    actual, target, attainment = (Decimal(pick.choice(VALUES)) for _ in range(3))
    return replace(
        result,
        name=_name(pick),
        unit=pick.choice(UNITS),
        decimals=pick.choice((0, 1, 2, 6)),
        actual=actual,
        target=target,
        attainment=attainment,
        history=tuple(replace(point, actual=actual, target=target) for point in result.history),
    )


def assert_readable(pdf: bytes) -> None:
    for number, words in enumerate(words_of(pdf), start=1):
        assert words
        assert collisions(words) == [], number
        outside = [word for word in words if word[1] < SIDE - TOLERANCE or word[2] > 595.3 - SIDE + TOLERANCE]
        assert outside == [], number
        assert max(word[4] for word in words) < 841.9 - BOTTOM, number


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_printed_over_anything_whatever_is_printed(make_card, seed: int) -> None:
    assert_readable(render_pdf(hostile(make_card, seed)))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_plain_card_is_readable_by_the_same_measure(printed, language: str) -> None:
    assert_readable(printed(language=language)[0])


@pytest.mark.parametrize("total", ["9.5", "102.6", "1102.5"])
def test_the_total_is_never_broken(make_card, total: str) -> None:
    card = replace(make_card(lines=1, months=1, files=0), total=Decimal(total))
    (page, *_) = words_of(render_pdf(card))
    (box,) = [word for word in page if word[4] - word[3] > 15]
    assert box[0].replace(",", "") == total
    assert box[2] < SIDE + 58 * 72 / 25.4


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_weight_that_is_a_third_is_never_broken(make_card, change, language: str) -> None:
    card = change(make_card(language=language), "mql_count", weight=Decimal("33.3334"))
    assert "33.3334" in {word[0] for word in words_of(render_pdf(card))[0]}


def test_the_measure_sees_a_text_over_another(make_card, change, monkeypatch) -> None:
    """The fault that it was written for: columns that let go of what does not fit."""
    card = change(
        make_card(lines=3, months=1, files=0),
        "mql_count",
        unit="money", actual=Decimal("98765432109876.75"), target=Decimal("98765432109876.75"), decimals=2,
    )  # fmt: skip
    assert not any(collisions(words) for words in words_of(render_pdf(card)))
    monkeypatch.setattr("reports.columns.width_of", lambda text, size=0.0: 0.0)
    assert any(collisions(words) for words in words_of(render_pdf(card)))


@pytest.mark.parametrize(("kpis", "areas"), [(30, 4), (31, 1), (44, 9)])
def test_a_table_of_several_pages_leaves_no_few_rows_alone(make_card, kpis: int, areas: int) -> None:
    card = make_card(lines=1, months=1, files=0)
    (area,), (result,) = card.areas, card.results
    name = "Plain KPI number {} with a name that needs two lines of its column"
    many = [
        replace(result, kpi_id=f"kpi_{at}", name=LocalText(name.format(at), name.format(at)))
        for at in range(kpis)
    ]
    card = replace(card, areas=tuple(replace(area, results=tuple(many[at::areas])) for at in range(areas)))
    pages = [[word[0] for word in page] for page in words_of(render_pdf(card))]
    table = pages[: next(at for at, page in enumerate(pages) if "came" in page)]
    rows = [page.count("Plain") for page in table]
    assert sum(rows) == kpis
    assert min(rows) >= 5
    assert all("Attainment" in page for page in table)

"""What a reader finds on paper is what was scored."""

import re

import pytest

from reports.presenting.reader import reader_of

WISHES = [
    {"language": "en"},
    {"language": "zh_CN", "lines": 16, "team": 'Ad & Brand "Häuser" <EU>', "findings": 20, "files": 40,
     "missing": ("market_size",)},
]  # fmt: skip


@pytest.fixture(params=WISHES, ids=["en", "zh_CN"])
def wishes(request: pytest.FixtureRequest):
    return request.param


def squeezed(text: str) -> str:
    """Without the gaps of the layout, so that a number split at its decimal point is whole again."""
    return re.sub(r"\s+", "", text)


def test_the_total_and_its_status_stand_on_page_1(printed, make_card, wishes) -> None:
    page = printed(**wishes)[1].split("\f")[0]
    card = make_card(**wishes)
    assert str(card.total) in page
    assert reader_of(card).status(card.band).word in page


def test_every_kpi_stands_on_page_1_with_its_numbers(printed, make_card, wishes) -> None:
    card, page = make_card(**wishes), squeezed(printed(**wishes)[1].split("\f")[0])
    reader = reader_of(card)
    for result in card.results:
        for value in (result.actual, result.target):
            assert reader.figures.value(value, result.unit, result.decimals).text in page, result.kpi_id
        row = (
            reader.figures.percent(result.attainment, 1).text
            + reader.weight(result.kpi_id)
            + reader.score(result.score)
            + squeezed(reader.status(result.band).glyph + reader.status(result.band).word)
        )
        assert row in page, result.kpi_id


def test_every_working_is_printed_with_its_points(printed, make_card, wishes) -> None:
    card, text = make_card(**wishes), squeezed(printed(**wishes)[1])
    reader = reader_of(card)
    for result in card.results:
        if result.points is not None:
            tail = f"{reader.score(result.score)}÷100"
            assert tail in text, result.kpi_id
            assert reader.points(result.points) in text, result.kpi_id


def test_a_kpi_that_is_not_available_gives_its_reason(printed, wishes) -> None:
    if "missing" in wishes:
        text = printed(**wishes)[1]
        assert "无数据" in text.split("\f")[0]
        assert "本期没有数据。" in text


def test_every_finding_and_every_file_is_listed(printed, make_card, wishes) -> None:
    card, text = make_card(**wishes), squeezed(printed(**wishes)[1])
    for finding in card.certificate.findings:
        assert finding.entity in text
    for source in card.sources:
        for file in source.files:
            assert file.sha256[:12] in text
            assert f"{file.rows:,}" in text


def test_every_definition_and_rate_is_printed(printed, make_card, wishes) -> None:
    card, text = make_card(**wishes), squeezed(printed(**wishes)[1])
    for result in card.results:
        assert squeezed(result.description.to(card.language))[:12] in text
    for rate in card.rates:
        assert f"{rate.first_rate:.10f}" in text

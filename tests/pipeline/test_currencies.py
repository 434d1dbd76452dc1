"""Cards in any reporting currency: what is converted, what needs no rate, and what the card says of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.documents import draw
from pipeline.steps.load import load
from reports.presenter import present
from scoring.errors import DataError
from scoring.evidence import CertificateStatus
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER, RATES, change

D = Decimal
SOURCES, ORGANISATION = "config/sources.yaml", "config/organisation.yaml"


def reporting(place, code):
    change(
        place.root / ORGANISATION, lambda text: text.replace("currency_code: EUR", f"currency_code: {code}")
    )


def without_rates(place):
    change(place.root / SOURCES, lambda text: text[: text.index("fx_rates:")])
    place.export(RATES).unlink()


def spend(card):
    """The ad spend of the month, as the card's line of costs has it."""
    (line,) = (line for line in card.results if line.kpi_id == "cost_per_click")
    return {measure.name: measure.value for measure in line.measures}["ad_spend"]


@pytest.fixture
def in_yen(place):
    """The table quotes dollars and yen for one euro; the company reports in yen."""
    reporting(place, "JPY")
    change(
        place.export(RATES),
        lambda text: text.replace("Date,USD", "Date,USD,JPY").replace("1.0800", "1.0800,162"),
    )
    return place.cards()["north"]


def test_a_company_that_reports_in_the_currency_of_its_accounts_needs_no_rates(place):
    reporting(place, "USD")
    without_rates(place)
    card = place.cards()["north"]
    assert card.certificate.status is CertificateStatus.FINAL
    assert spend(card) == D("9.18") * 62
    assert (card.rates, card.currency_code) == ((), "USD")


def test_dollars_become_yen_by_both_quotes_of_the_day(in_yen):
    assert spend(in_yen) == D("9.18") * 150 * 62
    (rate,) = in_yen.rates
    assert (rate.currency_code, rate.first_rate, rate.base) == ("USD", 150, "EUR")


def test_a_card_says_how_its_rates_were_made_where_their_source_has_others(in_yen):
    view = present(in_yen)
    assert view.reference.crossing.startswith(
        "The source quotes units for 1 EUR. A rate is the quote of JPY ÷ "
    )
    assert [rate.pair for rate in view.reference.rates] == ["1 USD in JPY"]
    (line,) = (row for area in view.areas for row in area.rows if row.name == "Cost per click")
    assert line.actual.text == "¥81"


def test_a_card_with_the_rates_of_their_source_says_nothing_more(place):
    card = place.cards()["north"]
    assert present(card).reference.crossing == ""
    assert [rate.base for rate in card.rates] == [None]
    assert draw(card)


def test_another_reporting_currency_loads_the_rates_anew_and_nothing_else(place):
    place.cards()
    reporting(place, "USD")
    site = place.open()
    loaded = {source: load(site, OCTOBER, source, now=NOW).or_raise() for source in site.book.source_names}
    assert loaded == {"google_ads": 0, "survey": 0, "fx_rates": 1}
    assert spend(place.cards()["north"]) == D("9.18") * 62


def test_a_currency_that_nobody_has_amounts_in_need_not_be_quoted(place):
    change(
        place.export(RATES),
        lambda text: text.replace("Date,USD", "Date,USD,SEK").replace("1.0800", "1.0800,N/A"),
    )
    assert [rate.currency_code for rate in place.cards()["north"].rates] == ["USD"]


def test_a_currency_that_is_not_quoted_holds_the_cards_with_amounts_in_it_and_no_others(place):
    change(place.export(RATES), lambda text: text.replace("USD", "SEK"))
    cards = place.cards()
    held = cards["north"].certificate
    assert held.status is CertificateStatus.HELD
    (finding,) = held.findings
    assert (finding.code, finding.source, finding.kpi_ids) == (
        "missing_rates",
        "google_ads",
        ("cost_per_click",),
    )
    assert spend(cards["north"]) is None
    assert cards["south"].certificate.status is CertificateStatus.FINAL
    with pytest.raises(
        DataError, match=r"expected a rate for USD on 2026-10-01, which google_ads/shop needs"
    ):
        place.run(send=False)

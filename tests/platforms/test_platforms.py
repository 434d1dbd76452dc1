"""Each shipped platform gives all rows of the truth: three accounts, three months, several pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from pulling.platform import shipped_platforms
from tests.platforms.behaving import BEHAVIOURS
from tests.platforms.pulled import MONTHS, OCTOBER
from tests.platforms.truth import ACCOUNTS, CHANNELS, ads, things, within

D = Decimal
DAY = timedelta(days=1)


def of_ads(rows, *, has_value):
    """What counts of rows of ads, in one order."""
    names = ("activity_date", "campaign_id", "ad_group_id", "impressions", "clicks", "spend", "conversions")
    names += ("conversion_value",) if has_value else ()
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)


def true_ads(entity, month, *, has_value):
    rows = within(ads(entity), month.start, month.end)
    return sorted((true_ad(each, has_value=has_value) for each in rows), key=str)


def true_ad(each, *, has_value):
    found = (each.day, each.campaign, each.group, each.impressions, each.clicks, six(each.spend))
    conversions, value = six(each.conversions), six(each.value)
    if has_value == "with conversions":
        # of what did not happen Meta says nothing
        conversions = conversions if each.conversions else None
        value = value if each.conversions and each.value else None
    return (*found, conversions, *((value,) if has_value else ()))


def six(number):
    return D(number).quantize(D("0.000001"))


ADS = {
    "google_ads": "always",
    "meta_ads": "with conversions",
    "tiktok_ads": "",
    "ocean_engine": "",
    "microsoft_ads": "always",
}


@pytest.mark.parametrize("name", ADS)
@pytest.mark.parametrize("entity", ACCOUNTS)
def test_ads_are_those_of_the_truth(standing, name, entity):
    theirs = standing(name)
    for month in MONTHS:
        theirs.standin.state.pop("polls", None)
        assert theirs.land(entity, month)
        found = of_ads(theirs.rows(entity, month), has_value=ADS[name])
        assert found == true_ads(entity, month, has_value=ADS[name])
    pages = {"google_ads": 3, "microsoft_ads": 3}.get(name, 3 * 4)
    assert len(theirs.standin.pages) >= pages


def true_things(kind, month=OCTOBER, a_day=2):
    return within(things("1001", kind, a_day), month.start, month.end)


def test_contacts_have_what_their_deals_brought(standing):
    theirs = standing("hubspot_contacts")
    assert theirs.land(currency_code="USD")
    found = {row["lead_id"]: row for row in theirs.rows(currency_code="USD")}
    truth = true_things("contacts")
    assert sorted(found) == sorted(each.id for each in truth)
    for each in truth:
        row, is_won = found[each.id], each.number % 3 == 0
        assert (row["created_date"], row["owner_key"]) == (each.at.date(), "7")
        won = (each.at.date() + DAY, each.amount, "USD") if is_won else (None, None, "USD")
        assert (row["won_date"], row["deal_amount"], row["currency_code"]) == won


def test_mailings_are_counted_without_what_bounced(standing):
    theirs = standing("mailchimp")
    assert theirs.land()
    found = {row["mailing_id"]: row for row in theirs.rows()}
    truth = true_things("mailings")
    assert {each.id: (each.number + 10, each.number + 7, each.amount) for each in truth} == {
        key: (row["recipients"], row["delivered"], row["revenue"]) for key, row in found.items()
    }


def test_orders_are_counted_without_tests(standing):
    theirs = standing("shopify")
    assert theirs.land()
    found = {row["order_id"]: (row["amount"], row["country_code"]) for row in theirs.rows()}
    assert found == {
        f"#{each.id}": (each.amount, "DE" if each.number % 2 else "ZZ")
        for each in true_things("orders")
        if each.number % 7
    }


def test_rates_come_in_one_file_and_need_no_connection(standing):
    theirs = standing("ecb")
    theirs.platform = theirs.platform.model_copy(update={"url": theirs.url})
    said = {"connection": None, "currency_code": None, "crossed_to": None}
    assert theirs.land("ecb", **said)
    rates = {(row["rate_date"], row["currency_code"]): row["rate"] for row in theirs.rows("ecb", **said)}
    assert len(rates) == 31 * 3
    (_, one), *_ = sorted((day, rate) for (day, code), rate in rates.items() if code == "USD")
    assert one == round(D(1) / D("1.001"), 10)


def test_channels_of_the_web(standing):
    theirs = standing("ga4")
    assert theirs.land()
    found = sorted((r["activity_date"], r["channel"], r["sessions"], r["revenue"]) for r in theirs.rows())
    assert found == sorted(
        (each.day, CHANNELS[each.group[-1]], each.impressions, each.value)
        for each in within(ads("1001"), OCTOBER.start, OCTOBER.end)
    )


def test_days_of_search_end_with_a_page_that_is_empty(standing):
    theirs = standing("search_console")
    assert theirs.land()
    truth = [each for each in within(ads("1001"), OCTOBER.start, OCTOBER.end) if each.group.endswith("7")]
    found = sorted((row["activity_date"], row["clicks"], row["impressions"]) for row in theirs.rows())
    assert found == sorted((each.day, each.clicks, each.impressions) for each in truth)
    assert theirs.standin.pages == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "kind", "prefix"), [("jira", "issues", "WEB-"), ("pingcode", "items", "PC-")]
)
def test_work_items(standing, name, kind, prefix):
    theirs = standing(name)
    assert theirs.land("WEB" if name == "jira" else "1001")
    found = {row["task_id"]: row for row in theirs.rows("WEB" if name == "jira" else "1001")}
    truth = {f"{prefix}{each.id}": each for each in true_things(kind)}
    assert {key: row["created_date"] for key, row in found.items()} == {
        key: each.at.date() for key, each in truth.items()
    }
    for key, each in truth.items():
        due = each.at.date() + DAY if name == "jira" else None
        done = each.at.date() + DAY if name == "pingcode" and each.number % 2 else None
        assert (found[key]["due_date"], found[key]["done_date"]) == (due, done)


def test_every_shipped_platform_is_tried_here():
    assert set(shipped_platforms()) == set(BEHAVIOURS)

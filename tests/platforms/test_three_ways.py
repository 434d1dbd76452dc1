"""The same truth by a platform's interface, by its export and by a loader's table makes the same facts."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from etl.formats.library import shipped_formats
from tests.etl.formats.reading import read
from tests.etl.formats.written_ads import header_of
from tests.platforms.pulled import OCTOBER
from tests.platforms.truth import ads, things, within

D = Decimal
DAY = timedelta(days=1)
FIGURES = ("impressions", "clicks", "spend", "conversions", "conversion_value")

WAYS = {
    "google_ads": ("google_ads_ad_groups", "google_ads_table_ad_groups"),
    "meta_ads": ("meta_ads_ad_sets", "meta_ads_table_ads"),
    "linkedin_ads": ("linkedin_ads_campaigns", "linkedin_ads_table_campaigns"),
    "microsoft_ads": ("microsoft_ads_ad_group_report", "microsoft_ads_table_ad_groups"),
    "tiktok_ads": ("tiktok_ads_ad_groups", "tiktok_ads_table_campaigns"),
}
"""The platforms that have all three, with the formats of their exports and tables."""
BY_CAMPAIGN = ("tiktok_ads",)
"""The table is only of campaigns, so facts are added up to them."""


def said_of(each, source, form):
    """What an export or a table says of a day of an ad group, by field."""
    is_alone = source == "linkedin_ads"
    value = each.value if source == "meta_ads" and each.conversions and each.value else None
    happened = (each.conversions or None, value) if source == "meta_ads" else (each.conversions, each.value)
    spend = each.micros if form.rule("spend").times != 1 else each.spend
    return {
        "activity_date": each.day,
        "starts": each.day,
        "ends": each.day,
        "campaign_id": each.group if is_alone else each.campaign,
        "campaign_name": f"Campaign {each.campaign}",
        "ad_group_id": each.group,
        "ad_group_name": f"Group {each.group}",
        "currency_code": "EUR",
        "impressions": each.impressions,
        "clicks": each.clicks,
        "spend": spend,
        "conversions": happened[0],
        "conversion_value": happened[1],
        "kind": "actions:purchase",
        "counted_over": "",
    }


def written(source, name, rows):
    """A file of this format."""
    form = shipped_formats()[name]
    language = next(iter(form.headers))
    ours = said_of(rows[0], source, form)
    names = {field: name for field, name in header_of(form, language, 0).items() if field in ours}
    lines = [",".join(names.values())]
    for each in rows:
        said = said_of(each, source, form)
        lines.append(",".join("" if said[field] is None else str(said[field]) for field in names))
    total = {field: sum(said_of(each, source, form)[field] or 0 for each in rows) for field in FIGURES}
    if form.totals == "required":
        said = {"activity_date": "Total: Ad groups", **total}
        lines.append(",".join(str(said.get(field, "--")) for field in names))
    return "\n".join(lines) + "\n"


def facts(rows, *, by_campaign):
    """The figures of each day and ad group, or campaign; what is not said is nothing here."""
    found = defaultdict(lambda: [D(0)] * len(FIGURES))
    for row in rows:
        key = row["activity_date"], row["campaign_id"], *(() if by_campaign else (row["ad_group_id"],))
        found[key] = [at + (row[name] or 0) for at, name in zip(found[key], FIGURES, strict=True)]
    return dict(found)


BERLIN = {"entity": "1001", "time_zone": "Europe/Berlin"}


def rows_of(conformed):
    return [row for table in conformed.tables.values() for row in table.to_pylist()]


@pytest.mark.parametrize("source", WAYS)
def test_ads(standing, tmp_path, source):
    theirs = standing(source)
    assert theirs.land()
    pulled = theirs.rows()
    by_campaign = source in BY_CAMPAIGN
    lacks_value = not any(row["conversion_value"] for row in pulled)
    truth = within(ads("1001"), OCTOBER.start, OCTOBER.end)
    ways = [facts(pulled, by_campaign=by_campaign)]
    for name in WAYS[source]:
        content = written(source, name, truth)
        rows = rows_of(read(tmp_path, source, content, currency_code="EUR", **BERLIN))
        if lacks_value:
            rows = [{**row, "conversion_value": None} for row in rows]
        ways.append(facts(rows, by_campaign=by_campaign))
    # two of the three ad groups are of one campaign
    assert len(ways[0]) == (len(truth) // 3 * 2 if by_campaign else len(truth))
    assert ways[1] == ways[0]
    assert ways[2] == ways[0]


def lines(header, rows):
    return (
        "\n".join([header, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)])
        + "\n"
    )


def test_contacts(standing, tmp_path):
    theirs = standing("hubspot_contacts")
    assert theirs.land()
    names = ("lead_id", "created_date", "won_date", "deal_amount", "owner_key", "is_test")
    pulled = sorted(tuple(row[name] for name in names) for row in theirs.rows())
    truth = within(things("1001", "contacts"), OCTOBER.start, OCTOBER.end)
    won = {each.id: (each.at.date() + DAY, each.amount) for each in truth if each.number % 3 == 0}
    contacts = lines(
        "Record ID - Contact,Create Date,HubSpot Team",
        [(each.id, f"{each.at:%Y-%m-%d %H:%M}", 7) for each in truth],
    )
    deals = lines(
        "Record ID - Deal,Deal Stage,Close Date,Amount,Associated Contact IDs",
        [(f"9{name}", "Closed Won", day, amount, name) for name, (day, amount) in won.items()],
    )
    table = lines(
        "id,property_createdate,property_hubspot_team_id,won_date,deal_amount",
        [(each.id, each.at.isoformat(), 7, *won.get(each.id, (None, None))) for each in truth],
    )
    for contents in ((contacts, deals), (table,)):
        found = rows_of(read(tmp_path, "hubspot", *contents, currency_code="EUR", **BERLIN))
        assert sorted(tuple(row[name] for name in names) for row in found) == pulled


def test_pages(standing, tmp_path):
    theirs = standing("facebook_pages")
    assert theirs.land()
    truth = within(things("1001", "page", 1), OCTOBER.start, OCTOBER.end)
    days = [(each.at.date(), each.number, each.number % 50) for each in truth]
    export = lines("Date,Lifetime Total Likes,Daily New Likes", days)
    table = lines("date,page_fans,page_fan_adds,page_id", [(*each, "1001") for each in days])
    for content in (export, table):
        assert rows_of(read(tmp_path, "facebook_pages", content, **BERLIN)) == theirs.rows()

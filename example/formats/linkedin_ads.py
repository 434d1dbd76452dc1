"""LinkedIn Campaign Manager, campaign performance by day: UTF-16, tabs, a preamble."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from example.campaigns import LINKEDIN
from example.formats.table import count, ratio, table, total
from example.slices import Slice
from example.truth.rows import AdRow

HEADER = [
    "Start Date (in UTC)",
    "Account Name",
    "Currency",
    "Campaign Group Name",
    "Campaign ID",
    "Campaign Name",
    "Total Spent",
    "Impressions",
    "Clicks",
    "Conversions",
    "Total Conversion Value",
    "Click Through Rate",
]
_GROUP = {campaign.id: campaign.kind for campaign in LINKEDIN}


def files(part: Slice) -> dict[str, bytes]:
    """The month's report, with its total in the last row."""
    rows = part.facts["ad_daily"]
    lines: list[Sequence[object]] = [
        [f"Report Start: {part.month:%m/%d/%Y}, 12:00 AM"],
        [f"Report End: {part.end - timedelta(days=1):%m/%d/%Y}, 11:59 PM"],
        [f"Date Generated: {part.end + timedelta(days=1):%m/%d/%Y}, 6:05 AM"],
        [],
        HEADER,
    ]
    lines += [_line(part, row) for row in rows]
    lines.append(_total(rows))
    path = f"linkedin_ads/{part.account.entity}/campaign_performance_{part.month_text}.csv"
    text = table(lines, separator="\t", end="\r\n")
    return {path: codecs.BOM_UTF16_LE + text.encode("utf-16-le")}


def _line(part: Slice, row: AdRow) -> list[object]:
    return [
        f"{row.date:%m/%d/%Y}",
        part.account.name,
        row.currency,
        _GROUP[row.owner_key],
        row.owner_key,
        row.campaign_name,
        row.spend,
        row.impressions,
        row.clicks,
        _whole(row.conversions),
        "" if row.conversion_value is None else row.conversion_value,
        _rate(row.clicks, row.impressions),
    ]


def _total(rows: Sequence[AdRow]) -> list[object]:
    impressions, clicks = count(row.impressions for row in rows), count(row.clicks for row in rows)
    return [
        "Total",
        *[""] * 5,
        total(row.spend for row in rows),
        impressions,
        clicks,
        _whole(total(row.conversions for row in rows)),
        total(row.conversion_value for row in rows),
        _rate(clicks, impressions),
    ]


def _whole(conversions: Decimal | None) -> object:
    return "" if conversions is None else int(conversions)


def _rate(clicks: int | None, impressions: int | None) -> str:
    rate = ratio(clicks, impressions, 100)
    return "" if rate is None else f"{rate}%"

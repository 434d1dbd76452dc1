"""Google Ads, "Ad group report" by day, downloaded as .csv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from example.campaigns import DISPLAY, GOOGLE, PMAX, SEARCH
from example.chance import chance
from example.formats.table import count, ratio, table, total
from example.slices import Slice
from example.truth.rows import AdRow

HEADER = [
    "Day",
    "Campaign status",
    "Campaign",
    "Campaign ID",
    "Ad group",
    "Ad group ID",
    "Currency code",
    "Impr.",
    "Clicks",
    "CTR",
    "Avg. CPC",
    "Cost",
    "Conversions",
    "Conv. value",
    "Search impr. share",
    "Customer ID",
]
MISSING = " --"
_KIND = {campaign.id: campaign.kind for campaign in GOOGLE}
_LAST = {campaign.id: campaign.last for campaign in GOOGLE}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def files(part: Slice) -> dict[str, bytes]:
    """The month's report: two lines of preamble, header, days, totals."""
    rows = part.facts["ad_daily"]
    shares = _shares(part, len(rows))
    lines: list[Sequence[object]] = [["Ad group report"], [_range(part)], HEADER]
    customer = part.account.entity
    lines += [[*_line(row, share), customer] for row, share in zip(rows, shares, strict=True)]
    lines.append(_totals("Ad groups", rows))
    lines.append(_totals("Account", rows))
    lines += [
        _totals(kind, [r for r in rows if _KIND[r.owner_key] == kind]) for kind in (SEARCH, DISPLAY, PMAX)
    ]
    path = f"google_ads/{part.account.entity}/Ad group report {part.month_text}.csv"
    return {path: table(lines).encode()}


def _range(part: Slice) -> str:
    return f"{_spoken(part.month)} - {_spoken(part.end - timedelta(days=1))}"


def _spoken(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _shares(part: Slice, size: int) -> Iterable[str]:
    """Impression shares: exact ones, and ones the platform only bounds."""
    drawn = chance("impression share", part.account.entity, part.month_text).uniform(2, 99, size)
    return ("< 10%" if share < 10 else "> 90%" if share > 90 else f"{share:.2f}%" for share in drawn.tolist())


def _line(row: AdRow, share: str) -> list[object]:
    status = "Enabled" if row.date <= _LAST[row.owner_key] and row.impressions else "Paused"
    names = [row.date, status, row.campaign_name, row.owner_key, row.group_name, row.group_id, row.currency]
    figures = _figures(row.impressions, row.clicks, row.spend, row.conversions, row.conversion_value)
    return [*names, *figures, share if _KIND[row.owner_key] == SEARCH and row.impressions else MISSING]


def _totals(name: str, rows: Sequence[AdRow]) -> list[object]:
    figures = _figures(
        count(row.impressions for row in rows),
        count(row.clicks for row in rows),
        total(row.spend for row in rows),
        total(row.conversions for row in rows),
        total(row.conversion_value for row in rows),
    )
    return [f"Total: {name}", *[MISSING] * 6, *figures, *[MISSING] * 2]


def _figures(
    impressions: int | None,
    clicks: int | None,
    cost: Decimal | None,
    conversions: Decimal | None,
    value: Decimal | None,
) -> list[str]:
    """Counts and values with thousands commas, the cost without, missing ones as ` --`."""
    click_rate = ratio(clicks, impressions, 100)
    return [
        MISSING if impressions is None else f"{impressions:,}",
        MISSING if clicks is None else f"{clicks:,}",
        MISSING if click_rate is None else f"{click_rate}%",
        ratio(cost, clicks) or MISSING,
        MISSING if cost is None else str(cost),
        MISSING if conversions is None else f"{conversions:,}",
        MISSING if value is None else f"{value:,}",
    ]
